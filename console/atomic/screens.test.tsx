// @vitest-environment happy-dom
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRouter, RouterProvider } from '@tanstack/react-router';
import { cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FileQuery, GraphQuery, HistoryQuery, type MovementAsked } from 'atomic/protocol';
import { Fault, manualClock } from 'kernel/basics';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import {
  describeFile,
  describePatch,
  describeRepository,
  describeStatistics,
  describeTree,
  pageOfHistory,
  patchGraph,
  planMovement,
  standingOf,
} from '../../atomic/describe/index.ts';
import { shopStory, type Story } from '../../atomic/describe/story.samples.ts';
import { applyPatches, unrecordPatches } from '../../atomic/working-copy/change-channel.ts';
import { createQueries } from '../requests/queries.ts';
import { router } from '../routes.tsx';

let shop: Story;
let isRegistered = true;
beforeEach(() => {
  shop = shopStory();
  isRegistered = true;
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => Promise.resolve(answer(url, init)));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  shop[Symbol.dispose]();
});

const REPOSITORY = { id: 'r1', name: 'shop', path: '/home/ada/shop', registeredAt: '2026-01-01T00:00:00.000Z' };
const clock = manualClock();

/** The server's answers, given by the same descriptions of the same repository, without a server. */
function answer(url: string, init: RequestInit): Response {
  const { pathname, searchParams } = new URL(url, 'http://tandem.test');
  try {
    return Response.json(documentAt(pathname, Object.fromEntries(searchParams), init));
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const { code, what, why, next } = thrown;
    return Response.json({ type: 'x', title: what, status: 400, detail: why, code, next }, { status: 400 });
  }
}

function documentAt(path: string, query: Record<string, string>, init: RequestInit): unknown {
  const { repository } = shop;
  if (path === '/api/session')
    return { person: { id: 'p', name: 'Ada' }, role: 'owner', expiresAt: '2030-01-01T00:00:00Z' };
  if (path === '/api/runs') return { runs: [], nextCursor: null };
  const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : null;
  const [, rest = ''] = path.split('/api/atomic/repositories');
  if (rest === '' && body !== null) return registered(String(body['path']));
  if (rest === '') {
    const listed = { repository: REPOSITORY, standing: standingOf(repository), problem: null };
    return { repositories: isRegistered ? [listed] : [], nextCursor: null };
  }
  const [, , part = '', ...more] = rest.split('/');
  if (part === 'channels') return moved(more[1] === 'take' ? 'take' : 'leave', body as MovementAsked);
  if (part === 'patches' && more[0] !== undefined) return describePatch(repository, { patch: more[0], ...query });
  if (part === 'patches') return pageOfHistory(repository, HistoryQuery.parse(query));
  if (part === 'graph') return patchGraph(repository, GraphQuery.parse(query));
  if (part === 'tree') return describeTree(repository, query);
  if (part === 'file') return describeFile(repository, FileQuery.parse(query));
  if (part === 'statistics') return describeStatistics(repository, query, clock);
  return { repository: REPOSITORY, ...describeRepository(repository, query) };
}

function registered(path: string): unknown {
  if (path !== REPOSITORY.path)
    throw new Fault('ATOMIC_REPOSITORY_MISSING', {
      what: 'There is none.',
      why: 'No folder has it.',
      next: 'Run init.',
    });
  isRegistered = true;
  return { repository: REPOSITORY, already: false };
}

function moved(direction: 'take' | 'leave', asked: MovementAsked): unknown {
  const { repository } = shop;
  const plan = planMovement(repository, { ...asked, patches: asked.patches ?? [], direction, channel: 'main' });
  if (asked.dryRun === true) return plan.movement;
  const command = { channel: 'main', op: direction, actor: 'Ada' };
  if (direction === 'take') applyPatches(repository, plan.asked, command);
  else unrecordPatches(repository, plan.asked, { ...command, withDependents: true });
  return { ...plan.movement, outcome: 'done' };
}

const open = async (path: string) => {
  const history = createMemoryHistory({ initialEntries: [path] });
  const own = createRouter({ routeTree: router.routeTree, history });
  render(
    <QueryClientProvider client={createQueries(() => {})}>
      <RouterProvider router={own as typeof router} />
    </QueryClientProvider>,
  );
  await screen.findByRole('heading', { level: 1 });
  return { user: userEvent.setup(), path: () => history.location.href };
};
const patchTitles = (): readonly string[] =>
  within(screen.getByRole('list', { name: 'Patches' }))
    .getAllByRole('listitem')
    .map((item) => item.textContent ?? '');

test('without a repository the page says what to type, and registers one by its path', async () => {
  isRegistered = false;
  const { user } = await open('/atomic');
  await screen.findByText('atomic init');
  expect(screen.getByText('atomic git import .')).toBeDefined();
  const field = await screen.findByRole('textbox', { name: 'Path' });
  await user.click(screen.getByRole('button', { name: 'Register' }));
  expect(screen.getByRole('alert').textContent).toContain('No path is given.');
  await user.type(field, '/nowhere');
  await user.click(screen.getByRole('button', { name: 'Register' }));
  expect((await screen.findByText('There is none.')).parentElement?.textContent).toContain('Run init.');
  await user.clear(field);
  await user.type(field, REPOSITORY.path);
  await user.click(screen.getByRole('button', { name: 'Register' }));
  expect(await screen.findByRole('link', { name: 'shop' })).toBeDefined();
  expect(screen.getByRole('img', { name: /AI 40 %, Known human 40 %, Untracked 20 %/ })).toBeDefined();
});

