// One connection to an SQLite file, with its statements prepared once.
// Rule: rows are arrays whose columns are read by kind, so that a damaged file shows as a Fault and not as a wrong
// value; what is the machine's fault (locked, full, read-only, damaged) is a Fault that names the file.

import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

import { Fault } from 'kernel/basics';

import {
  diskBroken,
  storeCannotOpen,
  storeClosed,
  storeDamaged,
  storeFull,
  storeLocked,
  storeReadOnly,
  transactionEnded,
} from './faults.ts';

/** Statements kept prepared; the whole store has fewer. */
const STATEMENTS_MAX = 300;

export type Row = readonly SQLOutputValue[];
export type Value = SQLInputValue;

export interface DatabaseOptions {
  readonly readOnly: boolean;
  /** How long SQLite waits for the lock of another process. */
  readonly waitMs: number;
  /** Opens a file that nobody writes to and in whose folder nothing may be made. */
  readonly immutable?: boolean;
  /** Who holds the lock, for the fault. */
  readonly holder?: () => string | null;
  /**
   * Refuses to write outside of a transaction. SQLite ends one by itself when the disk is full; what comes after that
   * must not be written alone.
   */
  readonly onlyInTransaction?: boolean;
}

export class Database {
  readonly path: string;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #options: DatabaseOptions;

  constructor(path: string, options: DatabaseOptions) {
    this.path = path;
    this.#options = options;
    const place = options.immutable === true ? new URL(`${pathToFileURL(path).href}?immutable=1`) : path;
    this.#connection = this.#attempt(
      () =>
        new DatabaseSync(place, {
          readOnly: options.readOnly,
          timeout: options.waitMs,
          enableForeignKeyConstraints: true,
        }),
    );
  }

  /** Statements without values and without an answer. */
  execute(sql: string): void {
    this.#attempt(() => this.#connection.exec(sql));
  }

  run(sql: string, ...values: readonly Value[]): void {
    if (this.#options.onlyInTransaction === true && !this.#connection.isTransaction) throw transactionEnded(this.path);
    this.#attempt(() => this.#prepared(sql).run(...values));
  }

  row(sql: string, ...values: readonly Value[]): Row | undefined {
    return this.#attempt(() => asRow(this.#prepared(sql).get(...values)));
  }

  rows(sql: string, ...values: readonly Value[]): readonly Row[] {
    return this.#attempt(() =>
      this.#prepared(sql)
        .all(...values)
        .map(requiredRow),
    );
  }

  /** All reads inside are of one moment. */
  snapshot<Result>(work: () => Result): Result {
    if (this.isInTransaction) return work();
    this.execute('BEGIN');
    try {
      return work();
    } finally {
      if (this.isInTransaction) this.execute('ROLLBACK');
    }
  }

  get isInTransaction(): boolean {
    return this.#connection.isTransaction;
  }

  /** Changes when another connection has written. */
  version(): number {
    return this.number(this.row('PRAGMA data_version'), 0);
  }

  close(): void {
    this.#statements.clear();
    if (this.#connection.isOpen) this.#connection.close();
  }

  // Columns by kind. A column of another kind is damage.
  number(row: Row | undefined, column: number): number {
    const value = row?.[column];
    if (typeof value === 'number') return value;
    throw storeDamaged(this.path);
  }

  text(row: Row | undefined, column: number): string {
    const value = row?.[column];
    if (typeof value === 'string') return value;
    throw storeDamaged(this.path);
  }

  bytes(row: Row | undefined, column: number): Uint8Array {
    const value = row?.[column];
    if (value instanceof Uint8Array) return value;
    throw storeDamaged(this.path);
  }

  numberOrNull(row: Row | undefined, column: number): number | null {
    return row?.[column] === null ? null : this.number(row, column);
  }

  textOrNull(row: Row | undefined, column: number): string | null {
    return row?.[column] === null ? null : this.text(row, column);
  }

  bytesOrNull(row: Row | undefined, column: number): Uint8Array | null {
    return row?.[column] === null ? null : this.bytes(row, column);
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#connection.prepare(sql);
    statement.setReturnArrays(true);
    if (this.#statements.size >= STATEMENTS_MAX) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }

  #attempt<Result>(step: () => Result): Result {
    try {
      return step();
    } catch (thrown) {
      throw this.#faultOf(thrown);
    }
  }

  #faultOf(thrown: unknown): unknown {
    if (!(thrown instanceof Error) || thrown instanceof Fault) return thrown;
    if ('code' in thrown && thrown.code === 'ERR_INVALID_STATE') return storeClosed(this.path, thrown);
    if (!('errcode' in thrown) || typeof thrown.errcode !== 'number') return thrown;
    return sqliteFault(thrown, thrown.errcode, this.path, this.#options);
  }
}

/** SQLite's result codes that are the machine's fault: https://sqlite.org/rescode.html */
function sqliteFault(thrown: Error, code: number, path: string, options: DatabaseOptions): unknown {
  // A read that ended early is a file that was cut off, not a broken disk.
  if (code === 522) return storeDamaged(path, thrown);
  switch (code & 0xff) {
    case 5:
    case 6:
      return storeLocked(path, options.holder?.() ?? null, options.waitMs, thrown);
    case 8:
      return storeReadOnly(path, thrown);
    case 10:
      return diskBroken(path, thrown);
    case 11:
    case 26:
      return storeDamaged(path, thrown);
    case 13:
      return storeFull(path, thrown);
    case 14:
      return storeCannotOpen(path, thrown);
    default:
      return thrown;
  }
}

const asRow = (value: unknown): Row | undefined => (Array.isArray(value) ? value : undefined);
const requiredRow = (value: unknown): Row => asRow(value) ?? [];
