// Does a batch of begins and settlements in one transaction: reads the balances they touch, decides in memory, writes.
// Rule: line and balances change together or not at all, so the sum of the lines is always what the budgets say.
// Rule: it has no effect but on the database, because the store may run it again from its start.

import type { Kysely, Selectable } from 'kysely';

import { instant, microdollars, type Instant } from '../basics/index.ts';
import { runText, type Dialect } from '../store/index.ts';
import { Balances, windowOf, type BudgetRow, type Hold } from './balances.ts';
import { attemptUnknown } from './faults.ts';
import { costOf, listedPrice, tierOf, worstCostOf } from './prices.ts';
import type {
  AttemptId,
  AttemptOutcome,
  Begun,
  LedgerLine,
  AttemptDraft,
  Price,
  PriceAnswer,
  PriceTier,
  Settlement,
} from './spending.ts';
import { BEGUN, CLOSED, statementsOf } from './statements.ts';
import type { SpendingTables } from './tables.ts';

export type Db = Kysely<SpendingTables>;
export type LineRow = Selectable<SpendingTables['spending_lines']>;

export type Entry =
  | { readonly kind: 'begin'; readonly id: AttemptId; readonly attempt: AttemptDraft }
  | {
      readonly kind: 'settle';
      readonly id: AttemptId;
      readonly settlement: Omit<Settlement, 'outcome'> & { readonly outcome: AttemptOutcome };
    };
/** Without the promise that it is on the disk: that is made once the transaction is committed. */
export type BegunHere = Exclude<Begun, { kind: 'begun' }> | Omit<Extract<Begun, { kind: 'begun' }>, 'onDisk'>;
export type Booked = BegunHere | LedgerLine;

export interface Writer {
  readonly now: Instant;
  readonly holder: string;
  readonly dialect: Dialect;
}

/** What the caller knows without asking: prices set by persons, and the lines that it opened itself. */
export interface Known {
  readonly prices: readonly SetPrice[];
  readonly lines: ReadonlyMap<string, LineRow>;
}

/** What was booked: one answer for each entry, in order (a Fault stands for one that could not be done), and new lines. */
export interface Booking {
  readonly answers: readonly (Booked | Error)[];
  readonly opened: readonly LineRow[];
}

export async function book(tx: Db, entries: readonly Entry[], writer: Writer, known: Known): Promise<Booking> {
  const lines = await linesToSettle(tx, entries, writer, known);
  const balances = await balancesFor(tx, entries, writer);
  const opened: LineRow[] = [];
  const closed: LineRow[] = [];
  const answers = entries.map((entry): Booked | Error => {
    if (entry.kind === 'settle') {
      const line = lines.get(entry.id);
      if (line === undefined) return attemptUnknown(entry.id);
      const settled = isSettled(line, entry.settlement) ? line : settledLine(line, entry.settlement);
      if (settled !== line) {
        balances.settle(holdsOf(line), heldBy(line), settled.cost_micro_usd - line.cost_micro_usd);
        closed.push(settled);
      }
      lines.set(entry.id, settled);
      return lineOf(settled);
    }
    const price = priceAmong(known.prices, entry.attempt, writer.now);
    const begun = begin(entry, price, balances, writer);
    if ('row' in begun) opened.push(begun.row);
    return begun.answer;
  });
  if (opened.length > 0) await insertLines(tx, writer.dialect, opened);
  if (closed.length > 0) await closeLines(tx, writer.dialect, closed);
  await addToWindows(tx, writer.dialect, balances);
  return { answers, opened };
}

