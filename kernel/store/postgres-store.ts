// The store on PostgreSQL: a pool of connections, NOTIFY as the wake-up for other processes.
// Rule: the same promises as on SQLite: writes behave as if they came one after another. Within a process they take
// turns; between processes PostgreSQL's serialisable transactions hold it, and one that met another is run again from
// its start, so its work must have no effect but on the database.

import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Client, Pool, types, type PoolConfig } from 'pg';

import { Fault, type Clock } from '../basics/index.ts';
import { asOwner } from './as-owner.ts';
import {
  maskedUrl,
  storeClosed,
  storeFull,
  storeLocked,
  storeReadOnly,
  storeRefused,
  storeUnreachable,
} from './faults.ts';
import { Listeners, type Wake } from './listeners.ts';
import { isCurrent, migrateWithin } from './migrate.ts';
import type { MigrationList, Store, WriteOptions } from './store.ts';
import { Turns } from './turns.ts';

/** PostgreSQL allows 100 connections by default; ten processes of ours then fit beside others. */
const CONNECTIONS_MAX = 8;
const CONNECT_MS_MAX = 5000;
/** With growing random pauses this is a few seconds: writers who still meet then have found a mistake of ours. */
const TRIES_MAX = 30;
const RETRY_MS = 10;
/** When the connection that listens is lost, changes are looked for at this pace until it is back. */
const LISTEN_AGAIN_MS = 1000;
const CHANNEL = 'tandem_change';
/** Any number that only Tandem uses: the advisory lock under which schemas change. */
const MIGRATION_LOCK = 7_264_636;

export interface PostgresOptions {
  readonly clock: Clock;
  readonly schema: string;
}

types.setTypeParser(types.builtins.INT8, Number);
types.setTypeParser(types.builtins.NUMERIC, Number);

/** Connects, and says clearly when the server is not there or refuses. */
export async function openPostgresStore(url: string, options: PostgresOptions): Promise<Store> {
  const config: PoolConfig = {
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    options: `-c search_path=${options.schema}`,
    application_name: 'tandem',
  };
  const pool = new Pool(config);
  const store = new PostgresStore(url, { config, pool }, options);
  try {
    await pool.query('select 1');
    return store;
  } catch (thrown) {
    await store.close();
    throw postgresFault(thrown, maskedUrl(url));
  }
}

class PostgresStore implements Store {
  readonly dialect = 'postgres';
  readonly #place: string;
  readonly #config: PoolConfig;
  readonly #pool: Pool;
  readonly #db: Kysely<unknown>;
  readonly #clock: Clock;
  readonly #schema: string;
  readonly #turns = new Turns();
  readonly #listeners = new Listeners((signal) => this.#watch(signal));
  #checkpointer: PostgresSaver | undefined;
  #closed = false;

  constructor(url: string, { config, pool }: { config: PoolConfig; pool: Pool }, options: PostgresOptions) {
    this.#place = maskedUrl(url);
    this.#config = config;
    this.#pool = pool;
    this.#clock = options.clock;
    this.#schema = options.schema;
    // A connection that breaks while idle is replaced by the pool; the next query says what is wrong.
    this.#pool.on('error', () => this.#listeners.wake('elsewhere'));
    this.#db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: this.#pool }) });
  }

  read<Tables>(): Kysely<Tables> {
    return asOwner<Tables>(this.#db);
  }

  async write<Tables, Result>(
    work: (tx: Kysely<Tables>) => Promise<Result>,
    { durable = false }: WriteOptions = {},
  ): Promise<Result> {
    if (this.#closed) throw storeClosed();
    const result = await this.#again(() =>
      this.#turns.take(() =>
        this.#db
          .transaction()
          .setIsolationLevel('serializable')
          .execute(async (tx) => {
            // Off loses at most the last moments on a power cut and tears nothing: what NORMAL means on SQLite.
            if (!durable) await sql`set local synchronous_commit = off`.execute(tx);
            const done = await work(asOwner<Tables>(tx));
            await sql`select pg_notify(${CHANNEL}, '')`.execute(tx);
            return done;
          }),
      ),
    );
    this.#listeners.wake('here');
    return result;
  }

