import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BoundedOutput } from './bounded-output.ts';

test('any output is kept whole within the limit, and by head and tail beyond it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 40, unit: 'grapheme-ascii' })),
      fc.integer({ min: 2, max: 100 }),
      (chunks, max) => {
        const output = new BoundedOutput(max);
        for (const chunk of chunks) output.push(Buffer.from(chunk));
        const all = chunks.join('');
        const half = Math.floor(max / 2);
        if (all.length <= half * 2) return output.text() === all;
        const [head, tail] = [all.slice(0, half), all.slice(-half)];
        const text = output.text();
        return (
          text.startsWith(`${head}\n[…`) && text.endsWith(`…]\n${tail}`) && output.cutBytes === all.length - 2 * half
        );
      },
    ),
  );
});

test('what was left out is said', () => {
  const output = new BoundedOutput(4);
  output.push(Buffer.from('abcdefgh'));
  expect(output.text()).toBe('ab\n[… 4 B of output left out here …]\ngh');
});
