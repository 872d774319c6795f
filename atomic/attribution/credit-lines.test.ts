import fc from 'fast-check';
import { expect, test } from 'vitest';

import { ACTORS, type Actor } from './attribution.ts';
import { actorOfLine, creditLines, isBlankByte, type LineCredit } from './credit-lines.ts';

const by = (actor: Actor, nonBlankBytes: number, bytes = nonBlankBytes + 1): LineCredit => ({
  patch: actor,
  actor,
  bytes,
  nonBlankBytes,
});

test.each<readonly [string, readonly LineCredit[], Actor]>([
  ['one hand', [by('ai', 10)], 'ai'],
  ['a person’s line with an AI’s tenth', [by('human', 90), by('ai', 10)], 'human'],
  ['a person’s line with an AI’s fifth', [by('human', 80), by('ai', 20)], 'mixed'],
  ['an AI’s line with a person’s fifth', [by('human', 20), by('ai', 80)], 'mixed'],
  ['just below a fifth', [by('human', 801), by('ai', 199)], 'human'],
  ['nobody knows half of an AI’s line', [by('untracked', 50), by('ai', 50)], 'mixed'],
  ['a person and nobody known', [by('human', 40), by('untracked', 60)], 'untracked'],
  ['a person and nobody known, evenly', [by('human', 50), by('untracked', 50)], 'untracked'],
  ['a patch of both', [by('mixed', 10)], 'mixed'],
  ['mostly an AI, a little of both', [by('ai', 60), by('mixed', 40)], 'ai'],
  ['two AIs', [by('ai', 5), by('ai', 5)], 'ai'],
  ['blanks do not count', [by('human', 10, 11), by('ai', 1, 100)], 'human'],
  ['a blank line', [by('human', 0, 1), by('ai', 0, 9)], 'ai'],
  ['no bytes', [], 'untracked'],
])('%s', (_name, credits, expected) => {
  expect(actorOfLine(credits)).toBe(expected);
});

test('the order in which patches are told does not matter', () => {
  const credit = fc
    .record({ patch: fc.string(), actor: fc.constantFrom(...ACTORS), nonBlankBytes: fc.nat(20), blank: fc.nat(5) })
    .map(({ blank, ...rest }) => ({ ...rest, bytes: rest.nonBlankBytes + blank }));
  fc.assert(
    fc.property(fc.array(credit, { maxLength: 5 }), (credits) => {
      expect(actorOfLine([...credits].reverse())).toBe(actorOfLine(credits));
    }),
  );
});

test('lines are counted from 1, and whoever wrote most comes first', () => {
  expect(creditLines([[by('human', 1), by('ai', 9)], []])).toEqual([
    { line: 1, actor: 'ai', credits: [by('ai', 9), by('human', 1)] },
    { line: 2, actor: 'untracked', credits: [] },
  ]);
});

test('blanks are what JSON and C call so', () => {
  expect([...Buffer.from(' \t\n\r\v\f')].every(isBlankByte)).toBe(true);
  expect([...Buffer.from('a\0\u00a0')].some(isBlankByte)).toBe(false);
});
