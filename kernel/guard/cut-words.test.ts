import fc from 'fast-check';
import { expect, test } from 'vitest';

import { WORD_CHARS_MAX, WordCutter } from './cut-words.ts';

const cutAll = (pieces: readonly string[]): string[] => {
  const cutter = new WordCutter();
  return [...pieces.flatMap((piece) => cutter.push(piece)), cutter.end()];
};

test('a word comes once it is whole', () => {
  expect(cutAll(['The qu', 'ick bro', 'wn fox'])).toEqual(['The ', 'quick ', 'brown ', 'fox']);
});

test('a text without blanks that is no ASCII comes at once', () => {
  expect(cutAll(['你好', '世界'])).toEqual(['你好', '世界', '']);
});

test('however it arrives, the parts joined are the text and no key is cut', () => {
  const key = 'sk-abcdef0123456789';
  const text = fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.constant(` ${key} `)), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(text, fc.array(fc.nat(200), { maxLength: 12 }), (parts, cuts) => {
      const whole = parts.join('');
      const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).toSorted((a, b) => a - b), whole.length];
      const pieces = places.slice(1).map((place, index) => whole.slice(places[index], place));
      const cut = cutAll(pieces);
      expect(cut.join('')).toBe(whole);
      const count = (among: readonly string[]): number =>
        among.reduce((sum, part) => sum + part.split(key).length - 1, 0);
      expect(count(cut)).toBe(count([whole]));
    }),
  );
});

test('a word without an end is cut at the limit, so that nothing grows for ever', () => {
  const [first = ''] = new WordCutter().push('x'.repeat(WORD_CHARS_MAX + 5));
  expect(first).toHaveLength(WORD_CHARS_MAX + 5);
});
