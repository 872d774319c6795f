// Does a batch of begins and settlements in one transaction: reads the balances they touch, decides in memory, writes.
// Rule: line and balances change together or not at all, so the sum of the lines is always what the budgets say.
// Rule: it has no effect but on the database, because the store may run it again from its start.

import { sql, type Kysely, type Selectable } from 'kysely';

import { instant, microdollars, type Instant } from '../basics/index.ts';
import { Balances, type BudgetRow, type Hold } from './balances.ts';
import { attemptUnknown } from './faults.ts';
import { costOf, listedPrice, tierOf, worstCostOf } from './prices.ts';
import type {
  AttemptId,
  AttemptOutcome,
  Begun,
  LedgerLine,
  NewAttempt,
  Price,
  PriceAnswer,
  PriceTier,
  Settlement,
} from './spending.ts';
import type { SpendingTables } from './tables.ts';

export type Db = Kysely<SpendingTables>;
export type LineRow = Selectable<SpendingTables['spending_lines']>;

export type Entry =
  | { readonly kind: 'begin'; readonly id: AttemptId; readonly attempt: NewAttempt }
  | {
      readonly kind: 'settle';
      readonly id: AttemptId;
      readonly settlement: Omit<Settlement, 'outcome'> & { readonly outcome: AttemptOutcome };
    };
export type Booked = Begun | LedgerLine;

export interface Writer {
  readonly now: Instant;
  readonly holder: string;
}

/** One answer for each entry, in order; a Fault stands for an entry that could not be done. */
export async function book(tx: Db, entries: readonly Entry[], writer: Writer): Promise<readonly (Booked | Error)[]> {
  const set = await tx.selectFrom('spending_prices').selectAll().execute();
  const lines = await linesToSettle(tx, entries);
  const balances = await balancesOf(tx, entries, lines, writer.now);
  const opened: LineRow[] = [];
  const closed: LineRow[] = [];
  const answers = entries.map((entry): Booked | Error => {
    if (entry.kind === 'settle') {
      const line = lines.get(entry.id) ?? opened.find(({ id }) => id === entry.id);
      if (line === undefined) return attemptUnknown(entry.id);
      const settled = settle(line, entry.settlement, balances);
      if (settled !== line) closed.push(settled);
      lines.set(entry.id, settled);
      return lineOf(settled);
    }
    const price = priceAmong(set, entry.attempt, writer.now);
    const begun = begin(entry, price, balances, writer);
    if ('row' in begun) opened.push(begun.row);
    return begun.answer;
  });
  if (opened.length > 0) await tx.insertInto('spending_lines').values(opened).execute();
  for (const { id, ...row } of closed) await tx.updateTable('spending_lines').set(row).where('id', '=', id).execute();
  await writeBalances(tx, balances);
  return answers;
}

type SetPrice = Selectable<SpendingTables['spending_prices']>;

/** A person's price wins over the list. */
export function priceAmong(
  set: readonly SetPrice[],
  asked: { provider: string; model: string },
  now: Instant,
): PriceAnswer {
  const own = set.find(({ provider, model }) => provider === asked.provider && model === asked.model);
  if (own === undefined) return listedPrice(asked.provider, asked.model, now);
  const version = `set ${new Date(own.set_at).toISOString().slice(0, 10)}`;
  const price = { ...asked, tiers: tiersFrom(own.tiers), version, source: own.set_by };
  return { kind: 'priced', price };
}

function begin(
  { id, attempt }: Extract<Entry, { kind: 'begin' }>,
  answer: PriceAnswer,
  balances: Balances,
  { now, holder }: Writer,
): { readonly answer: Begun; readonly row: LineRow } | { readonly answer: Begun } {
  const { provider, model, payer, worstCase } = attempt;
  // A retired model may be asked as long as its price is known: the provider says that it is gone.
  const price: Price | null = answer.kind === 'unpriced' ? null : answer.price;
  if (price === null) {
    const why = answer.kind === 'unpriced' ? answer.why : 'It is retired, and its price is not known.';
    return { answer: { kind: 'unpriced', provider, model, why } };
  }
  const held = worstCostOf(price, worstCase);
  const holds = balances.hold(payer, held, now);
  if ('tooSmall' in holds) {
    return { answer: { kind: 'over-budget', budget: holds.tooSmall, neededMicroUsd: held } };
  }
  const row: LineRow = {
    id,
    at: now,
    call: attempt.call,
    ...payer,
    provider,
    model,
    leg: attempt.leg,
    outcome: 'open',
    // Should nothing more be heard of it, then what was sent is what it used.
    input_tokens: worstCase.inputTokens,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    output_tokens: 0,
    is_estimated: 1,
    cost_micro_usd: 0,
    held_micro_usd: held,
    price_version: price.version,
    price_tiers: JSON.stringify(
      price.tiers.map((t) => [t.aboveInputTokens, t.input, t.output, t.cacheRead, t.cacheWrite]),
    ),
    holds: JSON.stringify(holds),
    first_token_ms: null,
    took_ms: null,
    error: null,
    verdict: null,
    holder,
    seen_at: now,
  };
  return { row, answer: { kind: 'begun', attempt: id, heldMicroUsd: held } };
}

