import { expect, test } from 'vitest';

import { DEFAULT_POLICY, type History, type MergePolicy, type TextFacts } from '../patches/facts.ts';
import type { Item, Layout } from '../patches/layout.ts';
import { layOut } from './lay-out.ts';

const NOTHING = { inserts: [], deletes: [], undeletes: [], orders: [], unorders: [], acknowledges: [] };
/** Patch 0 wrote `1\n2\n3\n4\n5\n`; line n is bytes 2n-2 and 2n-1. */
const base: TextFacts = {
  ...NOTHING,
  patch: 0,
  inserts: [{ start: 0, end: 10, up: [], down: [], replaces: [], origins: [] }],
};
const line = (n: number, to = n): { patch: number; start: number; end: number } => ({
  patch: 0,
  start: 2 * n - 2,
  end: 2 * to,
});
const lastOf = (n: number): { patch: number; offset: number } => ({ patch: 0, offset: 2 * n - 1 });
const firstOf = (n: number): { patch: number; offset: number } => ({ patch: 0, offset: 2 * n - 2 });

const texts = new Map<number, string>([[0, '1\n2\n3\n4\n5\n']]);
const history: History = {
  compare: (a, b) => a - b,
  knows: (_deleter, owner) => owner === 0,
  text: ({ patch, start, end }) => Buffer.from((texts.get(patch) ?? '').slice(start, end)),
};

/** Replaces line n of the base. */
function replace(patch: number, n: number, text: string): TextFacts {
  texts.set(patch, text);
  const insert = {
    start: 0,
    end: text.length,
    up: [lastOf(n - 1)],
    down: [firstOf(n)],
    replaces: [line(n)],
    origins: [],
  };
  return { ...NOTHING, patch, inserts: [insert], deletes: [line(n)] };
}
function insertAfter(patch: number, n: number, text: string): TextFacts {
  texts.set(patch, text);
  const down = n === 5 ? [] : [firstOf(n + 1)];
  return {
    ...NOTHING,
    patch,
    inserts: [{ start: 0, end: text.length, up: [lastOf(n)], down, replaces: [], origins: [] }],
  };
}
const remove = (patch: number, n: number, to = n): TextFacts => ({ ...NOTHING, patch, deletes: [line(n, to)] });

/** `~` stands before contested text, twins are `{a=b}`, an order conflict is `<a|b>`, a cycle `(a,b)`. */
function shown(layout: Layout): string {
  const text = (run: { patch: number; start: number; end: number; contestedBy: readonly number[] }): string =>
    (run.contestedBy.length > 0 ? '~' : '') + Buffer.from(history.text(run)).toString().replaceAll('\n', ' ');
  const each = (item: Item): string => {
    switch (item.kind) {
      case 'text':
        return text(item.run);
      case 'twins':
        return `{${item.sides.map((side) => side.map(text).join('')).join('=')}}`;
      case 'order':
        return `<${item.sides.map((side) => side.map(each).join('')).join('|')}>`;
      case 'cyclic':
        return `(${item.members.map(text).join(',')})`;
    }
  };
  return layout.map(each).join('');
}
const laid = (facts: readonly TextFacts[], policy: Partial<MergePolicy> = {}): string =>
  shown(layOut([base, ...facts], history, { ...DEFAULT_POLICY, ...policy }).layout);

test('a text that nobody changed is one run', () => expect(laid([])).toBe('1 2 3 4 5 '));

test('text inside a region that somebody else deleted is kept, and contested', () =>
  expect(laid([remove(1, 2, 4), insertAfter(2, 3, 'X\n')])).toBe('1 ~X 5 '));

test('edits of neighbouring lines merge, unless the policy is strict', () => {
  const edits = [replace(1, 2, '2a\n'), replace(2, 3, '3b\n')];
  expect(laid(edits)).toBe('1 2a 3b 4 5 ');
  expect(laid(edits, { adjacent: 'strict' })).toBe('1 2a ~3b 4 5 ');
});

test('an edit of a line that somebody else deleted is contested', () =>
  expect(laid([remove(1, 2), replace(2, 2, '2a\n')])).toBe('1 ~2a 3 4 5 '));

