// Every address of the console and the screen behind it. Screens are loaded when they are first gone to.

import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link } from '@tanstack/react-router';
import { toFault } from 'kernel/basics';

import { HISTORY_SEARCH, TAKE_SEARCH } from './atomic/search.ts';
import { buttonLook } from './components/button.tsx';
import { FaultCard } from './components/fault-card.tsx';
import { readAhead } from './chat/read-ahead.ts';
import { COMPARE_SEARCH, RUN_SEARCH } from './modernizer/run-search.ts';
import { PageHeader } from './components/page-header.tsx';
import { Skeleton } from './components/skeleton.tsx';
import { COSTS_SEARCH } from './costs/search.ts';
import { textsIn } from './shell/address-texts.ts';
import { usePageTitle } from './shell/page-title.ts';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const only = <Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } =>
  value === undefined ? {} : ({ [key]: value } as { [K in Key]?: string });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./home/home-page.tsx'), 'HomePage'),
});
const runs = createRoute({
  getParentRoute: () => root,
  path: '/modernizer',
  validateSearch: (search: Record<string, unknown>) => only('status', textOf(search['status'])),
  component: lazyRouteComponent(() => import('./modernizer/runs-page.tsx'), 'RunsPage'),
});
const newRun = createRoute({
  getParentRoute: () => root,
  path: '/modernizer/new',
  validateSearch: (search: Record<string, unknown>) => only('sample', textOf(search['sample'])),
  component: lazyRouteComponent(() => import('./modernizer/new-run-page.tsx'), 'NewRunPage'),
});
const projects = createRoute({
  getParentRoute: () => root,
  path: '/modernizer/projects',
  component: lazyRouteComponent(() => import('./modernizer/projects-page.tsx'), 'ProjectsPage'),
});
const schedules = createRoute({
  getParentRoute: () => root,
  path: '/modernizer/schedules',
  validateSearch: (search: Record<string, unknown>) => textsIn(search, ['project', 'schedule']),
  component: lazyRouteComponent(() => import('./modernizer/schedules-page.tsx'), 'SchedulesPage'),
});
const comparison = createRoute({
  getParentRoute: () => root,
  path: '/modernizer/compare',
  validateSearch: (search: Record<string, unknown>) => textsIn(search, COMPARE_SEARCH),
  component: lazyRouteComponent(() => import('./modernizer/compare-page.tsx'), 'ComparePage'),
});
const run = createRoute({
  getParentRoute: () => root,
  path: '/modernizer/runs/$run',
  validateSearch: (search: Record<string, unknown>) => textsIn(search, RUN_SEARCH),
  component: lazyRouteComponent(() => import('./modernizer/run-page.tsx'), 'RunPage'),
});
const chats = createRoute({
  getParentRoute: () => root,
  path: '/chat',
  component: lazyRouteComponent(() => import('./chat/chats-page.tsx'), 'ChatsPage'),
});
const newChat = createRoute({
  getParentRoute: () => root,
  path: '/chat/new',
  component: lazyRouteComponent(() => import('./chat/chats-page.tsx'), 'BeginChatPage'),
});
const chat = createRoute({
  getParentRoute: () => root,
  path: '/chat/$chat',
  loader: ({ params, cause }) => (cause === 'enter' ? readAhead(params.chat) : undefined),
  component: lazyRouteComponent(() => import('./chat/chat-page.tsx'), 'ChatPage'),
});
const embeds = createRoute({
  getParentRoute: () => root,
  path: '/chat/embeds',
  component: lazyRouteComponent(() => import('./chat/embeds-page.tsx'), 'EmbedsPage'),
});
const costs = createRoute({
  getParentRoute: () => root,
  path: '/costs',
  validateSearch: (search: Record<string, unknown>) => textsIn(search, COSTS_SEARCH),
  component: lazyRouteComponent(() => import('./costs/costs-page.tsx'), 'CostsPage'),
});
const sources = createRoute({
  getParentRoute: () => root,
  path: '/sources',
  component: lazyRouteComponent(() => import('./sources/sources-page.tsx'), 'SourcesPage'),
});
const repositories = createRoute({
  getParentRoute: () => root,
  path: '/atomic',
  component: lazyRouteComponent(() => import('./atomic/repositories-page.tsx'), 'RepositoriesPage'),
});
const history = createRoute({
  getParentRoute: () => root,
  path: '/atomic/$repository',
  validateSearch: (search: Record<string, unknown>) => textsIn(search, HISTORY_SEARCH),
  component: lazyRouteComponent(() => import('./atomic/history-page.tsx'), 'HistoryPage'),
});
const patch = createRoute({
  getParentRoute: () => root,
  path: '/atomic/$repository/patches/$patch',
  validateSearch: (search: Record<string, unknown>) => textsIn(search, ['channel']),
  component: lazyRouteComponent(() => import('./atomic/patch-page.tsx'), 'PatchPage'),
});
const repositoryFiles = createRoute({
  getParentRoute: () => root,
  path: '/atomic/$repository/files',
  validateSearch: (search: Record<string, unknown>) => textsIn(search, ['channel', 'path', 'without']),
  component: lazyRouteComponent(() => import('./atomic/files-page.tsx'), 'FilesPage'),
});
const graph = createRoute({
  getParentRoute: () => root,
  path: '/atomic/$repository/graph',
  validateSearch: (search: Record<string, unknown>) => textsIn(search, ['channel', 'actor', 'expr', 'limit']),
  component: lazyRouteComponent(() => import('./atomic/graph-page.tsx'), 'GraphPage'),
});
const taking = createRoute({
  getParentRoute: () => root,
  path: '/atomic/$repository/take',
  validateSearch: (search: Record<string, unknown>) => textsIn(search, TAKE_SEARCH),
  component: lazyRouteComponent(() => import('./atomic/take-page.tsx'), 'TakePage'),
});
const decisions = createRoute({
  getParentRoute: () => root,
  path: '/decisions',
  component: lazyRouteComponent(() => import('./decisions/decisions-page.tsx'), 'DecisionsPage'),
});
const machine = createRoute({
  getParentRoute: () => root,
  path: '/machine',
  component: lazyRouteComponent(() => import('./machine/machine-page.tsx'), 'MachinePage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    runs,
    newRun,
    projects,
    schedules,
    comparison,
    run,
    repositories,
    history,
    patch,
    repositoryFiles,
    graph,
    taking,
    decisions,
    machine,
    chats,
    newChat,
    chat,
    embeds,
    costs,
    sources,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingComponent: () => <Skeleton label="Loading the page" />,
  defaultErrorComponent: ({ error, reset }) => <FaultCard fault={toFault(error, 'Drawing this page')} again={reset} />,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

function NotFound() {
  usePageTitle('Not found');
  return (
    <>
      <PageHeader
        title="There is no such page"
        lead="The address may be mistyped, or the page belongs to a product that is not installed here."
      />
      <Link to="/" className={buttonLook()}>
        Go home
      </Link>
    </>
  );
}
