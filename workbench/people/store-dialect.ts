// Lets a library that wants a Kysely of its own write through our store, one statement at a time.
// Rule: every change goes through the store's write, so it takes turns with ours and waits for locks as ours do.
// Not here: transactions, which the library is told not to use.

import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';

import type { Store } from 'kernel/store';

export const kyselyThrough = (store: Store): Kysely<unknown> => new Kysely<unknown>({ dialect: dialectOf(store) });

function dialectOf(store: Store): Dialect {
  const isSqlite = store.dialect === 'sqlite';
  return {
    createAdapter: () => (isSqlite ? new SqliteAdapter() : new PostgresAdapter()),
    createQueryCompiler: () => (isSqlite ? new SqliteQueryCompiler() : new PostgresQueryCompiler()),
    createIntrospector: (db) => (isSqlite ? new SqliteIntrospector(db) : new PostgresIntrospector(db)),
    createDriver: () => driverOf(store),
  };
}

function driverOf(store: Store): Driver {
  const connection: DatabaseConnection = {
    executeQuery: <Row>(query: CompiledQuery): Promise<QueryResult<Row>> =>
      query.query.kind === 'SelectQueryNode'
        ? store.read<unknown>().executeQuery<Row>(query as CompiledQuery<Row>)
        : store.write<unknown, QueryResult<Row>>((tx) => tx.executeQuery<Row>(query as CompiledQuery<Row>)),
    streamQuery: () => {
      throw new TypeError('Rows are not streamed through the store.');
    },
  };
  const nothing = async (): Promise<void> => undefined;
  const noTransactions = (): never => {
    throw new TypeError('A transaction of its own would wait for ours: use the store.');
  };
  return {
    init: nothing,
    acquireConnection: async () => connection,
    beginTransaction: noTransactions,
    commitTransaction: noTransactions,
    rollbackTransaction: noTransactions,
    releaseConnection: nothing,
    destroy: nothing,
  };
}
