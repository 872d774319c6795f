// @vitest-environment happy-dom
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRouter, RouterProvider } from '@tanstack/react-router';
import { cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Comparison, ProjectSummary, Schedule } from 'modernizer/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createQueries } from '../requests/queries.ts';
import { router } from '../routes.tsx';

const AT = '2026-01-01T00:00:00.000Z';
const NEXT = '2099-01-05T05:00:00.000Z';
const OPTIONS = { tests: null, start: null, engines: 'maintained' as const, maxMinutes: 30, includeUncommitted: false };
const outcome = (run: string) => ({ run, status: 'done' as const, reason: null, startedAt: AT, completedAt: AT });
const SHOP: ProjectSummary = {
  key: 'shop',
  title: 'shop',
  project: { kind: 'path', path: '/projects/shop' },
  options: OPTIONS,
  last: { ...outcome('r2'), kept: 2, refused: 1, open: 0, waits: 1 },
  history: [outcome('r2'), outcome('r1')],
  schedule: { id: 's1', text: 'every Monday at 06:00 (Europe/Berlin)', paused: false, nextAt: NEXT },
};
const OLD: ProjectSummary = {
  ...SHOP,
  key: 'old',
  title: 'old',
  history: [outcome('r3')],
  schedule: null,
  last: { ...outcome('r3'), kept: 0, refused: 0, open: 0, waits: 0 },
};
const SCHEDULE: Schedule = {
  id: 's1',
  title: 'shop',
  project: SHOP.project,
  options: { ...OPTIONS, unsafeHost: false },
  recurrence: { every: 'week', days: [1], at: '06:00', zone: 'Europe/Berlin' },
  paused: false,
  nextTimes: [NEXT],
  last: { kind: 'refused', dueAt: AT, at: AT, madeUp: false, run: null, reason: 'The folder is gone.' },
  createdAt: AT,
};
const side = {
  run: 'r1',
  project: '/p',
  status: 'done' as const,
  reason: null,
  startedAt: AT,
  baseline: 'green',
  kept: 1,
  refused: 1,
  trials: 4,
  trialsCached: 0,
  wallMs: 9000,
  costMicroUsd: 0,
  versions: null,
};
const upgrade = { from: '1.0.0', to: '2.0.0', verdict: { kind: 'green', passed: 5, of: 5 } as const, cause: null };
const COMPARISON: Comparison = {
  a: side,
  b: { ...side, run: 'r2', kept: 2, refused: 0 },
  sameProject: true,
  upgrades: [
    {
      name: 'chai',
      kind: 'state',
      a: { ...upgrade, state: 'refused', verdict: { kind: 'broken', passed: 0, of: 2 }, cause: 'passport is gone.' },
      b: { ...upgrade, state: 'kept' },
    },
    { name: 'ms', kind: 'same', a: { ...upgrade, state: 'kept' }, b: { ...upgrade, state: 'kept' } },
  ],
};

let sent: { readonly method: string; readonly path: string; readonly body: unknown }[];
let answers: Record<string, unknown>;

