import { expect, test } from 'vitest';

import { fileTreeOf, type FileTree, type TreeFact, type TreeFacts } from './file-tree.ts';
import type { FileKind } from './patch.ts';

type Place = { parent: number | null; name: string } | null;

const added = (patch: number, inode: number, place: Place, fileKind: FileKind = 'text'): TreeFacts => ({
  patch,
  facts: [
    { kind: 'add-file', inode, n: inode, fileKind },
    { kind: 'locate', atom: 1, inode, at: place, supersedes: [] },
  ],
});
const moved = (patch: number, inode: number, place: Place, over: readonly number[]): TreeFacts => ({
  patch,
  facts: [{ kind: 'locate', atom: 1, inode, at: place, supersedes: over.map((each) => ({ patch: each, atom: 1 })) }],
});
const top = (name: string): Place => ({ parent: null, name });

function tree(facts: readonly TreeFacts[], alive: readonly number[] = [], same: readonly number[] = []): FileTree {
  return fileTreeOf(facts, {
    compare: (a, b) => a - b,
    hasAliveText: (inode) => alive.includes(inode),
    hasSameText: (a, b) => same.includes(a) && same.includes(b),
    shortHash: (patch) => `hash${patch}`,
  });
}
const paths = (found: FileTree): readonly string[] => [...found.entries.keys()];
const conflicts = (found: FileTree): readonly string[] =>
  found.conflicts.map(({ kind, paths: where }) => `${kind}: ${where.join(', ')}`);

const file = added(1, 1, top('f'));

test('a file lies where it was put, and where it was moved to', () => {
  expect(paths(tree([file]))).toEqual(['f']);
  expect(paths(tree([file, moved(2, 1, top('g'), [1])]))).toEqual(['g']);
  expect(paths(tree([moved(2, 1, top('g'), [1]), file]))).toEqual(['g']);
  expect(paths(tree([file, moved(2, 1, null, [1])]))).toEqual([]);
});

test('two names given to one file are both shown until somebody settles them', () => {
  const both = [file, moved(2, 1, top('g'), [1]), moved(3, 1, top('h'), [1])];
  expect(paths(tree(both))).toEqual(['g', 'h']);
  expect(conflicts(tree(both))).toEqual(['multiple-names: g, h']);
  expect(paths(tree([...both, moved(4, 1, top('g'), [2, 3])]))).toEqual(['g']);
  expect(conflicts(tree([...both, moved(4, 1, top('g'), [2, 3])]))).toEqual([]);
});

test('the same new name given twice is no conflict', () =>
  expect(conflicts(tree([file, moved(2, 1, top('g'), [1]), moved(3, 1, top('g'), [1])]))).toEqual([]));

test('a file that one moved and another deleted is kept, and told', () => {
  const found = tree([file, moved(2, 1, top('g'), [1]), moved(3, 1, null, [1])]);
  expect(paths(found)).toEqual(['g']);
  expect(conflicts(found)).toEqual(['moved-and-deleted: g']);
});

test('a deleted file with text that its deleter did not know is there under its old name', () => {
  const found = tree([file, moved(2, 1, null, [1])], [1]);
  expect(paths(found)).toEqual(['f']);
  expect(conflicts(found)).toEqual(['deleted-but-changed: f']);
});

test('two files of one name stand apart, the same ones on every machine; equal files are one', () => {
  const two = [added(1, 1, top('f')), added(2, 2, top('f'))];
  expect(paths(tree(two))).toEqual(['f', 'f.~hash2-2']);
  expect(paths(tree([...two].reverse()))).toEqual(['f', 'f.~hash2-2']);
  expect(conflicts(tree(two))).toEqual(['same-name: f, f.~hash2-2']);
  expect(paths(tree(two, [], [1, 2]))).toEqual(['f']);
  expect(conflicts(tree(two, [], [1, 2]))).toEqual([]);
});

test('directories of one name are one directory', () => {
  const found = tree([
    added(1, 1, top('d'), 'directory'),
    added(2, 2, top('d'), 'directory'),
    added(3, 3, { parent: 1, name: 'a' }),
    added(4, 4, { parent: 2, name: 'b' }),
  ]);
  expect(paths(found)).toEqual(['d', 'd/a', 'd/b']);
  expect(found.entries.get('d')?.twins).toEqual([2]);
  expect(found.conflicts).toEqual([]);
});

test('a directory that is gone is there again for a file that somebody put into it', () => {
  const found = tree([
    added(1, 1, top('d'), 'directory'),
    moved(2, 1, null, [1]),
    added(3, 3, { parent: 1, name: 'a' }),
  ]);
  expect(paths(found)).toEqual(['d', 'd/a']);
});

test('directories moved into each other are cut apart at the latest key, and told', () => {
  const found = tree([
    added(1, 1, top('a'), 'directory'),
    added(2, 2, top('b'), 'directory'),
    added(3, 3, { parent: 1, name: 'in-a' }),
    moved(4, 1, { parent: 2, name: 'a' }, [1]),
    moved(5, 2, { parent: 1, name: 'b' }, [2]),
  ]);
  expect(paths(found)).toEqual(['b', 'b/a', 'b/a/in-a']);
  expect(conflicts(found)).toEqual(['cyclic-directories: b, b/a']);
});

test('two who set a property differently are told', () => {
  const set = (patch: number, value: string): TreeFacts => {
    const fact: TreeFact = { kind: 'set-meta', atom: 0, inode: 1, key: 'executable', value, supersedes: [] };
    return { patch, facts: [fact] };
  };
  expect(conflicts(tree([file, set(2, 'yes'), set(3, 'no')]))).toEqual(['properties: f']);
  expect(tree([file, set(2, 'yes')]).entries.get('f')?.isExecutable).toBe(true);
});

test('directories with two names in directories with two names do not double at every step', () => {
  const facts: TreeFacts[] = [];
  const deep = 40;
  for (let inode = 1; inode <= deep; inode += 1) {
    const parent = inode === 1 ? null : inode - 1;
    facts.push(added(inode, inode, { parent, name: 'd' }, 'directory'));
    facts.push(
      moved(100 + inode, inode, { parent, name: 'e' }, [inode]),
      moved(200 + inode, inode, { parent, name: 'f' }, [inode]),
    );
  }
  const found = tree(facts);
  expect(found.entries.size).toBe(2 * deep);
  expect(found.conflicts).toHaveLength(deep);
});

test('a directory that lies in itself by one of its two names is cut there', () => {
  const found = tree([
    added(1, 1, top('a'), 'directory'),
    added(2, 2, { parent: 1, name: 'b' }, 'directory'),
    moved(3, 1, top('c'), [1]),
    moved(4, 1, { parent: 2, name: 'd' }, [1]),
  ]);
  expect(found.conflicts.map(({ kind }) => kind)).toContain('cyclic-directories');
  expect(paths(found)).toContain('c/b');
});
