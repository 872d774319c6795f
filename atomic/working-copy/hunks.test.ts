import fc from 'fast-check';
import { expect, test } from 'vitest';

import { diffLines } from '../patches/diff-lines.ts';
import { splitHunk, textWithHunks } from './hunks.ts';

const text = fc
  .array(fc.constantFrom('a\n', 'b\n', 'c\n', 'd\n', 'e'), { maxLength: 12 })
  .map((lines) => Buffer.from(lines.join('')));

test('all hunks are the text now, none the text before, taken apart or not', () => {
  fc.assert(
    fc.property(text, text, (older, newer) => {
      const hunks = diffLines(older, newer);
      const lines = hunks.flatMap((hunk) => splitHunk(older, newer, hunk));
      for (const some of [hunks, lines]) {
        expect(textWithHunks(older, newer, some, () => true)).toEqual(newer);
        expect(textWithHunks(older, newer, some, () => false)).toEqual(older);
      }
    }),
    { numRuns: 300 },
  );
});
