import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { countedDisk } from './counted-disk.ts';
import { realDisk, type Disk } from './disk.ts';
import { initStore, openStore } from './open-store.ts';
import { deriveSample, draftOf, factsOf, treeFactsOf } from './sample-drafts.ts';
import type { PatchStore } from './store.ts';

const PROCESS = fileURLToPath(new URL('writing-process.ts', import.meta.url));

let home: string;
beforeAll(() => (home = mkdtempSync(join(tmpdir(), 'atomic-crash-'))));
afterAll(() => rmSync(home, { recursive: true }));

const start = (...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROCESS, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** Everything that it said until it ended. */
const ended = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('close', () => resolve(said));
  });

const said = (child: ChildProcess, lines: number): Promise<void> =>
  new Promise((resolve) => {
    let count = 0;
    child.stdout?.on('data', (chunk: Buffer) => {
      count += chunk.toString().split('\n').length - 1;
      if (count >= lines) resolve();
    });
  });

function addSample(store: PatchStore, count: number, name: string): void {
  store.write({ op: 'record', args: null, actor: 'Ada' }, (transaction) => {
    const numbers = Array.from({ length: count }, (_, index) => {
      const draft = draftOf({ text: `${name} ${index}` });
      const { number } = transaction.addPatch(draft);
      transaction.putTextFacts(transaction.addInode(number, 0, 'text'), number, factsOf(draft.patch.hash));
      transaction.putTreeFacts(number, treeFactsOf(draft.patch.hash));
      return number;
    });
    transaction.addToChannel('main', numbers);
  });
}

