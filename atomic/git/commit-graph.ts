// Which imported or exported commit builds on which: what git's graph was, in terms of patches. Kept as notes of the store, a
// few bytes for each commit, so that a history can leave again in the form in which it came.
// Rule: written in the same transaction as the patches it speaks of; parents before children.

import type { PatchNumber } from '../patches/facts.ts';
import { ByteReader, ByteWriter } from '../patches/bytes.ts';
import { PatchSet } from '../store/patch-set.ts';
import type { PatchStore, Transaction } from '../store/store.ts';

const KIND = 'git-graph';
const KEY_DIGITS = 8;

export interface CommitPlace {
  readonly patch: PatchNumber;
  /** The patches that its parents became, in git's order. */
  readonly parents: readonly PatchNumber[];
}

/** Behind all that is there already. */
export function addToGraph(transaction: Transaction, store: PatchStore, commits: readonly CommitPlace[]): void {
  if (commits.length === 0) return;
  const writer = new ByteWriter();
  writer.number(commits.length);
  for (const { patch, parents } of commits) {
    writer.number(patch);
    writer.number(parents.length);
    for (const parent of parents) writer.signed(patch - parent);
  }
  const next = store.names.notes(KIND).length + 1;
  transaction.putNote(KIND, String(next).padStart(KEY_DIGITS, '0'), writer.finish());
}

/** By patch, parents first. A patch that stands there twice (two commits are the same patch) counts where it stood first. */
export function readGraph(store: PatchStore): ReadonlyMap<PatchNumber, CommitPlace> {
  const graph = new Map<PatchNumber, CommitPlace>();
  const notes = [...store.names.notes(KIND)].sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { body } of notes) {
    const reader = new ByteReader(body);
    const count = reader.number();
    for (let index = 0; index < count; index += 1) {
      const patch = reader.number();
      const parents = Array.from({ length: reader.number() }, () => patch - reader.signed());
      if (!graph.has(patch)) graph.set(patch, { patch, parents });
    }
  }
  return graph;
}

/** What a commit's tree is made of: its own patch and those of all commits before it. */
export function setOfPlace(graph: ReadonlyMap<PatchNumber, CommitPlace>, patch: PatchNumber): PatchSet {
  const set = new PatchSet();
  const open = [patch];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (set.add(at)) open.push(...(graph.get(at)?.parents ?? []));
  }
  return set;
}

/** The shortest beginning of a commit's name that git takes. */
const PREFIX_MIN = 4;

/** The set of an imported commit, by its name or the beginning of it; undefined: there is none, or several. */
export function setOfGitCommit(store: PatchStore, name: string): PatchSet | undefined {
  const wanted = name.toLowerCase();
  if (!/^[0-9a-f]+$/.test(wanted) || wanted.length < PREFIX_MIN) return undefined;
  const found = store.names.gitCommits().filter(({ commit }) => Buffer.from(commit).toString('hex').startsWith(wanted));
  const patch = found.length === 1 ? (found[0]?.patch ?? null) : null;
  return patch === null ? undefined : setOfPlace(readGraph(store), patch);
}
