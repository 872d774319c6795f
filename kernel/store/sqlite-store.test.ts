import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { sql, type Kysely } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { manualClock, systemClock, type Clock } from '../basics/index.ts';
import { openStore, parseStoreUrl, sqliteUrl } from './open-store.ts';
import { maskedUrl } from './faults.ts';
import { connect, type Connect } from './sqlite-connection.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { MigrationList, Store } from './store.ts';

interface Tables {
  readonly numbers: { readonly value: number; readonly text?: string };
}
type Db = Kysely<Tables>;

const NUMBERS: MigrationList = {
  product: 'numbers',
  migrations: [
    {
      name: '001-numbers',
      up: async (db) => void (await sql`create table numbers (value integer primary key, text text)`.execute(db)),
    },
  ],
};

let folder: string;
let path: string;
const opened: Store[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-sqlite-'));
  path = join(folder, 'with space & ümlaut.db');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  rmSync(folder, { recursive: true });
});

const open = async (with_: { connect?: Connect; clock?: Clock; lockWaitMsMax?: number } = {}): Promise<Store> => {
  const store = await openSqliteStore(path, { clock: systemClock, ...with_ });
  opened.push(store);
  return store;
};
const withNumbers = async (with_: Parameters<typeof open>[0] = {}): Promise<Store> => {
  const store = await open(with_);
  await store.migrate([NUMBERS]);
  return store;
};
const add = (store: Store, value: number, text = ''): Promise<unknown> =>
  store.write((tx: Db) => tx.insertInto('numbers').values({ value, text }).execute());
const all = async (store: Store): Promise<number[]> =>
  (await store.read<Tables>().selectFrom('numbers').select('value').orderBy('value').execute()).map((row) => row.value);

test('a url names a file, a server, or nothing', () => {
  const check = (url: string, expected: unknown): void => expect(parseStoreUrl(url)).toEqual(expected);
  check('sqlite:///a/b%20c.db', { kind: 'sqlite', path: '/a/b c.db' });
  check(sqliteUrl('/ä/b?c#d.db'), { kind: 'sqlite', path: '/ä/b?c#d.db' });
  check('postgres://me@host/db', { kind: 'postgres', url: 'postgres://me@host/db' });
  check('postgresql://host/db', { kind: 'postgres', url: 'postgresql://host/db' });
  for (const wrong of ['', 'tandem.db', 'sqlite://', 'sqlite:///', 'sqlite://host/a', 'mysql://host/db', 'file:///a']) {
    check(wrong, undefined);
  }
});

test('a password in a url is never shown', async () => {
  expect(maskedUrl('postgres://me:geheim@host/db?password=geheim')).not.toContain('geheim');
  const wrong = openStore('mysql://me:geheim@host/db');
  await expect(wrong).rejects.toMatchObject({
    code: 'STORE_URL_WRONG',
    message: expect.not.stringContaining('geheim'),
  });
  const away = openStore('postgres://me:geheim@127.0.0.1:1/db');
  await expect(away).rejects.toMatchObject({
    code: 'STORE_UNREACHABLE',
    message: expect.not.stringContaining('geheim'),
  });
});

test('a folder that does not exist is said so', async () => {
  path = join(folder, 'nowhere', 'tandem.db');
  await expect(open()).rejects.toMatchObject({ code: 'STORE_CANNOT_OPEN' });
});

test('a file that is no database is said so and left as it is', async () => {
  writeFileSync(path, 'Dear diary, '.repeat(1000));
  await expect(open()).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  expect(statSync(path).size).toBe(12_000);
});

test('a database that was cut off is a fault when it is read', async () => {
  const store = await withNumbers();
  for (let value = 0; value < 50; value += 1) await add(store, value, 'x'.repeat(3000));
  await store.close();
  truncateSync(path, 40_960);
  const using = open().then((damaged) => damaged.write((tx: Db) => tx.deleteFrom('numbers').execute()));
  await expect(using).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
});

test('a database that may only be read is a fault when it is written to', async () => {
  await (await withNumbers()).close();
  const readOnly: Connect = (file) => connect(file, { readOnly: true });
  await expect(open({ connect: readOnly }).then((store) => add(store, 1))).rejects.toMatchObject({
    code: 'STORE_READ_ONLY',
  });
});

