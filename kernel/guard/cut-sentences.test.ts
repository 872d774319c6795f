import fc from 'fast-check';
import { expect, test } from 'vitest';

import { cutSentences, SENTENCE_CHARS_MAX, SentenceCutter } from './cut-sentences.ts';

test.each([
  ['Hello there. How are you?', ['Hello there. ', 'How are you?']],
  ['One!\nTwo', ['One!\n', 'Two']],
  ['Pi is 3.14 or so. Yes', ['Pi is 3.14 or so. ', 'Yes']],
  ['He said "No." Then he left.', ['He said "No." ', 'Then he left.']],
  ['你好。再见', ['你好。', '再见']],
  ['Wait... what?! No.', ['Wait... ', 'what?! ', 'No.']],
  ['a line\n\n\nand another', ['a line\n\n\n', 'and another']],
  ['', []],
])('%j is cut into sentences', (text, sentences) => expect(cutSentences(text)).toEqual(sentences));

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.string({ unit: fc.constantFrom('a', '.', ' ', '\n', '。', '"', '😀', '!'), maxLength: 2000 }),
);

test('sentences joined are the text, however it arrives, and none is longer than the limit', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 50 }), (text, size) => {
      const cutter = new SentenceCutter();
      const sentences: string[] = [];
      for (let at = 0; at < text.length; at += size) sentences.push(...cutter.push(text.slice(at, at + size)));
      const rest = cutter.end();
      const pieces = rest === '' ? sentences : [...sentences, rest];
      expect(pieces.join('')).toBe(text);
      expect(pieces).toEqual(cutSentences(text));
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(SENTENCE_CHARS_MAX + 1);
    }),
  );
});

test('a text without a full stop is cut at the limit, and never inside a character', () => {
  const sentences = cutSentences(`a${'😀'.repeat(1000)}`);
  expect(sentences.length).toBeGreaterThan(2);
  expect(sentences.every((sentence) => sentence.isWellFormed())).toBe(true);
});

test('a megabyte without a full stop is cut in a time that grows with its length only', () => {
  const cutter = new SentenceCutter();
  let count = 0;
  for (let at = 0; at < 250_000; at += 1) count += cutter.push('word').length;
  expect(count).toBe(Math.floor(1_000_000 / SENTENCE_CHARS_MAX));
});
