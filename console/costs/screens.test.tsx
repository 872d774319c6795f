// @vitest-environment happy-dom
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRouter, RouterProvider } from '@tanstack/react-router';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Budget, CostLine, Leg, RouteShape, Sources } from 'tandem/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createQueries } from '../requests/queries.ts';
import { router } from '../routes.tsx';

const AT = '2026-01-01T00:00:00.000Z';
const USAGE = { inputTokens: 1000, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 50 };

const line = (parts: Partial<CostLine>): CostLine => ({
  id: 'l1',
  at: AT,
  call: 'call1',
  person: 'p',
  product: 'chat',
  run: 'r1',
  key: null,
  provider: 'anthropic',
  model: 'claude',
  leg: 'anthropic/claude#1',
  outcome: 'ok',
  usage: USAGE,
  isEstimated: false,
  costMicroUsd: 4_000,
  heldMicroUsd: 0,
  priceVersion: 'list 7',
  firstTokenMs: 120,
  tookMs: 900,
  error: null,
  verdict: 'passed',
  ...parts,
});

const LEG: Leg = {
  leg: 'anthropic/claude#1',
  provider: 'anthropic',
  model: 'claude',
  keyNumber: 1,
  keyMasked: 'sk-a…1234',
  keyAgeDays: 120,
  state: { kind: 'cooling', untilMs: 0, why: 'Too many requests.' },
  calls: 4,
  errors: 1,
  firstTokenMsP50: 110,
  firstTokenMsP95: 300,
  costMicroUsd: 4_000,
  refusedByGuard: 0,
};
const SOURCES: Sources = {
  text: 'anthropic claude',
  providers: [
    {
      provider: 'anthropic',
      model: 'claude',
      baseUrl: null,
      variable: 'ANTHROPIC_API_KEY',
      keys: [
        { id: null, masked: 'sk-a…1234', addedAt: null, ageDays: null },
        { id: 'k2', masked: 'sk-b…9999', addedAt: AT, ageDays: 120 },
      ],
    },
    { provider: 'gemini', model: null, baseUrl: null, variable: 'GEMINI_API_KEY', keys: [] },
  ],
  legs: [LEG],
  routes: [],
  models: [{ id: 'anthropic/claude', kind: 'model', provider: 'anthropic' }],
};

let budgets: Budget[];
let lines: CostLine[];
let isSignedOut: boolean;
let sent: { readonly method: string; readonly path: string; readonly body: Record<string, unknown> }[];

beforeEach(() => {
  budgets = [];
  lines = [];
  isSignedOut = false;
  sent = [];
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => Promise.resolve(answer(url, init)));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const problem = (status: number, title: string): Response =>
  Response.json({ type: 'x', title, status, detail: 'Because.', code: 'REFUSED', next: 'Do that.' }, { status });

function answer(url: string, init: RequestInit): Response {
  const { pathname, searchParams } = new URL(url, 'http://tandem.test');
  const method = init.method ?? 'GET';
  const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : {};
  if (method !== 'GET') sent.push({ method, path: pathname, body });
  if (isSignedOut) return problem(401, 'Sign in.');
  if (pathname === '/api/session')
    return Response.json({ person: { id: 'p', name: 'Ada' }, role: 'owner', expiresAt: '2030-01-01T00:00:00Z' });
  if (pathname === '/api/runs') return Response.json({ runs: [], nextCursor: null });
  if (pathname === '/api/costs/forecast')
    return Response.json({
      todayMicroUsd: 1_500_000,
      monthMicroUsd: 20_000_000,
      perDayMicroUsd: 2_000_000,
      monthEndMicroUsd: 44_000_000,
      budgets: budgets.map(({ id }) => ({ id, usedUpOn: '2026-01-20' })),
    });
  if (pathname === '/api/costs/report') return Response.json(reportOf(searchParams.get('by') ?? ''));
  if (pathname === '/api/costs/lines') return Response.json({ lines, nextCursor: null });
  if (pathname === '/api/costs/budgets' && method === 'PUT') {
    budgets = [
      { ...(body as unknown as Budget), id: 'b1', createdAt: AT, spentMicroUsd: 9_000_000, heldMicroUsd: 500_000 },
    ];
    return Response.json(budgets[0]);
  }
  if (pathname === '/api/costs/budgets') return Response.json({ budgets });
  if (pathname.startsWith('/api/costs/budgets/')) {
    budgets = [];
    return new Response(null, { status: 204 });
  }
  if (pathname === '/api/sources/gateway-keys' && method === 'POST')
    return Response.json({ id: 'g1', key: 'tandem-gateway-key-shown-once' }, { status: 201 });
  if (pathname === '/api/sources/gateway-keys') return Response.json({ keys: [] });
  if (pathname === '/api/sources/routes') return problem(422, 'The routes were not set.');
  return Response.json(SOURCES);
}

const reportOf = (by: string) => ({
  by,
  rows: lines.map(({ model, costMicroUsd }) => ({
    group: model,
    attempts: 1,
    failed: 0,
    cut: 0,
    usage: USAGE,
    costMicroUsd,
    estimatedMicroUsd: 0,
  })),
  totalMicroUsd: lines.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0),
});

