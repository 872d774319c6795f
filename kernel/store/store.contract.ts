// What every store promises, whatever database is under it.

import { sql, type Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { manualClock } from '../basics/index.ts';
import type { MigrationList, Store } from './store.ts';
import type { DatabaseKind, TemporaryDatabase } from './temporary-databases.ts';

interface Tables {
  readonly counters: { readonly name: string; readonly value: number };
}
type Db = Kysely<Tables>;

const COUNTERS: MigrationList = {
  product: 'counting',
  migrations: [
    {
      name: '001-counters',
      async up(db) {
        await sql`create table counters (name text primary key, value bigint not null)`.execute(db);
      },
    },
  ],
};

const valueOf = async (db: Db, name: string): Promise<number | undefined> =>
  (await db.selectFrom('counters').select('value').where('name', '=', name).executeTakeFirst())?.value;

/** A read-then-write, as careless code would do it. */
const addOne = (store: Store, name: string): Promise<void> =>
  store.write(async (tx: Db) => {
    const value = (await valueOf(tx, name)) ?? 0;
    if (value === 0) await tx.insertInto('counters').values({ name, value: 1 }).execute();
    else
      await tx
        .updateTable('counters')
        .set({ value: value + 1 })
        .where('name', '=', name)
        .execute();
  });

export function storeContract(kind: DatabaseKind): void {
  describe(`a store on ${kind.name}`, () => {
    let database: TemporaryDatabase;
    let store: Store;
    const clock = manualClock();
    beforeEach(async () => {
      database = await kind.make();
      store = await database.open();
      await store.migrate([COUNTERS]);
    });
    afterEach(() => database.remove());

    test('what was written is read at once', async () => {
      await addOne(store, 'a');
      expect(await valueOf(store.read(), 'a')).toBe(1);
    });

    test('a write that fails leaves nothing behind and passes its reason on', async () => {
      const reason = new Error('changed my mind');
      const failing = store.write(async (tx: Db) => {
        await tx.insertInto('counters').values({ name: 'a', value: 1 }).execute();
        throw reason;
      });
      await expect(failing).rejects.toBe(reason);
      expect(await valueOf(store.read(), 'a')).toBeUndefined();
      await addOne(store, 'a');
    });

    test('a half-done write is seen by nobody', async () => {
      await store.write(async (tx: Db) => {
        await tx.insertInto('counters').values({ name: 'a', value: 1 }).execute();
        expect(await valueOf(store.read(), 'a')).toBeUndefined();
        expect(await valueOf(tx, 'a')).toBe(1);
      });
    });

    test('writes that read first lose no update, also between two processes', async () => {
      const other = await database.open();
      await Promise.all(Array.from({ length: 30 }, (_, index) => addOne(index % 2 === 0 ? store : other, 'a')));
      expect(await valueOf(store.read(), 'a')).toBe(30);
    });

    test('a write begun inside a write is refused instead of waiting for itself', async () => {
      const nested = store.write(() => addOne(store, 'a'));
      await expect(nested).rejects.toMatchObject({ code: 'STORE_NESTED_WRITE' });
      await addOne(store, 'a');
    });

    test('a durable write is a write', async () => {
      await store.write((tx: Db) => tx.insertInto('counters').values({ name: 'a', value: 7 }).execute(), {
        durable: true,
      });
      expect(await valueOf(store.read(), 'a')).toBe(7);
    });

    test('large numbers and sums come back as numbers', async () => {
      const large = 9_007_199_254_740_991;
      await store.write((tx: Db) => tx.insertInto('counters').values({ name: 'a', value: large }).execute());
      const sums = await sql<{ total: number }>`select sum(value) as total from counters`.execute(store.read());
      expect([await valueOf(store.read(), 'a'), sums.rows[0]?.total]).toEqual([large, large]);
    });

    test('a broken constraint is no fault of the machine', async () => {
      await addOne(store, 'a');
      const twice = store.write((tx: Db) => tx.insertInto('counters').values({ name: 'a', value: 1 }).execute());
      await expect(twice).rejects.toThrow(/unique|duplicate/i);
      await expect(twice).rejects.not.toMatchObject({ name: 'Fault' });
    });

    test('closing waits for the write that is under way, and then nothing more is written', async () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const writing = store.write(async (tx: Db) => {
        await gate;
        await tx.insertInto('counters').values({ name: 'a', value: 1 }).execute();
      });
      await Promise.resolve();
      const closing = store.close();
      open();
      await Promise.all([writing, closing]);
      await expect(addOne(store, 'b')).rejects.toMatchObject({ code: 'STORE_CLOSED' });
      expect(await valueOf((await database.open()).read(), 'a')).toBe(1);
    });

    test('whoever listens is woken by a write of this process', async () => {
      const woken = Promise.withResolvers<void>();
      const listening = store.onChange(() => woken.resolve());
      await addOne(store, 'a');
      await woken.promise;
      listening.stop();
    });

    test('whoever listens is woken by a write of another process', async () => {
      const here = await database.open({ clock });
      const woken: true[] = [];
      const listening = here.onChange(() => void woken.push(true));
      for (let tries = 0; woken.length === 0 && tries < 2000; tries += 1) {
        await addOne(store, 'a');
        await clock.advance(100);
        await new Promise((resolve) => setImmediate(resolve));
      }
      listening.stop();
      expect(woken.length).toBeGreaterThan(0);
    });

    test('after stop nobody is woken any more', async () => {
      let woken = 0;
      store.onChange(() => (woken += 1)).stop();
      await addOne(store, 'a');
      expect(woken).toBe(0);
    });

    test('LangGraph finds its checkpoint again after the store was opened anew', async () => {
      const config = { configurable: { thread_id: 'a', checkpoint_ns: '' } };
      const checkpoint = {
        v: 4,
        id: '1f0c0000-0000-6000-8000-000000000001',
        ts: '2026-01-01T00:00:00.000Z',
        channel_values: { plan: ['x'] },
        channel_versions: { plan: 1 },
        versions_seen: {},
      };
      const metadata = { source: 'loop' as const, step: 1, parents: {} };
      await store.checkpointer().put(config, checkpoint, metadata, { plan: 1 });
      await store.close();
      const tuple = await (await database.open()).checkpointer().getTuple(config);
      expect(tuple?.checkpoint).toEqual(checkpoint);
    });

    migrationTests(() => ({ database, store }));
  });
}

