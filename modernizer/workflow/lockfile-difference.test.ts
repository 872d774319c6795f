import { expect, test } from 'vitest';

import type { LockedPackages } from '../ecosystems/installer.ts';
import { packagesByName } from '../ecosystems/packages-by-name.ts';
import { lockfileDifference } from './lockfile-difference.ts';

const placed = (versions: Record<string, string>): LockedPackages => ({
  by: 'place',
  versions: new Map(Object.entries(versions)),
});
const named = (...all: readonly (readonly [string, string])[]): LockedPackages => packagesByName(all);
const nothing = { upgrades: [], versions: [] };

test('what is asked for stands first, and what is deep in the tree is told by its place', () => {
  const before = placed({ 'node_modules/z': '1.0.0' });
  const after = placed({ 'node_modules/b/node_modules/z': '3.0.0', 'node_modules/z': '2.0.0' });
  const { changes, added, changed } = lockfileDifference(before, after, { upgrades: ['z'], versions: ['2.0.0'] });
  expect(changes.map(({ place, asked }) => [place, asked])).toEqual([
    ['node_modules/z', true],
    ['node_modules/b/node_modules/z', false],
  ]);
  expect([added, changed]).toEqual([1, 1]);
  expect(changes[1]).toMatchObject({ name: 'z', from: null, to: '3.0.0' });
});

test('of a name with several versions only those are told that one of the two has, the asked one by its version', () => {
  const before = named(['z', '1.0.0'], ['z', '2.0.0'], ['gone', '1.0.0'], ['same', '1.0.0']);
  const after = named(['z', '10.0.0'], ['z', '2.0.0'], ['z', '9.0.0'], ['same', '1.0.0']);
  const difference = lockfileDifference(before, after, { upgrades: ['z'], versions: ['10.0.0'] });
  expect(difference).toEqual({
    changes: [
      { name: 'z', place: '', from: null, to: '10.0.0', asked: true },
      { name: 'gone', place: '', from: '1.0.0', to: null, asked: false },
      { name: 'z', place: '', from: '1.0.0', to: '9.0.0', asked: false },
    ],
    added: 1,
    removed: 1,
    changed: 1,
    same: 2,
  });
});

test('a tree of places and one of names are compared by name', () => {
  const before = placed({ 'node_modules/a': '1.0.0', 'node_modules/b/node_modules/a': '2.0.0' });
  const { changes, same } = lockfileDifference(before, named(['a', '2.0.0'], ['c', '1.0.0']), nothing);
  expect(changes.map(({ name, from, to }) => [name, from, to])).toEqual([
    ['a', '1.0.0', null],
    ['c', null, '1.0.0'],
  ]);
  expect(same).toBe(1);
});

test('a difference is told up to a bound, and counted as a whole', () => {
  const many = named(...Array.from({ length: 1000 }, (_, index) => [`p${index}`, '1.0.0'] as const));
  const { changes, added } = lockfileDifference(named(), many, nothing);
  expect([changes.length, added]).toEqual([400, 1000]);
});
