// What the page of costs decides: which filter is set, what the bars show, which attempts belong to one call. Pure.

import { COST_KEYS, type Budget, type CostKey, type CostLine, type CostRow } from 'tandem/protocol';

import { moneyText } from '../components/money.ts';
import type { CostsSearch } from './search.ts';

export const keyOf = (by: string | undefined): CostKey => COST_KEYS.find((key) => key === by) ?? 'model';

export const KEY_WORDS: Readonly<Record<CostKey, string>> = {
  model: 'Model',
  provider: 'Provider',
  product: 'Product',
  person: 'Person',
  day: 'Day',
  key: 'Gateway key',
  run: 'Run',
  leg: 'Leg',
};

/** The filter alone: what the report, the lines and the file of them are about. */
export function filterOf({ by: _by, ...filter }: CostsSearch): Omit<CostsSearch, 'by'> {
  return filter;
}

export const isFiltered = (search: CostsSearch): boolean => Object.keys(filterOf(search)).length > 0;

export interface DayBar {
  readonly day: string;
  readonly costMicroUsd: number;
  /** Of the dearest day that is shown, 0 to 1. */
  readonly share: number;
}

/** Days that a month's bars show. */
export const DAYS_SHOWN = 30;
const DAY_MS = 86_400_000;

/** The last days up to today, also those on which nothing was spent. */
export function dayBars(rows: readonly CostRow[], nowMs: number, days = DAYS_SHOWN): readonly DayBar[] {
  const costs = new Map(rows.map(({ group, costMicroUsd }) => [group, costMicroUsd]));
  const shown = Array.from({ length: days }, (_, index) => dayOf(nowMs - (days - 1 - index) * DAY_MS));
  const dearest = Math.max(1, ...shown.map((day) => costs.get(day) ?? 0));
  return shown.map((day) => {
    const costMicroUsd = costs.get(day) ?? 0;
    return { day, costMicroUsd, share: costMicroUsd / dearest };
  });
}

export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

export interface Call {
  readonly id: string;
  readonly lines: readonly CostLine[];
}

/** Attempts of one call stand together, in the place of its newest. */
export function callsOf(lines: readonly CostLine[]): readonly Call[] {
  const calls = new Map<string, CostLine[]>();
  for (const line of lines) calls.set(line.call, [...(calls.get(line.call) ?? []), line]);
  return [...calls].map(([id, all]) => ({ id, lines: all }));
}

export const costOf = (lines: readonly Pick<CostLine, 'costMicroUsd'>[]): number =>
  lines.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);

export interface BudgetUse {
  /** Of the limit, 0 to 1. */
  readonly spent: number;
  readonly held: number;
  readonly isUsedUp: boolean;
  readonly text: string;
}

export function budgetUse({ limitMicroUsd, spentMicroUsd, heldMicroUsd }: Budget): BudgetUse {
  const whole = Math.max(1, limitMicroUsd);
  const spent = Math.min(1, spentMicroUsd / whole);
  const held = Math.min(1 - spent, heldMicroUsd / whole);
  const set = heldMicroUsd === 0 ? '' : `, ${moneyText(heldMicroUsd)} set aside`;
  return {
    spent,
    held,
    isUsedUp: spentMicroUsd + heldMicroUsd >= limitMicroUsd,
    text: `${moneyText(spentMicroUsd)} of ${moneyText(limitMicroUsd)} spent${set}`,
  };
}

const SCOPES = { all: 'Everything', person: 'Person', product: 'Product', run: 'Run', key: 'Gateway key' } as const;
const PERIODS = { total: 'in all', day: 'a day', month: 'a month' } as const;

export const budgetTitle = ({
  scope,
  subject,
  period,
  note,
}: Pick<Budget, 'scope' | 'subject' | 'period' | 'note'>): string =>
  `${scope === 'all' ? SCOPES.all : `${SCOPES[scope]} ${note === '' || scope !== 'key' ? subject : note}`}, ${PERIODS[period]}`;
