import fc from 'fast-check';
import { expect, test } from 'vitest';

import { anchorOf, stitch, Stitcher } from './stitch.ts';

const STORY =
  'The quick brown fox jumps over the lazy dog. It does so every day, and nobody knows why. ' +
  'Then the dog wakes up.\n\n- First it yawns.\n- Then it looks around.\n\nAfter that it sleeps again, “as dogs do”.';

/** Continued by a model that does as it is asked. */
const anchored = (shown: string, rest: string): string => {
  const anchor = anchorOf(shown);
  return anchor + shown.slice(shown.trimEnd().length) + rest;
};

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 2, maxLength: 60 }),
  fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', 'ha ', '"', '.', '😀', '| '), minLength: 2, maxLength: 300 }),
  fc.constant(STORY),
);

test('who begins with the last words is joined exactly: any text, cut at any places, in any pieces', () => {
  fc.assert(
    fc.property(
      anyText,
      fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 9 }),
      (text, cuts, size) => {
        let shown = '';
        const places = cuts.map((cut) => wellFormedAt(text, cut % text.length)).sort((a, b) => a - b);
        for (const until of [...places, text.length]) {
          const said =
            shown.trim() === '' ? text.slice(shown.length, until) : anchored(shown, text.slice(shown.length, until));
          const stitcher = new Stitcher(shown);
          for (let at = 0; at < said.length; at += size) shown += stitcher.push(said.slice(at, at + size));
          // A model that breaks off again is not ended: what it held is forgotten.
          if (until === text.length) shown += stitcher.end();
        }
        expect(shown).toBe(text);
      },
    ),
    { numRuns: 2000 },
  );
});

const wellFormedAt = (text: string, at: number): number => (text.slice(0, at).isWellFormed() ? at : at - 1);

const words = fc
  .array(fc.constantFrom(...STORY.split(/\s+/), 'zebra', 'Quokka,', 'marmot.', 'and', 'the', '42', 'naïve', '大きな'), {
    minLength: 12,
    maxLength: 80,
  })
  .map((list) => list.map((word, index) => `${word}${index}`).join(' '));

test('a model that repeats all of it from the start is joined exactly', () => {
  fc.assert(
    fc.property(words, fc.nat(), (text, cut) => {
      const at = 1 + (cut % (text.length - 1));
      expect(text.slice(0, at) + stitch(text.slice(0, at), text)).toBe(text);
    }),
  );
});

test('a model that goes on at the next character is joined exactly, wherever it was cut', () => {
  fc.assert(
    fc.property(words, fc.nat(), (text, cut) => {
      const at = 1 + (cut % (text.length - 1));
      expect(text.slice(0, at) + stitch(text.slice(0, at), text.slice(at))).toBe(text);
    }),
  );
});

test('a model that repeats from some earlier word is joined exactly', () => {
  fc.assert(
    fc.property(words, fc.nat(), fc.nat(), (text, cut, back) => {
      const at = 40 + (cut % (text.length - 40));
      const shown = text.slice(0, at);
      const starts = [...shown.matchAll(/(?<=^|\s)[\p{L}\d“]\S*/gu)]
        .map((match) => match.index)
        .filter((index) => at - index >= 30);
      const from = starts[back % starts.length] ?? 0;
      expect(shown + stitch(shown, text.slice(from))).toBe(text);
    }),
  );
});

const SHOWN = 'Dogs are kind. The quick brown fox jumps over the la';
const REST = 'zy dog. Then it rests.';
test.each([
  ['an introduction and the last words', `Sure, continuing:\n\n${anchorOf(SHOWN)}${REST}`],
  ['an apology and the last words', `I apologize for the interruption. ${anchorOf(SHOWN)}${REST}`],
  ['an introduction, then the next character', `Sure, continuing from where I left off:\n\n${REST}`],
  ['the last words in quotes', `"${anchorOf(SHOWN)}"${REST}`],
  ['the last words behind dots', `…${anchorOf(SHOWN)}${REST}`],
  ['the last words on other lines', `${anchorOf(SHOWN).replaceAll(' ', '\n')}${REST}`],
  ['blanks before the last words', `\n ${anchorOf(SHOWN)}${REST}`],
  ['its last sentence', `The quick brown fox jumps over the la${REST}`],
  ['all of it, introduced', `Here is the whole answer: ${SHOWN}${REST}`],
])('a model that begins with %s is joined exactly', (_what, said) => {
  expect(SHOWN + stitch(SHOWN, said)).toBe(SHOWN + REST);
});

test.each([
  ['The quick brown ', ' fox', 'The quick brown fox'],
  ['The quick brown ', 'fox', 'The quick brown fox'],
  ['The quick brown', ' fox', 'The quick brown fox'],
  ['We said hello there. It ended well.', 'Then came more.', 'We said hello there. It ended well. Then came more.'],
  ['The quick bro', 'wn fox', 'The quick brown fox'],
  ['The quick brown', 'brown fox', 'The quick brown fox'],
  ['The very quick brow', 'brown fox', 'The very quick brown fox'],
  ['A line.\n', 'Another.', 'A line.\nAnother.'],
  ['[1, 2, 3', ', 4]', '[1, 2, 3, 4]'],
  ['{"a": "x", "b', '{"a": "x", "b": 2}', '{"a": "x", "b": 2}'],
  ['Hi', 'Hi there', 'Hi there'],
  ['', 'Sure, continuing: all', 'Sure, continuing: all'],
  ['He said: ', 'Sure, I will come.', 'He said: Sure, I will come.'],
  ['One two three four five six.', 'One two three four five six.', 'One two three four five six.'],
])('%j and then %j is %j', (shown, said, whole) => expect(shown + stitch(shown, said)).toBe(whole));

test('what is joined does not depend on how it arrives', () => {
  fc.assert(
    fc.property(anyText, anyText, fc.integer({ min: 1, max: 7 }), (shown, said, size) => {
      const stitcher = new Stitcher(shown);
      let out = '';
      for (let at = 0; at < said.length; at += size) out += stitcher.push(said.slice(at, at + size));
      expect(out + stitcher.end()).toBe(stitch(shown, said));
    }),
    { numRuns: 1000 },
  );
});

test('the last words are the only ones of their kind in the text, and begin with a word', () => {
  const table = Array.from({ length: 30 }, (_, row) => `| ${row} | yes | no | yes | no | yes |`).join('\n');
  const anchor = anchorOf(table);
  expect(table.indexOf(anchor)).toBe(table.length - anchor.length);
  expect(anchorOf(STORY)).toMatch(/^\w/);
});

test('a hundred thousand words that are all repeated are joined in a time that grows with their length only', () => {
  const shown = Array.from({ length: 100_000 }, (_, index) => `word${index}`).join(' ');
  const stitcher = new Stitcher(shown);
  let out = '';
  for (const word of `${shown} end`.split(/(?<= )/)) out += stitcher.push(word);
  expect(out + stitcher.end()).toBe(' end');
});
