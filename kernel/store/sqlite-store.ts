// The store on one SQLite file through node:sqlite.
// Rule: one connection writes and another reads, so a reader of this process never sees a half-done write.
// A write takes SQLite's lock when it begins; while another process holds it we wait without stopping the event loop.

import { createRequire } from 'node:module';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';
import type { Kysely } from 'kysely';

import type { Clock } from '../basics/index.ts';
import { asOwner } from './as-owner.ts';
import { storeClosed } from './faults.ts';
import { Listeners, type Wake } from './listeners.ts';
import { isCurrent, migrateWithin } from './migrate.ts';
import { attempt, connect, isLocked, kyselyOn, type Connect } from './sqlite-connection.ts';
import { CHECKPOINT_MIGRATIONS } from './sqlite-checkpoint-tables.ts';
import type { MigrationList, Store, WriteOptions } from './store.ts';
import { LogSync } from './sync-log.ts';
import { Turns } from './turns.ts';

/** How often the writes of other processes are looked for while somebody listens: design, "Data, runs and events". */
const WATCH_EACH_MS = 100;
/** Pages in the log before SQLite copies them into the file, which syncs twice meanwhile: 16 MB, four times its default. */
const LOG_PAGES = 4000;
/** Between two tries to take the lock: long enough for a usual write (0.1 ms), short for a person. */
const LOCK_RETRY_MS = 15;
/** A write holds the lock for milliseconds; somebody who holds it this long is stuck. */
const LOCK_WAIT_MS_MAX = 10_000;

export interface SqliteOptions {
  readonly clock: Clock;
  readonly lockWaitMsMax?: number;
  /** How connections are made; tests hand in ones that fail. */
  readonly connect?: Connect;
}

/** Opens the file, or makes it; its folder must exist. */
export async function openSqliteStore(path: string, options: SqliteOptions): Promise<Store> {
  const make = options.connect ?? connect;
  const waiting = new LockWait(options);
  const writer = await waiting.until(() => openWriter(path, make));
  try {
    const reader = await waiting.until(() => attempt(path, () => make(path, { readOnly: true })));
    return new SqliteStore(path, { writer, reader }, options);
  } catch (thrown) {
    writer.close();
    throw thrown;
  }
}

