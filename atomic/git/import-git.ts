// A git history becomes patches: the whole graph of commits, each branch a channel, each commit one patch.
// Rule: parents first; a commit's state is the set of its ancestors' patches and its own. What is imported can be imported
// again and gives the same patches, here and on any other machine; later commits are added to what is there.

import { factsOf } from '../repository/facts-of.ts';
import type { AttributionToKeep } from '../repository/record.ts';
import type { Header } from '../patches/patch.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { contentsHashOf, namePatch } from '../patches/encode-patch.ts';
import { rootOf, trieOf } from '../patches/state-root.ts';
import { patchOfDraft } from '../patches/patch-facts.ts';
import { addPatch } from '../repository/add-patch.ts';
import type { DraftBuilder } from '../repository/draft-builder.ts';
import type { Repository } from '../repository/repository.ts';
import { PatchSet } from '../store/patch-set.ts';
import type { Transaction } from '../store/store.ts';
import { Blobs } from './blobs.ts';
import { branchUnknown, historyIncomplete, notGit, treeDiffers } from './faults.ts';
import { draftCommit } from './import-commit.ts';
import { ImportState } from './import-state.ts';
import {
  readBranches,
  readChanges,
  readCommits,
  readOrder,
  readTags,
  type GitChange,
  type GitCommit,
} from './read-history.ts';
import { tryGit } from './run-git.ts';

export interface ImportOptions {
  /** Only this branch; all of them by default, and the one that is checked out becomes the current channel. */
  readonly branch?: string;
  readonly actor: string;
  /** What trailers and notes say of who wrote a commit. */
  readonly attribute?: (commit: GitCommit) => AttributionToKeep | null;
  readonly each?: (done: number, total: number) => void;
  /** Shown what the patches of a merge's parents mean together, before the merge itself is recorded. */
  readonly eachMerge?: (commit: GitCommit, state: ImportState, touched: ReadonlySet<number>) => void;
}

export interface ImportOutcome {
  readonly commits: number;
  /** Commits that were here already. */
  readonly known: number;
  readonly merges: number;
  readonly channels: readonly string[];
  readonly tags: number;
  /** The channel of the branch that was named, or is checked out there. */
  readonly current: string;
}

/** Commits between two transactions: a crash loses at most these, and they are imported again. */
const COMMITS_AT_ONCE = 250;

export function importGit(repository: Repository, folder: string, options: ImportOptions): ImportOutcome {
  const branches = wantedBranches(folder, options.branch);
  const order = readOrder(folder, [...branches.values()]);
  const importer = new Importer(repository, folder, options);
  importer.run(order);
  const tags = importer.finish(branches);
  const head = tryGit(folder, ['symbolic-ref', '--short', 'HEAD'])?.toString().trim() ?? '';
  const [first = 'main'] = branches.keys();
  const current = options.branch ?? (branches.has(head) ? head : first);
  return { ...importer.counts, channels: [...branches.keys()], tags, current };
}

function wantedBranches(folder: string, branch: string | undefined): ReadonlyMap<string, string> {
  if (tryGit(folder, ['rev-parse', '--git-dir']) === null) throw notGit(folder);
  if (tryGit(folder, ['rev-parse', '--is-shallow-repository'])?.toString().trim() === 'true')
    throw historyIncomplete(folder);
  const all = readBranches(folder);
  if (branch !== undefined) {
    const tip = all.get(branch);
    if (tip === undefined) throw branchUnknown(branch, [...all.keys()]);
    return new Map([[branch, tip]]);
  }
  if (all.size > 0) return all;
  // A copy without branches has a HEAD all the same.
  const head = tryGit(folder, ['rev-parse', '--verify', 'HEAD^{commit}'])?.toString().trim();
  if (head === undefined) throw branchUnknown('HEAD', []);
  return new Map([['main', head]]);
}

class Importer {
  readonly counts = { commits: 0, known: 0, merges: 0 };
  readonly #repository: Repository;
  readonly #folder: string;
  readonly #options: ImportOptions;
  readonly #blobs: Blobs;
  readonly #states = new Map<string, ImportState>();
  readonly #sets = new Map<string, PatchSet>();
  readonly #childrenLeft = new Map<string, number>();
  readonly #patchOf = new Map<string, PatchNumber>();

