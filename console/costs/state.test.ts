import type { Budget, CostLine, CostRow } from 'tandem/protocol';
import { expect, test } from 'vitest';

import { countText, microUsdOf, moneyText } from '../components/money.ts';
import { budgetTitle, budgetUse, callsOf, costOf, dayBars, filterOf, isFiltered, keyOf } from './costs-state.ts';
import { costsPath, csvPath } from './queries.ts';

test('money is said with as many digits as say something, and read as people type it', () => {
  expect([0, 1, 4200, 12_300_000, 1_234_567_890].map(moneyText)).toEqual([
    '$0.00',
    '$0.000001',
    '$0.0042',
    '$12.30',
    '$1,234.57',
  ]);
  expect(['12.5', '$3', '0,25', '', '-1', 'x'].map(microUsdOf)).toEqual([
    12_500_000,
    3_000_000,
    250_000,
    null,
    null,
    null,
  ]);
  expect(countText(10_000)).toBe('10,000');
});

const NOW = Date.parse('2026-03-02T10:00:00Z');
const row = (group: string, costMicroUsd: number) => ({ group, costMicroUsd }) as CostRow;

test('the bars show every day up to today, also those on which nothing was spent', () => {
  const bars = dayBars([row('2026-03-02', 50), row('2026-02-28', 100), row('2025-01-01', 900)], NOW, 4);
  expect(bars).toEqual([
    { day: '2026-02-27', costMicroUsd: 0, share: 0 },
    { day: '2026-02-28', costMicroUsd: 100, share: 1 },
    { day: '2026-03-01', costMicroUsd: 0, share: 0 },
    { day: '2026-03-02', costMicroUsd: 50, share: 0.5 },
  ]);
  expect(dayBars([], NOW, 2).map(({ share }) => share)).toEqual([0, 0]);
});

test('attempts of one call stand together in the place of the newest', () => {
  const line = (id: string, call: string, costMicroUsd: number) => ({ id, call, costMicroUsd }) as CostLine;
  const calls = callsOf([line('3', 'b', 1), line('2', 'a', 2), line('1', 'b', 4)]);
  expect(calls.map(({ id, lines }) => [id, lines.map((each) => each.id), costOf(lines)])).toEqual([
    ['b', ['3', '1'], 5],
    ['a', ['2'], 2],
  ]);
});

const budget: Budget = {
  id: 'b',
  scope: 'all',
  subject: '',
  period: 'month',
  limitMicroUsd: 10_000_000,
  note: '',
  createdAt: '2026-01-01T00:00:00.000Z',
  spentMicroUsd: 4_000_000,
  heldMicroUsd: 1_000_000,
};

test('a budget shows what is spent and what is set aside, and never more than the whole', () => {
  expect(budgetUse(budget)).toEqual({
    spent: 0.4,
    held: 0.1,
    isUsedUp: false,
    text: '$4.00 of $10.00 spent, $1.00 set aside',
  });
  expect(budgetUse({ ...budget, spentMicroUsd: 20_000_000 })).toMatchObject({ spent: 1, held: 0, isUsedUp: true });
  expect(budgetUse({ ...budget, limitMicroUsd: 0, spentMicroUsd: 0, heldMicroUsd: 0 }).isUsedUp).toBe(true);
});

test('a budget is named by what it is for', () => {
  expect(budgetTitle(budget)).toBe('Everything, a month');
  expect(budgetTitle({ ...budget, scope: 'product', subject: 'chat', period: 'day' })).toBe('Product chat, a day');
  expect(budgetTitle({ ...budget, scope: 'key', subject: 'k1', note: 'Editor', period: 'total' })).toBe(
    'Gateway key Editor, in all',
  );
});

test('the address says what is looked at; what it cannot mean is left out', () => {
  expect(filterOf({ by: 'day', run: 'r1' })).toEqual({ run: 'r1' });
  expect([isFiltered({ by: 'day' }), isFiltered({ run: 'r1' })]).toEqual([false, true]);
  expect([keyOf('person'), keyOf('nonsense'), keyOf(undefined)]).toEqual(['person', 'model', 'model']);
  expect(costsPath('/lines', { run: 'r&1', model: '', from: undefined })).toBe('/api/costs/lines?run=r%261');
  expect(csvPath({})).toBe('/api/costs/csv');
});
