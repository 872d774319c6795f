import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Verdict } from '../protocol/index.ts';
import { nextMove, trialsAhead, type Answers, type Purpose } from './next-move.ts';

const green: Verdict = { kind: 'green', passed: 1, of: 1 };
const red: Verdict = { kind: 'broken', passed: 0, of: 2 };

/** Plays the search against a truth: which sets are green. */
function play(order: readonly string[], isGreen: (set: readonly string[], purpose: Purpose) => boolean) {
  const known = new Map<string, Verdict>();
  const answers: Answers = { verdictOf: (purpose, set) => known.get([purpose, ...set].join()) };
  const tried: string[][] = [];
  for (let step = 0; step < 1000; step += 1) {
    const move = nextMove(order, answers);
    if (move.kind === 'settled') return { ...move, tried };
    const key = [move.purpose, ...move.upgrades].join();
    expect(known.has(key), 'a set is never tried twice').toBe(false);
    expect(trialsAhead(order, answers)).toBeGreaterThan(0);
    tried.push([...move.upgrades]);
    known.set(key, isGreen(move.upgrades, move.purpose) ? green : red);
  }
  throw new Error('The search does not end.');
}

test('when everything is green at once, one trial is enough', () => {
  const { kept, tried } = play(['a', 'b', 'c'], () => true);
  expect(kept).toEqual(['a', 'b', 'c']);
  expect(tried).toEqual([['a', 'b', 'c']]);
});

test('one that breaks is refused and the others are kept, and proven together in the end', () => {
  const { kept, refused, tried } = play(['a', 'b', 'c'], (set) => !set.includes('b'));
  expect(kept).toEqual(['a', 'c']);
  expect(refused.map(({ name }) => name)).toEqual(['b']);
  expect(tried.at(-1)).toEqual(['a', 'c']);
});

test('the last one on top of all others is not tried again: that set was red at once', () => {
  const { kept, tried } = play(['a', 'b'], (set) => set.length < 2);
  expect(kept).toEqual(['a']);
  expect(tried).toEqual([['a', 'b'], ['a'], ['a']]);
});

test('a single upgrade needs a single trial', () => {
  expect(play(['a'], () => false).tried).toEqual([['a']]);
});

test('what is red when installed afresh loses its newest addition until it is green', () => {
  const { kept, refused } = play(
    ['a', 'b', 'c', 'd'],
    (set, purpose) => !set.includes('d') && (purpose !== 'final' || set.length < 3),
  );
  expect(kept).toEqual(['a', 'b']);
  expect(refused.find(({ name }) => name === 'c')?.by).toBe('unproven');
});

test('whatever breaks with whatever, the kept set is proven green and everything is either kept or refused', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 7 }),
      fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 3 }), { maxLength: 5 }),
      (count, conflicts) => {
        const order = [...Array(count).keys()].map((index) => `u${index}`);
        const isGreen = (set: readonly string[]): boolean =>
          !conflicts.some((together) => together.every((index) => set.includes(`u${index}`)));
        const { kept, refused, tried } = play(order, isGreen);
        expect(isGreen(kept)).toBe(true);
        expect([...kept, ...refused.map(({ name }) => name)].sort()).toEqual([...order].sort());
        expect(tried.length).toBeLessThanOrEqual(count + 2);
        // Nothing refused could simply be added to what is kept.
        for (const { name } of refused) {
          const before = kept.filter((other) => order.indexOf(other) < order.indexOf(name));
          expect(isGreen([...before, name])).toBe(false);
        }
      },
    ),
  );
});
