import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { manualClock, systemClock, type RunId } from 'kernel/basics';
import { createJournal } from 'kernel/journal';
import { openStore } from 'kernel/store';
import { createLog } from 'kernel/telemetry';
import { createWork } from 'kernel/work';

import { loadConfiguration, type Configuration } from '../configuration/configuration.ts';
import { runningServer } from './home-lock.ts';
import { startServer, watchInterrupted, type RunningServer } from './serve.ts';

const MAIN = join(import.meta.dirname, '../main.ts');
const READY =
  /^Tandem is ready at (http:\/\/127\.0\.0\.1:\d+) {2}\(sign in: (http:\/\/127\.0\.0\.1:\d+\/welcome\/[\w-]+)\)\n$/;

let folder: string;
let home: string;
const servers: RunningServer[] = [];
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-serve-'));
  home = join(folder, 'home');
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const configured = (env: Record<string, string> = {}): Configuration =>
  loadConfiguration({ folder, env: { TANDEM_HOME: home, TANDEM_PORT: '0', ...env }, homeFolder: folder });
const started = async (env: Record<string, string> = {}): Promise<RunningServer> => {
  const server = await startServer(configured(env), createLog({ level: 'silent' }));
  servers.push(server);
  return server;
};
const spawned = async (): Promise<{ child: ChildProcess; url: string; signIn: string }> => {
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    cwd: folder,
    env: { ...process.env, TANDEM_HOME: home, TANDEM_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  const [, url = '', signIn = ''] = READY.exec(line.toString()) ?? [];
  expect(line.toString()).toMatch(READY);
  return { child, url, signIn };
};
const cookieFor = async (signIn: string): Promise<string> => {
  const response = await fetch(signIn, { redirect: 'manual' });
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
};
const begun = async (status: 'running' | 'queued'): Promise<RunId> => {
  const store = await openStore(configured().databaseUrl);
  const journal = createJournal(store, systemClock);
  const { run } = await journal.start({ product: 'p', title: 't', source: 's', owner: 'o', input: null });
  await journal.setStatus(run.id, null, status, null);
  await store.close();
  return run.id;
};

test('a server on any free port answers over the network, to its own names only', async () => {
  const { url } = await started();
  expect((await fetch(`${url}/api/health/ready`)).status).toBe(200);
  expect((await fetch(url.replace('127.0.0.1', 'localhost'))).status).not.toBe(421);
  expect(runningServer(home)).toBe(url);
});

test('the wires of the gateway answer over the network, in their own words and with the headers of every answer', async () => {
  const { url } = await started();
  const ask = (path: string) => fetch(`${url}${path}`, { method: 'POST', body: '{}' });
  const [openAi, anthropic] = [await ask('/v1/chat/completions'), await ask('/v1/messages')];
  expect([openAi.status, anthropic.status]).toEqual([401, 401]);
  expect(await openAi.json()).toMatchObject({ error: { code: 'GATEWAY_KEY_WRONG', type: 'authentication_error' } });
  expect(await anthropic.json()).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
  expect(openAi.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('requests_total{method="POST",status="401"} 2');
});

test('a port that is taken is said, with who has it and what to do', async () => {
  const other = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const fault = { code: 'PORT_TAKEN', why: expect.stringContaining('Another program'), about: { kind: 'unavailable' } };
  await expect(started({ TANDEM_PORT: String(port) })).rejects.toMatchObject(fault);
  other.close();
  const { url } = await started();
  const second = started({ TANDEM_HOME: join(folder, 'other'), TANDEM_PORT: new URL(url).port });
  await expect(second).rejects.toMatchObject({ code: 'PORT_TAKEN', why: expect.stringContaining('Another Tandem') });
});

test('an address of another machine cannot be listened on, and that is said', async () => {
  await expect(started({ TANDEM_HOST: '203.0.113.7' })).rejects.toMatchObject({ code: 'CANNOT_LISTEN' });
});

test('a second server on the same home is refused, and the first one goes on', async () => {
  const { url } = await started();
  const refused = { code: 'HOME_IN_USE', why: expect.stringContaining(url), about: { kind: 'conflict' } };
  await expect(started()).rejects.toMatchObject(refused);
  expect((await fetch(`${url}/health`)).status).toBe(200);
});

test('a server that ends closes its streams, and the next one starts at once on the same home', async () => {
  const first = await started();
  const run = await begun('queued');
  const cookie = await cookieFor(await first.newSignInUrl());
  const stream = await fetch(`${first.url}/api/runs/${run}/events`, { headers: { cookie } });
  const reading = stream.text();
  await first.close();
  expect(await reading).toBe('retry: 1000\n\n');
  expect(runningServer(home)).toBeUndefined();
  const second = await started();
  const session = await fetch(`${second.url}/api/session`, { headers: { cookie } });
  expect(session.status).toBe(200);
});

test('a server that was killed leaves nothing locked: the next one starts at once and marks what was interrupted', async () => {
  const { child, url, signIn } = await spawned();
  const cookie = await cookieFor(signIn);
  expect((await fetch(`${url}/api/session`, { headers: { cookie } })).status).toBe(200);
  const run = await begun('running');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const next = await started();
  const answer = await fetch(`${next.url}/api/runs/${run}`, { headers: { cookie } });
  expect(await answer.json()).toMatchObject({ id: run, status: 'interrupted' });
});

test('a command’s run is left alone while the command lives', async () => {
  await (await started()).close();
  const store = await openStore(configured().databaseUrl);
  const journal = createJournal(store, systemClock);
  const { run } = await journal.start({ product: 'p', title: 't', source: 's', owner: 'o', input: null });
  const claim = await createWork(store, systemClock).claim(run.id, 'a command');
  await journal.setStatus(run.id, claim.kind === 'claimed' ? claim.lease.epoch : null, 'running', null);
  await started();
  expect((await journal.get(run.id))?.status).toBe('running');
  if (claim.kind === 'claimed') await claim.lease.release();
  await store.close();
});

test('SIGTERM ends a server well, also while somebody follows a run', async () => {
  const { child, url, signIn } = await spawned();
  const cookie = await cookieFor(signIn);
  const run = await begun('queued');
  const stream = await fetch(`${url}/api/runs/${run}/events`, { headers: { cookie } });
  const reading = stream.text();
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number];
  expect(await reading).toBe('retry: 1000\n\n');
  expect(code).toBe(0);
});

test('the run of a command that was killed shows as interrupted while the server goes on', async () => {
  const clock = manualClock();
  const closing = new AbortController();
  const run = '0123456789abcdef' as RunId;
  const answers: (() => Promise<readonly RunId[]>)[] = [
    async () => [],
    () => Promise.reject(new Error('locked for a moment')),
    async () => [run],
  ];
  const lines: string[] = [];
  const work = { markInterrupted: () => answers.shift()?.() ?? Promise.resolve([]) };
  const log = createLog({ output: { write: (line) => lines.push(line) } });
  const ended = watchInterrupted({ work, clock } as never, log, closing.signal);
  for (let look = 0; look < 3; look += 1) {
    while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(2000);
  }
  while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
  closing.abort();
  await ended();
  expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
    'runs-not-looked-at',
    'runs-interrupted',
  ]);
});
