import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { workingCopy } from '../working-copy/changes.ts';
import { Side } from './side.samples.ts';

test('a clone has the same state, the same files, and remembers where it comes from', async () => {
  using ada = new Side('Ada');
  ada.edit('src/a.txt', 'one\ntwo\n');
  ada.edit('b.txt', 'b\n');
  using bob = await ada.clone('Bob');
  expect(bob.stateRoot()).toBe(ada.stateRoot());
  expect(bob.read('src/a.txt')).toBe('one\ntwo\n');
  expect(workingCopy(bob.repository, bob.repository.view()).changes).toEqual([]);
  expect(bob.repository.store.names.remotes()).toEqual([{ name: 'origin', url: ada.root }]);
  expect(bob.cloned).toMatchObject({ channels: ['main'], patches: 2, files: 2, traffic: { roundTrips: 2 } });
});

test('all channels come with a clone, each with its own patches, and one alone where one was asked for', async () => {
  using ada = new Side('Ada');
  ada.edit('a.txt', 'one\n');
  ada.repository.store.write({ op: 'channel fork', args: {}, actor: 'Ada' }, (transaction) => {
    transaction.forkChannel('main', 'idea');
    transaction.createChannel('empty');
  });
  ada.edit('a.txt', 'one\ntwo\n');
  using bob = await ada.clone('Bob');
  expect(bob.repository.store.channels.list().map(({ name, size }) => [name, size])).toEqual([
    ['empty', 0],
    ['idea', 1],
    ['main', 2],
  ]);
  expect(bob.stateRoot('idea')).toBe(ada.stateRoot('idea'));
  using eve = await ada.clone('Eve', ada.peer(), { channel: 'idea' });
  expect(eve.repository.store.channels.list().map(({ name }) => name)).toEqual(['idea']);
  expect(eve.read('a.txt')).toBe('one\n');
});

test('a pull brings patches and files; pulling again finds nothing to do', async () => {
  using ada = new Side('Ada');
  ada.edit('a.txt', 'one\n');
  using bob = await ada.clone('Bob');
  ada.edit('a.txt', 'one\ntwo\n');
  const pulled = await bob.pull(ada.peer());
  expect(pulled).toMatchObject({ ahead: 0 });
  expect(pulled.added).toHaveLength(1);
  expect(bob.read('a.txt')).toBe('one\ntwo\n');
  expect(await bob.pull(ada.peer())).toMatchObject({ added: [] });
  expect(bob.stateRoot()).toBe(ada.stateRoot());
});

test('a push lands on the other side with its files; pushing again sends nothing', async () => {
  using ada = new Side('Ada');
  ada.edit('a.txt', 'one\n');
  using bob = await ada.clone('Bob');
  bob.edit('a.txt', 'zero\none\n');
  const pushed = await bob.push(ada.peer());
  expect(pushed.sent).toHaveLength(1);
  expect(pushed).toMatchObject({ behind: 0, traffic: { roundTrips: 2 } });
  expect(ada.read('a.txt')).toBe('zero\none\n');
  expect(ada.stateRoot()).toBe(bob.stateRoot());
  expect((await bob.push(ada.peer())).sent).toEqual([]);
});

test('edits of both sides merge, and a conflict is the same on both', async () => {
  using ada = new Side('Ada');
  ada.edit('a.txt', '1\n2\n3\n');
  using bob = await ada.clone('Bob');
  ada.edit('a.txt', '1\nada\n3\n');
  bob.edit('a.txt', '1\nbob\n3\n');
  const pulled = await bob.pull(ada.peer());
  expect(pulled).toMatchObject({ ahead: 1 });
  expect(bob.read('a.txt')).toMatch(/^1\n>{7,} 1 order .*\n(?:ada|bob)\n=+ .*\n(?:ada|bob)\n<+ 1\n3\n$/s);
  await bob.push(ada.peer());
  expect(ada.stateRoot()).toBe(bob.stateRoot());
  expect(ada.read('a.txt')).toBe(bob.read('a.txt'));
  expect(ada.meaning()).toEqual(bob.meaning());
});

test('a channel that the other side lacks begins there as what both have', async () => {
  using ada = new Side('Ada');
  ada.edit('a.txt', 'one\n');
  using bob = await ada.clone('Bob');
  ada.edit('a.txt', 'one\ntwo\n');
  bob.repository.store.write({ op: 'channel fork', args: {}, actor: 'Bob' }, (transaction) => {
    transaction.forkChannel('main', 'idea');
    transaction.switchChannel('idea');
  });
  bob.edit('b.txt', 'b\n');
  expect(await bob.push(ada.peer(), { channel: 'idea' })).toMatchObject({ isNewChannel: true, behind: 1 });
  expect(ada.stateRoot('idea')).toBe(bob.stateRoot('idea'));
  expect(existsSync(join(ada.root, 'b.txt'))).toBe(false);
});

test('changes that are not recorded are merged by a pull, or stop it before anything has happened', async () => {
  using ada = new Side('Ada');
  ada.edit('a.txt', '1\n2\n3\n');
  using bob = await ada.clone('Bob');
  ada.edit('a.txt', '1\n2\nthree\n');
  bob.write('a.txt', 'one\n2\n3\n');
  await bob.pull(ada.peer());
  expect(bob.read('a.txt')).toBe('one\n2\nthree\n');
  ada.edit('a.txt', '1 by Ada\n2\nthree\n');
  const before = bob.stateRoot();
  await expect(bob.pull(ada.peer())).rejects.toMatchObject({ code: 'ATOMIC_CHANGES_IN_THE_WAY' });
  expect(bob.stateRoot()).toBe(before);
  expect(bob.read('a.txt')).toBe('one\n2\nthree\n');
  writeFileSync(join(bob.root, 'a.txt'), '1\n2\nthree\n');
  await bob.pull(ada.peer());
  expect(bob.read('a.txt')).toBe('1 by Ada\n2\nthree\n');
});

test('a repository that never wrote its files takes a push, and stays without files', async () => {
  using ada = new Side('Ada');
  ada.edit('a.txt', 'one\n');
  using bob = await ada.clone('Bob');
  rmSync(join(ada.root, 'a.txt'));
  ada.repository.store.write(null, (transaction) => transaction.clearWorktree());
  bob.edit('a.txt', 'one\ntwo\n');
  await bob.push(ada.peer());
  expect(ada.stateRoot()).toBe(bob.stateRoot());
  expect(existsSync(join(ada.root, 'a.txt'))).toBe(false);
});