/** Fails at its n-th call with what a full disk says, and from then on: a disk does not become empty by itself. */
function failingDisk(callsLeft: number): { readonly disk: Disk; readonly hasFailed: () => boolean } {
  let left = callsLeft;
  const disk = countedDisk(() => {
    left -= 1;
    if (left <= 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  });
  return { disk, hasFailed: () => left <= 0 };
}

/** Does it on a copy with a disk that fails at the 1st, 2nd, 3rd … call, until one run survives. */
function failEverywhere(name: string, prepared: string, act: (store: PatchStore) => void): number {
  for (let calls = 1; ; calls += 1) {
    const folder = join(home, `${name}-${calls}`);
    cpSync(prepared, folder, { recursive: true });
    const { disk, hasFailed } = failingDisk(calls);
    const store = openStore(folder, { disk });
    const before = store.channels.get('main');
    const fault = faultCode(() => act(store));
    const after = store.channels.get('main');
    if (!hasFailed()) {
      store.close();
      return calls;
    }
    expect(fault === undefined || fault === 'ATOMIC_STORE_FULL', String(fault)).toBe(true);
    if (fault !== undefined) expect(after?.root).toEqual(before?.root);
    store.close();
    const opened = openStore(folder);
    expect(opened.channels.get('main')?.root).toEqual(after?.root);
    opened.sweep();
    expect(opened.verify(deriveSample)).toEqual([]);
    // The same goes well afterwards, on a disk with room.
    act(opened);
    expect(opened.verify(deriveSample)).toEqual([]);
    opened.close();
  }
}

const faultCode = (step: () => void): unknown => {
  try {
    step();
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? thrown.code : thrown;
  }
};

test('a disk that is full at any write of a large record leaves the old state, whole', () => {
  const prepared = join(home, 'large');
  const store = initStore(prepared);
  addSample(store, 3, 'before');
  store.close();
  expect(failEverywhere('large', prepared, (opened) => addSample(opened, 80, 'more'))).toBeGreaterThan(6);
});

test('a disk that is full at any write of a packing loses nothing', () => {
  const prepared = join(home, 'packed');
  const store = initStore(prepared);
  addSample(store, 5, 'first');
  store.pack();
  addSample(store, 6, 'second');
  store.close();
  expect(failEverywhere('packed', prepared, (opened) => void opened.pack({ all: true }))).toBeGreaterThan(6);
});

test('a disk that is full while a store is made leaves none, and making it again goes well', () => {
  let calls = 1;
  for (; ; calls += 1) {
    const folder = join(home, `init-${calls}`);
    const { disk, hasFailed } = failingDisk(calls);
    const fault = faultCode(() => initStore(folder, { disk }).close());
    if (!hasFailed()) break;
    expect(fault).toBe('ATOMIC_STORE_FULL');
    if (!realDisk.exists(join(folder, 'pristine.db'))) initStore(folder).close();
    const store = openStore(folder);
    expect(store.verify()).toEqual([]);
    store.close();
  }
  expect(calls).toBeGreaterThan(4);
});

test('a database that is full leaves the old state, and what comes after in the same write is not kept alone', () => {
  const folder = join(home, 'full-database');
  initStore(folder).close();
  const store = openStore(folder, { databaseBytesMax: 256 * 1024 });
  addSample(store, 2, 'before');
  const before = store.channels.get('main');
  const code = faultCode(() =>
    store.write({ op: 'record', args: null, actor: 'Ada' }, (transaction) => {
      expect(faultCode(() => transaction.putNote('big', 'a', new Uint8Array(1 << 20)))).toBe('ATOMIC_STORE_FULL');
      transaction.putNote('small', 'a', new Uint8Array(1));
    }),
  );
  expect(['ATOMIC_STORE_FULL', 'ATOMIC_STORE_WRITE_ENDED']).toContain(code);
  store.close();
  const opened = openStore(folder);
  expect(opened.names.notes('small')).toEqual([]);
  expect(opened.channels.get('main')?.root).toEqual(before?.root);
  addSample(opened, 2, 'after');
  expect(opened.verify(deriveSample)).toEqual([]);
  opened.close();
});

test('a process that is killed at any call of the disk leaves the old state or the new one', async () => {
  const prepared = join(home, 'die');
  const store = initStore(prepared);
  addSample(store, 3, 'before');
  store.close();
  const run = async (calls: number): Promise<string> => {
    const folder = join(home, `die-${calls}`);
    cpSync(prepared, folder, { recursive: true });
    const output = await ended(start(folder, 'die-at', String(calls)));
    const opened = openStore(folder);
    const size = opened.channels.get('main')?.set.size ?? 0;
    expect(output.includes('written') ? [73] : [3, 73]).toContain(size);
    opened.sweep();
    expect(opened.verify()).toEqual([]);
    opened.close();
    return output;
  };
  // A few of the calls: all of them fail in the tests above, where no process has to start.
  const outputs = await Promise.all([4, 8, 12, 40].map(run));
  expect(outputs.at(-1)).toContain('packed');
  expect(outputs.filter((output) => !output.includes('packed')).length).toBe(3);
});

test('what a killed process had acknowledged is there', async () => {
  const folder = join(home, 'acknowledged');
  initStore(folder).close();
  const child = start(folder, 'victim', '100000');
  const all = ended(child);
  await said(child, 40);
  child.kill('SIGKILL');
  const lines = (await all)
    .split('\n')
    .filter((line) => line !== '')
    .slice(0, -1);
  const store = openStore(folder);
  for (const line of lines) {
    const [number, hash] = line.split(' ');
    expect(store.patches.hashOf(Number(number))).toBe(hash);
    expect(store.channels.get('main')?.set.has(Number(number))).toBe(true);
  }
  expect(lines.length).toBeGreaterThan(30);
  expect(store.verify()).toEqual([]);
  store.close();
});

test('processes that write at once lose nothing', async () => {
  const folder = join(home, 'at-once');
  initStore(folder).close();
  const outputs = await Promise.all(['one', 'two', 'three'].map((name) => ended(start(folder, name, '40'))));
  const lines = outputs.flatMap((output) => output.split('\n').filter((line) => line !== ''));
  const store = openStore(folder);
  expect(lines).toHaveLength(120);
  expect(new Set(lines.map((line) => line.split(' ')[0])).size).toBe(120);
  expect(store.channels.get('main')?.set.size).toBe(120);
  expect(store.audit.verify()).toEqual({ kind: 'whole', lines: 120 });
  expect(store.verify()).toEqual([]);
  store.close();
});

test('who waits too long for another process is told which one, and its lock is free when it dies', async () => {
  const folder = join(home, 'held');
  initStore(folder).close();
  const child = start(folder, 'hold');
  const all = ended(child);
  await said(child, 1);
  const store = openStore(folder, { waitMsMax: 20 });
  expect(store.patches.count).toBe(0);
  expect(() => store.write(null, () => 1)).toThrow(new RegExp(`within 20 ms: process ${child.pid} \\(holding\\)`));
  child.kill('SIGKILL');
  await all;
  expect(store.write(null, () => 1)).toBe(1);
  store.close();
});
