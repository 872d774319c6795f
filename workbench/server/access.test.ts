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
});
afterAll(() => server.remove());

const EVERYBODY = ['nobody', ...ROLES] as const;
/** Who gets an answer of the 200s and 300s; everybody else is turned away. */
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
const statusFor = async (route: string, who: Role | 'nobody'): Promise<number> => {
  const [path, options] = askOf(route);
  const response = await server.ask(path, { ...options, ...(who === 'nobody' ? {} : { role: who }) });
  await response.body?.cancel();
  return response.status;
};

test('every route is decided upon, and nothing is decided that is no route', () => {
  expect(routes().sort()).toEqual(Object.keys(MAY).sort());
});

describe.each(Object.entries(MAY))('%s', (route, allowed) => {
  // A run can be stopped once, so who may not comes first.
  const order = [...EVERYBODY].sort((a, b) => Number(allowed.includes(a)) - Number(allowed.includes(b)));
  test('answers those who may, and nobody else', async () => {
    const got: Record<string, boolean> = {};
    for (const who of order) got[who] = (await statusFor(route, who)) < 400;
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
      await response.body?.cancel();
      expect(response.status < 400).toBe(allowed.includes('nobody'));
    }
  });
});

test('somebody else’s run is not there, rather than forbidden', async () => {
  const response = await server.ask(`/api/runs/${ids['id']}`, { role: 'member' });
  expect(response.status).toBe(404);
});