  constructor(repository: Repository, folder: string, options: ImportOptions) {
    this.#repository = repository;
    this.#folder = folder;
    this.#options = options;
    this.#blobs = new Blobs(folder);
  }

  run(order: readonly (readonly [string, readonly string[]])[]): void {
    for (const [, parents] of order)
      for (const parent of parents) this.#childrenLeft.set(parent, (this.#childrenLeft.get(parent) ?? 0) + 1);
    const { names } = this.#repository.store;
    const fresh = order.filter(([id]) => names.gitCommit(Buffer.from(id, 'hex')) === undefined);
    this.counts.known = order.length - fresh.length;
    if (this.counts.known > 0) this.#resume(order, fresh);
    for (let at = 0; at < fresh.length; at += COMMITS_AT_ONCE) {
      const some = fresh.slice(at, at + COMMITS_AT_ONCE);
      const commits = readCommits(
        this.#folder,
        some.map(([id]) => id),
      );
      const changes = readChanges(this.#folder, some);
      this.#blobs.prepare([...changes.values()].flatMap((each) => each.flatMap(objectsOf)));
      const first = commits[0]?.id.slice(0, 12) ?? '';
      const entry = { op: 'git import', args: { from: first, commits: some.length }, actor: this.#options.actor };
      this.#repository.store.write(entry, (transaction) => {
        for (const commit of commits) {
          this.#import(transaction, commit, changes.get(commit.id) ?? []);
          this.#options.each?.(this.counts.commits, fresh.length);
        }
      });
      this.#blobs.trim();
    }
  }

