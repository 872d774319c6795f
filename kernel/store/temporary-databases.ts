// Databases for tests: an SQLite file in a folder of its own, and a PostgreSQL schema of its own wherever
// DATABASE_URL names a server. Contract suites of everything that stores something run on each.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sql } from 'kysely';

import { newId } from '../basics/index.ts';
import { openStore, parseStoreUrl, sqliteUrl, type StoreOptions } from './open-store.ts';
import type { MigrationList, Store } from './store.ts';

export interface TemporaryDatabase {
  readonly url: string;
  /** Needed to open it again, also in another process. */
  readonly schema: string;
  /** Another store on the same database, as another process would have. */
  open(options?: StoreOptions): Promise<Store>;
  /** Closes every store that was opened and removes the database. */
  remove(): Promise<void>;
}

export interface DatabaseKind {
  readonly name: string;
  make(): Promise<TemporaryDatabase>;
}

const serverUrl = process.env['DATABASE_URL'] ?? '';
const hasServer = parseStoreUrl(serverUrl)?.kind === 'postgres';

export const LEFT_OUT = hasServer ? null : 'PostgreSQL was left out: set DATABASE_URL=postgres://… to test it too.\n';

const sqlite: DatabaseKind = {
  name: 'SQLite',
  async make() {
    const folder = await mkdtemp(join(tmpdir(), 'tandem-store-'));
    const database = withStores(sqliteUrl(join(folder, 'tandem.db')), 'public');
    return {
      ...database,
      async remove() {
        await database.remove();
        await rm(folder, { recursive: true });
      },
    };
  },
};

const postgres: DatabaseKind = {
  name: 'PostgreSQL',
  async make() {
    const database = withStores(serverUrl, `test_${newId()}`);
    const { schema } = database;
    await database.open().then((store) => sql`create schema ${sql.id(schema)}`.execute(store.read()));
    return {
      ...database,
      async remove() {
        await database.open().then((store) => sql`drop schema ${sql.id(schema)} cascade`.execute(store.read()));
        await database.remove();
      },
    };
  },
};

export const DATABASES: readonly DatabaseKind[] = hasServer ? [sqlite, postgres] : [sqlite];

function withStores(url: string, schema: string): TemporaryDatabase {
  const stores: Store[] = [];
  return {
    url,
    schema,
    async open(options = {}) {
      const store = await openStore(url, { schema, ...options });
      stores.push(store);
      return store;
    },
    async remove() {
      await Promise.all(stores.map((store) => store.close()));
    },
  };
}

/** A store with these tables in a new database, and the way to be rid of both. */
export async function temporaryStore(
  kind: DatabaseKind,
  lists: readonly MigrationList[],
  options: StoreOptions = {},
): Promise<{ readonly store: Store; readonly database: TemporaryDatabase }> {
  const database = await kind.make();
  const store = await database.open(options);
  await store.migrate(lists);
  return { store, database };
}
