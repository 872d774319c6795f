// Appends events: those of the same moment share a transaction, whichever runs they belong to.
// Rule: the numbers are given in the order of asking, within the transaction that writes them.
// It has no effect but on the database until that has committed, because the store may run it again from its start.

import { sql, type Kysely } from 'kysely';

import { toIso, type Clock, type RunId } from '../basics/index.ts';
import type { RunEvent } from '../protocol/index.ts';
import { jsonRows, jsonTexts, type Dialect, type JsonColumn, type Store } from '../store/index.ts';
import { runNotFound } from './faults.ts';
import type { Append } from './journal.ts';
import type { JournalTables } from './tables.ts';

type Db = Kysely<JournalTables>;

/** Of about 20 µs each: the lock of the store is held for some milliseconds, and a commit is paid for by many. */
const BATCH_MAX = 1000;

interface NewEvent {
  readonly run: RunId;
  readonly epoch: number | null;
  readonly kind: string;
  readonly json: string;
}

interface Waiting {
  readonly event: NewEvent;
  readonly done: (append: Append) => void;
  readonly failed: (reason: unknown) => void;
}

export class Appender {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #onAppended: (event: RunEvent) => void;
  #waiting: Waiting[] = [];
  #isWorking = false;

  constructor(store: Store, clock: Clock, onAppended: (event: RunEvent) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#onAppended = onAppended;
  }

  async append(event: NewEvent): Promise<Append> {
    const { promise, resolve, reject } = Promise.withResolvers<Append>();
    this.#waiting.push({ event, done: resolve, failed: reject });
    if (!this.#isWorking) void this.#work();
    return promise;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    while (this.#waiting.length > 0) {
      // Whoever asks in the same turn of the loop shares the transaction.
      await new Promise((next) => setImmediate(next));
      const batch = this.#waiting.splice(0, BATCH_MAX);
      try {
        const at = this.#clock.now();
        const events = batch.map(({ event }) => event);
        const outcomes = await this.#store.write((tx: Db) => appendAll(tx, this.#store.dialect, events, at));
        for (const [index, { done, failed, event }] of batch.entries()) {
          const outcome = outcomes[index];
          if (outcome === 'no-such-run' || outcome === undefined) {
            failed(runNotFound(event.run));
            continue;
          }
          if (outcome.kind === 'appended') this.#onAppended(outcome.event);
          done(outcome);
        }
      } catch (thrown) {
        for (const { failed } of batch) failed(thrown);
      }
    }
    this.#isWorking = false;
  }
}

async function appendAll(
  tx: Db,
  dialect: Dialect,
  events: readonly NewEvent[],
  at: ReturnType<Clock['now']>,
): Promise<readonly (Append | 'no-such-run')[]> {
  const ids = [...new Set(events.map(({ run }) => run))];
  const rows = await runsOf(tx, dialect, ids);
  const runs = new Map(rows.map((row) => [row.id, { ...row }]));
  const written: Written[] = [];
  const outcomes = events.map(({ run: id, epoch, kind, json }): Append | 'no-such-run' => {
    const run = runs.get(id);
    if (run === undefined) return 'no-such-run';
    if (epoch !== null && epoch !== run.epoch) return { kind: 'fenced-off' };
    run.last_seq += 1;
    written.push({ run: id, seq: run.last_seq, at, kind, data: json });
    return {
      kind: 'appended',
      event: { run: id, seq: run.last_seq, at: toIso(at), kind, data: JSON.parse(json) as unknown },
    };
  });
  if (written.length === 0) return outcomes;
  await insertEvents(tx, dialect, written);
  return outcomes;
}

interface Written {
  readonly run: string;
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly data: string;
}

const EVENT_COLUMNS: readonly JsonColumn[] = [
  ['run', 'text'],
  ['seq', 'integer'],
  ['at', 'bigint'],
  ['kind', 'text'],
  ['data', 'text'],
];
const LAST_COLUMNS: readonly JsonColumn[] = [
  ['run', 'text'],
  ['seq', 'integer'],
];

async function insertEvents(tx: Db, dialect: Dialect, written: readonly Written[]): Promise<void> {
  const rows = written.map(({ run, seq, at, kind, data }) => [run, seq, at, kind, data]);
  const last = [...new Map(written.map(({ run, seq }) => [run, seq]))];
  await sql`insert into events (run, seq, at, kind, data)
    select run, seq, at, kind, data from ${jsonRows(dialect, 'rows', EVENT_COLUMNS, rows)}`.execute(tx);
  await sql`update runs set last_seq = last.seq from ${jsonRows(dialect, 'last', LAST_COLUMNS, last)}
    where runs.id = last.run`.execute(tx);
}

/** On PostgreSQL the rows are locked: else two processes would give the same number, and one would fail for it. */
async function runsOf(tx: Db, dialect: Dialect, ids: readonly string[]): Promise<readonly Numbered[]> {
  const locked = dialect === 'postgres' ? sql`for update` : sql``;
  const { rows } = await sql<Numbered>`select id, last_seq, epoch from runs
    where id in ${jsonTexts(dialect, ids)} ${locked}`.execute(tx);
  return rows;
}

interface Numbered {
  readonly id: string;
  readonly last_seq: number;
  readonly epoch: number;
}
