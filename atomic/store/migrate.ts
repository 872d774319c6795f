// Brings pristine.db to the schema of this version.
// Rule: forward only, all missing steps in one transaction; a database of a later version is not touched.

import { Fault } from 'kernel/basics';

import type { Database } from './database.ts';
import { migrationFailed, storeDamaged, storeNewer, storeOlder } from './faults.ts';
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION, type Migration } from './schema.ts';

/** Upgrades where needed. `migrations` is for tests. */
export function migrate(database: Database, readOnly: boolean, migrations: readonly Migration[] = MIGRATIONS): void {
  const wanted = migrations.length;
  const found = versionOf(database);
  if (found > wanted) throw storeNewer(database.path, found, wanted);
  if (found === wanted) return;
  if (readOnly) throw storeOlder(database.path, found, wanted);
  database.execute('BEGIN IMMEDIATE');
  try {
    // Another process may have done it while this one waited.
    for (const step of migrations.slice(versionOf(database))) apply(database, step);
    database.execute('COMMIT');
  } catch (thrown) {
    if (database.isInTransaction) database.execute('ROLLBACK');
    throw thrown;
  }
}

/** All tables in an empty database. */
export function createSchema(database: Database, upTo = SCHEMA_VERSION): void {
  database.execute(`PRAGMA application_id = ${APPLICATION_ID}`);
  database.execute('CREATE TABLE schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL)');
  for (const step of MIGRATIONS.slice(0, upTo)) apply(database, step);
}

function apply(database: Database, { version, name, sql }: Migration): void {
  try {
    database.execute(sql);
    database.run('INSERT INTO schema_version VALUES (?, ?)', version, name);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw migrationFailed(database.path, name, cause);
  }
}

function versionOf(database: Database): number {
  // An empty file is a valid database to SQLite, and none of ours.
  if (database.number(database.row('PRAGMA application_id'), 0) !== APPLICATION_ID) throw storeDamaged(database.path);
  return database.number(database.row('SELECT max(version) FROM schema_version'), 0);
}
