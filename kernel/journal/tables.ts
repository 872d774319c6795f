// The tables of the journal. `runs.epoch` is raised by kernel/work with each claim; nobody else writes here.

import { sql } from 'kysely';

import type { RunStatus } from '../protocol/index.ts';
import type { MigrationList } from '../store/index.ts';

export interface JournalTables {
  readonly runs: {
    readonly id: string;
    readonly product: string;
    readonly title: string;
    readonly source: string;
    readonly owner: string;
    /** JSON. */
    readonly input: string;
    /** Null where the run excludes nobody, and from the moment it is final. */
    readonly exclusive_key: string | null;
    readonly status: RunStatus;
    readonly reason: string | null;
    readonly cost_micro_usd: number;
    readonly created_at: number;
    readonly completed_at: number | null;
    readonly last_seq: number;
    readonly epoch: number;
  };
  readonly events: {
    readonly run: string;
    readonly seq: number;
    readonly at: number;
    readonly kind: string;
    /** JSON. */
    readonly data: string;
  };
}

export const JOURNAL_MIGRATIONS: MigrationList = {
  product: 'journal',
  migrations: [
    {
      name: '001-runs-and-events',
      async up(db) {
        await sql`create table runs (
          id text primary key, product text not null, title text not null, source text not null, owner text not null,
          input text not null, exclusive_key text, status text not null, reason text,
          cost_micro_usd bigint not null default 0, created_at bigint not null, completed_at bigint,
          last_seq integer not null default 0, epoch integer not null default 0)`.execute(db);
        await sql`create index runs_newest on runs (created_at, id)`.execute(db);
        await sql`create index runs_by_status on runs (status)`.execute(db);
        await sql`create unique index runs_exclusive on runs (product, exclusive_key)
          where exclusive_key is not null`.execute(db);
        await sql`create table events (
          run text not null references runs (id), seq integer not null, at bigint not null, kind text not null,
          data text not null, primary key (run, seq))`.execute(db);
      },
    },
  ],
};
