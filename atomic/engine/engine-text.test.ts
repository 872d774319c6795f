import { expect, test } from 'vitest';

import { DEFAULT_POLICY, type MergePolicy, type TextFacts } from '../patches/facts.ts';
import { openText } from './engine-text.ts';
import { NO_FACTS } from './random-facts.ts';
import { FiveLines, line } from './text-facts.ts';

const STRICT: MergePolicy = { adjacent: 'strict', identical: 'collapse' };

/** The layout of the base and these patches, however they are put together. */
function check(lines: FiveLines, patches: readonly TextFacts[], expected: string, policy = DEFAULT_POLICY): void {
  const text = openText([lines.base], lines.history, policy);
  expect(text.isClean).toBe(true);
  for (const facts of patches) text.apply(facts);
  expect(lines.show(text.layout)).toBe(expected);
  const all = [...patches, lines.base].toReversed();
  expect(lines.show(openText(all, lines.history, policy).layout)).toBe(expected);
  expect(text.isClean).toBe(!/[~{<(]/.test(expected));
}

test('text that is put where somebody else deletes a region is kept and contested', () => {
  const lines = new FiveLines();
  check(lines, [lines.remove(1, line(2, 4)), lines.insertAfter(2, 3, 'X\n')], '1 ~X 5 ');
});

test('edits of neighbouring lines merge, and are contested when the policy is strict', () => {
  const lines = new FiveLines();
  const both = [lines.replace(1, 2, '2a\n'), lines.replace(2, 3, '3b\n')];
  check(lines, both, '1 2a 3b 4 5 ');
  check(lines, both, '1 2a ~3b 4 5 ', STRICT);
});

test('a line that one deletes and another edits is kept and contested', () => {
  const lines = new FiveLines();
  const both = [lines.remove(1, line(2)), lines.replace(2, 2, '2a\n')];
  check(lines, both, '1 ~2a 3 4 5 ');
  lines.sees(1, 2);
  check(lines, both, '1 2a 3 4 5 ');
});

test('text that is appended where the last line is deleted is not contested', () => {
  const lines = new FiveLines();
  const both = [lines.insertAfter(1, 5, 'tail\n'), lines.remove(2, line(5))];
  check(lines, both, '1 2 3 4 tail ');
  check(lines, both, '1 2 3 4 ~tail ', STRICT);
});

test('three edits of one line are one conflict with three sides, in the order of their hashes', () => {
  const lines = new FiveLines();
  const [a, j, k] = [lines.replace(1, 2, '2a\n'), lines.replace(2, 2, '2j\n'), lines.replace(3, 2, '2k\n')];
  check(lines, [j, a], '1 <2a |2j >3 4 5 ');
  check(lines, [k, a, j], '1 <2a |2j |2k >3 4 5 ');
});

test('an edit that two make alike is there once, with both as authors', () => {
  const lines = new FiveLines();
  const [a, b, c] = [lines.replace(1, 2, 'same\n'), lines.replace(2, 2, 'same\n'), lines.replace(3, 2, 'other\n')];
  check(lines, [b, a], '1 {same =same }3 4 5 ');
  check(lines, [c, b, a], '1 <{same =same }|other >3 4 5 ');
  check(lines, [b, a], '1 <same |same >3 4 5 ', { adjacent: 'clean', identical: 'conflict' });
});

test('lines that all sides begin or end with stand outside their conflict', () => {
  const lines = new FiveLines();
  const [a, b, c] = [
    lines.insertAfter(1, 2, 'x\na\ny\n'),
    lines.insertAfter(2, 2, 'x\nb\ny\n'),
    lines.insertAfter(3, 2, 'x\ny\n'),
  ];
  check(lines, [a, b], '1 2 {x =x }<a |b >{y =y }3 4 5 ');
  check(lines, [a, b, c], '1 2 {x =x =x }<a |b |>{y =y =y }3 4 5 ');
});

test('two deletions of a line are two: taking one back leaves it dead', () => {
  const lines = new FiveLines();
  const back: TextFacts = { ...NO_FACTS, patch: 3, undeletes: [{ range: line(2), by: 1 }] };
  check(lines, [lines.remove(1, line(2)), back], '1 2 3 4 5 ');
  check(lines, [lines.remove(1, line(2)), lines.remove(2, line(2)), back], '1 3 4 5 ');
});

test('an order resolves a conflict, the opposite order makes it a cycle, and cancelling it takes it away', () => {
  const lines = new FiveLines();
  const [x, y] = [lines.insertAfter(1, 2, 'x\n'), lines.insertAfter(2, 2, 'y\n')];
  const [from, to] = [
    { patch: 2, offset: 1 },
    { patch: 1, offset: 0 },
  ];
  const order: TextFacts = { ...NO_FACTS, patch: 3, orders: [{ from, to }] };
  const opposite = { ...NO_FACTS, patch: 4, orders: [{ from: { patch: 1, offset: 1 }, to: { patch: 2, offset: 0 } }] };
  const cancel = { ...NO_FACTS, patch: 5, unorders: [{ from, to, by: 3 }] };
  check(lines, [x, y], '1 2 <x |y >3 4 5 ');
  check(lines, [x, y, order], '1 2 y x 3 4 5 ');
  check(lines, [x, y, order, opposite], '1 2 (x ,y )3 4 5 ');
  check(lines, [x, y, order, opposite, cancel], '1 2 x y 3 4 5 ');
  check(lines, [x, y, order, cancel], '1 2 <x |y >3 4 5 ');
});

test('contested text that is acknowledged is no longer contested, byte for byte', () => {
  const lines = new FiveLines();
  const both = [lines.remove(1, line(2, 4)), lines.insertAfter(2, 3, 'XY')];
  const keep = (end: number): TextFacts => ({
    ...NO_FACTS,
    patch: 3,
    acknowledges: [{ range: { patch: 2, start: 0, end }, by: 1 }],
  });
  check(lines, [...both, keep(2)], '1 XY5 ');
  check(lines, [...both, keep(1)], '1 X~Y5 ');
});

test('sides that are neither apart nor in a row are chains, the smallest first', () => {
  const lines = new FiveLines();
  const at = (patch: number, offset: number) => ({ patch, offset });
  const [a, b] = [lines.insertAfter(1, 2, 'a\n'), lines.insertAfter(2, 2, 'b\n')];
  const c = lines.write(3, 'c\n', { up: [at(1, 1), at(2, 1)], down: [at(0, 4)] });
  const d = lines.write(4, 'd\n', { up: [at(2, 1)], down: [at(0, 4)] });
  check(lines, [a, b, c, d], '1 2 <a |b c |d >3 4 5 ');
});