  /** Durable writes are on the disk when they resolve. */
  sync(): Promise<void> {
    return Promise.resolve();
  }

  async migrate(lists: readonly MigrationList[]): Promise<void> {
    if (await isCurrent(this.#db, 'postgres', lists).then((current) => current && this.#hasCheckpoints())) return;
    await this.#again(() =>
      this.#db.connection().execute(async (connection) => {
        await sql`select pg_advisory_lock(${MIGRATION_LOCK})`.execute(connection);
        try {
          await sql`create schema if not exists ${sql.id(this.#schema)}`.execute(connection);
          await connection.transaction().execute((tx) => migrateWithin(tx, 'postgres', lists));
          await this.#saver().setup();
        } finally {
          await sql`select pg_advisory_unlock(${MIGRATION_LOCK})`.execute(connection);
        }
      }),
    );
  }

  onChange(wake: Wake): { stop(): void } {
    return this.#listeners.add(wake);
  }

  checkpointer(): BaseCheckpointSaver {
    return this.#saver();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#listeners.close();
    await this.#turns.ended();
    await this.#db.destroy();
  }

  #saver(): PostgresSaver {
    this.#checkpointer ??= new PostgresSaver(this.#pool, undefined, { schema: this.#schema });
    return this.#checkpointer;
  }

  /** The saver numbers its own migrations from 0; 4 is the last one of the version we pin. */
  async #hasCheckpoints(): Promise<boolean> {
    const known = await sql`select 1 where to_regclass('checkpoint_migrations') is not null`.execute(this.#db);
    if (known.rows.length === 0) return false;
    return (await sql`select 1 from checkpoint_migrations where v = 4`.execute(this.#db)).rows.length > 0;
  }

  async #again<Result>(transaction: () => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await transaction();
      } catch (thrown) {
        if (!metAnother(thrown)) throw postgresFault(thrown, this.#place);
        if (tries === TRIES_MAX) throw storeLocked(this.#place, thrown);
      }
      await this.#clock.sleep(RETRY_MS * tries * Math.random());
    }
  }

  async #watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#closed) {
      await this.#listen(signal);
      if (signal.aborted) return;
      await this.#clock.sleep(LISTEN_AGAIN_MS, signal);
      this.#listeners.wake('elsewhere');
    }
  }

  /** Wakes the listeners at every NOTIFY until the signal aborts or the connection is lost. */
  async #listen(signal: AbortSignal): Promise<void> {
    const client = new Client(this.#config);
    const ended = new Promise<void>((resolve) => {
      client.on('end', resolve);
      client.on('error', () => resolve());
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('notification', () => this.#listeners.wake('elsewhere'));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      // Whatever was written before LISTEN took effect.
      this.#listeners.wake('elsewhere');
      await ended;
    } catch (thrown) {
      if (!isPostgresError(thrown) && !(thrown instanceof Error)) throw thrown;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

const isPostgresError = (thrown: unknown): thrown is Error & { readonly code: string } =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string';

/** Deadlock, or not serialisable: PostgreSQL took the transaction back and asks to try again. */
const metAnother = (thrown: unknown): boolean =>
  isPostgresError(thrown) && (thrown.code === '40001' || thrown.code === '40P01');

/** What pg threw, as a Fault when the server or the way to it is at fault. */
function postgresFault(thrown: unknown, place: string): unknown {
  if (thrown instanceof Fault) return thrown;
  if (!isPostgresError(thrown)) return isTimeout(thrown) ? storeUnreachable(place, thrown) : thrown;
  if (/^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENOENT|EPIPE|57P|08)/.test(thrown.code))
    return storeUnreachable(place, thrown);
  if (/^(28|3D000)/.test(thrown.code)) return storeRefused(place, thrown);
  if (thrown.code === '53100') return storeFull(place, thrown);
  if (thrown.code === '25006') return storeReadOnly(place, thrown);
  if (thrown.code === '55P03') return storeLocked(place, thrown);
  return thrown;
}

const isTimeout = (thrown: unknown): boolean =>
  thrown instanceof Error && /timeout|terminated unexpectedly|Connection ended/i.test(thrown.message);
