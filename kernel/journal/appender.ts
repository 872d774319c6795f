// Appends events: those of the same moment share a transaction, whichever runs they belong to.
// Rule: the numbers are given in the order of asking, within the transaction that writes them.
// It has no effect but on the database until that has committed, because the store may run it again from its start.

import { sql, type Kysely } from 'kysely';

import { toIso, type Clock, type RunId } from '../basics/index.ts';
import type { RunEvent } from '../protocol/index.ts';
import type { Store } from '../store/index.ts';
import { runNotFound } from './faults.ts';
import type { Append } from './journal.ts';
import type { JournalTables } from './tables.ts';

type Db = Kysely<JournalTables>;

/** Of about 10 µs each: the store's lock is held for a few milliseconds at most. */
const BATCH_MAX = 200;

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
    // Whoever asks at the same moment shares the transaction.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH_MAX);
      try {
        const at = this.#clock.now();
        const events = batch.map(({ event }) => event);
        const outcomes = await this.#store.write((tx: Db) => appendAll(tx, events, at));
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
  events: readonly NewEvent[],
  at: ReturnType<Clock['now']>,
): Promise<readonly (Append | 'no-such-run')[]> {
  const ids = [...new Set(events.map(({ run }) => run))];
  const rows = await tx.selectFrom('runs').select(['id', 'last_seq', 'epoch']).where('id', 'in', ids).execute();
  const runs = new Map(rows.map((row) => [row.id, { ...row }]));
  const written: { run: string; seq: number; at: number; kind: string; data: string }[] = [];
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
  await tx.insertInto('events').values(written).execute();
  const last = new Map(written.map(({ run, seq }) => [run, seq]));
  const values = sql.join([...last].map(([run, seq]) => sql`(${run}, cast(${seq} as integer))`));
  await sql`with last(run, seq) as (values ${values})
    update runs set last_seq = last.seq from last where runs.id = last.run`.execute(tx);
  return outcomes;
}
