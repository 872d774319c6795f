// Setting, listing and removing budgets. One budget for each subject and period: setting it again changes its limit.

import type { Kysely } from 'kysely';

import { newId, type Clock, type Instant } from '../basics/index.ts';
import type { Store } from '../store/index.ts';
import { asBudget, windowOf } from './balances.ts';
import { budgetWrong } from './faults.ts';
import { BUDGET_PERIODS, BUDGET_SCOPES, type Budget, type BudgetId, type BudgetDraft } from './spending.ts';
import type { SpendingTables } from './tables.ts';

type Db = Kysely<SpendingTables>;

const NOTE_LENGTH_MAX = 200;

export async function listBudgets(db: Db, now: Instant): Promise<readonly Budget[]> {
  const budgets = await db.selectFrom('spending_budgets').selectAll().orderBy('created_at').orderBy('id').execute();
  const windows = await db
    .selectFrom('spending_windows')
    .selectAll()
    .where(
      'window',
      'in',
      BUDGET_PERIODS.map((period) => windowOf(period, now)),
    )
    .execute();
  return budgets.map((budget) => {
    const window = windowOf(budget.period, now);
    const state = windows.find((row) => row.budget === budget.id && row.window === window);
    return asBudget(budget, state?.spent_micro_usd ?? 0, state?.held_micro_usd ?? 0);
  });
}

export async function setBudget(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  budget: BudgetDraft,
): Promise<Budget> {
  const { scope, subject, period, limitMicroUsd } = budget;
  if (!BUDGET_SCOPES.includes(scope) || !BUDGET_PERIODS.includes(period))
    throw budgetWrong(`There is no budget for ${scope} by ${period}.`);
  if ((scope === 'all') !== (subject === '')) throw budgetWrong('A budget is for all, or it names whose it is.');
  if (!Number.isSafeInteger(limitMicroUsd) || limitMicroUsd < 0) throw budgetWrong('Its limit is no amount of money.');
  const note = budget.note.slice(0, NOTE_LENGTH_MAX);
  const row = { scope, subject, period, limit_micro_usd: limitMicroUsd, note, created_at: clock.now() };
  await store.write(
    (tx: Db) =>
      tx
        .insertInto('spending_budgets')
        .values({ id: newId<'budget'>(), ...row })
        .onConflict((conflict) =>
          conflict.columns(['scope', 'subject', 'period']).doUpdateSet({ limit_micro_usd: limitMicroUsd, note }),
        )
        .execute(),
    { durable: true },
  );
  const all = await listBudgets(store.read(), clock.now());
  const set = all.find((b) => b.scope === scope && b.subject === subject && b.period === period);
  if (set === undefined) throw budgetWrong('Another person removed it at the same moment.');
  return set;
}

/** What was spent under it stays on the ledger. */
export async function removeBudget(store: Store, id: BudgetId): Promise<boolean> {
  const removed = await store.write(
    (tx: Db) => tx.deleteFrom('spending_budgets').where('id', '=', id).executeTakeFirst(),
    { durable: true },
  );
  return removed.numDeletedRows > 0n;
}
