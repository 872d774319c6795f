import { symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { Fault } from 'kernel/basics';

import { switchChannel } from './change-channel.ts';
import { Folder } from './folder.samples.ts';

const fork = (folder: Folder, name: string): void =>
  folder.repository.store.write({ op: 'fork', args: {}, actor: 'Test' }, (transaction) =>
    transaction.forkChannel(folder.repository.store.channels.current(), name),
  );
const faultOf = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown.code;
    throw thrown;
  }
  return 'none';
};

test('files are found new, changed, moved and gone, and nothing is left to record afterwards', () => {
  using folder = new Folder();
  folder.write('a/one.txt', '1\n2\n3\n');
  folder.write('b.txt', 'a text long enough to be known again\n');
  folder.write('gone.txt', 'x\n');
  expect(folder.status()).toEqual(['untracked a/one.txt', 'untracked b.txt', 'untracked gone.txt']);
  folder.record();
  expect(folder.status()).toEqual([]);
  folder.write('a/one.txt', '1\n2\n3\n4\n');
  folder.move('b.txt', 'c/d.txt');
  folder.remove('gone.txt');
  folder.write('new.sh', '#!/bin/sh\n', true);
  expect(folder.status()).toEqual(['changed a/one.txt', 'moved c/d.txt', 'deleted gone.txt', 'untracked new.sh']);
  folder.record();
  expect(folder.status()).toEqual([]);
  folder.reopen();
  expect(folder.status()).toEqual([]);
  expect(folder.tryRecord().kind).toBe('nothing');
  const entries = folder.repository.view().tree().entries;
  expect([...entries.keys()].sort()).toEqual(['a', 'a/one.txt', 'c', 'c/d.txt', 'new.sh']);
  expect(entries.get('new.sh')?.isExecutable).toBe(true);
});

test('a file that was only touched, or changed its mode, is told apart', () => {
  using folder = new Folder();
  folder.write('f', 'text\n');
  folder.record();
  folder.write('f', 'text\n');
  expect(folder.status()).toEqual([]);
  folder.write('f', 'text\n', true);
  expect(folder.status()).toEqual(['changed f']);
  folder.record();
  expect(folder.repository.view().tree().entries.get('f')?.isExecutable).toBe(true);
});

test('a link is recorded as where it points, and never followed', () => {
  using folder = new Folder();
  symlinkSync('/etc/passwd', join(folder.root, 'link'));
  folder.record();
  const entry = folder.repository.view().tree().entries.get('link');
  expect(entry?.kind).toBe('symlink');
  expect(
    folder.repository
      .view()
      .bytesOf(entry?.inode ?? 0)
      .toString(),
  ).toBe('/etc/passwd');
});

test('ignored files are nobody’s business, unless they are tracked', () => {
  using folder = new Folder();
  folder.write('kept.log', 'tracked\n');
  folder.record();
  folder.write('.gitignore', '*.log\nbuild/\n!important.log\n');
  folder.write('other.log', 'x');
  folder.write('important.log', 'x');
  folder.write('build/deep/file', 'x');
  folder.write('sub/.atomicignore', 'secret\n');
  folder.write('sub/secret', 'x');
  folder.write('kept.log', 'changed\n');
  expect(folder.status()).toEqual([
    'untracked .gitignore',
    'untracked important.log',
    'changed kept.log',
    'untracked sub/.atomicignore',
  ]);
});

test('taking a patch out takes it out of the files, and putting it back brings it back', () => {
  using folder = new Folder();
  folder.write('f', '1\n2\n3\n4\n5\n');
  folder.record();
  folder.write('f', '1\n2\n3\n4\nfive\n');
  const five = folder.record();
  folder.write('f', 'one\n2\n3\n4\nfive\n');
  folder.write('new', 'x\n');
  folder.record();
  const root = Buffer.from(folder.repository.store.channels.get('main')?.root ?? []).toString('hex');
  expect(folder.unrecord(five)).toBe('unrecord');
  expect(folder.read('f')).toBe('one\n2\n3\n4\n5\n');
  folder.apply('main', five);
  expect(folder.read('f')).toBe('one\n2\n3\n4\nfive\n');
  expect(Buffer.from(folder.repository.store.channels.get('main')?.root ?? []).toString('hex')).toBe(root);
  expect(folder.status()).toEqual([]);
});

test('a patch that others build on is not taken out alone', () => {
  using folder = new Folder();
  folder.write('f', '1\n');
  const first = folder.record();
  folder.write('f', '1\n2\n');
  folder.record();
  expect(folder.unrecord(first)).toBe('has-dependents');
  expect(folder.read('f')).toBe('1\n2\n');
});