async function open(path: string) {
  const history = createMemoryHistory({ initialEntries: [path] });
  const own = createRouter({ routeTree: router.routeTree, history });
  render(
    <QueryClientProvider client={createQueries(() => {})}>
      <RouterProvider router={own as typeof router} />
    </QueryClientProvider>,
  );
  await screen.findByRole('heading', { level: 1 });
  return { user: userEvent.setup({ delay: null }), path: () => history.location.href };
}

test('costs are said for today, the month and its end; without any, each card says so', async () => {
  await open('/costs');
  await screen.findByText('$1.50');
  expect(screen.getByText('$44.00')).toBeDefined();
  await screen.findByText('Nothing was spent in these days.');
  await screen.findByText('Nothing was spent on that.');
  await screen.findByText(/No provider was called/);
  await screen.findByText(/No budget is set/);
});

test('attempts of one call are one line of the ledger, with what each cost and why it went on', async () => {
  lines = [
    line({ id: 'l2', model: 'gpt', provider: 'openai', costMicroUsd: 6_000, isEstimated: true }),
    line({ outcome: 'cut', error: 'The stream broke off.' }),
  ];
  const { user, path } = await open('/costs?run=r1');
  const calls = await screen.findByRole('list', { name: 'Calls' });
  const call = within(calls).getAllByRole('listitem')[0] as HTMLElement;
  expect(call.querySelector('summary')?.textContent).toContain('openai gpt');
  expect(call.querySelector('summary')?.textContent).toContain('2 attempts');
  expect(call.querySelector('summary')?.textContent).toContain('$0.01');
  const attempts = within(call).getByRole('list', { name: 'Attempts', hidden: true });
  expect(attempts.textContent).toContain('The stream broke off.');
  expect(attempts.textContent).toContain('list 7');
  expect(attempts.textContent).toContain('estimated');
  await user.selectOptions(screen.getByRole('combobox', { name: 'Group by' }), 'day');
  expect(path()).toContain('by=day');
  await user.click(screen.getByRole('button', { name: 'Clear the filter' }));
  expect(path()).toBe('/costs');
});

