import { foldEvents } from 'modernizer/protocol';
import { expect, test } from 'vitest';

import { RECORDED, upTo } from './recorded-run.ts';
import {
  countOf,
  IN_PLAN_ORDER,
  nextSorting,
  proofOf,
  shownUpgrades,
  timesOf,
  UPGRADE_FILTERS,
  type Sorting,
} from './upgrades-state.ts';

const { upgrades: done, trials } = foldEvents(RECORDED);
const names = (
  filter: (typeof UPGRADE_FILTERS)[number],
  sorting: Sorting = IN_PLAN_ORDER,
  find = '',
): readonly string[] => shownUpgrades(done, trials, { filter, find, sorting }).map((upgrade) => upgrade.name);

test('each filter shows its upgrades, in the order of the plan', () => {
  expect(names('all')).toEqual(['chalk', 'ms']);
  expect(names('kept')).toEqual(['ms']);
  expect(names('refused')).toEqual(['chalk']);
  expect(names('open')).toEqual([]);
  expect(UPGRADE_FILTERS.map((filter) => countOf(foldEvents(upTo('plan-made')).upgrades, filter))).toEqual([
    2, 0, 0, 2,
  ]);
});

test('a column sorts up, then down, then leaves the order of the plan', () => {
  const up = nextSorting(IN_PLAN_ORDER, 'risk');
  const down = nextSorting(up, 'risk');
  expect(names('all', up)).toEqual(['ms', 'chalk']);
  expect(names('all', down)).toEqual(['chalk', 'ms']);
  expect(nextSorting(down, 'risk')).toEqual(IN_PLAN_ORDER);
  expect(nextSorting(down, 'name')).toEqual({ by: 'name', descending: false });
  expect(names('all', { by: 'step', descending: false })).toEqual(['ms', 'chalk']);
});

test('words find an upgrade by its name, version, cause or place, all of them at once', () => {
  expect(names('all', IN_PLAN_ORDER, 'CHALK')).toEqual(['chalk']);
  expect(names('all', IN_PLAN_ORDER, 'es module index.js:3')).toEqual(['chalk']);
  expect(names('all', IN_PLAN_ORDER, '3.0.0')).toEqual(['ms']);
  expect(names('kept', IN_PLAN_ORDER, 'chalk')).toEqual([]);
  expect(names('all', IN_PLAN_ORDER, 'chalk ms')).toEqual([]);
});

test('an upgrade says how long its judging trial took, and how many trials it was part of', () => {
  const [chalk] = done;
  expect(chalk === undefined ? null : timesOf(chalk, trials)).toEqual({ judgedMs: 5_000, known: false, tried: 1 });
  expect(timesOf({ name: 'ms', trial: 't3' }, trials)).toEqual({ judgedMs: null, known: true, tried: 1 });
  expect(timesOf({ name: 'unknown', trial: null }, trials)).toEqual({ judgedMs: null, known: false, tried: 0 });
  expect(names('all', { by: 'time', descending: true })).toEqual(['chalk', 'ms']);
});

test('without a last check there is no proof', () => {
  expect(proofOf(trials)).toBeNull();
});