function migrationTests(current: () => { readonly database: TemporaryDatabase; readonly store: Store }): void {
  const creates = (name: string, ...columns: string[]) => ({
    name,
    up: async (db: Kysely<unknown>) => void (await sql.raw(`create table ${columns[0]} (id integer)`).execute(db)),
  });

  test('each migration runs once, whoever starts and however often', async () => {
    const { database } = current();
    const list = { product: 'new', migrations: [creates('001-first', 'first'), creates('002-second', 'second')] };
    const stores = await Promise.all([database.open(), database.open(), database.open()]);
    await Promise.all(stores.map((store) => store.migrate([list])));
    await Promise.all(stores.map((store) => store.migrate([list])));
    const names = await sql`select name from tandem_migrations where product = 'new' order by name`.execute(
      current().store.read(),
    );
    expect(names.rows.map((row) => ({ ...(row as object) }))).toEqual([{ name: '001-first' }, { name: '002-second' }]);
  });

  test('a later version adds what is missing', async () => {
    const { store } = current();
    await store.migrate([{ product: 'new', migrations: [creates('001-first', 'first')] }]);
    await store.migrate([
      { product: 'new', migrations: [creates('001-first', 'first'), creates('002-second', 'second')] },
    ]);
    await sql`select * from second`.execute(store.read());
  });

  test('a database of a newer Tandem is refused and left alone', async () => {
    const { store } = current();
    const older = { product: 'counting', migrations: [] };
    const other = { product: 'new', migrations: [creates('001-first', 'first')] };
    const refused = store.migrate([other, older]);
    await expect(refused).rejects.toMatchObject({ code: 'STORE_NEWER', why: expect.stringContaining('001-counters') });
    await expect(sql`select * from first`.execute(store.read())).rejects.toThrow(/first/);
  });

  test('a migration that fails is named, and all that came before it is taken back too', async () => {
    const { store } = current();
    const broken = {
      name: '002-broken',
      up: async (db: Kysely<unknown>) => void (await sql`create nonsense`.execute(db)),
    };
    const failing = store.migrate([{ product: 'new', migrations: [creates('001-first', 'first'), broken] }]);
    await expect(failing).rejects.toMatchObject({
      code: 'STORE_MIGRATION_FAILED',
      what: expect.stringContaining('002-broken'),
    });
    await expect(sql`select * from first`.execute(store.read())).rejects.toThrow(/first/);
  });
}
