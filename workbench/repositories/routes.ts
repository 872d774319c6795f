// Repositories of Atomic over HTTP, under /api/atomic. Shapes: atomic/protocol.
// Rule: everybody who may see runs may look; registering, forgetting and moving patches is the owner's, because it names
// paths of this machine and changes files on it.

import { Hono, type Context } from 'hono';
import type * as z from 'zod/mini';

import {
  FileDetail,
  FileQuery,
  GraphQuery,
  HistoryQuery,
  Movement,
  MovementAsked,
  PatchDetail,
  PatchGraph,
  PatchPage,
  Repositories,
  RepositoryDetail,
  RepositoryForgotten,
  RepositoryRegistered,
  RepositoryToRegister,
  StateQuery,
  StatisticsDetail,
  Tree,
  type Direction,
  type ListedRepository,
  type Repository,
} from 'atomic/protocol';
import { Fault } from 'kernel/basics';
import { PageQuery, validated } from 'kernel/http';

import { personOf, type Authorize } from '../server/context.ts';
import { described } from '../server/openapi.ts';
import { movementOfNothing } from './faults.ts';
import type { Registered } from './registered.ts';
import type { AskRepository } from './thread.ts';

export interface RepositoryPorts {
  readonly registered: Registered;
  readonly ask: AskRepository;
  readonly authorize: Authorize;
}

const tag = 'Atomic';
const described200 = (summary: string, answer: z.ZodMiniType) => described({ summary, tag, answer });

export function repositoryRoutes(ports: RepositoryPorts): Hono {
  const app = new Hono();
  addRegistering(app, ports);
  addReading(app, ports);
  addFiles(app, ports);
  for (const direction of ['take', 'leave'] as const) addMoving(app, ports, direction);
  return app;
}

function addRegistering(app: Hono, { registered, ask, authorize }: RepositoryPorts): void {
  app.get(
    '/repositories',
    described200('Repositories and where each stands', Repositories),
    authorize('owner', 'member'),
    validated('query', PageQuery),
    async (context) => {
      const { repositories, nextCursor } = await registered.list(context.req.valid('query'));
      const listed = await Promise.all(repositories.map((repository) => listedRepository(ask, repository)));
      return context.json({ repositories: listed, nextCursor });
    },
  );
  app.post(
    '/repositories',
    described200('Registers the repository that a folder of this machine lies in', RepositoryRegistered),
    authorize('owner'),
    validated('json', RepositoryToRegister),
    async (context) => {
      const outcome = await registered.register(context.req.valid('json'), personOf(context).id);
      return context.json(outcome, outcome.already ? 200 : 201);
    },
  );
  app.delete(
    '/repositories/:repository',
    described200('Forgets a repository; its files stay', RepositoryForgotten),
    authorize('owner'),
    async (context) => {
      await registered.forget(context.req.param('repository'));
      return context.json({ forgotten: true });
    },
  );
}

async function listedRepository(ask: AskRepository, repository: Repository): Promise<ListedRepository> {
  try {
    return { repository, standing: await ask(repository.path, 'standing', {}), problem: null };
  } catch (thrown) {
    // A folder that was moved away must not hide the others.
    if (!(thrown instanceof Fault)) throw thrown;
    const { code, what, why, next } = thrown;
    return { repository, standing: null, problem: { code, what, why, next } };
  }
}

function addReading(app: Hono, { registered, ask, authorize }: RepositoryPorts): void {
  const mayRead = authorize('owner', 'member');
  const rootOf = async (context: Context): Promise<string> =>
    (await registered.find(context.req.param('repository') ?? '')).path;
  app.get(
    '/repositories/:repository',
    described200('A repository: channels, state, counts by class, models, conflicts', RepositoryDetail),
    mayRead,
    validated('query', StateQuery),
    async (context) => {
      const repository = await registered.find(context.req.param('repository'));
      const { channel } = context.req.valid('query');
      return context.json({ repository, ...(await ask(repository.path, 'repository', { channel })) });
    },
  );
  app.get(
    '/repositories/:repository/patches',
    described200('Patches, newest first', PatchPage),
    mayRead,
    validated('query', HistoryQuery),
    async (context) => context.json(await ask(await rootOf(context), 'history', context.req.valid('query'))),
  );
  app.get(
    '/repositories/:repository/patches/:patch',
    described200('One patch: who wrote it, what it did, what it builds on', PatchDetail),
    mayRead,
    validated('query', StateQuery),
    async (context) => {
      const query = { patch: context.req.param('patch'), channel: context.req.valid('query').channel };
      return context.json(await ask(await rootOf(context), 'patch', query));
    },
  );
  app.get(
    '/repositories/:repository/graph',
    described200('The newest patches, and what builds on what', PatchGraph),
    mayRead,
    validated('query', GraphQuery),
    async (context) => context.json(await ask(await rootOf(context), 'graph', context.req.valid('query'))),
  );
}

function addFiles(app: Hono, { registered, ask, authorize }: RepositoryPorts): void {
  const mayRead = authorize('owner', 'member');
  const rootOf = async (context: Context): Promise<string> =>
    (await registered.find(context.req.param('repository') ?? '')).path;
  app.get(
    '/repositories/:repository/tree',
    described200('The files of a channel, or of what it would be without some patches', Tree),
    mayRead,
    validated('query', StateQuery),
    async (context) => context.json(await ask(await rootOf(context), 'tree', context.req.valid('query'))),
  );
  app.get(
    '/repositories/:repository/file',
    described200('A file with who wrote each of its lines', FileDetail),
    mayRead,
    validated('query', FileQuery),
    async (context) => context.json(await ask(await rootOf(context), 'file', context.req.valid('query'))),
  );
  app.get(
    '/repositories/:repository/statistics',
    described200('Who wrote how much of what is there', StatisticsDetail),
    mayRead,
    validated('query', StateQuery),
    async (context) => context.json(await ask(await rootOf(context), 'statistics', context.req.valid('query'))),
  );
}

const SUMMARIES: Readonly<Record<Direction, string>> = {
  take: 'Takes patches into a channel, with all that they build on',
  leave: 'Leaves patches out of a channel, and what builds on them where that is wanted',
};

function addMoving(app: Hono, { registered, ask, authorize }: RepositoryPorts, direction: Direction): void {
  app.post(
    `/repositories/:repository/channels/:channel/${direction}`,
    described200(SUMMARIES[direction], Movement),
    authorize('owner'),
    validated('json', MovementAsked),
    async (context) => {
      const asked = context.req.valid('json');
      if (asked.patches.length === 0 && asked.expr === undefined) throw movementOfNothing();
      const { path } = await registered.find(context.req.param('repository'));
      const channel = context.req.param('channel');
      const actor = `${personOf(context).name} (console)`;
      return context.json(await ask(path, 'move', { ...asked, direction, channel, actor }));
    },
  );
}
