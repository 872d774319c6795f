import fc from 'fast-check';
import { expect, test } from 'vitest';

import { diffLines, type Hunk } from './diff-lines.ts';

const rebuilt = (oldText: Buffer, newText: Buffer, hunks: readonly Hunk[]): string => {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { oldStart, oldEnd, newStart, newEnd } of hunks) {
    parts.push(oldText.subarray(at, oldStart), newText.subarray(newStart, newEnd));
    at = oldEnd;
  }
  return Buffer.concat([...parts, oldText.subarray(at)]).toString('latin1');
};
const diff = (before: string, after: string): readonly (readonly [string, string])[] => {
  const [oldText, newText] = [Buffer.from(before), Buffer.from(after)];
  return diffLines(oldText, newText).map((hunk) => [
    oldText.subarray(hunk.oldStart, hunk.oldEnd).toString(),
    newText.subarray(hunk.newStart, hunk.newEnd).toString(),
  ]);
};

test('equal texts do not differ', () => expect(diff('a\nb\n', 'a\nb\n')).toEqual([]));

test('a hunk is made of whole lines', () => {
  expect(diff('one\ntwo\nthree\n', 'one\ntwi\nthree\n')).toEqual([['two\n', 'twi\n']]);
  expect(diff('a\nb\n', 'a\nb\nc\n')).toEqual([['', 'c\n']]);
  expect(diff('xa\n', 'a\n')).toEqual([['xa\n', 'a\n']]);
});

test('a last line without its end differs from the same line with it', () => {
  expect(diff('a\nb', 'a\nb\n')).toEqual([['b', 'b\n']]);
  expect(diff('a\nb\nc', 'a\nc')).toEqual([['b\n', '']]);
});

test('a function that moved apart is matched by its unique lines, not by its braces', () => {
  const before = 'f() {\n  one\n}\n';
  const after = 'g() {\n  two\n}\n\nf() {\n  one\n}\n';
  expect(diff(before, after)).toEqual([['', 'g() {\n  two\n}\n\n']]);
});

test('a block that is put after one like it stands after it, not half in it', () => {
  const before = 'first\na {\n  1\n}\nlast\nend\n';
  const after = 'FIRST\na {\n  1\n}\nb {\n  2\n}\nlast\nEND\n';
  expect(diff(before, after)).toEqual([
    ['first\n', 'FIRST\n'],
    ['', 'b {\n  2\n}\n'],
    ['end\n', 'END\n'],
  ]);
});

test('a carriage return is content', () => expect(diff('a\r\nb\n', 'a\nb\n')).toEqual([['a\r\n', 'a\n']]));

const text = fc
  .array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n', 'long line\n', 'x'), { maxLength: 40 })
  .map((lines) => lines.join(''));

test('putting the hunks into the old text gives the new one, and hunks lie at line starts', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const [oldText, newText] = [Buffer.from(before), Buffer.from(after)];
      const hunks = diffLines(oldText, newText);
      expect(rebuilt(oldText, newText, hunks)).toBe(after);
      let [oldAt, newAt] = [-1, -1];
      for (const hunk of hunks) {
        expect(hunk.oldEnd - hunk.oldStart + hunk.newEnd - hunk.newStart).toBeGreaterThan(0);
        expect(hunk.oldStart > oldAt && hunk.newStart > newAt).toBe(true);
        for (const [side, at] of [
          [oldText, hunk.oldStart],
          [newText, hunk.newStart],
        ] as const) {
          expect(at === 0 || side[at - 1] === 10).toBe(true);
        }
        [oldAt, newAt] = [hunk.oldEnd, hunk.newEnd];
      }
    }),
    { numRuns: 2000 },
  );
});

test('a third of 20,000 lines changed, and the whole text turned round, are found without waiting', () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index % 97 === 0 ? 'again' : index}\n`);
  const changed = lines.map((line, index) => (index % 3 === 0 ? `other ${index}\n` : line));
  const startedAt = performance.now();
  expect(diffLines(Buffer.from(lines.join('')), Buffer.from(changed.join(''))).length).toBeGreaterThan(6000);
  diffLines(Buffer.from(lines.join('')), Buffer.from([...lines].reverse().join('')));
  expect(performance.now() - startedAt).toBeLessThan(5000);
});