function openWriter(path: string, make: Connect): DatabaseSync {
  const database = attempt(path, () => make(path, { readOnly: false }));
  try {
    attempt(path, () =>
      database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${LOG_PAGES}`),
    );
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** Tries again while another process holds the lock, sleeping in between, up to a limit. */
class LockWait {
  readonly #clock: Clock;
  readonly #limitMs: number;
  constructor(options: SqliteOptions) {
    this.#clock = options.clock;
    this.#limitMs = options.lockWaitMsMax ?? LOCK_WAIT_MS_MAX;
  }

  async until<Result>(step: () => Result): Promise<Result> {
    const startedAt = this.#clock.now();
    for (;;) {
      try {
        return step();
      } catch (thrown) {
        if (!isLocked(thrown) || this.#clock.now() - startedAt >= this.#limitMs) throw thrown;
      }
      await this.#clock.sleep(LOCK_RETRY_MS);
    }
  }
}

class SqliteStore implements Store {
  readonly dialect = 'sqlite';
  readonly #path: string;
  readonly #clock: Clock;
  readonly #writer: DatabaseSync;
  readonly #reader: DatabaseSync;
  readonly #writes: Kysely<unknown>;
  readonly #reads: Kysely<unknown>;
  /** BEGIN, COMMIT and their like, compiled once. */
  readonly #ready = new Map<string, StatementSync>();
  readonly #turns = new Turns();
  readonly #log: LogSync;
  readonly #lockWait: LockWait;
  readonly #listeners = new Listeners((signal) => this.#watch(signal));
  #checkpointer: BaseCheckpointSaver | undefined;
  #closed = false;
  #durable = false;

  constructor(path: string, connections: { writer: DatabaseSync; reader: DatabaseSync }, options: SqliteOptions) {
    this.#path = path;
    this.#log = new LogSync(path);
    this.#clock = options.clock;
    this.#lockWait = new LockWait(options);
    this.#writer = connections.writer;
    this.#reader = connections.reader;
    this.#writes = kyselyOn(connections.writer, path);
    this.#reads = kyselyOn(connections.reader, path);
  }

  read<Tables>(): Kysely<Tables> {
    return asOwner<Tables>(this.#reads);
  }

  async write<Tables, Result>(
    work: (tx: Kysely<Tables>) => Promise<Result>,
    { durable = false }: WriteOptions = {},
  ): Promise<Result> {
    const result = await this.#turns.take(async () => {
      if (this.#closed) throw storeClosed();
      this.#setDurable(durable);
      if (!this.#hasBegun()) await this.#lockWait.until(() => this.#run('BEGIN IMMEDIATE'));
      return this.#finish(() => work(asOwner<Tables>(this.#writes)));
    });
    this.#listeners.wake('here');
    return result;
  }

  sync(): Promise<void> {
    return this.#log.sync();
  }

  /** Nearly always the lock is free: then nothing has to be waited for. */
  #hasBegun(): boolean {
    try {
      this.#run('BEGIN IMMEDIATE');
      return true;
    } catch (thrown) {
      if (!isLocked(thrown)) throw thrown;
      return false;
    }
  }

  async #finish<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      const result = await work();
      this.#run('COMMIT');
      return result;
    } catch (thrown) {
      // A full disk may have ended the transaction already.
      if (this.#writer.isOpen && this.#writer.isTransaction) this.#run('ROLLBACK');
      throw thrown;
    }
  }

  async migrate(lists: readonly MigrationList[]): Promise<void> {
    const all = [CHECKPOINT_MIGRATIONS, ...lists];
    if (await isCurrent(this.#reads, 'sqlite', all)) return;
    await this.write((tx: Kysely<unknown>) => migrateWithin(tx, 'sqlite', all), { durable: true });
  }

  onChange(wake: Wake): { stop(): void } {
    return this.#listeners.add(wake);
  }

  checkpointer(): BaseCheckpointSaver {
    // Loaded here and not above: LangGraph costs 0.2 s at start, and most commands run no workflow.
    this.#checkpointer ??= loadCheckpoints().createSqliteCheckpoints(this);
    return this.#checkpointer;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#listeners.close();
    await this.#turns.ended();
    await this.#log.close();
    this.#reader.close();
    // The last one to leave folds the log into the file; when another process still reads, SQLite leaves it be.
    attempt(this.#path, () => this.#writer.close());
  }

  #setDurable(durable: boolean): void {
    if (durable === this.#durable) return;
    this.#run(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
    this.#durable = durable;
  }

  #run(text: string): void {
    attempt(this.#path, () => {
      const known = this.#ready.get(text) ?? this.#writer.prepare(text);
      this.#ready.set(text, known);
      known.run();
    });
  }

  async #watch(signal: AbortSignal): Promise<void> {
    let seen = this.#version();
    while (!signal.aborted && !this.#closed) {
      await this.#clock.sleep(WATCH_EACH_MS, signal);
      if (signal.aborted || this.#closed) return;
      const version = this.#version();
      if (version !== seen) this.#listeners.wake('elsewhere');
      seen = version;
    }
  }

  /** Changes whenever another connection has written; undefined while that cannot be told. */
  #version(): unknown {
    try {
      return this.#reader.prepare('PRAGMA data_version').get()?.['data_version'];
    } catch (thrown) {
      // A lock during recovery: wake the listeners now and look again next time.
      return thrown;
    }
  }
}

const require = createRequire(import.meta.url);
const loadCheckpoints = (): { createSqliteCheckpoints(store: Store): BaseCheckpointSaver } =>
  require('./sqlite-checkpoints.ts');
