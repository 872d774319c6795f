// Spending on a store. Begins and settlements of callers at once share transactions, so that the fsync which makes each
// durable is paid for by many.
// Rule: `begin` answers only after its line is written. What is noted while a stream runs is written once a second; it
// only says how much a process that dies had used.
// Rule: what an attempt of ours cost is known before it is written, and told at once. It is written before anything that
// is begun or read here afterwards; a process that dies in between leaves an open line, which is found and charged.

import type { Kysely } from 'kysely';

import { newId, scrub, toFault, type Clock, type Fault } from '../basics/index.ts';
import type { Store } from '../store/index.ts';
import { BookingQueue } from './booking-queue.ts';
import { listBudgets, removeBudget, setBudget } from './budgets.ts';
import {
  book,
  lineOf,
  priceAmong,
  settledLine,
  type Booked,
  type Booking,
  type BegunHere,
  type Entry,
  type LineRow,
  type SetPrice,
} from './book.ts';
import { priceWrong, spendingClosed } from './faults.ts';
import { PlannedSyncs } from './planned-syncs.ts';
import { costOfRun, csvOf, pageOfLines, reportBy } from './reports.ts';
import type { AttemptId, Begun, LedgerLine, AttemptDraft, Price, Spending, Usage } from './spending.ts';
import type { SpendingTables } from './tables.ts';

const NOTE_MS = 1000;
const PRICES_MS = 1000;
/** A process that has not said for a minute that it lives is gone, or will be corrected when it comes back. */
const GONE_MS = 60_000;
const ERROR_LENGTH_MAX = 200;

export interface SpendingOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Names this process among all that share the store. */
  readonly holder: string;
  /** True only where it is certain that the process of that name has ended. */
  isGone(holder: string): boolean;
  /** What goes wrong while nobody waits: notes that could not be written. */
  onTrouble?(fault: Fault): void;
}

export function createSpending(options: SpendingOptions): Spending {
  const { store, clock } = options;
  const ledger = new Ledger(options);
  const read = (): Kysely<SpendingTables> => store.read<SpendingTables>();
  const afterAll = async <Result>(look: () => Promise<Result>): Promise<Result> => {
    await ledger.written();
    return look();
  };
  return {
    begin: (attempt) => ledger.begin(attempt),
    note: (attempt, usage) => ledger.note(attempt, usage),
    settle: (id, given) => {
      const error = given.error === null ? null : scrub(given.error).slice(0, ERROR_LENGTH_MAX);
      return ledger.settle({ kind: 'settle', id, settlement: { ...given, usage: soundUsage(given.usage), error } });
    },
    recover: () => ledger.recover(),
    close: () => ledger.close(),
    priceOf: async (provider, model) =>
      priceAmong(await read().selectFrom('spending_prices').selectAll().execute(), { provider, model }, clock.now()),
    async setPrice(price, by) {
      await setPrice(options, price, by);
      ledger.forgetPrices();
    },
    budgets: () => afterAll(() => listBudgets(read(), clock.now())),
    setBudget: (budget) => afterAll(() => setBudget(options, budget)),
    removeBudget: (id) => removeBudget(store, id),
    lines: (filter, page) => afterAll(() => pageOfLines(read(), filter, page)),
    report: (by, filter) => afterAll(() => reportBy(read(), by, filter)),
    async *csv(filter) {
      await ledger.written();
      yield* csvOf(read(), filter);
    },
    costOf: (run) => afterAll(() => costOfRun(read(), run)),
  };
}

class Ledger {
  readonly #options: SpendingOptions;
  readonly #open = new Map<AttemptId, Usage | null>();
  /** The lines that are open here, as they were written. */
  readonly #lines = new Map<string, LineRow>();
  #prices: { readonly set: readonly SetPrice[]; readonly atMs: number } | undefined;
  readonly #queue: BookingQueue;
  readonly #syncs: PlannedSyncs;
  #noting: Promise<void> | undefined;
  readonly #closing = new AbortController();