export type SetPrice = Selectable<SpendingTables['spending_prices']>;

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
): { readonly answer: BegunHere; readonly row: LineRow } | { readonly answer: BegunHere } {
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
    price_tiers: tiersText(price),
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

/** Of the prices that are asked for again and again. */
const texts = new WeakMap<Price, string>();

function tiersText(price: Price): string {
  const known = texts.get(price);
  if (known !== undefined) return known;
  const rates = price.tiers.map((t) => [t.aboveInputTokens, t.input, t.output, t.cacheRead, t.cacheWrite]);
  const text = JSON.stringify(rates);
  texts.set(price, text);
  return text;
}

type SettlementHere = Extract<Entry, { kind: 'settle' }>['settlement'];

/** A line that is closed stays as it is, unless it was given up and its process is back. */
const isSettled = (line: LineRow, { outcome }: SettlementHere): boolean =>
  line.outcome !== 'open' && !(line.outcome === 'lost' && outcome !== 'lost');

const heldBy = (line: LineRow): number => (line.outcome === 'open' ? line.held_micro_usd : 0);

/** The line as it is once settled. */
export function settledLine(line: LineRow, settlement: SettlementHere): LineRow {
  const { usage } = settlement;
  return {
    ...line,
    outcome: settlement.outcome,
    input_tokens: usage.inputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens,
    output_tokens: usage.outputTokens,
    is_estimated: settlement.isEstimated ? 1 : 0,
    cost_micro_usd: costOf({ tiers: tiersFrom(line.price_tiers) }, usage),
    first_token_ms: settlement.firstTokenMs === null ? null : Math.round(settlement.firstTokenMs),
    took_ms: Math.round(settlement.tookMs),
    error: settlement.error,
    verdict: settlement.verdict,
  };
}

/**
 * The lines as they are. One that we opened is taken as we know it, unless another process closed it meanwhile: then it
 * was believed that this one is gone, and the table says what came of it.
 */
async function linesToSettle(
  tx: Db,
  entries: readonly Entry[],
  { dialect }: Writer,
  known: Known,
): Promise<Map<string, LineRow>> {
  const ids = entries.filter(({ kind }) => kind === 'settle').map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const lines = new Map<string, LineRow>();
  const open = await runText<{ readonly id: string }>(tx, statementsOf(dialect).open, [JSON.stringify(ids)]);
  const stillOpen = new Set(open.map(({ id }) => id));
  const unknown: string[] = [];
  for (const id of ids) {
    const line = stillOpen.has(id) ? known.lines.get(id) : undefined;
    if (line === undefined) unknown.push(id);
    else lines.set(id, line);
  }
  if (unknown.length === 0) return lines;
  const rows = await tx.selectFrom('spending_lines').selectAll().where('id', 'in', unknown).execute();
  for (const row of rows) lines.set(row.id, row);
  return lines;
}

interface BudgetNow extends BudgetRow {
  readonly spent: number;
  readonly held: number;
}

/** Every budget that one of the new attempts belongs to, with what was spent and is held in the time that runs now. */
async function balancesFor(tx: Db, entries: readonly Entry[], { now, dialect }: Writer): Promise<Balances> {
  const payers = entries.flatMap((entry) => (entry.kind === 'begin' ? [entry.attempt.payer] : []));
  if (payers.length === 0) return new Balances([]);
  const subjects = payers.flatMap(({ person, product, run, key }) => [person, product, run ?? '', key ?? '']);
  const windows = [windowOf('day', now), windowOf('month', now)];
  const { balances: ofMany, balancesOfOne } = statementsOf(dialect);
  const rows =
    payers.length === 1
      ? await runText<BudgetNow>(tx, balancesOfOne, [...windows, ...subjects])
      : await runText<BudgetNow>(tx, ofMany, [...windows, JSON.stringify([...new Set(subjects)])]);
  const balances = new Balances(rows);
  for (const row of rows) balances.put([row.id, windowOf(row.period, now)], row.spent, row.held);
  return balances;
}

async function insertLines(tx: Db, dialect: Dialect, opened: readonly LineRow[]): Promise<void> {
  const { insert, insertOne } = statementsOf(dialect);
  const rows = opened.map((line) => BEGUN.map(([column]) => line[column as keyof LineRow]));
  const [row = [], second] = rows;
  await (second === undefined ? runText(tx, insertOne, row) : runText(tx, insert, [JSON.stringify(rows)]));
}

async function closeLines(tx: Db, dialect: Dialect, closed: readonly LineRow[]): Promise<void> {
  const rows = closed.map((line) => CLOSED.map(([column]) => line[column as keyof LineRow]));
  await runText(tx, statementsOf(dialect).close, [JSON.stringify(rows)]);
}

async function addToWindows(tx: Db, dialect: Dialect, balances: Balances): Promise<void> {
  const rows = balances.added().map(({ hold: [budget, window], spent, held }) => [budget, window, spent, held]);
  const { add, addOne } = statementsOf(dialect);
  const [row, second] = rows;
  if (row === undefined) return;
  await (second === undefined ? runText(tx, addOne, row) : runText(tx, add, [JSON.stringify(rows)]));
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
