import { expect, test } from 'vitest';

import { emptyFacts } from '../patches/patch-facts.ts';
import { DRAFT, DraftContents } from '../patches/record-text.ts';
import { Replicas } from './replicas.ts';

const text = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));
const printed = (world: Replicas, replica: number): string =>
  world
    .open(world.sets[replica] ?? [])
    .printed()
    .bytes.toString();
function forked(base: readonly string[], left: readonly string[], right: readonly string[]): Replicas {
  const world = new Replicas(2);
  world.record(0, text(base));
  world.pull(1, 0);
  world.record(0, text(left));
  world.record(1, text(right));
  world.pull(0, 2);
  world.pull(1, 1);
  return world;
}

test('edits of different lines merge on both sides to the same text', () => {
  const world = forked(['1', '2', '3', '4'], ['1', '2a', '3', '4'], ['1', '2', '3', '4b']);
  expect(printed(world, 0)).toBe('1\n2a\n3\n4b\n');
  expect(printed(world, 1)).toBe(printed(world, 0));
});

test('a conflict stands between markers, and taking one side settles it on every machine', () => {
  const world = forked(['1', '2', '3'], ['1', 'a', '3'], ['1', 'b', '3']);
  const conflict = printed(world, 0);
  expect(conflict).toMatch(/^1\n>>>>>>> 1 order \[patch \d\]\n[ab]\n======= 1 \[patch \d\]\n[ab]\n<<<<<<< 1\n3\n$/);
  expect(world.record(0, text(['1', 'a', '3']))).toMatchObject({ kind: 'changed', by: 'lines' });
  world.pull(1, 3);
  expect(printed(world, 0)).toBe('1\na\n3\n');
  expect(printed(world, 1)).toBe('1\na\n3\n');
});

test('both sides kept, in either order, are settled', () => {
  for (const kept of [['a', 'b'], ['b', 'a'], ['a', 'between', 'b'], ['neither']]) {
    const world = forked(['1', '2', '3'], ['1', 'a', '3'], ['1', 'b', '3']);
    expect(world.record(0, text(['1', ...kept, '3']))).toMatchObject({ kind: 'changed', by: 'lines' });
    expect(printed(world, 0)).toBe(`1\n${kept.join('\n')}\n3\n`);
  }
});

test('a marker that is left stops the recording and is named by its line', () => {
  const world = forked(['1', '2', '3'], ['1', 'a', '3'], ['1', 'b', '3']);
  const half = printed(world, 0).replace(/^=.*\n/m, '');
  expect(world.record(0, Buffer.from(half))).toMatchObject({ kind: 'markers-left', lines: [2, 5] });
});

test('a conflict that nobody touched stays while other lines are recorded', () => {
  const world = forked(['1', '2', '3', '4'], ['1', 'a', '3', '4'], ['1', 'b', '3', '4']);
  const before = printed(world, 0);
  const after = before.replace('4\n', 'four\n').replace('1\n>', '1\nnew\n>');
  expect(world.record(0, Buffer.from(after))).toMatchObject({ kind: 'changed', by: 'lines' });
  expect(printed(world, 0)).toBe(after);
});

test('contested text is kept between markers, and stays once they are taken away', () => {
  const world = forked(['1', '2', '3'], ['1', '3'], ['1', '2b', '3']);
  expect(printed(world, 0)).toContain('contested');
  expect(world.record(0, text(['1', '2b', '3']))).toMatchObject({ kind: 'changed', by: 'lines' });
  expect(printed(world, 0)).toBe('1\n2b\n3\n');
});

test('opposite orders make a cycle, which is settled by writing it anew, with credit for its text', () => {
  const world = forked(['1', '2'], ['1', 'a', '2'], ['1', 'b', '2']);
  for (const [from, to] of [
    [1, 2],
    [2, 1],
  ] as const) {
    const orders = [{ from: { patch: from, offset: 1 }, to: { patch: to, offset: 0 } }];
    const facts = { ...emptyFacts(world.patches.length), orders };
    world.patches.push({ facts, dependencies: new Set([1, 2]), known: new Set(), contents: Buffer.alloc(0) });
    world.pull(0, world.patches.length - 1);
    world.pull(1, world.patches.length - 1);
  }
  expect(printed(world, 0)).toMatch(/^1\n>>>>>>> 1 cyclic \[patch \d\]\n[ab]\n======= 1 .*\n[ab]\n<<<<<<< 1\n2\n$/);
  expect(printed(world, 1)).toBe(printed(world, 0));
  expect(world.record(0, text(['1', 'b', 'a', '2']))).toMatchObject({ kind: 'changed', by: 'lines' });
  expect(printed(world, 0)).toBe('1\nb\na\n2\n');
  expect(world.patches.at(-1)?.facts.inserts.flatMap(({ origins }) => origins)).toHaveLength(1);
});

test('the same edit on both sides is one text, and deleting it deletes both', () => {
  const world = forked(['1', '2', '3'], ['1', 'same', '3'], ['1', 'same', '3']);
  expect(printed(world, 0)).toBe('1\nsame\n3\n');
  expect(world.record(0, text(['1', '3']))).toMatchObject({ by: 'lines' });
  expect(printed(world, 0)).toBe('1\n3\n');
});

