// Brings a schema forward: each product's migrations in their order, each once, recorded in one table.
// Rule: forward only, inside one transaction that holds the database's lock, so several processes may start at once.
// A recorded name that this version does not know means a newer Tandem was here: nothing is touched.

import { sql, type Kysely } from 'kysely';

import { asOwner } from './as-owner.ts';
import { storeNewer, migrationFailed } from './faults.ts';
import type { Dialect, Migration, MigrationList } from './store.ts';

interface MigrationTables {
  readonly tandem_migrations: { readonly product: string; readonly name: string; readonly applied_at: number };
}

/** Which migrations are still to be done. Throws STORE_NEWER when the database knows more than we do. */
function missing(list: MigrationList, recorded: readonly string[]): readonly Migration[] {
  const known = new Set(list.migrations.map((migration) => migration.name));
  const unknown = recorded.find((name) => !known.has(name));
  if (unknown !== undefined) throw storeNewer(list.product, unknown);
  const done = new Set(recorded);
  return list.migrations.filter((migration) => !done.has(migration.name));
}

/** True when nothing is to be done; looks without taking any lock. */
export async function isCurrent(
  db: Kysely<unknown>,
  dialect: Dialect,
  lists: readonly MigrationList[],
): Promise<boolean> {
  if (!(await hasTable(db, dialect))) return false;
  for (const list of lists) {
    if (missing(list, await recordedOf(db, list.product)).length > 0) return false;
  }
  return true;
}

/** To be called inside a write transaction that nobody else can be in. */
export async function migrateWithin(
  tx: Kysely<unknown>,
  dialect: Dialect,
  lists: readonly MigrationList[],
): Promise<void> {
  await sql`create table if not exists tandem_migrations (
    product text not null, name text not null, applied_at bigint not null, primary key (product, name))`.execute(tx);
  for (const list of lists) {
    for (const migration of missing(list, await recordedOf(tx, list.product))) {
      await apply(tx, dialect, list.product, migration);
    }
  }
}

async function apply(tx: Kysely<unknown>, dialect: Dialect, product: string, migration: Migration): Promise<void> {
  try {
    await migration.up(tx, dialect);
  } catch (cause) {
    throw migrationFailed(product, migration.name, cause);
  }
  await asOwner<MigrationTables>(tx)
    .insertInto('tandem_migrations')
    .values({ product, name: migration.name, applied_at: Date.now() })
    .execute();
}

async function recordedOf(db: Kysely<unknown>, product: string): Promise<readonly string[]> {
  const rows = await asOwner<MigrationTables>(db)
    .selectFrom('tandem_migrations')
    .select('name')
    .where('product', '=', product)
    .orderBy('name')
    .execute();
  return rows.map((row) => row.name);
}

async function hasTable(db: Kysely<unknown>, dialect: Dialect): Promise<boolean> {
  const query =
    dialect === 'sqlite'
      ? sql`select 1 from sqlite_master where type = 'table' and name = 'tandem_migrations'`
      : sql`select 1 where to_regclass('tandem_migrations') is not null`;
  return (await query.execute(db)).rows.length > 0;
}
