import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { Database } from './database.ts';
import { BLOCK_BYTES } from './pack-format.ts';
import { createSchema } from './migrate.ts';
import { initStore, openStore } from './open-store.ts';
import { AI_LABELS, deriveSample, draftOf } from './sample-drafts.ts';
import type { PatchStore } from './store.ts';

let home: string;
let folder: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'atomic-damage-'));
  folder = join(home, '.atomic');
});
afterEach(() => {
  chmodSync(home, 0o700);
  rmSync(home, { recursive: true });
});

function write(store: PatchStore, count: number, name: string): void {
  store.write({ op: 'record', args: null, actor: 'Ada' }, (transaction) => {
    for (let index = 0; index < count; index += 1) {
      const { number } = transaction.addPatch(draftOf({ text: `${name} ${index} `.repeat(50) }));
      transaction.addToChannel('main', [number]);
    }
  });
}

const sql = (statement: string): void => {
  const database = new DatabaseSync(join(folder, 'pristine.db'));
  database.exec(statement);
  database.close();
};

test('a folder without a store is named, and one with a store is not made anew', () => {
  expect(() => openStore(folder)).toThrow(/no repository in/);
  initStore(folder).close();
  expect(() => initStore(folder)).toThrow(/one already/);
});

test('a database that is cut off, empty or something else is named and not touched', () => {
  const store = initStore(folder);
  write(store, 20, 'patch');
  store.close();
  const path = join(folder, 'pristine.db');
  const whole = readFileSync(path);
  const other = Buffer.from('no database at all'.repeat(100));
  for (const damaged of [Buffer.alloc(0), whole.subarray(0, 100), other, whole.subarray(0, whole.length - 5 * 4096)]) {
    writeFileSync(path, damaged);
    expect(() => openStore(folder)).toThrow(/pristine\.db cannot be read/);
    expect(Buffer.compare(readFileSync(path), damaged)).toBe(0);
  }
});

test('a pack that is cut off or gone is named together with its patches; what is not in it stays readable', () => {
  const store = initStore(folder);
  write(store, 5, 'packed');
  store.pack();
  write(store, 2, 'loose');
  store.close();
  const path = join(folder, 'packs', '00000001.pack');
  truncateSync(path, 100);
  const opened = openStore(folder);
  expect(() => opened.patches.contentsOf(1)).toThrow(/00000001\.pack cannot be read/);
  rmSync(path);
  expect(() => opened.patches.contentsOf(2)).toThrow(/00000001\.pack cannot be read/);
  expect(opened.patches.rowOf(1).message).toContain('packed 0');
  const findings = opened.verify();
  expect(findings.filter(({ kind }) => kind === 'patch-damaged').length).toBeGreaterThanOrEqual(5);
  expect(findings.filter(({ kind }) => kind === 'pack-damaged')).toHaveLength(1);
  expect(findings.every(({ cure }) => cure === 'fetch')).toBe(true);
  opened.close();
});

test('a patch whose bytes were changed in the database is found', () => {
  const store = initStore(folder);
  write(store, 3, 'loose');
  store.close();
  sql('UPDATE loose SET hashed = zeroblob(length(hashed)) WHERE number = 2');
  sql('UPDATE loose SET contents = zeroblob(length(contents)) WHERE number = 3');
  sql('DELETE FROM loose WHERE number = 1');
  const opened = openStore(folder);
  const derive = (patch: Parameters<typeof deriveSample>[0]): ReturnType<typeof deriveSample> => deriveSample(patch);
  expect(opened.verify(derive).map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['patch-missing', 'patch-damaged']),
  );
  expect(() => opened.patches.contentsOf(1)).toThrow(/bytes of patch \w+ are not there/);
  opened.close();
});

test('a channel and an audit line that were changed by hand are found', () => {
  const store = initStore(folder);
  for (let index = 0; index < 4; index += 1) write(store, 1, `patch ${index}`);
  store.close();
  sql("UPDATE audit SET actor = 'Eve' WHERE n = 2");
  sql('UPDATE channels SET root = zeroblob(32)');
  const opened = openStore(folder);
  expect(opened.audit.verify()).toMatchObject({ kind: 'broken', n: 2 });
  expect(opened.verify().map(({ kind, about }) => [kind, about])).toEqual([
    ['channel-wrong', 'main'],
    ['audit-broken', 'line 2'],
  ]);
  opened.close();
  sql("UPDATE audit SET actor = 'Ada' WHERE n = 2; DELETE FROM audit WHERE n = 3");
  const again = openStore(folder);
  expect(again.audit.verify()).toEqual({ kind: 'broken', n: 3, why: 'The line is not there.' });
  again.close();
});

