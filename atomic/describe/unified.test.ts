import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { unified, type Unified } from './unified.ts';

const NOBODY = { old: () => null, now: () => null };
const diff = (before: string, after: string, linesMax = 1000): Unified =>
  unified(Buffer.from(before), Buffer.from(after), NOBODY, linesMax);
const drawn = ({ hunks }: Unified): readonly string[] =>
  hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines.map(({ sign, text }) => `${sign}${text}`),
  ]);
const numbered = (count: number): string => Array.from({ length: count }, (_, line) => `${line + 1}\n`).join('');

test('a changed line stands between what it was and three lines around it', () => {
  expect(drawn(diff(numbered(9), numbered(9).replace('5\n', 'five\n')))).toEqual([
    '@@ -2,7 +2,7 @@',
    ' 2',
    ' 3',
    ' 4',
    '-5',
    '+five',
    ' 6',
    ' 7',
    ' 8',
  ]);
});

test('changes whose surroundings touch are one hunk, others are two', () => {
  const near = numbered(20).replace('5\n', 'five\n').replace('11\n', 'eleven\n');
  expect(diff(numbered(20), near).hunks).toHaveLength(1);
  const far = numbered(20).replace('5\n', 'five\n').replace('13\n', 'thirteen\n');
  expect(diff(numbered(20), far).hunks).toHaveLength(2);
});

test('a file that comes is all additions from line one, one that goes is all deletions', () => {
  expect(drawn(diff('', 'a\nb\n'))).toEqual(['@@ -0,0 +1,2 @@', '+a', '+b']);
  expect(drawn(diff('a\nb\n', ''))).toEqual(['@@ -1,2 +0,0 @@', '-a', '-b']);
});

test('a change longer than what is shown is cut, and still counted as a whole', () => {
  const { hunks, added, isCut } = diff('', numbered(50), 10);
  expect({ shown: hunks[0]?.lines.length, added, isCut }).toEqual({ shown: 10, added: 50, isCut: true });
});

test('a line of data is cut to what can be drawn', () => {
  expect(diff('', `${'x'.repeat(10_000)}\n`).hunks[0]?.lines[0]?.text).toHaveLength(2001);
});

test('what is shown of both texts is what stands there, whatever they are', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 30 });
  fc.assert(
    fc.property(lines, lines, fc.boolean(), (before, after, endsWithLine) => {
      const [old, now] = [before, after].map((each) => each.map((line) => `${line}\n`).join(''));
      const cut = (text = ''): string => (endsWithLine ? text : text.replace(/\n$/, ''));
      const result = diff(cut(old), cut(now));
      const linesOf = (text: string): readonly string[] => text.replace(/\n$/, '').split('\n');
      for (const { lines: shown } of result.hunks) {
        for (const line of shown) {
          if (line.old !== null) expect(linesOf(cut(old))[line.old - 1]).toBe(line.text);
          if (line.now !== null) expect(linesOf(cut(now))[line.now - 1]).toBe(line.text);
        }
      }
      const signs = result.hunks.flatMap((hunk) => hunk.lines.map(({ sign }) => sign));
      expect(signs.filter((sign) => sign === '+')).toHaveLength(result.added);
      expect(signs.filter((sign) => sign === '-')).toHaveLength(result.removed);
    }),
  );
});
