import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Hono } from 'hono';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';

import { instant, Secret, type RunId } from 'kernel/basics';
import type { NewRun } from 'kernel/journal';
import { Problem, RunPage } from 'kernel/protocol';

import { Home, Machine, Session } from '../protocol/index.ts';
import { allowedHosts } from './guards.ts';
import { homeOf } from './home-needs.ts';
import { staticFiles } from './static-files.ts';
import { testServer, type TestServer } from './test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await testServer();
});
afterEach(() => server.remove());

const run: NewRun = { product: 'example', title: 'A run', source: 'rules', owner: 'them', input: null };
const begun = async (parts: Partial<NewRun> = {}): Promise<RunId> =>
  (await server.journal.start({ ...run, ...parts })).run.id;
const bodyOf = async (response: Response): Promise<unknown> => response.json();
const problemOf = async (response: Response): Promise<Problem> => {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return Problem.parse(await response.json());
};
const signedIn = async (): Promise<string> => {
  const response = await server.ask(`/welcome/${await server.people.newLink()}`);
  expect([response.status, response.headers.get('location')]).toEqual([302, '/']);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
};

describe('coming in', () => {
  test('a sign-in link leads to the console, signed in as the owner', async () => {
    const cookie = await signedIn();
    const session = Session.parse(await bodyOf(await server.ask('/api/session', { headers: { cookie } })));
    expect(session).toMatchObject({ role: 'owner', person: { name: 'Owner' } });
  });

  test('looking whether a link is there does not use it up', async () => {
    const link = await server.people.newLink();
    expect((await server.ask(`/welcome/${link}`, { method: 'HEAD' })).headers.getSetCookie()).toEqual([]);
    expect((await server.ask(`/welcome/${link}`)).status).toBe(302);
  });

  test('a used or invented link gives a page that says what to run', async () => {
    const link = await server.people.newLink();
    await server.ask(`/welcome/${link}`);
    for (const stale of [link, 'invented', '%00', 'a'.repeat(5000)]) {
      const response = await server.ask(`/welcome/${stale}`);
      expect([response.status, response.headers.getSetCookie()]).toEqual([410, []]);
      expect(await response.text()).toContain('tandem link');
    }
  });

  test('signing out ends the session', async () => {
    const cookie = await signedIn();
    const out = await server.ask('/api/session', {
      method: 'DELETE',
      headers: { cookie, origin: 'http://tandem.test' },
    });
    expect(out.status).toBe(200);
    expect((await server.ask('/api/session', { headers: { cookie } })).status).toBe(401);
  });

  test('neither a link nor a cookie nor a token is in the log', async () => {
    const link = await server.people.newLink();
    const cookie = (await server.ask(`/welcome/${link}`)).headers.getSetCookie()[0] ?? '';
    await server.ask('/api/session', { headers: { cookie } });
    const { token } = await server.tokens.issue('owner', 60_000, '');
    await server.ask(`/api/runs/${token.reveal()}`, { headers: { authorization: `Bearer ${token.reveal()}` } });
    const log = server.logged.join('');
    expect(log).toContain('request-answered');
    for (const secret of [link, cookie.split(/[=;]/)[1] ?? '?', token.reveal()]) expect(log).not.toContain(secret);
  });
});

