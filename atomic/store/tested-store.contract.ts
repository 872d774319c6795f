// Where a contract's tests find their store, and how they write.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { manualClock } from 'kernel/basics';
import { afterEach, beforeEach } from 'vitest';

import type { PatchHash } from '../patches/hash.ts';
import { initStore } from './open-store.ts';
import { draftOf } from './sample-drafts.ts';
import type { PatchStore, Transaction } from './store.ts';

export const START_MS = Date.UTC(2026, 0, 1);

type Write = <Result>(work: (transaction: Transaction) => Result) => Result;
/** Gives the store to ask after a write: the same one, another process's, or one opened anew. */
export type Look = (written: PatchStore) => PatchStore;

export interface TestedStore {
  readonly store: PatchStore;
  readonly folder: string;
  readonly write: Write;
}

/** A new store for each test. To be called inside of a `describe`. */
export function testedStore(look: Look): TestedStore {
  let folder = '';
  let store: PatchStore | undefined;
  const opened = (): PatchStore => {
    if (store === undefined) throw new RangeError('The store is asked for outside of a test.');
    return store;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'atomic-store-'));
    store = look(initStore(join(folder, '.atomic'), { clock: manualClock(START_MS) }));
  });
  afterEach(() => {
    opened().close();
    rmSync(folder, { recursive: true });
  });
  return {
    get store() {
      return opened();
    },
    get folder() {
      return folder;
    },
    write: (work) => {
      const result = opened().write({ op: 'test', args: { n: 1 }, actor: 'Ada' }, work);
      store = look(opened());
      return result;
    },
  };
}

/** Patches that are independent of each other, in one write. */
export function writeLines({ write }: TestedStore, count: number): readonly PatchHash[] {
  const drafts = Array.from({ length: count }, (_, index) => draftOf({ text: `line ${index}\n` }));
  write((transaction) => {
    for (const draft of drafts) transaction.addPatch(draft);
  });
  return drafts.map(({ patch }) => patch.hash);
}
