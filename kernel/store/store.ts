// The face of the store: one database, SQLite by default or PostgreSQL, the same code on both.
// Rule: a write is one transaction that takes the write lock when it begins (BEGIN IMMEDIATE on SQLite)
// and awaits nothing but the store; reads never wait for a writer.

import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';
import type { Kysely } from 'kysely';

export type Dialect = 'sqlite' | 'postgres';

export interface Migration {
  /** Unique within its list and never changed once released, such as `001-runs`. */
  readonly name: string;
  up(db: Kysely<unknown>, dialect: Dialect): Promise<void>;
}

/** The forward migrations of one product, in order. */
export interface MigrationList {
  readonly product: string;
  readonly migrations: readonly Migration[];
}

export interface WriteOptions {
  /** True where a power cut must not lose the last write: ledger, approvals. Costs an fsync on SQLite. */
  readonly durable?: boolean;
}

export interface Store {
  readonly dialect: Dialect;
  /** The database as seen by the owner of some tables. For reads only. */
  read<Tables>(): Kysely<Tables>;
  /** Runs the work in one write transaction; retries while another process holds the lock, then throws STORE_LOCKED. */
  write<Tables, Result>(work: (tx: Kysely<Tables>) => Promise<Result>, options?: WriteOptions): Promise<Result>;
  /**
   * Resolves once everything written so far would survive a power cut, and keeps nobody waiting meanwhile. On PostgreSQL
   * that is what `durable` does; there this does nothing.
   */
  sync(): Promise<void>;
  /** Brings the schema forward, each list in its order, once. Safe when several processes start at once. */
  migrate(lists: readonly MigrationList[]): Promise<void>;
  /**
   * Calls back soon after anybody has written: `here` by this store, `elsewhere` perhaps by another process. A hint: the
   * tables are the truth.
   */
  onChange(wake: (from: 'here' | 'elsewhere') => void): { stop(): void };
  /** Where LangGraph keeps the state of workflows. */
  checkpointer(): BaseCheckpointSaver;
  close(): Promise<void>;
}
