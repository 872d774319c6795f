// The repositories that were registered: where each lies, and the name it goes by in addresses.

import { sql } from 'kysely';

import type { MigrationList } from 'kernel/store';

export interface RepositoryTables {
  readonly atomic_repositories: {
    readonly id: string;
    readonly name: string;
    readonly root: string;
    readonly registered_at: number;
    readonly registered_by: string;
  };
}

export const REPOSITORY_MIGRATIONS: MigrationList = {
  product: 'atomic',
  migrations: [
    {
      name: '001-repositories',
      async up(db) {
        await sql`create table atomic_repositories (
          id text primary key, name text not null unique, root text not null unique,
          registered_at bigint not null, registered_by text not null)`.execute(db);
      },
    },
  ],
};
