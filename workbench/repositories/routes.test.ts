import { renameSync } from 'node:fs';

import { FileDetail, Movement, PatchDetail, PatchPage, Repositories, RepositoryDetail } from 'atomic/protocol';
import { Problem } from 'kernel/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { shopStory, type Story } from '../../atomic/describe/story.samples.ts';
import { testServer, type TestServer } from '../server/test-server.ts';

let server: TestServer;
let shop: Story;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.remove());
beforeEach(() => {
  shop = shopStory();
});
afterEach(async () => {
  for (const { repository } of Repositories.parse((await ask('')).json).repositories) {
    await ask(`/${repository.id}`, { method: 'DELETE' });
  }
  shop[Symbol.dispose]();
});

interface Asking {
  readonly body?: unknown;
  readonly method?: string;
  readonly role?: 'owner' | 'member';
}

const ask = async (path: string, { body, method, role = 'owner' }: Asking = {}) => {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await server.ask(`/api/atomic/repositories${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    role,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as unknown };
};
const problem = ({ status, json }: { readonly status: number; readonly json: unknown }): [number, string] => [
  status,
  Problem.parse(json).code,
];
const registered = async (name = 'shop'): Promise<void> => {
  expect(await ask('', { body: { path: shop.root, name } })).toMatchObject({ status: 201 });
};

test('a repository is registered once, by any folder in it, listed with where it stands, and forgotten', async () => {
  await registered();
  expect(await ask('', { body: { path: `${shop.root}/lib` } })).toMatchObject({
    status: 200,
    json: { already: true, repository: { name: 'shop', path: shop.root } },
  });
  const { repositories } = Repositories.parse((await ask('', { role: 'member' })).json);
  expect(repositories).toMatchObject([
    { repository: { name: 'shop' }, standing: { current: 'main', counts: { ai: 2, human: 2, untracked: 1 } } },
  ]);
  expect(await ask('/shop', { method: 'DELETE' })).toMatchObject({ status: 200 });
  expect(problem(await ask('/shop'))).toEqual([404, 'REPOSITORY_NOT_REGISTERED']);
});

test('what cannot be registered is said to be so', async () => {
  expect(problem(await ask('', { body: { path: 'shop' } }))).toEqual([400, 'REPOSITORY_PATH_RELATIVE']);
  expect(problem(await ask('', { body: { path: '/' } }))).toEqual([400, 'ATOMIC_REPOSITORY_MISSING']);
  expect(problem(await ask('', { body: { path: shop.root, name: '../x' } }))[0]).toBe(400);
  await registered();
  using other = shopStory();
  expect(problem(await ask('', { body: { path: other.root, name: 'shop' } }))).toEqual([409, 'REPOSITORY_NAME_TAKEN']);
});

test('one that is gone from the disk does not hide the others', async () => {
  await registered();
  using other = shopStory();
  await ask('', { body: { path: other.root, name: 'away' } });
  renameSync(`${other.root}/.atomic`, `${other.root}/.away`);
  const { repositories } = Repositories.parse((await ask('')).json);
  expect(repositories.map(({ problem: found }) => found?.code ?? null)).toEqual(['ATOMIC_REPOSITORY_MISSING', null]);
});

test('everything the console shows comes in the shapes of the protocol', async () => {
  await registered();
  expect(RepositoryDetail.parse((await ask('/shop')).json).models).toHaveLength(2);
  const page = PatchPage.parse((await ask('/shop/patches?actor=ai&limit=1')).json);
  expect(page.patches.map(({ message }) => message)).toEqual(['round']);
  expect(PatchPage.parse((await ask(`/shop/patches?actor=ai&before=${page.next}`)).json).patches).toHaveLength(1);
  expect(PatchDetail.parse((await ask(`/shop/patches/${shop.hash('total')}`)).json).changes).toHaveLength(1);
  const file = FileDetail.parse((await ask('/shop/file?path=cart.js&without=ai.model%3Dgpt-5')).json);
  expect(file.lines?.map(({ text }) => text)).toContain('  return sum(cart);');
  for (const path of ['/graph', '/tree', '/statistics']) {
    expect(await ask(`/shop${path}`, { role: 'member' })).toMatchObject({ status: 200, json: { channel: 'main' } });
  }
});

test('what a request gets wrong is a problem that names it', async () => {
  await registered();
  expect(problem(await ask('/shop/patches?expr=model%3Dx'))).toEqual([400, 'ATOMIC_WHERE_WRONG']);
  expect(problem(await ask('/shop/patches?channel=nowhere'))).toEqual([404, 'ATOMIC_CHANNEL_UNKNOWN']);
  expect(problem(await ask('/shop/patches?limit=0'))[0]).toBe(400);
  expect(problem(await ask('/shop/patches/zzzz'))).toEqual([404, 'ATOMIC_PATCH_UNKNOWN']);
  expect(problem(await ask('/shop/file?path=none.js'))).toEqual([404, 'ATOMIC_PATH_UNKNOWN']);
  expect(problem(await ask('/shop/channels/main/take', { body: {} }))).toEqual([400, 'MOVEMENT_OF_NOTHING']);
});

const move = async (direction: string, body: unknown): Promise<Movement> =>
  Movement.parse((await ask(`/shop/channels/main/${direction}`, { body })).json);

test('leaving a patch is explained first, then done with the files following, and undone by taking it again', async () => {
  await registered();
  const wanted = { expr: 'ai.model=claude-sonnet-4-5' };
  expect(await move('leave', { ...wanted, dryRun: true })).toMatchObject({ outcome: 'needs-dependents', alsoInAll: 1 });
  expect(await move('leave', { ...wanted, dryRun: true, withDependents: true })).toMatchObject({ outcome: 'planned' });
  expect(shop.read('cart.js')).toContain('Math.round');
  const before = shop.read('cart.js');
  const left = await move('leave', { ...wanted, withDependents: true });
  expect(left).toMatchObject({ outcome: 'done', isCurrent: true, hashes: [expect.any(String), expect.any(String)] });
  expect(shop.read('cart.js')).not.toContain('total');
  const outside = PatchPage.parse((await ask('/shop/patches?of=outside')).json);
  expect(outside.patches.map(({ message }) => message)).toEqual(['round', 'total']);
  const taken = await move('take', { patches: left.hashes });
  expect(taken).toMatchObject({ outcome: 'done' });
  expect(taken.root).not.toBe(left.root);
  expect(shop.read('cart.js')).toBe(before);
});

test('a person’s own changes are never overwritten: the movement is refused as a whole', async () => {
  await registered();
  shop.write('cart.js', 'something else\n');
  const refused = await ask('/shop/channels/main/leave', { body: { patches: [shop.hash('round')] } });
  expect(problem(refused)).toEqual([409, 'ATOMIC_CHANGES_IN_THE_WAY']);
  expect(shop.read('cart.js')).toBe('something else\n');
  expect(PatchPage.parse((await ask('/shop/patches')).json).patches).toHaveLength(5);
});

test('a movement that is sent twice under one key is done once', async () => {
  await registered();
  const send = async () => {
    const response = await server.ask('/api/atomic/repositories/shop/channels/main/leave', {
      method: 'POST',
      role: 'owner',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'one-and-the-same-key' },
      body: JSON.stringify({ patches: [shop.hash('tax')] }),
    });
    return Movement.parse(await response.json()).outcome;
  };
  expect([await send(), await send()]).toEqual(['done', 'done']);
});