test('the history marks each patch by a word, is filtered from the keyboard, and keeps the filter in the address', async () => {
  const { user, path } = await open('/atomic/shop');
  await screen.findByRole('list', { name: 'Patches' });
  expect(patchTitles().map((text) => /^(AI|Human|Untracked)/.exec(text)?.[0])).toEqual([
    'Untracked',
    'Human',
    'AI',
    'AI',
    'Human',
  ]);
  expect(await screen.findByRole('img', { name: /^Share of bytes/ })).toBeDefined();
  await user.click(screen.getByRole('radio', { name: /^Known human/ }));
  await waitFor(() => expect(patchTitles()).toHaveLength(2));
  expect(path()).toBe('/atomic/shop?actor=human');
  await user.type(screen.getByRole('searchbox', { name: /Words of the message/ }), 'tax{Enter}');
  await waitFor(() => expect(patchTitles()).toHaveLength(1));
  await user.type(screen.getByRole('searchbox', { name: 'Author' }), 'zoe{Enter}');
  await screen.findByText('No patch is like that');
  await user.click(screen.getByRole('button', { name: 'Clear the filter' }));
  await waitFor(() => expect(patchTitles()).toHaveLength(5));
  await user.keyboard('jj');
  expect(document.activeElement?.textContent).toContain('tax');
});

test('an expression that is wrong is shown with its place', async () => {
  await open('/atomic/shop?expr=model%3Dx');
  const fault = await screen.findByRole('alert');
  expect(fault.textContent).toContain('cannot be understood');
  expect(fault.querySelector('pre')?.textContent).toContain('model=x\n^');
});

test('a patch shows its lines with who wrote each, who is accountable, and its neighbours', async () => {
  await open(`/atomic/shop/patches/${shop.hash('round')}`);
  const lines = await screen.findByRole('region', { name: 'Lines of cart.js' });
  const byClaude = within(lines).getAllByRole('link', { name: 'AI: claude-sonnet-4-5, Ada (patch: total)' });
  expect(byClaude[0]?.getAttribute('href')).toBe(`/atomic/shop/patches/${shop.hash('total')}`);
  const came = within(lines).getByText('return Math.round(sum(cart));').closest('tr');
  expect(came?.textContent).toContain('came');
  expect(screen.getByRole('region', { name: 'Who wrote it' }).textContent).toContain('openai/gpt-5');
  expect(screen.getByRole('region', { name: 'Who wrote it' }).textContent).toContain('with a flag');
  expect(screen.getByText('It is not signed.')).toBeDefined();
  expect(screen.getByText('Nothing: it may be left alone.')).toBeDefined();
});

test('a file shows whose each line is; the focus shows its patch; without a model it is another file', async () => {
  const { user, path } = await open('/atomic/shop/files?path=cart.js');
  const lines = await screen.findByRole('region', { name: 'Lines of cart.js' });
  within(lines)
    .getByRole('link', { name: /^AI: gpt-5, Ada/ })
    .focus();
  await waitFor(() =>
    expect(within(lines).getByText('return Math.round(sum(cart));').closest('tr')?.className).toContain('accent'),
  );
  await user.selectOptions(screen.getByRole('combobox', { name: 'Show the files' }), 'Without claude-sonnet-4-5');
  await screen.findByText(/without 1 patch, and without 1 patch that would leave with them/);
  await waitFor(() => expect(screen.queryByText('return Math.round(sum(cart));')).toBeNull());
  expect(path()).toContain('without=');
  await user.click(screen.getByRole('button', { name: 'lib' }));
  await user.click(screen.getByRole('link', { name: 'tax.js' }));
  await screen.findByRole('region', { name: 'Lines of lib/tax.js' });
});

test('a switch is explained before it is done: what leaves with it and why; then it is done, with a way back', async () => {
  const { user } = await open('/atomic/shop/take');
  await screen.findByRole('list', { name: 'Patches' });
  screen.getByRole('link', { name: /^total/ }).focus();
  await user.keyboard('x');
  expect(screen.getByRole('switch', { name: 'total: in main' }).getAttribute('aria-checked')).toBe('false');
  await user.click(screen.getByRole('button', { name: 'See what happens' }));
  const drawer = await screen.findByRole('dialog', { name: 'Leave out of main' });
  await within(drawer).findByText('Also leaves: 1 patch that builds on it');
  expect(within(drawer).getByText('Because it builds on: “total”, in cart.js')).toBeDefined();
  expect(shop.read('cart.js')).toContain('total');
  await user.click(within(drawer).getByRole('button', { name: 'Leave 2 patches' }));
  await screen.findByText('2 patches left out of main.');
  expect(shop.read('cart.js')).not.toContain('total');
  await waitFor(() => expect(patchTitles()).toHaveLength(3));
  await user.click(await screen.findByRole('button', { name: 'Undo' }));
  await screen.findByText('Taken back.');
  expect(shop.read('cart.js')).toContain('total');
});

test('the graph says as a list what builds on what, where no picture can be drawn', async () => {
  await open('/atomic/shop/graph');
  const item = (await screen.findByText('Builds on: total.')).closest('li');
  expect(item?.textContent).toContain('round');
});
