import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cloneInto, openPeer, OPEN_POLICY, pushTo } from 'atomic/remotes';
import type { Repository } from 'atomic/repository';
import { instant, Secret, systemClock } from 'kernel/basics';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ADA, shopStory, type Story } from '../../atomic/describe/story.samples.ts';
import { recordChanges } from '../../atomic/working-copy/record-changes.ts';
import { listen, listenerOf, type Listening } from '../server/listen.ts';
import type { Role } from '../people/who.ts';
import { testServer, type TestServer } from '../server/test-server.ts';

let server: TestServer;
let shop: Story;
let listening: Listening;
let folder: string;
beforeAll(async () => {
  server = await testServer();
  shop = shopStory();
  folder = mkdtempSync(join(tmpdir(), 'atomic-remote-'));
  // The test server answers for one name only.
  const listener = listenerOf((request, env) => {
    const headers = new Headers(request.headers);
    headers.set('host', 'tandem.test');
    const { method, body } = request;
    return server.app.fetch(
      new Request(request.url, { method, headers, body, ...(body === null ? {} : { duplex: 'half' }) }),
      env,
    );
  });
  listening = await listen(listener, '127.0.0.1', 0);
  const body = JSON.stringify({ path: shop.root, name: 'shop' });
  const headers = { 'content-type': 'application/json' };
  await server.ask('/api/atomic/repositories', { method: 'POST', role: 'owner', headers, body });
});
afterAll(async () => {
  await listening.close(systemClock);
  await server.remove();
  shop[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

const EXCHANGE = {
  channel: 'main',
  path: null,
  withAttribution: true,
  fallsBack: true,
  policy: OPEN_POLICY,
  actor: 'Ada',
  remote: 'origin',
};
const peerFor = async (role: Role | 'nobody', access: 'read' | 'write', name = 'shop') => {
  const token = role === 'nobody' ? null : (await server.tokens.issue(role, 3_600_000, role)).token.reveal();
  const url = `http://127.0.0.1:${listening.port}/atomic/v1/${name}`;
  return openPeer(url, access, {
    folder,
    environment: {},
    timeoutMs: 10_000,
    tokenFor: () => (token === null ? null : new Secret(token)),
    policyOf: () => OPEN_POLICY,
    who: 'Ada',
  });
};
const cloneAs = async (role: Role | 'nobody', to: string, name = 'shop') => {
  const peer = await peerFor(role, 'read', name);
  try {
    return await cloneInto(join(folder, to), peer, { ...EXCHANGE, channel: null, url: 'http://shop' });
  } finally {
    await peer.close();
  }
};
const codeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : thrown;

const pushAs = async (role: Role, repository: Repository) => {
  const peer = await peerFor(role, 'write');
  try {
    return await pushTo(repository, peer, EXCHANGE).then(() => 'pushed', codeOf);
  } finally {
    await peer.close();
  }
};

test('a registered repository is cloned with a member’s token, and pushed to with an owner’s', async () => {
  const { repository, patches } = await cloneAs('member', 'clone');
  expect(patches).toBe(5);
  writeFileSync(join(folder, 'clone', 'more.txt'), 'more\n');
  const header = { message: 'more', description: '', at: instant(0), zoneMinutes: 0, authors: [ADA] };
  recordChanges(repository, { header, actor: 'Ada', isChosen: () => true });
  const size = (): number | undefined => shop.repository.store.channels.get('main')?.set.size;
  expect(await pushAs('member', repository)).toBe('ATOMIC_REMOTE_READ_ONLY');
  shop.reopen();
  expect(size()).toBe(5);
  expect(await pushAs('owner', repository)).toBe('pushed');
  shop.reopen();
  expect(size()).toBe(6);
  repository.close();
});

test.each(['nobody', 'interviewer', 'parent'] as const)('%s sees no repository at all', async (role) => {
  expect(await cloneAs(role, `for-${role}`).then(() => 'cloned', codeOf)).toBe('ATOMIC_REMOTE_DENIED');
});

test('one that is not registered is not there', async () => {
  expect(await cloneAs('owner', 'nothing', 'nothing').then(() => 'cloned', codeOf)).toBe(
    'ATOMIC_REMOTE_REPOSITORY_UNKNOWN',
  );
});

test('a cookie opens nothing here, only a token does', async () => {
  const cookies = (await server.people.useLink(await server.people.newLink())) ?? [];
  const cookie = cookies.map((each) => each.split(';')[0]).join('; ');
  expect((await server.ask('/api/session', { headers: { cookie } })).status).toBe(200);
  const place = `/atomic/v1/shop/changes/${shop.hash('begin')}`;
  expect((await server.ask(place, { headers: { cookie } })).status).toBe(401);
  expect((await server.ask(place, { role: 'member' })).status).toBe(200);
});