  /** Channels for the branches, and tags. Says how many tags. */
  finish(branches: ReadonlyMap<string, string>): number {
    const { store } = this.#repository;
    const known = new Set(store.channels.list().map(({ name }) => name));
    const tags = [...readTags(this.#folder)].flatMap(([name, commit]) => {
      const set = this.#sets.get(commit);
      return set === undefined || store.names.tag(name) !== undefined ? [] : [{ name, set }];
    });
    const entry = { op: 'git import', args: { channels: [...branches.keys()] }, actor: this.#options.actor };
    store.write(entry, (transaction) => {
      for (const [name, tip] of branches) {
        if (!known.has(name)) transaction.createChannel(name);
        const set = this.#sets.get(tip) ?? new PatchSet();
        const own = transaction.channel(name)?.set ?? new PatchSet();
        transaction.addToChannel(name, set.difference(own));
      }
      const at = this.#repository.clock.now();
      for (const { name, set } of tags) {
        transaction.putTag({
          name,
          set,
          root: rootOf(trieOf([...set].map((patch) => store.patches.hashBytesOf(patch)))),
          at,
          message: '',
          signature: null,
        });
      }
    });
    return tags.length;
  }

  #import(transaction: Transaction, commit: GitCommit, changes: readonly GitChange[]): void {
    const state = this.#stateBefore(commit);
    const touched = this.#joinParents(state, commit);
    if (touched !== null) this.#options.eachMerge?.(commit, state, touched);
    const builder = draftCommit(state, commit, { changes, blobs: this.#blobs, touched });
    const number = this.#record(transaction, state, { commit, builder });
    transaction.putGitCommit({
      commit: Buffer.from(commit.id, 'hex'),
      patch: number,
      tree: Buffer.from(commit.tree, 'hex'),
    });
    checkPaths(state, commit);
    this.#patchOf.set(commit.id, number);
    this.#states.set(commit.id, state);
    this.#sets.set(commit.id, state.view.set.clone());
    for (const parent of commit.parents) this.#leave(parent);
    this.counts.commits += 1;
    if (commit.parents.length > 1) this.counts.merges += 1;
  }

  /** The first parent's state: taken over where nobody else needs it, copied otherwise. */
  #stateBefore({ parents: [first] }: GitCommit): ImportState {
    const state = first === undefined ? undefined : this.#states.get(first);
    if (first === undefined || state === undefined) return ImportState.empty(this.#repository, new PatchSet());
    return this.#childrenLeft.get(first) === 1 ? state : state.copy();
  }

  /** Brings the patches of the other parents in; the files whose text they touch. Null for a commit with one parent. */
  #joinParents(state: ImportState, { parents: [, ...others] }: GitCommit): ReadonlySet<number> | null {
    if (others.length === 0) return null;
    const touched = new Set<number>();
    const { store } = this.#repository;
    for (const other of others) {
      const missing = this.#sets.get(other)?.difference(state.view.set) ?? [];
      for (const patch of missing) {
        state.view.add(patch, factsOf(store, patch));
        for (const inode of store.files.touchedBy(patch)) touched.add(inode);
      }
    }
    return touched;
  }

  #leave(parent: string): void {
    const left = (this.#childrenLeft.get(parent) ?? 1) - 1;
    this.#childrenLeft.set(parent, left);
    if (left === 0) this.#states.delete(parent);
  }

  #record(
    transaction: Transaction,
    state: ImportState,
    { commit, builder }: { readonly commit: GitCommit; readonly builder: DraftBuilder },
  ): PatchNumber {
    const contents = builder.contents.finish();
    const draft = patchOfDraft(
      {
        header: headerOf(commit),
        tree: builder.tree,
        texts: builder.texts,
        known: builder.known,
        contentsHash: contentsHashOf(contents),
        contentsLength: contents.length,
        attributionCommitment: null,
      },
      this.#repository.numbering,
    );
    const attribution = this.#options.attribute?.(commit) ?? null;
    const { patch, hashed } = namePatch({ ...draft, attributionCommitment: attribution?.commitment ?? null });
    const stored = { hash: patch.hash, hashed, contents, attribution: attribution?.bytes ?? null, signatures: [] };
    const labels = attribution?.labels ?? null;
    const added = addPatch(transaction, this.#repository.numbering, { patch, stored, labels });
    state.view.add(added.number, added.facts, builder.printed);
    return added.number;
  }

  /** States of commits that were imported before and that new ones build on. */
  #resume(
    order: readonly (readonly [string, readonly string[]])[],
    fresh: readonly (readonly [string, readonly string[]])[],
  ): void {
    const isFresh = new Set(fresh.map(([id]) => id));
    const needed = new Set(fresh.flatMap(([, parents]) => parents));
    const { store } = this.#repository;
    for (const [id, parents] of order) {
      if (isFresh.has(id)) continue;
      const set = new PatchSet();
      for (const parent of parents) set.addAll(this.#sets.get(parent) ?? new PatchSet());
      const patch = store.names.gitCommit(Buffer.from(id, 'hex'))?.patch ?? null;
      if (patch !== null) set.add(patch);
      this.#sets.set(id, set);
      for (const parent of parents) this.#leave(parent);
      if (!needed.has(id)) continue;
      const state = ImportState.empty(this.#repository, set);
      for (const change of readChanges(this.#folder, [[id, []]]).get(id) ?? [])
        if (change.now !== null) state.put(change.path, change.now);
      this.#states.set(id, state);
    }
  }
}

const objectsOf = ({ now }: GitChange): readonly string[] =>
  now === null || now.mode === '160000' ? [] : [now.object];

function headerOf({ message, description, authoredAt, zoneMinutes, author }: GitCommit): Header {
  return { message, description, at: authoredAt, zoneMinutes, authors: [author] };
}

/** The paths of the view are those of git's tree. */
function checkPaths({ view, git }: ImportState, { id, parents }: GitCommit): void {
  const { entries } = view.tree();
  let files = 0;
  for (const { kind } of entries.values()) if (kind !== 'directory') files += 1;
  if (files === git.size && parents.length < 2) return;
  for (const path of git.keys()) if (!entries.has(path)) throw treeDiffers(id, path);
  for (const { path, kind } of entries.values())
    if (kind !== 'directory' && !git.has(path)) throw treeDiffers(id, path);
}