describe('guards', () => {
  test('a request for another host is not answered, whatever it asks', async () => {
    for (const path of ['/', '/api/health/live', '/api/session', '/welcome/x', '/metrics']) {
      const response = await server.ask(path, { headers: { host: 'evil.example' }, role: 'owner' });
      expect([response.status, (await problemOf(response)).code]).toEqual([421, 'HOST_NOT_ALLOWED']);
    }
  });

  test('a cookie changes nothing from a page of another site', async () => {
    const cookie = await signedIn();
    const id = await begun();
    const stop = (headers: Record<string, string>) =>
      server.ask(`/api/runs/${id}/stop`, { method: 'POST', headers: { cookie, ...headers } });
    for (const headers of [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      const response = await stop(headers as Record<string, string>);
      expect([response.status, (await problemOf(response)).code]).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
    }
    expect((await stop({ origin: 'http://tandem.test' })).status).toBe(200);
  });

  test('every answer forbids inline script, framing and guessing of types', async () => {
    for (const path of ['/', '/api/session', '/nowhere.js', '/welcome/x', '/metrics']) {
      const { headers } = await server.ask(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
      expect([headers.get('x-frame-options'), headers.get('x-content-type-options')]).toEqual(['DENY', 'nosniff']);
    }
  });

  test('the names a server answers to are its own', () => {
    const hosts = allowedHosts('127.0.0.1', 4600, 'https://tandem.example.org');
    for (const host of ['127.0.0.1:4600', 'localhost:4600', '[::1]:4600', 'tandem.example.org'])
      expect(hosts.has(host)).toBe(true);
    for (const host of ['', 'localhost', 'localhost:80', 'evil.example:4600', 'tandem.example.org:4600']) {
      expect(hosts.has(host)).toBe(false);
    }
  });

  test('a mistake is a problem everywhere', async () => {
    const check = async (path: string, options: Parameters<TestServer['ask']>[1], expected: [number, string]) => {
      const response = await server.ask(path, options);
      expect([response.status, (await problemOf(response)).code]).toEqual(expected);
    };
    await check('/api/nowhere', { role: 'owner' }, [404, 'NO_SUCH_PLACE']);
    await check('/api/runs?limit=x', { role: 'owner' }, [400, 'REQUEST_INVALID']);
    await check('/api/runs?status=odd', { role: 'owner' }, [400, 'REQUEST_INVALID']);
    await check('/api/runs?cursor=odd', { role: 'owner' }, [400, 'RUN_CURSOR_WRONG']);
    await check('/api/runs/0123456789abcdef', { role: 'owner' }, [404, 'RUN_NOT_FOUND']);
    await check('/api/runs/%25', { role: 'owner' }, [404, 'RUN_NOT_FOUND']);
    await check('/api/runs/x/events', {}, [401, 'NOT_SIGNED_IN']);
    await check('/api/example/things', { method: 'POST', role: 'member' }, [403, 'NOT_ALLOWED']);
    const large = { method: 'POST', role: 'owner', body: 'x'.repeat(2_000_000) } as const;
    await check('/api/example/things', large, [413, 'BODY_TOO_LARGE']);
  });
});

describe('runs', () => {
  test('the owner sees all, others their own', async () => {
    const mine = await server.tokens.issue('member', 60_000, '');
    await begun();
    const own = await begun({ owner: `token:${mine.id}` });
    const pageFor = async (headers: Record<string, string>, role?: 'owner') =>
      RunPage.parse(await bodyOf(await server.ask('/api/runs', { headers, ...(role && { role }) }))).runs;
    expect(await pageFor({}, 'owner')).toHaveLength(2);
    const seen = await pageFor({ authorization: `Bearer ${mine.token.reveal()}` });
    expect(seen.map((each) => each.id)).toEqual([own]);
  });

  test('the list is filtered and paged', async () => {
    for (let index = 0; index < 5; index += 1) await begun({ product: index === 0 ? 'chat' : 'example' });
    const page = async (query: string) =>
      RunPage.parse(await bodyOf(await server.ask(`/api/runs?${query}`, { role: 'owner' })));
    const first = await page('product=example&limit=3');
    const second = await page(`product=example&limit=3&cursor=${first.nextCursor}`);
    expect([first.runs.length, second.runs.length, second.nextCursor]).toEqual([3, 1, null]);
    expect((await page('status=done')).runs).toEqual([]);
  });

  test('a run is found by the beginning of its id', async () => {
    const id = await begun();
    expect(await bodyOf(await server.ask(`/api/runs/${id.slice(0, 10)}`, { role: 'owner' }))).toMatchObject({ id });
  });

  test('its events come as they happen and go on after the last one seen', async () => {
    const id = await begun();
    for (let step = 1; step <= 3; step += 1) await server.journal.append(id, null, 'stepped', { step });
    const response = await server.ask(`/api/runs/${id}/events`, { role: 'owner', headers: { 'last-event-id': '2' } });
    await server.journal.setStatus(id, null, 'done', null);
    const text = await response.text();
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect([...text.matchAll(/^id: (\d+)/gm)].map((match) => match[1])).toEqual(['3']);
    expect(text.trimEnd().endsWith('event: end\ndata: {}')).toBe(true);
  });

  test('streams end when the server does', async () => {
    const response = await server.ask(`/api/runs/${await begun()}/events`, { role: 'owner' });
    server.closing.abort();
    expect(await response.text()).not.toContain('event: end');
  });

  test('stopping is for once: a run that has ended is not stopped', async () => {
    const id = await begun();
    const stop = () => server.ask(`/api/runs/${id}/stop`, { method: 'POST', role: 'owner' });
    expect(await bodyOf(await stop())).toMatchObject({ status: 'stopped' });
    const again = await stop();
    expect([again.status, (await problemOf(again)).code]).toEqual([409, 'RUN_ENDED']);
  });

  test('a repeated request with the same key is done once', async () => {
    const id = await begun();
    const stop = () =>
      server.ask(`/api/runs/${id}/stop`, { method: 'POST', role: 'owner', headers: { 'idempotency-key': 'once' } });
    expect([(await stop()).status, (await stop()).status]).toEqual([200, 200]);
  });
});

describe('home', () => {
  test('says what needs the person, most urgent first', async () => {
    const end = async (status: 'done' | 'failed' | 'needs-person' | 'interrupted' | 'running') =>
      server.journal.setStatus(await begun({ title: status }), null, status, null);
    for (const status of ['done', 'failed', 'interrupted', 'needs-person', 'running'] as const) await end(status);
    await server.journal.setStatus(await begun({ title: 'an answer', product: 'chat' }), null, 'done', null);
    server.machine.sandbox = { kind: 'refused', reason: 'Nothing here can confine code.', next: 'Install bubblewrap.' };
    const home = Home.parse(await bodyOf(await server.ask('/api/home', { role: 'owner' })));
    expect(home.needs.map((need) => need.kind)).toEqual(['decision', 'machine', 'interrupted', 'failed', 'result']);
    expect(home).toMatchObject({ running: 1, finished: 1 });
    expect(home.needs[0]?.href).toMatch(/^\/example\/runs\//);
    expect(home.needs[1]).toMatchObject({ href: null, detail: expect.stringContaining('Install bubblewrap.') });
  });

  test('what ended long ago needs nobody', () => {
    const { now } = server.clock;
    const long = instant(now() - 10 * 24 * 3_600_000);
    const old = {
      ...run,
      id: 'x' as RunId,
      status: 'done' as const,
      reason: null,
      costMicroUsd: 0,
      createdAt: long,
      completedAt: long,
      lastSeq: 0,
      epoch: 0,
    };
    const sandbox = { kind: 'ready', backEnd: '', detail: '' } as const;
    const lists = { waiting: [], interrupted: [], failed: [old], done: [old], running: 0 };
    expect(homeOf({ ...lists, sandbox, now: now() })).toEqual({ needs: [], running: 0, finished: 0 });
  });

  test('the machine says what it can do', async () => {
    const machine = Machine.parse(await bodyOf(await server.ask('/api/machine', { role: 'member' })));
    expect(machine.sandbox.kind).toBe('ready');
  });
});

describe('operations', () => {
  test('health, metrics and the contract need no sign-in', async () => {
    expect(await bodyOf(await server.ask('/api/health/live'))).toMatchObject({ ok: true });
    expect(await bodyOf(await server.ask('/health'))).toMatchObject({ checks: [{ name: 'store', detail: 'sqlite' }] });
    expect(await (await server.ask('/metrics')).text()).toMatch(
      /tandem_http_requests_total\{method="GET",status="200"\} \d/,
    );
  });

  test('every route is in the contract, and the contract has no other', async () => {
    const document = (await bodyOf(await server.ask('/api/openapi.json'))) as { paths: Record<string, object> };
    const inContract = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = server.app.routes
      .filter(({ method, path }) => method !== 'ALL' && !path.startsWith('/welcome') && path !== '/*')
      .map(({ method, path }) => `${method} ${path.replace(/(.)\/$/, '$1').replace(/:(\w+)/g, '{$1}')}`);
    expect([...new Set(inContract)].sort()).toEqual([...new Set(served)].sort());
  });

  test('the contract says what goes in and what comes out', async () => {
    const text = await (await server.ask('/api/openapi.json')).text();
    const document = JSON.parse(text) as {
      paths: Record<string, Record<string, { summary?: string; responses?: object }>>;
    };
    for (const methods of Object.values(document.paths)) {
      for (const operation of Object.values(methods)) expect(operation.summary).toBeTruthy();
    }
    expect(JSON.stringify(document.paths['/api/runs']?.['get'])).toContain('nextCursor');
    expect(JSON.stringify(document.paths['/api/runs']?.['get'])).toContain('needs-person');
  });

  test('no planted secret comes out anywhere', async () => {
    const secret = new Secret('pl4nted-in-the-server');
    const id = await begun({ title: secret.reveal(), input: { secret: secret.reveal() } });
    await server.journal.append(id, null, 'noted', { log: secret.reveal() });
    await server.journal.setStatus(id, null, 'failed', secret.reveal());
    const texts = await Promise.all(
      [
        `/api/runs/${id}`,
        '/api/runs',
        '/api/home',
        `/api/runs/${id}/events`,
        `/api/runs/${secret.reveal()}`,
        '/metrics',
      ].map(async (path) => (await server.ask(path, { role: 'owner' })).text()),
    );
    expect([...texts, ...server.logged].join('')).not.toContain('pl4nted');
  });
});

describe('the console', () => {
  test('a console that is not built is a page that says what to run', async () => {
    const response = await server.ask('/modernizer');
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('npm start');
  });

  const root = mkdtempSync(join(tmpdir(), 'tandem-console-'));
  const folder = join(root, 'console');
  const app = new Hono().get('/*', staticFiles(folder));
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html>the console');
  writeFileSync(join(folder, 'assets/a-1234.js'), 'let a = 1;'.repeat(100));
  writeFileSync(join(folder, '../outside.txt'), 'outside');
  afterAll(() => rmSync(root, { recursive: true }));

  test('every address of the console’s own is its page, a missing file is missing', async () => {
    for (const path of ['/', '/modernizer/runs/7x3k', '/welcome-back']) {
      expect(await (await app.request(path)).text()).toContain('the console');
    }
    expect((await app.request('/assets/gone.js')).status).toBe(404);
  });

  test('files with a hash are kept for ever, the page is asked for each time', async () => {
    const file = await app.request('/assets/a-1234.js', { headers: { 'accept-encoding': 'gzip, br' } });
    expect([file.headers.get('cache-control'), file.headers.get('content-encoding')]).toEqual([
      'public, max-age=31536000, immutable',
      'br',
    ]);
    expect(file.headers.get('content-type')).toContain('javascript');
    const page = await app.request('/');
    expect([page.headers.get('cache-control'), page.headers.get('content-encoding')]).toEqual(['no-cache', null]);
    const again = await app.request('/', { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });

  test('nothing outside its folder is served, however it is spelled', async () => {
    for (const path of [
      '/../outside.txt',
      '/%2e%2e/outside.txt',
      '/..%2foutside.txt',
      '/assets/..%2f..%2foutside.txt',
      '/%',
      '/%00',
    ]) {
      expect(await (await app.request(path)).text()).not.toContain('outside');
    }
  });
});
