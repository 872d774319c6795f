import type { TrialView } from 'modernizer/protocol';
import { expect, test } from 'vitest';

import { flatTree, promiseText, stepText, trialTree } from './trial-tree-state.ts';

const blank: TrialView = {
  id: '',
  number: 0,
  purpose: 'part',
  upgrades: [],
  versions: [],
  expected: null,
  why: null,
  state: 'finished',
  step: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  expectedMs: null,
  verdict: { kind: 'green', passed: 1, of: 1 },
  answeredBy: 'trial',
  sameAs: null,
  summary: null,
  quarantined: [],
  levels: [],
  tests: null,
  wallMs: 1,
  evidence: null,
};
/** `a b@2`: upgrades with a version where it matters. */
const trial = (number: number, set: string, parts: Partial<TrialView> = {}): TrialView => {
  const picks = set.split(' ').filter(Boolean);
  const upgrades = picks.map((pick) => pick.split('@')[0] ?? '');
  return {
    ...blank,
    id: `t${number}`,
    number,
    upgrades,
    versions: picks.map((pick) => pick.split('@')[1] ?? '9'),
    ...parts,
  };
};
/** Each trial as `number<parent: what is different`. */
const check = (trials: readonly TrialView[], expected: readonly string[]): void =>
  expect(
    flatTree(trialTree(trials)).map(({ node }) => `${node.trial.number}<${node.parent ?? '-'}: ${stepText(node)}`),
  ).toEqual(expected);

test('a trial hangs below the earlier set that it narrows or extends by the fewest steps', () => {
  check(
    [trial(1, ''), trial(2, 'a b c d'), trial(3, 'a b'), trial(4, 'a b c'), trial(5, 'd')],
    [
      '1<-: The beginning',
      '2<1: trial 1 and a, b, c, d',
      '3<2: trial 2 without c, d',
      '4<3: trial 3 and c',
      '5<1: trial 1 and d',
    ],
  );
});

test('of two that are equally near the later one is its parent', () => {
  check(
    [trial(1, ''), trial(2, 'a b'), trial(3, 'b c'), trial(4, 'b')],
    ['1<-: The beginning', '2<1: trial 1 and a, b', '3<1: trial 1 and b, c', '4<3: trial 3 without c'],
  );
});

test('another version of the same set is told as that, and the proof as the set once more, which is kept', () => {
  const trials = [trial(1, ''), trial(2, 'a b@3'), trial(3, 'a b@2'), trial(4, 'a b@2', { purpose: 'final' })];
  check(trials, [
    '1<-: The beginning',
    '2<1: trial 1 and a, b',
    '3<2: trial 2 with b 2',
    '4<3: The set of trial 3 once more',
  ]);
  expect(
    flatTree(trialTree(trials))
      .filter(({ node }) => node.kept)
      .map(({ node }) => node.trial.number),
  ).toEqual([3, 4]);
});

test('a set that is nowhere near hangs below the project as it is; without one it begins a tree of its own', () => {
  check([trial(1, 'a b'), trial(2, 'c d')], ['1<-: The beginning', '2<-: The beginning']);
  expect(trialTree([])).toEqual([]);
});

test('a hundred trials of thirty upgrades each hang below each other, every one of them once', () => {
  const names = Array.from({ length: 30 }, (_, at) => `p${at}`);
  const many = [trial(1, ''), trial(2, names.join(' '))];
  for (let number = 3; number <= 100; number += 1) {
    many.push(trial(number, names.filter((_, at) => (at * 7 + number * 3) % 30 > number % 29).join(' ')));
  }
  const flat = flatTree(trialTree(many));
  expect(new Set(flat.map(({ node }) => node.trial.id)).size).toBe(100);
  for (const { node } of flat) expect(node.parent ?? 0).toBeLessThan(node.trial.number);
});

test('a promise is said with its chance and gain, and never as none when it is only small', () => {
  expect(promiseText({ expected: { chance: 0.621, gain: 3, costMs: 1 } })).toBe('62 % likely green, +3');
  expect(promiseText({ expected: { chance: 0.0004, gain: 1, costMs: 1 } })).toBe('less than 1 % likely green, +1');
  expect(promiseText({ expected: null })).toBeNull();
});