/** The line as it is once settled. A line that is closed stays as it is, unless it was given up and its process is back. */
function settle(
  line: LineRow,
  settlement: Extract<Entry, { kind: 'settle' }>['settlement'],
  balances: Balances,
): LineRow {
  const isBack = line.outcome === 'lost' && settlement.outcome !== 'lost';
  if (line.outcome !== 'open' && !isBack) return line;
  const { usage } = settlement;
  const cost = costOf({ tiers: tiersFrom(line.price_tiers) }, usage);
  balances.settle(holdsOf(line), line.outcome === 'open' ? line.held_micro_usd : 0, cost - line.cost_micro_usd);
  return {
    ...line,
    outcome: settlement.outcome,
    input_tokens: usage.inputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens,
    output_tokens: usage.outputTokens,
    is_estimated: settlement.isEstimated ? 1 : 0,
    cost_micro_usd: cost,
    first_token_ms: settlement.firstTokenMs === null ? null : Math.round(settlement.firstTokenMs),
    took_ms: Math.round(settlement.tookMs),
    error: settlement.error,
    verdict: settlement.verdict,
  };
}

async function linesToSettle(tx: Db, entries: readonly Entry[]): Promise<Map<string, LineRow>> {
  const ids = entries.filter(({ kind }) => kind === 'settle').map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const rows = await tx.selectFrom('spending_lines').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

async function balancesOf(
  tx: Db,
  entries: readonly Entry[],
  lines: ReadonlyMap<string, LineRow>,
  now: Instant,
): Promise<Balances> {
  const budgets = await budgetsFor(tx, entries);
  const balances = new Balances(budgets);
  const touched = new Set([...budgets.map(({ id }) => id), ...[...lines.values()].flatMap(holdsOf).map(([id]) => id)]);
  if (touched.size === 0) return balances;
  // Windows that are over are of interest only to the lines that still hold something in them.
  const windows = new Set(['total', ...[now].flatMap((at) => [dayOf(at), dayOf(at).slice(0, 7)])]);
  for (const line of lines.values()) for (const [, window] of holdsOf(line)) windows.add(window);
  const rows = await tx
    .selectFrom('spending_windows')
    .selectAll()
    .where('budget', 'in', [...touched])
    .where('window', 'in', [...windows])
    .execute();
  for (const row of rows) balances.put([row.budget, row.window], row.spent_micro_usd, row.held_micro_usd);
  return balances;
}

const dayOf = (at: Instant): string => new Date(at).toISOString().slice(0, 10);

/** Every budget that one of the new attempts belongs to. */
async function budgetsFor(tx: Db, entries: readonly Entry[]): Promise<readonly BudgetRow[]> {
  const payers = entries.flatMap((entry) => (entry.kind === 'begin' ? [entry.attempt.payer] : []));
  if (payers.length === 0) return [];
  const subjects = new Set(payers.flatMap(({ person, product, run, key }) => [person, product, run ?? '', key ?? '']));
  return tx
    .selectFrom('spending_budgets')
    .selectAll()
    .where((row) => row.or([row('scope', '=', 'all'), row('subject', 'in', [...subjects])]))
    .orderBy('id')
    .execute();
}

async function writeBalances(tx: Db, balances: Balances): Promise<void> {
  const rows = balances.changed().map(({ hold: [budget, window], spent, held }) => ({
    budget,
    window,
    spent_micro_usd: spent,
    held_micro_usd: held,
  }));
  if (rows.length === 0) return;
  await tx
    .insertInto('spending_windows')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['budget', 'window']).doUpdateSet({
        spent_micro_usd: sql`excluded.spent_micro_usd`,
        held_micro_usd: sql`excluded.held_micro_usd`,
      }),
    )
    .execute();
}

const holdsOf = (line: LineRow): readonly Hold[] => JSON.parse(line.holds) as readonly Hold[];

function tiersFrom(text: string): readonly [PriceTier, ...PriceTier[]] {
  const [first = [], ...more] = JSON.parse(text) as readonly (readonly number[])[];
  return [tierOf(first), ...more.map(tierOf)];
}

export const lineOf = (row: LineRow): LedgerLine => ({
  id: row.id as AttemptId,
  at: instant(row.at),
  call: row.call,
  person: row.person,
  product: row.product,
  run: row.run,
  key: row.key,
  provider: row.provider,
  model: row.model,
  leg: row.leg,
  outcome: row.outcome,
  usage: {
    inputTokens: row.input_tokens,
    cacheReadTokens: row.cache_read_tokens,
    cacheWriteTokens: row.cache_write_tokens,
    outputTokens: row.output_tokens,
  },
  isEstimated: row.is_estimated === 1,
  costMicroUsd: microdollars(row.cost_micro_usd),
  heldMicroUsd: microdollars(row.held_micro_usd),
  priceVersion: row.price_version,
  firstTokenMs: row.first_token_ms,
  tookMs: row.took_ms,
  error: row.error,
  verdict: row.verdict,
});