test('two edits of one line are two sides, and three are three, not nested', () => {
  expect(laid([replace(1, 2, '2a\n'), replace(2, 2, '2j\n')])).toBe('1 <2a |2j >3 4 5 ');
  expect(laid([replace(1, 2, '2a\n'), replace(2, 2, '2j\n'), replace(3, 2, '2k\n')])).toBe('1 <2a |2j |2k >3 4 5 ');
});

test('the identical edit is printed once and credited to both', () => {
  const edits = [replace(1, 2, 'same\n'), replace(2, 2, 'same\n')];
  expect(laid(edits)).toBe('1 {same =same }3 4 5 ');
  expect(laid(edits, { identical: 'conflict' })).toBe('1 <same |same >3 4 5 ');
});

test('lines that both sides begin or end with stand outside the conflict', () =>
  expect(laid([replace(1, 2, 'p\na\ns\n'), replace(2, 2, 'p\nb\ns\n')])).toBe('1 {p =p }<a |b >{s =s }3 4 5 '));

test('of three sides the two that are identical are one', () =>
  expect(laid([replace(1, 2, 'x\n'), replace(2, 2, 'y\n'), replace(3, 2, 'x\n')])).toBe('1 <{x =x }|y >3 4 5 '));

test('a text that two deleted stays deleted when one of them takes it back', () => {
  const back: TextFacts = { ...NOTHING, patch: 3, undeletes: [{ range: line(2), by: 1 }] };
  expect(laid([remove(1, 2), remove(2, 2)])).toBe('1 3 4 5 ');
  expect(laid([remove(1, 2), remove(2, 2), back])).toBe('1 3 4 5 ');
  expect(laid([remove(1, 2), back])).toBe('1 2 3 4 5 ');
});

test('an order settles a conflict, the opposite order too makes a cycle', () => {
  const sides = [insertAfter(1, 2, 'x\n'), insertAfter(2, 2, 'y\n')];
  const order = (patch: number, from: number, to: number): TextFacts => ({
    ...NOTHING,
    patch,
    orders: [{ from: { patch: from, offset: 1 }, to: { patch: to, offset: 0 } }],
  });
  expect(laid(sides)).toBe('1 2 <x |y >3 4 5 ');
  expect(laid([...sides, order(3, 2, 1)])).toBe('1 2 y x 3 4 5 ');
  expect(laid([...sides, order(3, 2, 1), order(4, 1, 2)])).toBe('1 2 (x ,y )3 4 5 ');
  const taken = {
    ...NOTHING,
    patch: 5,
    unorders: [{ by: 4, from: { patch: 1, offset: 1 }, to: { patch: 2, offset: 0 } }],
  };
  expect(laid([...sides, order(3, 2, 1), order(4, 1, 2), taken])).toBe('1 2 y x 3 4 5 ');
});

test('contested text that somebody acknowledged is text', () => {
  const kept: TextFacts = { ...NOTHING, patch: 3, acknowledges: [{ range: { patch: 2, start: 0, end: 3 }, by: 1 }] };
  expect(laid([remove(1, 2), replace(2, 2, '2a\n'), kept])).toBe('1 2a 3 4 5 ');
});

test('an append meets the deletion of the last line without a conflict, for the end of a file is always there', () =>
  expect(laid([insertAfter(1, 5, 'tail\n'), remove(2, 5)])).toBe('1 2 3 4 tail '));

test('a fact that leads nowhere is a fault that names the byte', () =>
  expect(() => laid([{ ...NOTHING, patch: 9, deletes: [{ patch: 7, start: 3, end: 4 }] }])).toThrow(
    'byte 3 of patch number 7',
  ));

test('facts in any order give the same layout', () => {
  const facts = [replace(1, 2, '2a\n'), replace(2, 2, '2j\n'), remove(3, 4), insertAfter(4, 3, 'X\n')];
  const expected = laid(facts);
  for (const [first, ...rest] of [facts, [...facts].reverse()])
    expect(laid([...rest, ...(first ? [first] : [])])).toBe(expected);
});
