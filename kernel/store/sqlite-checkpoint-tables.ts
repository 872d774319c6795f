// Where LangGraph's checkpoints lie in SQLite: checkpoints, the values of their channels, and pending writes.
// Rule: a channel's value is stored once for each of its versions, however many checkpoints share it.

import { sql } from 'kysely';

import type { MigrationList } from './store.ts';

export interface CheckpointTables {
  readonly checkpoints: {
    readonly thread: string;
    readonly ns: string;
    readonly id: string;
    readonly parent: string | null;
    readonly type: string;
    readonly checkpoint: Uint8Array;
    readonly metadata_type: string;
    readonly metadata: Uint8Array;
  };
  readonly checkpoint_blobs: {
    readonly thread: string;
    readonly ns: string;
    readonly channel: string;
    readonly version: string;
    /** Null: the channel is empty in this version. */
    readonly type: string | null;
    readonly value: Uint8Array | null;
  };
  readonly checkpoint_writes: {
    readonly thread: string;
    readonly ns: string;
    readonly id: string;
    readonly task: string;
    readonly place: number;
    readonly channel: string;
    readonly type: string;
    readonly value: Uint8Array;
  };
}

export const CHECKPOINT_MIGRATIONS: MigrationList = {
  product: 'checkpoints',
  migrations: [
    {
      name: '001-checkpoints',
      async up(db) {
        await sql`create table checkpoints (
          thread text not null, ns text not null, id text not null, parent text,
          type text not null, checkpoint blob not null, metadata_type text not null, metadata blob not null,
          primary key (thread, ns, id)) without rowid`.execute(db);
        await sql`create table checkpoint_blobs (
          thread text not null, ns text not null, channel text not null, version text not null,
          type text, value blob, primary key (thread, ns, channel, version))`.execute(db);
        await sql`create table checkpoint_writes (
          thread text not null, ns text not null, id text not null, task text not null, place integer not null,
          channel text not null, type text not null, value blob not null,
          primary key (thread, ns, id, task, place))`.execute(db);
      },
    },
  ],
};
