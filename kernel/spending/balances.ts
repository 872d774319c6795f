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
  return period === 'total' ? 'total' : dayOf(at).slice(0, period === 'day' ? 10 : 7);
}

const DAY_MS = 86_400_000;
/** The day that was asked for last: nearly always it is the same. */
let lately = { number: NaN, day: '' };

function dayOf(at: Instant): string {
  const number = Math.floor(at / DAY_MS);
  if (number !== lately.number) lately = { number, day: toIso(at).slice(0, 10) };
  return lately.day;
}

/** Which budgets count what this payer spends. */
const belongsTo = (budget: Pick<BudgetRow, 'scope' | 'subject'>, payer: Payer): boolean =>
  budget.scope === 'all' || payer[budget.scope] === budget.subject;

interface Balance {
  readonly hold: Hold;
  spent: number;
  held: number;
  /** What this transaction adds to each. */
  addSpent: number;
  addHeld: number;
}

/** The balances of one transaction: read at its start as far as they decide, changed in memory, added at its end. */
export class Balances {
  readonly #budgets: readonly BudgetRow[];
  readonly #balances = new Map<string, Balance>();

  constructor(budgets: readonly BudgetRow[]) {
    this.#budgets = budgets;
  }

  /** What the tables say. */
  put(hold: Hold, spent: number, held: number): void {
    this.#balances.set(hold.join('|'), { hold, spent, held, addSpent: 0, addHeld: 0 });
  }

  /** Sets the amount aside everywhere, or says which budget it does not fit into. */
  hold(payer: Payer, amount: Microdollars, at: Instant): readonly Hold[] | { readonly tooSmall: Budget } {
    const budgets = this.#budgets.filter((budget) => belongsTo(budget, payer));
    const holds = budgets.map((budget): Hold => [budget.id, windowOf(budget.period, at)]);
    for (const [index, budget] of budgets.entries()) {
      const { spent, held, addSpent, addHeld } = this.#at(holds[index] ?? [budget.id, 'total']);
      const taken = spent + addSpent + held + addHeld;
      if (taken + amount > budget.limit_micro_usd) {
        return { tooSmall: asBudget(budget, spent + addSpent, held + addHeld) };
      }
    }
    for (const hold of holds) this.#add(hold, 0, amount);
    return holds;
  }

  /** Gives back what was set aside and takes what was really spent. */
  settle(holds: readonly Hold[], held: number, spent: number): void {
    for (const hold of holds) this.#add(hold, spent, -held);
  }

  added(): readonly { readonly hold: Hold; readonly spent: number; readonly held: number }[] {
    return [...this.#balances.values()]
      .filter(({ addSpent, addHeld }) => addSpent !== 0 || addHeld !== 0)
      .map(({ hold, addSpent, addHeld }) => ({ hold, spent: addSpent, held: addHeld }));
  }

  #add(hold: Hold, spent: number, held: number): void {
    const balance = this.#at(hold);
    balance.addSpent += spent;
    balance.addHeld += held;
  }

  #at(hold: Hold): Balance {
    const key = hold.join('|');
    const balance = this.#balances.get(key) ?? { hold, spent: 0, held: 0, addSpent: 0, addHeld: 0 };
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
