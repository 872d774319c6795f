// Who may do what: every route is asked as every role, as nobody, and with tokens that are none.
// A new route fails here until somebody has decided who may use it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ROLES, type Role } from '../people/who.ts';
import { testServer, type TestServer } from './test-server.ts';

let server: TestServer;
const ids: Record<string, string> = {};
beforeAll(async () => {
  server = await testServer();
  const started = await server.journal.start({
    product: 'example',
    title: 't',
    source: 's',
    owner: 'them',
    input: null,
  });
  ids['id'] = started.run.id;
  const theirs = await server.journal.start({
    product: 'modernizer',
    title: 't',
    source: 's',
    owner: 'them',
    input: {},
  });
  ids['run'] = theirs.run.id;
  ids['trial'] = '0123456789abcdef';
  const trial = { trial: ids['trial'], number: 1, purpose: 'baseline', upgrades: [], expectedMs: null };
  await server.journal.append(theirs.run.id, null, 'trial-started', trial);
});
afterAll(() => server.remove());

const EVERYBODY = ['nobody', ...ROLES] as const;
/** Who is let in; everybody else is turned away, and never gets an answer of the 200s. */
const MAY: Readonly<Record<string, readonly (Role | 'nobody')[]>> = {
  'GET /api/health/live': EVERYBODY,
  'GET /api/health/ready': EVERYBODY,
  'GET /health': EVERYBODY,
  'GET /metrics': EVERYBODY,
  'GET /api/openapi.json': EVERYBODY,
  'GET /welcome/:link': [],
  'GET /api/session': ROLES,
  'DELETE /api/session': ROLES,
  'GET /api/machine': ['owner', 'member'],
  'GET /api/home': ROLES,
  'GET /api/runs': ROLES,
  'GET /api/runs/:id': ['owner'],
  'GET /api/runs/:id/events': ['owner'],
  'POST /api/runs/:id/stop': ['owner'],
  'GET /api/example/things': ROLES,
  'POST /api/example/things': ['owner'],
  'GET /api/modernizer/samples': ['owner', 'member'],
  'POST /api/modernizer/uploads': ['owner'],
  'POST /api/modernizer/runs': ['owner'],
  'GET /api/modernizer/runs/:run': ['owner'],
  'GET /api/modernizer/runs/:run/trials/:trial/log': ['owner'],
  'GET /api/modernizer/runs/:run/trials/:trial/evidence': ['owner'],
  'GET /api/modernizer/runs/:run/trials/:trial/evidence/:file': ['owner'],
  'GET /api/modernizer/runs/:run/report': ['owner'],
  'GET /api/modernizer/projects': ['owner', 'member'],
  'GET /api/modernizer/comparison': ['owner', 'member'],
  'GET /api/modernizer/schedules': ['owner', 'member'],
  'POST /api/modernizer/schedules': ['owner'],
  'POST /api/modernizer/schedules/preview': ['owner', 'member'],
  'PATCH /api/modernizer/schedules/:schedule': ['owner'],
  'DELETE /api/modernizer/schedules/:schedule': ['owner'],
  'POST /api/modernizer/runs/:run/decisions/:decision': ['owner'],
  'POST /api/modernizer/runs/:run/resume': ['owner'],
  'GET /api/atomic/repositories': ['owner', 'member'],
  'POST /api/atomic/repositories': ['owner'],
  'GET /api/atomic/repositories/:repository': ['owner', 'member'],
  'DELETE /api/atomic/repositories/:repository': ['owner'],
  'GET /api/atomic/repositories/:repository/patches': ['owner', 'member'],
  'GET /api/atomic/repositories/:repository/patches/:patch': ['owner', 'member'],
  'GET /api/atomic/repositories/:repository/graph': ['owner', 'member'],
  'GET /api/atomic/repositories/:repository/tree': ['owner', 'member'],
  'GET /api/atomic/repositories/:repository/file': ['owner', 'member'],
  'GET /api/atomic/repositories/:repository/statistics': ['owner', 'member'],
  'POST /api/atomic/repositories/:repository/channels/:channel/take': ['owner'],
  'POST /api/atomic/repositories/:repository/channels/:channel/leave': ['owner'],
  // What is somebody’s own is there for nobody else: owners of the workbench do not read other people’s chats.
  'GET /api/chat': ROLES,
  'POST /api/chat': ROLES,
  'GET /api/chat/list': ROLES,
  'PATCH /api/chat/:id': [],
  'GET /api/chat/:id/history': [],
  'GET /api/chat/:id/active-run': [],
  'POST /api/chat/:id/message': ROLES,
  'POST /api/chat/:id/messages/:message/actions': ROLES,
  'POST /api/chat/:id/completion': ROLES,
  'POST /api/chat/:id/ui-stream': ROLES,
  'GET /api/chat/:id/ui-stream/:chat/stream': [],
  'POST /api/chat/:id/artifacts': [],
  'GET /api/chat/artifacts/:id': ROLES,
  'POST /api/chat/artifacts/:id/upscale': ROLES,
  'GET /api/chat/characters': ROLES,
  'GET /api/chat/personas': ROLES,
  'POST /api/chat/personas': ROLES,
  'PUT /api/chat/personas/:id': ROLES,
  'DELETE /api/chat/personas/:id': ROLES,
  'GET /api/chat/scenarios': ROLES,
  'POST /api/chat/scenarios': ROLES,
  'PUT /api/chat/scenarios/:id': ROLES,
  'DELETE /api/chat/scenarios/:id': ROLES,
  'GET /api/chat/prompts': ROLES,
  'POST /api/chat/prompts': ROLES,
  'PUT /api/chat/prompts/:id': ROLES,
  'DELETE /api/chat/prompts/:id': ROLES,
  'GET /api/chat/prompts/:id/versions': ROLES,
  'GET /api/chat/prompts/:id/filled': ROLES,
  'GET /api/chat/rewards': ROLES,
  'POST /api/chat/gifts/:id': ROLES,
  'GET /api/chat/suggestions': ROLES,
  'GET /api/chat/embeds': ['owner'],
  'POST /api/chat/embeds': ['owner'],
  'PUT /api/chat/embeds/:id': ['owner'],
  'DELETE /api/chat/embeds/:id': ['owner'],
  'POST /api/chat/embeds/:id/visitors': EVERYBODY,
  'POST /api/batch': ROLES,
  'GET /api/costs/report': ['owner', 'member'],
  'GET /api/costs/lines': ['owner', 'member'],
  'GET /api/costs/csv': ['owner', 'member'],
  'GET /api/costs/forecast': ['owner', 'member'],
  'GET /api/costs/budgets': ['owner', 'member'],
  'PUT /api/costs/budgets': ['owner'],
  'DELETE /api/costs/budgets/:id': ['owner'],
  'GET /api/costs/price': ['owner', 'member'],
  'PUT /api/costs/price': ['owner'],
  'GET /api/sources': ['owner', 'member'],
  'PUT /api/sources/routes': ['owner'],
  'POST /api/sources/discover': ['owner'],
  'POST /api/sources/keys': ['owner'],
  'DELETE /api/sources/keys/:id': ['owner'],
  'GET /api/sources/gateway-keys': ['owner'],
  'POST /api/sources/gateway-keys': ['owner'],
  'DELETE /api/sources/gateway-keys/:id': ['owner'],
  'GET /v1/models': ['owner', 'member'],
  'GET /v1/models/:id': ['owner', 'member'],
  'POST /v1/chat/completions': ['owner', 'member'],
  'POST /v1/messages': ['owner', 'member'],
  'GET /embed.js': EVERYBODY,
  'GET /embed/frame.js': EVERYBODY,
  'GET /embed/element.js': EVERYBODY,
  'GET /embed/:id': EVERYBODY,
};

