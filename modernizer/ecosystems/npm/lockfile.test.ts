import { expect, test } from 'vitest';

import { readNpmLockfile as readLockfile } from './lockfile.ts';

const lock = (packages: object): string => JSON.stringify({ lockfileVersion: 3, packages });
const treeOf = (text: string) => {
  const reading = readLockfile(text);
  if (reading.kind !== 'tree') throw new Error(reading.reason);
  return reading.tree;
};

test('two lockfiles that install the same have the same hash, whatever their order and their ranges', () => {
  const a = treeOf(
    lock({
      '': { dependencies: { x: '^1.0.0' } },
      'node_modules/x': { version: '1.0.1', integrity: 's' },
      'node_modules/y': { version: '2.0.0' },
    }),
  );
  const b = treeOf(
    lock({
      'node_modules/y': { version: '2.0.0' },
      'node_modules/x': { version: '1.0.1', integrity: 's' },
      '': { dependencies: { x: '^1.0.1' } },
    }),
  );
  expect(a.hash).toBe(b.hash);
});

test('another version, another place or other bytes give another hash', () => {
  const hashes = [
    lock({ 'node_modules/x': { version: '1.0.1' } }),
    lock({ 'node_modules/x': { version: '1.0.2' } }),
    lock({ 'node_modules/y/node_modules/x': { version: '1.0.1' } }),
    lock({ 'node_modules/x': { version: '1.0.1', integrity: 'other' } }),
  ].map((text) => treeOf(text).hash);
  expect(new Set(hashes).size).toBe(4);
});

test('a lockfile of the first version still tells what is installed at the top', () => {
  const tree = treeOf(JSON.stringify({ lockfileVersion: 1, dependencies: { x: { version: '1.0.1' } } }));
  expect(tree.installed({ place: '', name: 'x', range: '^1' })).toBe('1.0.1');
  expect(tree.installed({ place: '', name: 'z', range: '^1' })).toBeNull();
});

test('a lockfile cut in the middle is unreadable with a reason', () => {
  expect(readLockfile('{"lockfileVersion": 3, "pack')).toMatchObject({ kind: 'unreadable' });
  expect(readLockfile('<<<<<<< HEAD\n{}')).toMatchObject({ kind: 'unreadable' });
});

test('a workspace gets its own copy where it has one, and the one at the top otherwise', () => {
  const tree = treeOf(
    lock({
      'node_modules/x': { version: '1.0.1' },
      'node_modules/a': { resolved: 'packages/a', link: true },
      'packages/a': { version: '1.0.0' },
      'packages/a/node_modules/x': { version: '2.0.0' },
    }),
  );
  expect(tree.installed({ place: 'packages/a', name: 'x', range: '^2' })).toBe('2.0.0');
  expect(tree.installed({ place: 'packages/b', name: 'x', range: '^1' })).toBe('1.0.1');
});