  constructor(options: SpendingOptions) {
    this.#options = options;
    this.#queue = new BookingQueue({
      clock: options.clock,
      isAlone: () => this.#open.size === 0,
      write: (entries) => this.#write(entries),
    });
    this.#syncs = new PlannedSyncs({
      clock: options.clock,
      sync: () => options.store.sync(),
      onTrouble: (thrown) => options.onTrouble?.(toFault(thrown, 'Syncing the ledger')),
    });
  }

  async begin(attempt: AttemptDraft): Promise<Begun> {
    const begun = (await this.book({ kind: 'begin', id: newId<'attempt'>(), attempt })) as BegunHere;
    if (begun.kind !== 'begun') return begun;
    return { ...begun, onDisk: this.#syncs.plan() };
  }

  /** Of an attempt that was begun here: told at once and written after. */
  async settle(entry: Extract<Entry, { kind: 'settle' }>): Promise<LedgerLine> {
    const line = this.#lines.get(entry.id);
    if (line === undefined || !this.#open.has(entry.id)) return (await this.book(entry)) as LedgerLine;
    this.#open.delete(entry.id);
    this.#booked(entry, this.#queue.told(entry)).catch((thrown: unknown) => {
      this.#lines.delete(entry.id);
      // It stays open in the table, and is charged by what was noted of it once it is found.
      this.#options.onTrouble?.(toFault(thrown, 'Writing what an attempt has cost'));
    });
    return lineOf(settledLine(line, entry.settlement));
  }

  written(): Promise<void> {
    return this.#queue.written();
  }

  async book(entry: Entry): Promise<Booked> {
    // What is under way may still be settled while this process ends; nothing new begins.
    if (entry.kind === 'begin' && this.#closing.signal.aborted) throw spendingClosed();
    return this.#booked(entry, this.#queue.urgent(entry));
  }

  async #booked(entry: Entry, booked: Promise<Booked>): Promise<Booked> {
    const answer = await booked;
    if ('kind' in answer && answer.kind === 'begun') this.#remember(answer.attempt);
    if (entry.kind === 'settle') {
      this.#open.delete(entry.id);
      this.#lines.delete(entry.id);
    }
    return answer;
  }

  note(attempt: AttemptId, usage: Usage): void {
    if (this.#open.has(attempt)) this.#open.set(attempt, soundUsage(usage));
  }

  async recover(): Promise<number> {
    const { store, clock, isGone } = this.#options;
    const open = await store
      .read<SpendingTables>()
      .selectFrom('spending_lines')
      .selectAll()
      .where('outcome', '=', 'open')
      .execute();
    const lost = open.filter(
      (line) => !this.#open.has(line.id as AttemptId) && (line.seen_at < clock.now() - GONE_MS || isGone(line.holder)),
    );
    await Promise.all(
      lost.map((line) => this.book({ kind: 'settle', id: line.id as AttemptId, settlement: lostNow(line) })),
    );
    return lost.length;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#queue.emptied();
    await this.#syncs.made();
    await this.#noting;
  }

  async #write(entries: readonly Entry[]): Promise<Booking> {
    const { store, clock, holder } = this.#options;
    // On SQLite the sync follows, beside everything else. What a power cut may take of a settlement leaves an open line,
    // which is found and charged; a line that was never there is not.
    const durable = store.dialect === 'postgres' && entries.some(({ kind }) => kind === 'begin');
    const known = { prices: await this.#setPrices(), lines: this.#lines };
    const { dialect } = store;
    const booking = await store.write(
      (tx: Kysely<SpendingTables>) => book(tx, entries, { now: clock.now(), holder, dialect }, known),
      { durable },
    );
    for (const line of booking.opened) this.#lines.set(line.id, line);
    return booking;
  }

  /** Prices that persons set are read once a second: another process may have set one. */
  async #setPrices(): Promise<readonly SetPrice[]> {
    const { store, clock } = this.#options;
    const now = clock.now();
    if (this.#prices === undefined || Math.abs(now - this.#prices.atMs) >= PRICES_MS) {
      const set = await store.read<SpendingTables>().selectFrom('spending_prices').selectAll().execute();
      this.#prices = { set, atMs: now };
    }
    return this.#prices.set;
  }

  forgetPrices(): void {
    this.#prices = undefined;
  }

  #remember(attempt: AttemptId): void {
    this.#open.set(attempt, null);
    this.#noting ??= this.#keepNoting().finally(() => (this.#noting = undefined));
  }

  async #keepNoting(): Promise<void> {
    const { clock, onTrouble } = this.#options;
    while (this.#open.size > 0 && !this.#closing.signal.aborted) {
      await clock.sleep(NOTE_MS, this.#closing.signal);
      try {
        await this.#writeNotes();
      } catch (thrown) {
        // Notes make an estimate better; an attempt does not end for want of one.
        onTrouble?.(toFault(thrown, 'Noting what open attempts have used'));
      }
    }
  }

  async #writeNotes(): Promise<void> {
    const { store, clock, holder } = this.#options;
    if (this.#open.size === 0) return;
    const noted = [...this.#open];
    await store.write(async (tx: Kysely<SpendingTables>) => {
      const open = tx.updateTable('spending_lines').where('outcome', '=', 'open').where('holder', '=', holder);
      await open.set({ seen_at: clock.now() }).execute();
      for (const [id, usage] of noted) {
        if (usage === null) continue;
        const so = { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens };
        await open.set(so).where('id', '=', id).execute();
      }
    });
    for (const [id, usage] of noted) if (this.#open.get(id) === usage && usage !== null) this.#open.set(id, null);
  }
}

const lostNow = (line: LineRow) => ({
  outcome: 'lost' as const,
  usage: {
    inputTokens: line.input_tokens,
    cacheReadTokens: line.cache_read_tokens,
    cacheWriteTokens: line.cache_write_tokens,
    outputTokens: line.output_tokens,
  },
  isEstimated: true,
  firstTokenMs: null,
  tookMs: Math.max(0, line.seen_at - line.at),
  error: 'its process is gone',
  verdict: null,
});

/** Whole numbers from nothing up: what a provider says is a claim of somebody else's. */
function soundUsage(usage: Usage): Usage {
  const sound = (count: number): number => (Number.isFinite(count) && count > 0 ? Math.ceil(count) : 0);
  return {
    inputTokens: sound(usage.inputTokens),
    cacheReadTokens: sound(usage.cacheReadTokens),
    cacheWriteTokens: sound(usage.cacheWriteTokens),
    outputTokens: sound(usage.outputTokens),
  };
}

async function setPrice(
  { store, clock }: SpendingOptions,
  { provider, model, tiers }: Pick<Price, 'provider' | 'model' | 'tiers'>,
  by: string,
): Promise<void> {
  if (provider.trim() === '' || model.trim() === '') throw priceWrong('It names no provider or no model.');
  const rates = tiers.map((t) => [t.aboveInputTokens, t.input, t.output, t.cacheRead, t.cacheWrite]);
  if (rates.flat().some((rate) => !Number.isSafeInteger(rate) || rate < 0)) {
    throw priceWrong('A price is a whole number of microdollars from nothing up.');
  }
  if (tiers[0].aboveInputTokens !== 0) throw priceWrong('The first price does not begin at the first token.');
  const row = { tiers: JSON.stringify(rates), set_by: by, set_at: clock.now() };
  await store.write(
    (tx: Kysely<SpendingTables>) =>
      tx
        .insertInto('spending_prices')
        .values({ provider, model, ...row })
        .onConflict((conflict) => conflict.columns(['provider', 'model']).doUpdateSet(row))
        .execute(),
    { durable: true },
  );
}
