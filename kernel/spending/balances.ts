// What every budget still allows, decided purely: the book (book.ts) reads and writes it within one transaction.
// Rule: an attempt is admitted only if its worst case fits into every budget it belongs to; then it is held in all.

import { instant, microdollars, toIso, type Instant, type Microdollars } from '../basics/index.ts';
import type { Budget, BudgetId, BudgetPeriod, BudgetScope, Payer } from './spending.ts';

export interface BudgetRow {
  readonly id: string;
  readonly scope: BudgetScope;
  readonly subject: string;
  readonly period: BudgetPeriod;
  readonly limit_micro_usd: number;
  readonly note: string;
  readonly created_at: number;
}

/** A budget and the window that an amount belongs to. */
export type Hold = readonly [budget: string, window: string];

/** `total`, `2026-11` or `2026-11-21`, of UTC. */
export function windowOf(period: BudgetPeriod, at: Instant): string {
  if (period === 'total') return 'total';
  return toIso(at).slice(0, period === 'day' ? 10 : 7);
}

/** Which budgets count what this payer spends. */
export const belongsTo = (budget: Pick<BudgetRow, 'scope' | 'subject'>, payer: Payer): boolean =>
  budget.scope === 'all' || payer[budget.scope] === budget.subject;

interface Balance {
  readonly hold: Hold;
  spent: number;
  held: number;
  hasChanged: boolean;
}

/** The balances of one transaction: read at its start, changed in memory, written at its end. */
export class Balances {
  readonly #budgets: readonly BudgetRow[];
  readonly #balances = new Map<string, Balance>();

  constructor(budgets: readonly BudgetRow[]) {
    this.#budgets = budgets;
  }

  put(hold: Hold, spent: number, held: number): void {
    this.#balances.set(hold.join('|'), { hold, spent, held, hasChanged: false });
  }

  /** Sets the amount aside everywhere, or says which budget it does not fit into. */
  hold(payer: Payer, amount: Microdollars, at: Instant): readonly Hold[] | { readonly tooSmall: Budget } {
    const budgets = this.#budgets.filter((budget) => belongsTo(budget, payer));
    const holds = budgets.map((budget): Hold => [budget.id, windowOf(budget.period, at)]);
    for (const [index, budget] of budgets.entries()) {
      const { spent, held } = this.#at(holds[index] ?? [budget.id, 'total']);
      if (spent + held + amount > budget.limit_micro_usd) return { tooSmall: asBudget(budget, spent, held) };
    }
    for (const hold of holds) this.#change(hold, 0, amount);
    return holds;
  }

  /** Gives back what was set aside and takes what was really spent. */
  settle(holds: readonly Hold[], held: number, spent: number): void {
    for (const hold of holds) this.#change(hold, spent, -held);
  }

  changed(): readonly { readonly hold: Hold; readonly spent: number; readonly held: number }[] {
    return [...this.#balances.values()].filter(({ hasChanged }) => hasChanged);
  }

  #change(hold: Hold, spent: number, held: number): void {
    const balance = this.#at(hold);
    balance.spent += spent;
    balance.held += held;
    balance.hasChanged = true;
  }

  #at(hold: Hold): Balance {
    const key = hold.join('|');
    const balance = this.#balances.get(key) ?? { hold, spent: 0, held: 0, hasChanged: false };
    this.#balances.set(key, balance);
    return balance;
  }
}

export const asBudget = (row: BudgetRow, spent: number, held: number): Budget => ({
  id: row.id as BudgetId,
  scope: row.scope,
  subject: row.subject,
  period: row.period,
  limitMicroUsd: microdollars(row.limit_micro_usd),
  note: row.note,
  createdAt: instant(row.created_at),
  spentMicroUsd: microdollars(spent),
  heldMicroUsd: microdollars(held),
});
