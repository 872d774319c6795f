import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { cutPeer } from './broken-peer.samples.ts';
import { noise } from './remote.contract.ts';
import { Side } from './side.samples.ts';

const incoming = (side: Side): readonly string[] => {
  const folder = join(side.root, '.atomic', 'incoming');
  return existsSync(folder) ? readdirSync(folder) : [];
};

const state = (side: Side): object => ({ root: side.stateRoot(), meaning: side.meaning(), file: side.read('a.txt') });

test('a pull that is cut at any byte loses nothing and applies nothing, and the next one goes through', async () => {
  using ada = new Side('Ada');
  ada.edit('a.txt', '1\n');
  using bob = await ada.clone('Bob');
  for (let n = 2; n < 5; n += 1) ada.edit('a.txt', `${n}\n`);
  using witness = await ada.clone('Witness');
  const before = state(bob);
  const { received } = (await witness.pull(ada.peer())).traffic;
  for (let at = 0; at < received + 400; at += 23) {
    const peer = cutPeer(ada.peer(), { received: at });
    await expect(bob.pull(peer)).rejects.toMatchObject({ code: 'ATOMIC_TRANSFER_CUT' });
    expect(state(bob)).toEqual(before);
  }
  expect((await bob.pull(ada.peer())).added).toHaveLength(3);
  expect(bob.meaning()).toEqual(ada.meaning());
  expect(incoming(bob)).toEqual([]);
});

test('a push that is cut at any byte changes nothing over there, and the next one goes through', async () => {
  using server = new Side('Server');
  server.edit('a.txt', '1\n');
  using bob = await server.clone('Bob');
  for (let n = 2; n < 5; n += 1) bob.edit('a.txt', `${n}\n`);
  const before = state(server);
  for (let at = 0; at < 590; at += 19) {
    await expect(bob.push(cutPeer(server.peer(), { sent: at }))).rejects.toMatchObject({ code: 'ATOMIC_TRANSFER_CUT' });
    expect(state(server)).toEqual(before);
  }
  await bob.push(server.peer());
  expect(state(server)).toEqual(state(bob));
  expect(incoming(server)).toEqual([]);
});

/** Several blocks, each patch about one. */
function large(side: Side): void {
  for (let n = 0; n < 4; n += 1) side.edit(`${n}.txt`, noise(520_000, n));
}

test('what arrived before the cut is not fetched again', async () => {
  using ada = new Side('Ada');
  ada.edit('a.txt', '1\n');
  using bob = await ada.clone('Bob');
  large(ada);
  await expect(bob.pull(cutPeer(ada.peer(), { received: 1_200_000 }))).rejects.toMatchObject({
    code: 'ATOMIC_TRANSFER_CUT',
  });
  expect(incoming(bob)).toHaveLength(1);
  const { added, traffic } = await bob.pull(ada.peer());
  expect(added).toHaveLength(4);
  expect(traffic.received).toBeLessThan(1_000_000);
  expect(bob.stateRoot()).toBe(ada.stateRoot());
  expect(incoming(bob)).toEqual([]);
});

test('what arrived of a push before the cut is not sent again', async () => {
  using server = new Side('Server');
  server.edit('a.txt', '1\n');
  using bob = await server.clone('Bob');
  large(bob);
  await expect(bob.push(cutPeer(server.peer(), { sent: 1_200_000 }))).rejects.toMatchObject({
    code: 'ATOMIC_TRANSFER_CUT',
  });
  const { resumed, sent, traffic } = await bob.push(server.peer());
  expect([sent.length, resumed]).toEqual([4, 2]);
  expect(traffic.sent).toBeLessThan(1_000_000);
  expect(server.stateRoot()).toBe(bob.stateRoot());
  expect(incoming(server)).toEqual([]);
});

test('a clone that was cut is gone on with by the same command, and by no other', async () => {
  using ada = new Side('Ada');
  large(ada);
  using place = new Side('Place');
  const folder = join(place.root, 'clone');
  const clone = (url: string, received: number): Promise<Side & { cloned: { traffic: { received: number } } }> =>
    ada.clone('Bob', cutPeer(ada.peer(), { received }), { url }, folder);
  await expect(clone('there', 300)).rejects.toMatchObject({ code: 'ATOMIC_TRANSFER_CUT' });
  expect(existsSync(join(folder, '.atomic'))).toBe(false);
  await expect(clone('there', 1_200_000)).rejects.toMatchObject({ code: 'ATOMIC_TRANSFER_CUT' });
  await expect(clone('elsewhere', 1_200_000)).rejects.toMatchObject({ code: 'ATOMIC_CLONE_TARGET_IN_USE' });
  using bob = await clone('there', Infinity);
  expect(bob.cloned.traffic.received).toBeLessThan(1_000_000);
  expect(bob.stateRoot()).toBe(ada.stateRoot());
  expect(bob.read('3.txt')).toBe(ada.read('3.txt'));
  await expect(clone('there', Infinity)).rejects.toMatchObject({ code: 'ATOMIC_CLONE_TARGET_IN_USE' });
});

test('leftovers that are damaged cost nothing but themselves, and old ones are removed', async () => {
  using ada = new Side('Ada');
  ada.edit('a.txt', '1\n');
  using bob = await ada.clone('Bob');
  large(ada);
  await expect(bob.pull(cutPeer(ada.peer(), { received: 1_200_000 }))).rejects.toMatchObject({
    code: 'ATOMIC_TRANSFER_CUT',
  });
  const [name = ''] = incoming(bob);
  const path = join(bob.root, '.atomic', 'incoming', name);
  const old = join(bob.root, '.atomic', 'incoming', '1-1.blocks');
  writeFileSync(old, 'no block at all');
  utimesSync(old, 0, 0);
  const bytes = Buffer.from(bob.readBytes(join('.atomic', 'incoming', name)));
  bytes[600_000] = (bytes[600_000] ?? 0) ^ 1;
  writeFileSync(path, bytes);
  expect((await bob.pull(ada.peer())).added).toHaveLength(4);
  expect(bob.stateRoot()).toBe(ada.stateRoot());
  expect(existsSync(old)).toBe(false);
});
