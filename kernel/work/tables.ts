// The tables of work: who holds which run until when, and who waits for or holds a place of which name.

import { sql } from 'kysely';

import type { MigrationList } from '../store/index.ts';

interface Held {
  /** For people: who, by name, process and machine. */
  readonly holder: string;
  readonly machine: string;
  readonly pid: number;
  readonly started: string;
  readonly until_at: number;
}

export interface WorkTables {
  readonly leases: Held & { readonly run: string; readonly epoch: number };
  /** The first `limit` tickets of a name hold its places, the others wait. */
  readonly slots: Held & { readonly id: string; readonly name: string; readonly ticket: number };
}

export const WORK_MIGRATIONS: MigrationList = {
  product: 'work',
  migrations: [
    {
      name: '001-leases-and-slots',
      async up(db) {
        await sql`create table leases (
          run text primary key references runs (id), epoch integer not null, holder text not null,
          machine text not null, pid integer not null, started text not null, until_at bigint not null)`.execute(db);
        await sql`create table slots (
          id text primary key, name text not null, ticket integer not null, holder text not null,
          machine text not null, pid integer not null, started text not null, until_at bigint not null)`.execute(db);
        await sql`create index slots_in_order on slots (name, ticket)`.execute(db);
      },
    },
  ],
};
