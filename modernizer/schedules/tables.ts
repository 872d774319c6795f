// The table of schedules. `next_at` is the time that is due next; whoever starts it holds it by `claimed_until`.

import { sql } from 'kysely';

import type { MigrationList } from 'kernel/store';

export interface ScheduleTables {
  readonly modernizer_schedules: {
    readonly id: string;
    readonly owner: string;
    readonly title: string;
    /** JSON: ProjectChoice, ModernizeOptions, Recurrence, ScheduleOutcome. */
    readonly project: string;
    readonly options: string;
    readonly recurrence: string;
    readonly last: string | null;
    readonly paused: number;
    readonly next_at: number;
    /** Counts the claims: the fence of who settles a due time. */
    readonly claim: number;
    readonly claimed_until: number;
    readonly created_at: number;
  };
}

export const SCHEDULE_MIGRATIONS: MigrationList = {
  product: 'modernizer',
  migrations: [
    {
      name: '001-schedules',
      async up(db) {
        await sql`create table modernizer_schedules (
          id text primary key, owner text not null, title text not null, project text not null, options text not null,
          recurrence text not null, last text, paused integer not null, next_at bigint not null,
          claim integer not null, claimed_until bigint not null, created_at bigint not null)`.execute(db);
        await sql`create index modernizer_schedules_due on modernizer_schedules (paused, next_at)`.execute(db);
      },
    },
  ],
};
