import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { PatchHash } from '../patches/hash.ts';
import { initStore, openStore } from './open-store.ts';
import { PatchSet } from './patch-set.ts';
import { draftOf } from './sample-drafts.ts';
import type { PatchStore } from './store.ts';

/** Each patch: which earlier ones it depends on and which it knows, as indexes. */
const history = fc.array(fc.record({ dependencies: fc.array(fc.nat(30)), known: fc.array(fc.nat(30)) }), {
  minLength: 1,
  maxLength: 30,
});
type History = readonly { readonly dependencies: readonly number[]; readonly known: readonly number[] }[];

const inFolder = (work: (folder: string) => void): void => {
  const folder = mkdtempSync(join(tmpdir(), 'atomic-store-'));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Writes it; number n is index n - 1. */
function writeHistory(
  store: PatchStore,
  of: History,
  seed: number,
): { readonly deps: number[][]; readonly known: number[][] } {
  const hashes: PatchHash[] = [];
  const deps: number[][] = [];
  const known: number[][] = [];
  store.write(null, (transaction) => {
    for (const [index, each] of of.entries()) {
      const earlier = (indexes: readonly number[]): number[] => [...new Set(indexes.filter((other) => other < index))];
      deps.push(earlier(each.dependencies));
      known.push(earlier(each.known).filter((other) => !each.dependencies.includes(other)));
      const hashesOf = (indexes: readonly number[]): PatchHash[] => indexes.flatMap((other) => hashes[other] ?? []);
      const draft = draftOf({
        text: `${seed} ${index}`,
        dependencies: hashesOf(deps.at(-1) ?? []),
        known: hashesOf(known.at(-1) ?? []),
      });
      hashes.push(draft.patch.hash);
      transaction.addPatch(draft);
    }
  });
  return { deps, known };
}

function reachable(deps: readonly (readonly number[])[], from: number): Set<number> {
  const found = new Set<number>();
  const open = [...(deps[from] ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(deps[next] ?? []));
  }
  return found;
}

test('who knows whom, what is needed and what needs it are as the definitions say', () => {
  inFolder((folder) => {
    let runs = 0;
    fc.assert(
      fc.property(history, (of) => {
        runs += 1;
        const store = initStore(join(folder, String(runs)));
        const { deps, known } = writeHistory(store, of, runs);
        const all = PatchSet.of(of.map((_, index) => index + 1));
        for (let deleter = 0; deleter < of.length; deleter += 1) {
          const needed = reachable(deps, deleter);
          const knows = new Set([...needed, ...[deleter, ...needed].flatMap((each) => known[each] ?? [])]);
          for (let owner = 0; owner < of.length; owner += 1) {
            if (owner !== deleter) expect(store.patches.knows(deleter + 1, owner + 1)).toBe(knows.has(owner));
          }
          expect([...store.patches.closure([deleter + 1])]).toEqual(
            [...needed, deleter].map((index) => index + 1).sort((a, b) => a - b),
          );
          const needing = of.map((_, index) => index).filter((index) => reachable(deps, index).has(deleter));
          expect([...store.patches.dependents([deleter + 1], all)]).toEqual(
            [deleter, ...needing].map((index) => index + 1),
          );
        }
        store.close();
      }),
      { numRuns: 8 },
    );
  });
});

test('along a long history, too, knowing is exact', () => {
  inFolder((folder) => {
    const store = initStore(join(folder, 'long'));
    // Two lines of work that know nothing of each other, one patch of each in turn, and one patch that joins them.
    const of = Array.from({ length: 400 }, (_, index) => ({ dependencies: index < 2 ? [] : [index - 2], known: [] }));
    // The fifth patch knows the second, which is of the other line.
    const knowing = of.map((each, index) => (index === 4 ? { ...each, known: [1] } : each));
    writeHistory(store, [...knowing, { dependencies: [398, 399], known: [] }], 0);
    for (const [deleter, owner] of [
      [400, 2],
      [399, 1],
      [400, 200],
      [401, 1],
      [401, 400],
      [5, 2],
      [399, 2],
    ] as const) {
      expect(store.patches.knows(deleter, owner)).toBe(true);
    }
    for (const [deleter, owner] of [
      [400, 1],
      [399, 4],
      [3, 2],
      [400, 199],
      [2, 400],
    ] as const) {
      expect(store.patches.knows(deleter, owner)).toBe(false);
    }
    store.close();
  });
});

test('a known patch that comes later is known from then on, also in other processes', () => {
  inFolder((folder) => {
    const path = join(folder, 'late');
    const store = initStore(path);
    const other = openStore(path);
    const late = draftOf({ text: 'late' });
    const early = draftOf({ text: 'early', known: [late.patch.hash] });
    store.write(null, (transaction) => transaction.addPatch(early));
    expect(other.patches.rowOf(1).known).toEqual([]);
    expect(other.patches.knows(1, 2)).toBe(false);
    store.write(null, (transaction) => transaction.addPatch(late));
    for (const each of [store, other]) {
      expect(each.patches.count).toBe(2);
      expect(each.patches.rowOf(1).known).toEqual([2]);
      expect(each.patches.knows(1, 2)).toBe(true);
      expect(each.patches.knows(2, 1)).toBe(false);
      each.close();
    }
  });
});

test('what is known by a patch is known by those that build on it, however early it came', () => {
  inFolder((folder) => {
    const store = initStore(join(folder, 'early'));
    const late = draftOf({ text: 'late' });
    const early = draftOf({ text: 'early', known: [late.patch.hash] });
    const middle = draftOf({ text: 'middle', dependencies: [early.patch.hash] });
    const top = draftOf({ text: 'top', dependencies: [middle.patch.hash] });
    store.write(null, (transaction) => {
      for (const draft of [early, middle, late, top]) transaction.addPatch(draft);
    });
    expect([1, 2, 4].map((deleter) => store.patches.knows(deleter, 3))).toEqual([true, true, true]);
    store.close();
  });
});