test('a cache that is damaged, locked away or gone is made anew and never changes an answer', () => {
  const store = initStore(folder);
  write(store, 700, 'patch');
  const key = Uint8Array.of(1);
  store.cache.put('lines', key, Uint8Array.of(5));
  expect(store.cache.get('lines', key)).toEqual(Uint8Array.of(5));
  const root = store.channels.get('main')?.root;
  store.close();
  for (const damage of [Buffer.from('nonsense'.repeat(600)), Buffer.alloc(0), null]) {
    for (const ending of ['-wal', '-shm']) rmSync(join(folder, `cache.db${ending}`), { force: true });
    if (damage === null) rmSync(join(folder, 'cache.db'));
    else writeFileSync(join(folder, 'cache.db'), damage);
    const opened = openStore(folder);
    expect(opened.cache.get('lines', key)).toBeUndefined();
    expect(opened.channels.get('main')?.root).toEqual(root);
    opened.cache.put('lines', key, Uint8Array.of(6));
    expect(opened.cache.get('lines', key)).toEqual(Uint8Array.of(6));
    opened.close();
  }
});

test('a trie in the cache that belongs to another state, or was changed, is not believed', () => {
  const store = initStore(folder);
  write(store, 700, 'patch');
  store.close();
  const cache = new DatabaseSync(join(folder, 'cache.db'));
  const row = cache.prepare("SELECT body FROM cache WHERE kind = 'trie'").get();
  const body = row?.['body'];
  if (!(body instanceof Uint8Array)) throw new RangeError('No trie was kept.');
  body.fill(7, body.length / 2);
  cache.prepare("UPDATE cache SET body = ? WHERE kind = 'trie'").run(body);
  cache.close();
  const opened = openStore(folder);
  write(opened, 1, 'one more');
  expect(opened.verify()).toEqual([]);
  opened.close();
});

test('a root is the same whether its trie was kept, moved or built', () => {
  let store = initStore(folder);
  write(store, 600, 'first');
  for (const name of ['second', 'third']) {
    store.close();
    store = openStore(folder);
    write(store, 100, name);
    store.write({ op: 'unrecord', args: null, actor: 'Ada' }, (transaction) => {
      transaction.removeFromChannel('main', [3, 5, 601]);
    });
    expect(store.verify()).toEqual([]);
    store.write({ op: 'apply', args: null, actor: 'Ada' }, (transaction) =>
      transaction.addToChannel('main', [5, 3, 601]),
    );
    expect(store.verify()).toEqual([]);
  }
  store.close();
});

test('a store without attribution is opened and has it from then on', () => {
  initStore(folder).close();
  rmSync(join(folder, 'pristine.db'));
  const old = new Database(join(folder, 'pristine.db'), { readOnly: false, waitMs: 0 });
  old.execute('PRAGMA journal_mode = WAL');
  createSchema(old, 1);
  old.execute(`INSERT INTO logs (log, parent, parent_length) VALUES (1, NULL, 0);
    INSERT INTO channels VALUES (1, 'main', zeroblob(32), 0, 1, 0); INSERT INTO settings VALUES ('channel', '1')`);
  old.close();
  expect(() => openStore(folder, { readOnly: true })).toThrow(/Its schema is 1/);
  const store = openStore(folder);
  write(store, 1, 'patch');
  store.write(null, (transaction) =>
    transaction.attach(1, { salt: new Uint8Array(16), blob: Uint8Array.of(1) }, AI_LABELS),
  );
  expect(store.attributions.labelsOf(1)).toEqual(AI_LABELS);
  expect(store.verify()).toEqual([]);
  store.close();
  openStore(folder, { readOnly: true }).close();
});

test('a store of a later version is refused and not touched', () => {
  initStore(folder).close();
  sql("INSERT INTO schema_version VALUES (99, 'flying')");
  expect(() => openStore(folder)).toThrow(/schema is 99/);
});