const routes = (): string[] => {
  const served = server.app.routes.filter(({ method, path }) => method !== 'ALL' && path !== '/*');
  return [...new Set(served.map(({ method, path }) => `${method} ${path.replace(/(.)\/$/, '$1')}`))];
};
const askOf = (route: string): [string, RequestInit] => {
  const [method = '', path = ''] = route.split(' ');
  const filled = path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? 'x');
  return [filled, { method, signal: AbortSignal.timeout(2000) }];
};
/** Turned away: not signed in, not with this role, or told that somebody else's run is not there. */
const TURNED_AWAY: readonly string[] = [
  'NOT_SIGNED_IN',
  'NOT_ALLOWED',
  'RUN_NOT_FOUND',
  'GATEWAY_KEY_WRONG',
  'CHAT_NOT_FOUND',
];
const letsIn = async (response: Response): Promise<boolean> => {
  if (response.status < 400) {
    await response.body?.cancel();
    return true;
  }
  const said = (await response.json().catch(() => ({ code: 'NOT_ALLOWED' }))) as {
    code?: string;
    error?: { code: string };
  };
  return !TURNED_AWAY.includes(said.code ?? said.error?.code ?? '');
};
const isLetIn = async (route: string, who: Role | 'nobody'): Promise<boolean> => {
  const [path, options] = askOf(route);
  return letsIn(await server.ask(path, { ...options, ...(who === 'nobody' ? {} : { role: who }) }));
};

test('every route is decided upon, and nothing is decided that is no route', () => {
  expect(routes().sort()).toEqual(Object.keys(MAY).sort());
});

describe.each(Object.entries(MAY))('%s', (route, allowed) => {
  // A run can be stopped once, so who may not comes first.
  const order = [...EVERYBODY].sort((a, b) => Number(allowed.includes(a)) - Number(allowed.includes(b)));
  test('answers those who may, and nobody else', async () => {
    const got: Record<string, boolean> = {};
    for (const who of order) got[who] = await isLetIn(route, who);
    expect(got).toEqual(Object.fromEntries(order.map((who) => [who, allowed.includes(who)])));
  });

  test('answers a revoked token, an expired one and garbage as it answers nobody', async () => {
    const [path, options] = askOf(route);
    const { id, token } = await server.tokens.issue('owner', 3_600_000, '');
    await server.tokens.revoke(id);
    const expired = await server.tokens.issue('owner', 1, '');
    await server.clock.advance(2);
    for (const bearer of [token.reveal(), expired.token.reveal(), 'garbage', `${token.reveal()}x`]) {
      const response = await server.ask(path, { ...options, headers: { authorization: `Bearer ${bearer}` } });
      expect(await letsIn(response)).toBe(allowed.includes('nobody'));
    }
  });
});

test('somebody else’s run is not there, rather than forbidden', async () => {
  const response = await server.ask(`/api/runs/${ids['id']}`, { role: 'member' });
  expect(response.status).toBe(404);
});