test('a full disk refuses the write, keeps what was acknowledged, and goes on once there is room', async () => {
  let writer: DatabaseSync | undefined;
  const store = await withNumbers({
    connect: (file, options) => {
      const database = connect(file, options);
      if (!options.readOnly) writer = database;
      return database;
    },
  });
  await add(store, 1);
  writer?.exec('PRAGMA max_page_count = 20');
  await expect(add(store, 2, 'x'.repeat(200_000))).rejects.toMatchObject({ code: 'STORE_FULL' });
  expect(await all(store)).toEqual([1]);
  writer?.exec('PRAGMA max_page_count = 100000');
  await add(store, 2, 'x'.repeat(200_000));
  expect(await all(store)).toEqual([1, 2]);
});

test('a write waits for another process without stopping this one, and gives up with a clear fault', async () => {
  const clock = manualClock();
  const store = await withNumbers({ clock, lockWaitMsMax: 100 });
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  const patient = add(store, 1);
  await ticking(clock, 50);
  other.exec('COMMIT');
  await ticking(clock, 50);
  await patient;
  other.exec('BEGIN IMMEDIATE');
  const inVain = expect(add(store, 2)).rejects.toMatchObject({ code: 'STORE_LOCKED' });
  await ticking(clock, 500);
  await inVain;
  other.exec('ROLLBACK');
  other.close();
  await add(store, 3);
  expect(await all(store)).toEqual([1, 3]);
});

test('whichever statement fails, what was acknowledged stays and nothing half-done is left', async () => {
  for (let failing = 1; ; failing += 1) {
    path = join(folder, `${failing}.db`);
    const acknowledged: number[] = [];
    const survived = await scriptOf(failing, acknowledged);
    const after = await open();
    await after.migrate([NUMBERS]);
    expect(await all(after)).toEqual(acknowledged);
    if (survived) {
      expect(failing).toBeGreaterThan(10);
      return;
    }
  }
});

/** Migrates, then writes pairs; the n-th statement that changes anything fails. True when none was left to fail. */
async function scriptOf(failing: number, acknowledged: number[]): Promise<boolean> {
  let count = 0;
  const faulty: Connect = (file, options) => (options.readOnly ? connect(file, options) : failingAt(file));
  const failingAt = (file: string): DatabaseSync => {
    const database = connect(file, { readOnly: false });
    const fail = (): void => {
      count += 1;
      if (count === failing) throw Object.assign(new Error('disk I/O error'), { errcode: 10 });
    };
    const prepare = database.prepare.bind(database);
    const exec = database.exec.bind(database);
    database.prepare = (text: string) => (fail(), prepare(text));
    database.exec = (text: string) => (text === 'ROLLBACK' ? undefined : fail(), exec(text));
    return database;
  };
  try {
    const store = await withNumbers({ connect: faulty });
    for (let value = 0; value < 6; value += 2) {
      await store.write(async (tx: Db) => {
        await sql`insert into numbers (value) values (${sql.lit(value)})`.execute(tx);
        await sql`insert into numbers (value) values (${sql.lit(value + 1)})`.execute(tx);
      });
      acknowledged.push(value, value + 1);
    }
    return true;
  } catch (thrown) {
    expect(String(thrown)).toMatch(/disk|Disk/);
    return false;
  } finally {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  }
}

test('a process killed while it writes has lost nothing that it said was written', async () => {
  const store = await withNumbers();
  const childFile = join(import.meta.dirname, 'fixtures', 'writing-child.ts');
  for (const killAfter of [1, 40, 300]) {
    await store.write((tx: Db) => tx.deleteFrom('numbers').execute());
    const child = spawn(process.execPath, [childFile, sqliteUrl(path)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = 0;
    for await (const line of createInterface(child.stdout)) {
      said = Number(line);
      if (said >= killAfter) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const written = await all(store);
    expect(written.slice(0, said)).toEqual(Array.from({ length: said }, (_, index) => index + 1));
    await add(store, -1);
  }
});

async function ticking(clock: ReturnType<typeof manualClock>, forMs: number): Promise<void> {
  for (let passed = 0; passed < forMs; passed += 10) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(10);
  }
  await new Promise((resolve) => setImmediate(resolve));
}
