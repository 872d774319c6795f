// The tables of spending. A line carries the price it was begun with, so that it can be closed without looking anywhere.

import { sql } from 'kysely';

import type { MigrationList } from '../store/index.ts';
import type { AttemptOutcome, BudgetPeriod, BudgetScope } from './spending.ts';

export interface SpendingTables {
  readonly spending_lines: {
    readonly id: string;
    readonly at: number;
    readonly call: string;
    readonly person: string;
    readonly product: string;
    readonly run: string | null;
    readonly key: string | null;
    readonly provider: string;
    readonly model: string;
    readonly leg: string;
    readonly outcome: AttemptOutcome;
    /** While it is open: what is noted so far. */
    readonly input_tokens: number;
    readonly cache_read_tokens: number;
    readonly cache_write_tokens: number;
    readonly output_tokens: number;
    readonly is_estimated: number;
    readonly cost_micro_usd: number;
    readonly held_micro_usd: number;
    readonly price_version: string;
    /** JSON of the price's tiers. */
    readonly price_tiers: string;
    /** JSON: `[budget, window]` of every budget in which the worst case is set aside. */
    readonly holds: string;
    readonly first_token_ms: number | null;
    readonly took_ms: number | null;
    readonly error: string | null;
    readonly verdict: string | null;
    readonly holder: string;
    /** When its process was last known to be alive. */
    readonly seen_at: number;
  };
  readonly spending_budgets: {
    readonly id: string;
    readonly scope: BudgetScope;
    readonly subject: string;
    readonly period: BudgetPeriod;
    readonly limit_micro_usd: number;
    readonly note: string;
    readonly created_at: number;
  };
  /** What was spent and is set aside, by budget and by day, month, or for good (`total`). */
  readonly spending_windows: {
    readonly budget: string;
    readonly window: string;
    readonly spent_micro_usd: number;
    readonly held_micro_usd: number;
  };
  readonly spending_prices: {
    readonly provider: string;
    readonly model: string;
    readonly tiers: string;
    readonly set_by: string;
    readonly set_at: number;
  };
}

export const SPENDING_MIGRATIONS: MigrationList = {
  product: 'spending',
  migrations: [
    {
      name: '001-lines-budgets-prices',
      async up(db) {
        await sql`create table spending_lines (
          id text primary key, at bigint not null, call text not null, person text not null, product text not null,
          run text, key text, provider text not null, model text not null, leg text not null, outcome text not null,
          input_tokens bigint not null, cache_read_tokens bigint not null, cache_write_tokens bigint not null,
          output_tokens bigint not null, is_estimated integer not null, cost_micro_usd bigint not null,
          held_micro_usd bigint not null, price_version text not null, price_tiers text not null, holds text not null,
          first_token_ms integer, took_ms bigint, error text, verdict text, holder text not null,
          seen_at bigint not null)`.execute(db);
        await sql`create index spending_lines_newest on spending_lines (at, id)`.execute(db);
        await sql`create index spending_lines_open on spending_lines (holder) where outcome = 'open'`.execute(db);
        await sql`create index spending_lines_of_run on spending_lines (run) where run is not null`.execute(db);
        await sql`create index spending_lines_of_person on spending_lines (person, at)`.execute(db);
        await sql`create table spending_budgets (
          id text primary key, scope text not null, subject text not null, period text not null,
          limit_micro_usd bigint not null, note text not null, created_at bigint not null)`.execute(db);
        await sql`create unique index spending_budgets_of on spending_budgets (scope, subject, period)`.execute(db);
        await sql`create table spending_windows (
          budget text not null, "window" text not null, spent_micro_usd bigint not null,
          held_micro_usd bigint not null, primary key (budget, "window"))`.execute(db);
        await sql`create table spending_prices (
          provider text not null, model text not null, tiers text not null, set_by text not null,
          set_at bigint not null, primary key (provider, model))`.execute(db);
      },
    },
  ],
};
