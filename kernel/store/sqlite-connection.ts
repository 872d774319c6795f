// One connection to an SQLite file, and Kysely on top of it by its official dialect.
// Rule: the connection speaks in Faults where the machine is at fault (locked, full, read-only, damaged);
// mistakes in SQL and broken constraints pass through as they are.

import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

import { Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';

import { Fault } from '../basics/index.ts';
import {
  storeBroken,
  storeCannotOpen,
  storeClosed,
  storeCorrupt,
  storeFull,
  storeLocked,
  storeReadOnly,
} from './faults.ts';
import { runsDirectly } from './run-text.ts';

/** SQLite waits inside the call and so stops the event loop: a usual write fits in, longer waits are ours to do. */
const BUSY_TIMEOUT_MS = 10;
/** Statements kept prepared on each connection; the whole of Tandem uses fewer. */
const STATEMENTS_MAX = 200;

export type Connect = (path: string, options: { readonly readOnly: boolean }) => DatabaseSync;

export const connect: Connect = (path, { readOnly }) =>
  new DatabaseSync(path, { readOnly, timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });

/** SQLite's primary result codes that are the machine's fault: https://sqlite.org/rescode.html */
const FAULTS: Readonly<Record<number, (place: string, cause: unknown) => Fault>> = {
  5: storeLocked,
  6: storeLocked,
  8: storeReadOnly,
  10: storeBroken,
  11: storeCorrupt,
  13: storeFull,
  14: storeCannotOpen,
  26: storeCorrupt,
};

/** What SQLite threw, as a Fault when the machine is at fault. */
function sqliteFault(thrown: unknown, place: string): unknown {
  if (!(thrown instanceof Error)) return thrown;
  if ('code' in thrown && thrown.code === 'ERR_INVALID_STATE' && thrown.message.includes('not open')) {
    return storeClosed();
  }
  if (!('errcode' in thrown) || typeof thrown.errcode !== 'number') return thrown;
  const fault = FAULTS[thrown.errcode & 0xff];
  return fault === undefined ? thrown : fault(place, thrown);
}

export const isLocked = (thrown: unknown): boolean => thrown instanceof Fault && thrown.code === 'STORE_LOCKED';

/** Kysely on the connection. It runs one statement at a time; `destroy` does not close the connection. */
export function kyselyOn(database: DatabaseSync, place: string): Kysely<unknown> {
  const prepared = new Map<string, SqliteStatement>();
  const shim: SqliteDatabase = {
    close: () => prepared.clear(),
    prepare: (text) => {
      const known = prepared.get(text);
      if (known !== undefined) return known;
      const statement = attempt(place, () => statementOf(database.prepare(text), place));
      if (prepared.size >= STATEMENTS_MAX) prepared.clear();
      prepared.set(text, statement);
      return statement;
    },
  };
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: shim }) });
  runsDirectly(db, (text, parameters) => {
    const statement = shim.prepare(text);
    if (statement.reader) return statement.all(parameters);
    statement.run(parameters);
    return [];
  });
  return db;
}

function statementOf(statement: StatementSync, place: string): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (values) => attempt(place, () => statement.all(...values.map(inputOf))),
    run: (values) => attempt(place, () => statement.run(...values.map(inputOf))),
    iterate: (values) => attempt(place, () => statement.iterate(...values.map(inputOf))),
  };
}

export function attempt<Result>(place: string, step: () => Result): Result {
  try {
    return step();
  } catch (thrown) {
    throw sqliteFault(thrown, place);
  }
}

function inputOf(value: unknown): SQLInputValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`SQLite holds no ${typeof value}; give it text, a number or bytes.`);
}