test('channels switch with their files; changes of one’s own come along where they merge', () => {
  using folder = new Folder();
  folder.write('f', '1\n2\n3\n4\n5\n');
  folder.record();
  fork(folder, 'other');
  folder.write('f', '1\n2\n3\n4\n5b\n');
  folder.write('only-main', 'x\n');
  folder.record();
  folder.write('f', '1a\n2\n3\n4\n5b\n');
  switchChannel(folder.repository, 'other', 'Test');
  expect(folder.read('f')).toBe('1a\n2\n3\n4\n5\n');
  expect(folder.files()).toEqual(['f']);
  expect(folder.status()).toEqual(['changed f']);
});

test('changes that do not merge stop everything before anything is done', () => {
  using folder = new Folder();
  folder.write('f', '1\n2\n3\n');
  folder.record();
  fork(folder, 'other');
  folder.write('f', '1\ntwo\n3\n');
  folder.record();
  folder.write('f', '1\nzwei\n3\n');
  expect(faultOf(() => switchChannel(folder.repository, 'other', 'Test'))).toBe('ATOMIC_CHANGES_IN_THE_WAY');
  expect(folder.read('f')).toBe('1\nzwei\n3\n');
  expect(folder.repository.store.channels.current()).toBe('main');
});

test('a file that nobody tracks is not overwritten by one that comes', () => {
  using folder = new Folder();
  folder.write('f', '1\n');
  folder.record();
  fork(folder, 'other');
  folder.write('new', 'recorded\n');
  const patch = folder.record();
  switchChannel(folder.repository, 'other', 'Test');
  folder.write('new', 'mine\n');
  expect(faultOf(() => folder.apply('other', patch))).toBe('ATOMIC_CHANGES_IN_THE_WAY');
  expect(folder.read('new')).toBe('mine\n');
  folder.write('new', 'recorded\n');
  folder.apply('other', patch);
  expect(folder.status()).toEqual([]);
});

test('a conflict comes into the files between markers, is told by nobody twice, and ends with an edit', () => {
  using folder = new Folder();
  folder.write('f', '1\n2\n3\n');
  folder.record();
  fork(folder, 'other');
  folder.write('f', '1\nmain\n3\n');
  const ours = folder.record();
  switchChannel(folder.repository, 'other', 'Test');
  folder.write('f', '1\nother\n3\n');
  folder.record();
  folder.apply('other', ours);
  expect(folder.read('f')).toContain('>>>>>>> 1 order');
  expect(folder.status()).toEqual([]);
  expect(folder.tryRecord().kind).toBe('nothing');
  folder.write('f', folder.read('f').replace(/^=.*\n/m, ''));
  expect(folder.tryRecord()).toMatchObject({ kind: 'markers-left', files: [{ path: 'f' }] });
  folder.write('f', '1\nboth\n3\n');
  folder.record();
  expect(folder.read('f')).toBe('1\nboth\n3\n');
  expect(folder.repository.view().text(folder.repository.view().tree().entries.get('f')?.inode ?? 0).isClean).toBe(
    true,
  );
});

test('two versions of a picture stand side by side until one is recorded', () => {
  using folder = new Folder();
  const picture = (last: number): Buffer => Buffer.from([0, 1, 2, 10, 3, 4, last]);
  folder.write('p.png', picture(5));
  folder.record();
  fork(folder, 'other');
  folder.write('p.png', picture(6));
  const ours = folder.record();
  switchChannel(folder.repository, 'other', 'Test');
  folder.write('p.png', picture(7));
  folder.record();
  folder.apply('other', ours);
  const [first, second] = folder.files();
  expect([first, second?.replace(/~.*/, '~')]).toEqual(['p.png', 'p.png.~']);
  folder.write('p.png', picture(8));
  folder.record();
  expect(folder.repository.view().bytesOf(folder.repository.view().tree().entries.get('p.png')?.inode ?? 0)).toEqual(
    picture(8),
  );
});

test('a file that one deleted and another changed is there, contested, until somebody decides', () => {
  using folder = new Folder();
  folder.write('f', '1\n2\n3\n');
  folder.record();
  fork(folder, 'other');
  folder.remove('f');
  const deletion = folder.record();
  switchChannel(folder.repository, 'other', 'Test');
  folder.write('f', '1\n2 changed\n3\n');
  folder.record();
  folder.apply('other', deletion);
  expect(
    folder.repository
      .view()
      .tree()
      .conflicts.map(({ kind }) => kind),
  ).toEqual(['deleted-but-changed']);
  expect(folder.read('f')).toContain('2 changed');
  folder.remove('f');
  folder.record();
  expect(folder.repository.view().tree().conflicts).toEqual([]);
  expect(folder.files()).toEqual([]);
});