/** Two write a line each for itself, and the first writes on; then each has what the other did. */
function twinsAnd(written: readonly string[], later: readonly string[], other: readonly string[]): Replicas {
  const world = new Replicas(2);
  world.record(0, text(['1', '2', '3']));
  world.pull(1, 0);
  world.record(0, text(written));
  world.record(0, text(later));
  world.record(1, text(other));
  for (const patch of world.patches.keys()) for (const replica of [0, 1]) world.pull(replica, patch);
  return world;
}

test('what is written beside a twin later is in conflict with nothing, and goes as it came', () => {
  for (const [later, printedNow] of [
    [['1', 'same', 'three'], '1\nsame\nthree\n'],
    [['1', 'same', 'more', '3'], '1\nsame\nmore\n3\n'],
    [['1', 'before', 'same', '3'], '1\nbefore\nsame\n3\n'],
  ] as const) {
    const world = twinsAnd(['1', 'same', '3'], later, ['1', 'same', '3']);
    expect([printed(world, 0), printed(world, 1)]).toEqual([printedNow, printedNow]);
    expect(world.record(0, text(['1', 'same', 'other', '3']))).toMatchObject({ kind: 'changed', by: 'lines' });
    expect(printed(world, 0)).toBe('1\nsame\nother\n3\n');
  }
});

test('what two write inside of twins is compared by itself', () => {
  const inside = (left: string, right: string): string => {
    const world = forked(['1', '9'], ['1', 'a', 'b', '9'], ['1', 'a', 'b', '9']);
    world.record(0, text(['1', 'a', left, 'b', '9']));
    world.record(1, text(['1', 'a', right, 'b', '9']));
    world.pull(0, 4);
    world.pull(1, 3);
    expect(printed(world, 1)).toBe(printed(world, 0));
    return printed(world, 0);
  };
  expect(inside('same', 'same')).toBe('1\na\nsame\nb\n9\n');
  expect(inside('x', 'y')).toMatch(/^1\na\n>>>>>>> 1 order .*\n[xy]\n======= 1 .*\n[xy]\n<<<<<<< 1\nb\n9\n$/);
});

test('a line more in one of two that were written at once is a conflict, as for git', () => {
  const world = forked(['1', '2', '3'], ['1', 'same', 'more', '3'], ['1', 'same', '3']);
  expect(printed(world, 0)).toMatch(/^1\nsame\n>>>>>>> 1 order .*\n(?:=.*\n)?more\n/);
});

test('what is written beside a twin in the place of what the other deleted is contested', () => {
  const world = twinsAnd(['1', 'same', '3'], ['1', 'same', 'three'], ['1', 'same']);
  expect(printed(world, 0)).toMatch(/^>>>>>>> 1/m);
  expect(printed(world, 0)).toContain('three\n');
  expect(printed(world, 1)).toBe(printed(world, 0));
});

test('text that is put back as it was keeps its author', () => {
  const world = new Replicas(1);
  world.record(0, text(['1', '2', '3']));
  world.record(0, text(['1', 'two', 'and a half', '3']));
  world.record(0, text(['1', '2', '3']));
  const [insert] = world.patches.at(-1)?.facts.inserts ?? [];
  expect(insert?.origins).toEqual([{ at: 0, from: { patch: 0, start: 2, end: 4 } }]);
});

test('a text that two put back and one of them deletes again is never lost without a word', () => {
  const world = forked(['1', 'new', '3'], ['1', 'new', '3'], ['1', 'new', '3']);
  world.record(0, text(['1', 'old', '3']));
  world.record(0, text(['1', 'new', '3']));
  const shared = world.patches.length - 1;
  world.pull(1, shared);
  world.record(0, text(['1', 'old', '3']));
  world.record(1, text(['1', 'old', '3']));
  world.record(0, text(['1', 'new', '3']));
  for (const patch of world.patches.keys()) world.pull(1, patch);
  const merged = world.open(world.sets[1] ?? []).printed();
  expect(merged.bytes.toString()).toContain('old\n');
  expect(merged.blocks[0]?.kind).toBe('order');
});

test('text without an end of line is merged and comes back as it was', () => {
  const world = new Replicas(2);
  world.record(0, Buffer.from('a\nb'));
  world.pull(1, 0);
  world.record(0, Buffer.from('a\nb\nc'));
  world.record(1, Buffer.from('A\nb'));
  world.pull(0, 2);
  expect(printed(world, 0)).toBe('A\nb\nc');
});

test('a line that looks like a marker makes the markers longer', () => {
  const world = forked(['<<<<<<< HEAD', '2'], ['<<<<<<< HEAD', 'a'], ['<<<<<<< HEAD', 'b']);
  expect(printed(world, 0)).toContain('>>>>>>>> 1 order');
});

test('a text with changes that are not recorded yet says which of its bytes are new', () => {
  const world = new Replicas(1);
  world.record(0, text(['1', '2', '3']));
  const open = world.open(world.sets[0] ?? []);
  const contents = new DraftContents();
  const after = text(['new', '1', '2', '3', 'last']);
  const recording = open.record(after, contents);
  if (recording.kind !== 'changed') throw new Error(recording.kind);
  const { bytes, piecesIn } = open.printedWith(recording.facts, recording.known, contents);
  const fresh = piecesIn(0, bytes.length).filter(({ ranges }) => ranges.some(({ patch }) => patch === DRAFT));
  expect(bytes.equals(after)).toBe(true);
  expect(fresh.map(({ start, end }) => bytes.toString('utf8', start, end))).toEqual(['new\n', 'last\n']);
  expect(piecesIn(1, 6).map(({ start, end }) => [start, end])).toEqual([
    [1, 4],
    [4, 6],
  ]);
});