test('the seven tables of attribution answer to SQL', () => {
  const store = initStore(folder);
  write(store, 1, 'patch');
  const [base] = [store.patches.hashOf(1)];
  store.write(null, (transaction) => {
    const draft = { ...draftOf({ text: 'on it', dependencies: [base] }), dependencyBytes: [12], labels: AI_LABELS };
    const attribution = { salt: new Uint8Array(16), blob: Uint8Array.of(1) };
    transaction.addPatch({ ...draft, patch: { ...draft.patch, attribution } });
  });
  store.close();
  const database = new DatabaseSync(join(folder, 'pristine.db'));
  const all = (table: string): readonly unknown[] =>
    database
      .prepare(`SELECT * FROM ${table}`)
      .all()
      .map((row) => ({ ...row }));
  expect(all('author_patches')).toEqual(
    [1, 2].map((patch) => ({ name: 'Ada', email: 'ada@example.org', patch, at: 1000 })),
  );
  expect(all('ai_patch_metadata')).toMatchObject([
    { patch: 2, actor: 'ai', model: 'claude-sonnet-4-5', tokens_in: 100 },
  ]);
  expect(all('patch_dependencies_attribution')).toEqual([{ dependent: 2, dependency: 1, weight_bp: 10_000 }]);
  for (const table of ['patch_attribution', 'prompts', 'reviews', 'audit']) expect(all(table)).toBeDefined();
  database.close();
});

test('a store that was opened for reading alone writes nothing and says so', () => {
  const store = initStore(folder);
  write(store, 2, 'patch');
  store.close();
  const before = readdirSync(folder).sort();
  const reading = openStore(folder, { readOnly: true });
  expect(reading.channels.get('main')?.set.size).toBe(2);
  expect(reading.patches.contentsOf(1).length).toBeGreaterThan(10);
  expect(() => reading.write(null, () => 1)).toThrow(/opened for reading/);
  expect(() => reading.pack()).toThrow(/opened for reading/);
  reading.close();
  expect(
    readdirSync(folder)
      .filter((name) => !name.startsWith('pristine.db-'))
      .sort(),
  ).toEqual(before);
});

test('a folder that this user may not write to is read', () => {
  const store = initStore(folder);
  write(store, 100, 'patch');
  store.close();
  for (const [path, mode] of [
    [join(folder, 'pristine.db'), 0o444],
    [join(folder, 'packs'), 0o555],
    [folder, 0o555],
    [home, 0o755],
  ] as const) {
    chmodSync(path, mode);
  }
  const script = `import { openStore } from ${JSON.stringify(fileURLToPath(new URL('open-store.ts', import.meta.url)))};
    const store = openStore(${JSON.stringify(folder)}, { readOnly: true });
    let refused = '';
    try { openStore(${JSON.stringify(folder)}).write(null, (transaction) => transaction.putRemote('a', 'b')); } catch (thrown) { refused = thrown.code; }
    console.log(store.channels.get('main').set.size, store.patches.contentsOf(100).length > 10, store.verify().length, refused);`;
  const isRoot = process.getuid?.() === 0;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script],
    // Root may write anywhere: nobody may not.
    { encoding: 'utf8', ...(isRoot ? { uid: 65534, gid: 65534 } : {}) },
  );
  chmodSync(folder, 0o700);
  expect(stdout.trim(), stderr).toBe('100 true 0 ATOMIC_STORE_READ_ONLY');
});

test('records of much text do not pile up packs', () => {
  const store = initStore(folder);
  for (let index = 0; index < 36; index += 1) {
    const text = `${index + 10} `.repeat(BLOCK_BYTES / 3 + 1);
    store.write(null, (transaction) => transaction.addPatch(draftOf({ text })));
  }
  expect(readdirSync(join(folder, 'packs')).length).toBeLessThan(20);
  expect(store.verify()).toEqual([]);
  store.close();
});

test('more than a thousand loose patches are packed by themselves', () => {
  const store = initStore(folder);
  for (let index = 0; index < 21; index += 1) write(store, 50, `batch ${index}`);
  expect(readdirSync(join(folder, 'packs'))).toHaveLength(1);
  expect(store.verify()).toEqual([]);
  store.close();
});

test('a pack that another process has replaced by a larger one is no loss to whoever reads', () => {
  const store = initStore(folder);
  write(store, 5, 'packed');
  store.pack();
  write(store, 1, 'loose');
  const reading = openStore(folder);
  const held = openStore(folder);
  // Knows of the pack, and has not opened it.
  expect(reading.patches.contentsOf(6).length).toBeGreaterThan(10);
  held.read(() => {
    store.pack({ all: true });
    expect(readdirSync(join(folder, 'packs'))).toEqual(['00000002.pack']);
    expect(held.patches.contentsOf(1).length).toBeGreaterThan(10);
    expect(held.patches.contentsOf(6).length).toBeGreaterThan(10);
  });
  expect(reading.patches.contentsOf(1).length).toBeGreaterThan(10);
  for (const each of [store, reading, held]) each.close();
});
