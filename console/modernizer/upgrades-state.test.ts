import { foldEvents } from 'modernizer/protocol';
import { expect, test } from 'vitest';

import { RECORDED, upTo } from './recorded-run.ts';
import { countOf, IN_PLAN_ORDER, nextSorting, shownUpgrades, UPGRADE_FILTERS, type Sorting } from './upgrades-state.ts';

const done = foldEvents(RECORDED).upgrades;
const names = (filter: (typeof UPGRADE_FILTERS)[number], sorting: Sorting = IN_PLAN_ORDER): readonly string[] =>
  shownUpgrades(done, filter, sorting).map((upgrade) => upgrade.name);

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
