// Which imported commit builds on which: git's graph, in terms of patches. Kept as notes of the store, a few bytes for each
// commit, so that a history can leave again in the form in which it came.
// Rule: written in the same transaction as the patches it speaks of; parents before children. Two commits may be one patch (a
// cherry-pick that nothing tells apart); of these all but the first are kept with their names.

import { ByteReader, ByteWriter } from '../patches/bytes.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { PatchSet } from '../store/patch-set.ts';
import type { PatchStore, Transaction } from '../store/store.ts';

const KIND = 'git-graph';
const KEY_DIGITS = 8;
const NAME_BYTES = 20;

/** The place of a commit in the order in which commits came: from 0. */
export type CommitIndex = number;

export interface CommitPlace {
  readonly patch: PatchNumber;
  /** 40 hexadecimal digits; null where the patch alone tells. */
  readonly name: string | null;
  /** In git's order. All of them smaller than its own index. */
  readonly parents: readonly CommitIndex[];
}

export interface CommitGraph {
  readonly places: readonly CommitPlace[];
  /** Where a commit is that became this patch. */
  indexOf(patch: PatchNumber, name: string): CommitIndex | undefined;
}

/** Behind all that is there already. `first`: the index of the first of them. */
export function addToGraph(
  transaction: Transaction,
  store: PatchStore,
  { first, places }: { readonly first: CommitIndex; readonly places: readonly CommitPlace[] },
): void {
  if (places.length === 0) return;
  const writer = new ByteWriter();
  writer.number(places.length);
  for (const [index, { patch, name, parents }] of places.entries()) {
    writer.number(patch * 2 + (name === null ? 0 : 1));
    if (name !== null) writer.raw(Buffer.from(name, 'hex'));
    writer.number(parents.length);
    for (const parent of parents) writer.number(first + index - parent);
  }
  const next = store.names.notes(KIND).length + 1;
  transaction.putNote(KIND, String(next).padStart(KEY_DIGITS, '0'), writer.finish());
}

export function readGraph(store: PatchStore): CommitGraph {
  const places: CommitPlace[] = [];
  const notes = [...store.names.notes(KIND)].sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { body } of notes) {
    const reader = new ByteReader(body);
    for (let left = reader.count(); left > 0; left -= 1) {
      const head = reader.number();
      const name = head % 2 === 1 ? Buffer.from(reader.raw(NAME_BYTES)).toString('hex') : null;
      const index = places.length;
      const parents = Array.from({ length: reader.count() }, () => index - reader.number());
      places.push({ patch: Math.floor(head / 2), name, parents });
    }
  }
  return graphOf(places);
}

/** `places` may grow. */
export function graphOf(places: readonly CommitPlace[]): CommitGraph {
  const byPatch = new Map<PatchNumber, CommitIndex[]>();
  let seen = 0;
  const look = (): void => {
    for (; seen < places.length; seen += 1) {
      const patch = places[seen]?.patch ?? 0;
      byPatch.set(patch, [...(byPatch.get(patch) ?? []), seen]);
    }
  };
  return {
    places,
    indexOf(patch, name) {
      look();
      const found = byPatch.get(patch) ?? [];
      return found.find((index) => places[index]?.name === name) ?? found.find((index) => places[index]?.name === null);
    },
  };
}

/** What a commit's tree is made of: its own patch and those of all commits before it. */
export function setOfPlace({ places }: CommitGraph, index: CommitIndex): PatchSet {
  const set = new PatchSet();
  const seen = new PatchSet();
  const open = [index];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const place = places[at];
    if (place === undefined || !seen.add(at)) continue;
    set.add(place.patch);
    open.push(...place.parents);
  }
  return set;
}

/** The shortest beginning of a commit's name that git takes. */
const PREFIX_MIN = 4;

/** The set of an imported commit, by its name or the beginning of it; undefined: there is none, or several. */
export function setOfGitCommit(store: PatchStore, typed: string): PatchSet | undefined {
  const wanted = typed.toLowerCase();
  if (!/^[0-9a-f]+$/.test(wanted) || wanted.length < PREFIX_MIN) return undefined;
  const found = store.names.gitCommits().flatMap(({ commit, patch }) => {
    const name = Buffer.from(commit).toString('hex');
    return patch !== null && name.startsWith(wanted) ? [{ name, patch }] : [];
  });
  const [only] = found;
  if (only === undefined || found.length > 1) return undefined;
  const graph = readGraph(store);
  const index = graph.indexOf(only.patch, only.name);
  return index === undefined ? undefined : setOfPlace(graph, index);
}
