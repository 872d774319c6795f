import fc from 'fast-check';
import { expect, test } from 'vitest';

import { ACTORS, basisPoints, type Actor } from './attribution.ts';
import { resolveByAttribution, STRATEGIES, type ConflictSide, type Strategy } from './resolve-by-attribution.ts';

const side = (actors: Actor | readonly Actor[], more: Partial<ConflictSide> = {}): ConflictSide => ({
  actors: typeof actors === 'string' ? [actors] : actors,
  confidence: null,
  review: 'unreviewed',
  isContested: false,
  ...more,
});
const sure = (share: number): Partial<ConflictSide> => ({ confidence: basisPoints(share) ?? null });
const ACCEPTED = { review: 'accept' } as const;

test.each<readonly [Strategy, readonly ConflictSide[], number | 'manual']>([
  ['manual', [side('human'), side('ai')], 'manual'],
  ['prefer-human', [side('ai'), side('human')], 1],
  ['prefer-human', [side('ai'), side('human'), side(['ai', 'ai'])], 1],
  ['prefer-human', [side('human'), side('human')], 'manual'],
  ['prefer-human', [side('human'), side('human'), side('ai')], 'manual'],
  ['prefer-human', [side('human'), side('mixed')], 'manual'],
  ['prefer-human', [side('human'), side('untracked')], 'manual'],
  ['prefer-human', [side('ai'), side('ai')], 'manual'],
  ['prefer-human', [side(['human', 'ai']), side('ai')], 'manual'],
  ['prefer-human', [side('human'), side([])], 'manual'],
  ['prefer-ai', [side('human'), side('ai')], 1],
  ['prefer-ai', [side('untracked'), side('ai')], 1],
  ['prefer-ai', [side('ai'), side('ai')], 'manual'],
  ['prefer-ai', [side('human'), side('human'), side('ai')], 'manual'],
  ['prefer-ai', [side('human', { isContested: true }), side('ai')], 'manual'],
  ['prefer-ai', [side('human'), side('ai', { isContested: true })], 1],
  ['prefer-confidence', [side('ai', sure(0.9)), side('ai', sure(0.8))], 0],
  ['prefer-confidence', [side('ai', sure(0.9)), side('ai', sure(0.9))], 'manual'],
  ['prefer-confidence', [side('ai', sure(0.9)), side('human')], 'manual'],
  ['prefer-confidence', [side('ai', sure(0)), side('ai', sure(0.0001))], 1],
  ['prefer-reviewed', [side('ai', ACCEPTED), side('human')], 0],
  ['prefer-reviewed', [side('ai', ACCEPTED), side('ai', { review: 'edit' })], 0],
  ['prefer-reviewed', [side('ai', ACCEPTED), side('ai', ACCEPTED)], 'manual'],
  ['prefer-reviewed', [side('ai'), side('ai', { review: 'reject' })], 'manual'],
  ['prefer-reviewed', [side('human', ACCEPTED), side('human')], 'manual'],
  ['prefer-ai', [side('ai')], 'manual'],
])('%s of %j is %s', (strategy, sides, expected) => {
  const found = resolveByAttribution(strategy, sides);
  expect(found.kind === 'decided' ? found.winner : found.kind).toBe(expected);
});

const arbitrarySide: fc.Arbitrary<ConflictSide> = fc.record({
  actors: fc.array(fc.constantFrom(...ACTORS), { maxLength: 3 }),
  confidence: fc.option(
    fc.constantFrom(0, 0.5, 1).map((share) => basisPoints(share) ?? null),
    { nil: null },
  ),
  review: fc.constantFrom('unreviewed', 'accept', 'edit', 'reject'),
  isContested: fc.boolean(),
});

test('whatever the rule, people never lose to people, contested text never goes, and every side is accounted for', () => {
  fc.assert(
    fc.property(fc.constantFrom(...STRATEGIES), fc.array(arbitrarySide, { maxLength: 4 }), (strategy, sides) => {
      const found = resolveByAttribution(strategy, sides);
      if (found.kind === 'manual') {
        expect(found.why).not.toBe('');
        return;
      }
      expect([...found.losers, found.winner].sort()).toEqual(sides.map((_, at) => at));
      const hasPerson = (at: number): boolean =>
        sides[at]?.actors.some((actor) => actor === 'human' || actor === 'mixed') ?? false;
      if (hasPerson(found.winner)) expect(found.losers.some(hasPerson)).toBe(false);
      expect(found.losers.some((at) => sides[at]?.isContested)).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

test('the order of the sides decides nothing', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...STRATEGIES),
      fc.array(arbitrarySide, { minLength: 2, maxLength: 4 }),
      (strategy, sides) => {
        const found = resolveByAttribution(strategy, sides);
        const turned = resolveByAttribution(strategy, [...sides].reverse());
        expect(turned.kind).toBe(found.kind);
        if (found.kind === 'decided' && turned.kind === 'decided')
          expect(turned.winner).toBe(sides.length - 1 - found.winner);
      },
    ),
    { numRuns: 500 },
  );
});