test('a budget is set in dollars, shows when it is used up, and is removed only after a question', async () => {
  const { user } = await open('/costs');
  await user.click(await screen.findByRole('button', { name: 'Set a budget' }));
  await user.type(screen.getByRole('textbox', { name: 'Limit in US dollars' }), 'much');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(screen.getByRole('alert').textContent).toContain('This is no amount.');
  await user.clear(screen.getByRole('textbox', { name: 'Limit in US dollars' }));
  await user.type(screen.getByRole('textbox', { name: 'Limit in US dollars' }), '10');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  const bar = await screen.findByRole('progressbar', { name: 'Everything, a month' });
  expect(bar.getAttribute('aria-valuetext')).toBe('$9.00 of $10.00 spent, $0.50 set aside');
  await screen.findByText(/at this pace used up on 2026-01-20/);
  expect(sent[0]).toMatchObject({ method: 'PUT', body: { scope: 'all', period: 'month', limitMicroUsd: 10_000_000 } });
  await user.click(screen.getByRole('button', { name: 'Remove: Everything, a month' }));
  expect(budgets).toHaveLength(1);
  await user.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Remove it' }));
  await screen.findByText(/No budget is set/);
});

test('who is signed out is told how to sign in', async () => {
  isSignedOut = true;
  await open('/costs');
  await screen.findByText('You are signed out');
  cleanup();
  await open('/sources');
  await screen.findByText('You are signed out');
});

test('sources say what answers, how each leg does, and which key is old; only added keys can be removed', async () => {
  await open('/sources');
  await screen.findByText('anthropic claude', { selector: 'strong' });
  const leg = within(screen.getByRole('region', { name: 'Legs compared' })).getAllByRole('row')[1];
  for (const text of ['back any moment', 'Too many requests.', '110 ms', '300 ms', '1 (25 %)', '$0.0040'])
    expect(leg?.textContent).toContain(text.replace('$0.0040', '$0.004'));
  const keys = screen.getByRole('list', { name: 'Keys of anthropic' });
  expect(keys.textContent).toContain('set by ANTHROPIC_API_KEY');
  expect(keys.textContent).toContain('120 days old: time for another');
  expect(
    within(keys)
      .getAllByRole('button')
      .map((button) => button.getAttribute('aria-label')),
  ).toEqual(['Remove the key sk-b…9999']);
  expect(screen.getByText('GEMINI_API_KEY')).toBeDefined();
});

test('options that cannot be read are explained here, and what the server refuses in its own words', async () => {
  const { user } = await open('/sources');
  await user.click(await screen.findByRole('button', { name: 'Add a route' }));
  await user.type(screen.getByRole('textbox', { name: 'Name' }), 'careful');
  await user.click(screen.getByRole('button', { name: 'Add a model' }));
  await user.type(screen.getByRole('combobox', { name: 'Model 1' }), 'anthropic/claude');
  const options = screen.getByRole('textbox', { name: 'Options for providers, as JSON' });
  await user.click(options);
  await user.paste('{ "gemini": 1 }');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(screen.getByRole('alert').textContent).toContain('These options cannot be read.');
  await user.clear(options);
  await user.paste('{ "gemini": { "safetySettings": [] } }');
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect((await screen.findByText('The routes were not set.')).parentElement?.textContent).toContain('Do that.');
  const route: RouteShape = {
    name: 'careful',
    policy: 'pinned',
    targets: [{ model: 'anthropic/claude', weight: 1 }],
    options: { gemini: { safetySettings: [] } },
  };
  expect(sent[0]).toEqual({ method: 'PUT', path: '/api/sources/routes', body: { routes: [route] } });
});

test('a key of the gateway is made with its budget and shown once', async () => {
  const { user } = await open('/sources');
  await user.click(await screen.findByRole('button', { name: 'Make a key' }));
  await user.type(screen.getByRole('textbox', { name: 'What is it for?' }), 'Editor');
  await user.type(screen.getByRole('textbox', { name: 'Budget in dollars, if any' }), '2.50');
  await user.click(screen.getByRole('button', { name: 'Make it' }));
  await screen.findByText('tandem-gateway-key-shown-once');
  expect(sent[0]?.body).toEqual({ name: 'Editor', budgetMicroUsd: 2_500_000 });
  await user.click(screen.getByRole('button', { name: 'I have it' }));
  expect(screen.queryByText('tandem-gateway-key-shown-once')).toBeNull();
});