beforeEach(() => {
  sent = [];
  answers = {
    '/api/modernizer/projects': { projects: [SHOP, OLD], cut: false },
    '/api/modernizer/schedules': { schedules: [SCHEDULE] },
    '/api/modernizer/comparison': COMPARISON,
    '/api/modernizer/schedules/preview': { text: 'every Monday at 06:00 (UTC)', nextTimes: [NEXT] },
    'POST /api/modernizer/schedules': SCHEDULE,
    '/api/modernizer/schedules/s1': SCHEDULE,
    '/api/modernizer/runs': { run: 'r9', already: false },
  };
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  vi.stubGlobal('fetch', (url: string, { method = 'GET', body }: RequestInit = {}) => {
    const path = url.split('?')[0] ?? '';
    if (method !== 'GET') sent.push({ method, path, body: typeof body === 'string' ? JSON.parse(body) : null });
    const answer = answers[`${method} ${path}`] ?? answers[path];
    return Promise.resolve(answer === undefined ? Response.json({}, { status: 404 }) : Response.json(answer));
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open(path: string): Promise<void> {
  const history = createMemoryHistory({ initialEntries: [path] });
  const own = createRouter({ routeTree: router.routeTree, history });
  render(
    <QueryClientProvider client={createQueries(() => {})}>
      <RouterProvider router={own as typeof router} />
    </QueryClientProvider>,
  );
  await screen.findByRole('heading', { level: 1 }, { timeout: 15_000 });
}

test('the dashboard shows each project with what came of it, what waits and when it is next; one press starts it again', async () => {
  const user = userEvent.setup();
  await open('/modernizer/projects');
  const list = within(await screen.findByRole('list', { name: 'Projects' }));
  expect(list.getByText('2 kept, 1 refused')).toBeDefined();
  expect(list.getByRole('link', { name: 'One decision waits' })).toBeDefined();
  expect(list.getByText(/^next in \d+ days/)).toBeDefined();
  expect(list.getByRole('link', { name: /Not scheduled/ })).toBeDefined();
  expect(list.getAllByRole('link', { name: /Compare/ })).toHaveLength(1);
  await user.click(list.getByRole('button', { name: 'Start again with old' }));
  expect(sent).toEqual([
    { method: 'POST', path: '/api/modernizer/runs', body: { project: OLD.project, options: OPTIONS } },
  ]);
});

test('projects are filtered by what they need', async () => {
  const user = userEvent.setup();
  await open('/modernizer/projects');
  await user.click(await screen.findByRole('radio', { name: /Needs you/ }));
  expect(screen.queryByRole('button', { name: 'Start again with old' })).toBeNull();
  await user.click(screen.getByRole('radio', { name: /Running/ }));
  expect(screen.getByText(/No project is like that/)).toBeDefined();
});

test('a schedule says when it is next and what came of the last time; it is paused, and removed after a question', async () => {
  const user = userEvent.setup();
  await open('/modernizer/schedules');
  const list = within(await screen.findByRole('list', { name: 'Schedules' }));
  expect(list.getByText('every Monday at 06:00 (Europe/Berlin)')).toBeDefined();
  expect(list.getByText(/Not started. The folder is gone./)).toBeDefined();
  await user.click(list.getByRole('button', { name: 'Pause the schedule of shop' }));
  expect(sent.at(-1)).toMatchObject({ method: 'PATCH', body: { paused: true } });
  await user.click(list.getByRole('button', { name: 'Remove the schedule of shop' }));
  expect(sent.some(({ method }) => method === 'DELETE')).toBe(false);
  await user.click(screen.getByRole('button', { name: 'Remove it' }));
  expect(sent.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/modernizer/schedules/s1' });
});

test('a schedule is made of a known project, days, a time and a zone, after showing when that is', async () => {
  const user = userEvent.setup();
  await open('/modernizer/schedules?project=shop');
  const form = within(
    (await screen.findByRole('heading', { name: 'A new schedule' })).closest('section') as HTMLElement,
  );
  await waitFor(() => expect(form.getByRole<HTMLSelectElement>('combobox', { name: 'Project' }).value).toBe('shop'));
  await user.click(form.getByRole('button', { name: 'Thursday' }));
  await user.clear(form.getByLabelText('Time zone'));
  await user.type(form.getByLabelText('Time zone'), 'UTC');
  expect(await form.findByText('every Monday at 06:00 (UTC)')).toBeDefined();
  await user.click(form.getByRole('button', { name: 'Make the schedule' }));
  expect(sent.at(-1)).toMatchObject({
    method: 'POST',
    path: '/api/modernizer/schedules',
    body: { project: SHOP.project, recurrence: { every: 'week', days: [1, 4], at: '06:00', zone: 'UTC' } },
  });
});

test('a schedule is changed beside the list: its title, when it is and its options, and nothing that is wrong is sent', async () => {
  const user = userEvent.setup();
  await open('/modernizer/schedules');
  await user.click(await screen.findByRole('link', { name: 'Change the schedule of shop' }));
  const form = within(
    (await screen.findByRole('heading', { name: 'Change the schedule of shop' })).closest('section') as HTMLElement,
  );
  const field = (name: string) => form.getByLabelText<HTMLInputElement>(name);
  expect(document.activeElement).toBe(field('Title'));
  await user.clear(field('Time limit in minutes'));
  await user.click(form.getByRole('button', { name: 'Keep the change' }));
  expect(form.getByRole('alert').textContent).toContain('The time limit cannot be used.');
  expect(sent.filter(({ method }) => method === 'PATCH')).toEqual([]);
  await user.type(field('Time limit in minutes'), '60');
  await user.clear(field('Title'));
  await user.type(field('Title'), 'The shop');
  await user.click(form.getByRole('button', { name: 'Thursday' }));
  await user.click(form.getByRole('button', { name: 'Keep the change' }));
  expect(sent.at(-1)).toMatchObject({
    method: 'PATCH',
    path: '/api/modernizer/schedules/s1',
    body: {
      title: 'The shop',
      recurrence: { every: 'week', days: [1, 4], at: '06:00', zone: 'Europe/Berlin' },
      options: { maxMinutes: 60, tests: null, engines: 'maintained' },
    },
  });
  expect(await screen.findByRole('heading', { name: 'A new schedule' })).toBeDefined();
});

test('a form that says no project is not sent, and says what is missing beside its field', async () => {
  const user = userEvent.setup();
  await open('/modernizer/schedules');
  await user.click(await screen.findByRole('button', { name: 'Make the schedule' }));
  expect(screen.getByRole('alert').textContent).toContain('There is no project to schedule yet.');
  expect(sent.filter(({ path }) => path === '/api/modernizer/schedules')).toEqual([]);
});

test('two runs are compared: figures, what differs, and what is the same when it is asked for', async () => {
  const user = userEvent.setup();
  await open('/modernizer/compare');
  expect(await screen.findByText('1 of 2 upgrades came out differently.')).toBeDefined();
  const list = within(screen.getByRole('list', { name: 'Upgrades' }));
  expect(list.getByText('kept in one, refused in the other')).toBeDefined();
  expect(list.getByText('passport is gone.')).toBeDefined();
  expect(list.queryByText('ms')).toBeNull();
  expect(screen.getByRole('row', { name: /Kept 1 2/ })).toBeDefined();
  await user.click(screen.getByRole('radio', { name: 'All' }));
  expect(await screen.findByText('ms')).toBeDefined();
});

test('where nothing can be compared the page says so, and where to go', async () => {
  answers['/api/modernizer/projects'] = { projects: [OLD], cut: false };
  await open('/modernizer/compare');
  expect(await screen.findByText('There are no two runs of one project yet')).toBeDefined();
});
