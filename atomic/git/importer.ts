// Commits, one after the other, into the repository.
// Rule: some hundred commits are one transaction; a crash loses at most these, and they are imported again.

import { factsOf } from '../repository/facts-of.ts';
import type { Author, Header } from '../patches/patch.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { contentsHashOf, namePatch } from '../patches/encode-patch.ts';
import { rootOf, trieOf } from '../patches/state-root.ts';
import { patchOfDraft } from '../patches/patch-facts.ts';
import { nameFlaw } from '../patches/validate-patch.ts';
import { readTrailers } from '../attribution/trailers.ts';
import { BUILT_IN_REGISTRY } from '../attribution/registry.ts';
import { addPatch } from '../repository/add-patch.ts';
import type { DraftBuilder } from '../repository/draft-builder.ts';
import type { Repository } from '../repository/repository.ts';
import { PatchSet } from '../store/patch-set.ts';
import type { Transaction } from '../store/store.ts';
import { Blobs } from './blobs.ts';
import {
  addToGraph,
  graphOf,
  readGraph,
  type CommitGraph,
  type CommitIndex,
  type CommitPlace,
} from './commit-graph.ts';
import { nameRefused, treeDiffers } from './faults.ts';
import { draftCommit } from './import-commit.ts';
import type { ImportOptions } from './import-git.ts';
import { ImportState } from './import-state.ts';
import { recognisePatch } from './recognise-patch.ts';
import { readChanges, readCommits, readTags, readTree, type GitChange, type GitCommit } from './read-history.ts';

/** Commits between two transactions. */
const COMMITS_AT_ONCE = 250;

/** Ids with their parents. */
type Order = readonly (readonly [string, readonly string[]])[];

export class Importer {
  readonly counts = { commits: 0, known: 0, recognised: 0, merges: 0 };
  readonly #repository: Repository;
  readonly #folder: string;
  readonly #options: ImportOptions;
  readonly #blobs: Blobs;
  readonly #states = new Map<string, ImportState>();
  readonly #sets = new Map<string, PatchSet>();
  readonly #childrenLeft = new Map<string, number>();
  readonly #places: CommitPlace[];
  readonly #graph: CommitGraph;
  readonly #indexes = new Map<string, CommitIndex>();

  constructor(repository: Repository, folder: string, options: ImportOptions) {
    this.#repository = repository;
    this.#folder = folder;
    this.#options = options;
    this.#blobs = new Blobs(folder);
    this.#places = [...readGraph(repository.store).places];
    this.#graph = graphOf(this.#places);
  }

  run(order: Order): void {
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
      this.#options.attributions?.prepare(commits);
      const changes = readChanges(this.#folder, some);
      this.#blobs.prepare([...changes.values()].flatMap((each) => each.flatMap(objectsOf)));
      const first = commits[0]?.id.slice(0, 12) ?? '';
      const entry = { op: 'git import', args: { from: first, commits: some.length }, actor: this.#options.actor };
      this.#repository.store.write(entry, (transaction) => {
        const before = this.#places.length;
        for (const [index, commit] of commits.entries()) {
          this.#import(transaction, commit, changes.get(commit.id) ?? []);
          this.#options.each?.(at + index + 1, fresh.length);
        }
        addToGraph(transaction, this.#repository.store, { first: before, places: this.#places.slice(before) });
      });
      this.#blobs.trim();
    }
  }

  /** Channels for the branches, and tags. Says how many tags. */
  finish(branches: ReadonlyMap<string, string>, current: string): number {
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
        const news = set.difference(own);
        if (news.size === 0) continue;
        const after = own.clone();
        after.addAll(news);
        this.#options.beforeMove?.(name, after, name === current);
        transaction.addToChannel(name, news);
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
    checkNames(commit, changes);
    const state = this.#stateBefore(commit);
    const touched = this.#joinParents(state, commit);
    if (touched !== null) this.#options.eachMerge?.(commit, state, touched);
    const known = recognisePatch(this.#repository.store, { state, commit, changes, touched });
    const patch = known?.patch ?? this.#draft(transaction, { state, commit, changes, touched });
    const after = known?.state ?? state;
    transaction.putGitCommit({
      commit: Buffer.from(commit.id, 'hex'),
      patch,
      tree: Buffer.from(commit.tree, 'hex'),
    });
    if (known === null) checkPaths(after, commit);
    this.#place(commit, patch);
    this.#states.set(commit.id, after);
    this.#sets.set(commit.id, after.view.set.clone());
    for (const parent of commit.parents) this.#leave(parent);
    if (known === null) this.counts.commits += 1;
    else this.counts.recognised += 1;
    if (commit.parents.length > 1) this.counts.merges += 1;
  }

  #place({ id, parents }: GitCommit, patch: PatchNumber): void {
    const isFirst = this.#graph.indexOf(patch, id) === undefined;
    this.#indexes.set(id, this.#places.length);
    this.#places.push({
      patch,
      name: isFirst ? null : id,
      parents: parents.flatMap((parent) => this.#indexes.get(parent) ?? []),
    });
  }

  #draft(
    transaction: Transaction,
    {
      state,
      commit,
      changes,
      touched,
    }: {
      readonly state: ImportState;
      readonly commit: GitCommit;
      readonly changes: readonly GitChange[];
      readonly touched: ReadonlySet<number> | null;
    },
  ): PatchNumber {
    const builder = draftCommit(state, commit, { changes, blobs: this.#blobs, touched });
    return this.#record(transaction, state, { commit, builder });
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
    const textOf = (path: string): Buffer | undefined => {
      const entry = state.git.get(path);
      return entry === undefined ? undefined : this.#blobs.get(entry.object);
    };
    const attribution = this.#options.attributions?.attribute(commit, { view: state.view, builder, textOf }) ?? null;
    const { patch, hashed } = namePatch({ ...draft, attributionCommitment: attribution?.commitment ?? null });
    const stored = { hash: patch.hash, hashed, contents, attribution: attribution?.bytes ?? null, signatures: [] };
    const labels = attribution?.labels ?? null;
    const added = addPatch(transaction, this.#repository.numbering, { patch, stored, labels });
    state.view.add(added.number, added.facts, builder.printed);
    return added.number;
  }

  /** States of commits that were imported before and that new ones build on. */
  #resume(order: Order, fresh: Order): void {
    const isFresh = new Set(fresh.map(([id]) => id));
    const needed = new Set(fresh.flatMap(([, parents]) => parents));
    const { store } = this.#repository;
    for (const [id, parents] of order) {
      if (isFresh.has(id)) continue;
      const set = new PatchSet();
      for (const parent of parents) set.addAll(this.#sets.get(parent) ?? new PatchSet());
      const patch = store.names.gitCommit(Buffer.from(id, 'hex'))?.patch ?? null;
      if (patch !== null) set.add(patch);
      const index = patch === null ? undefined : this.#graph.indexOf(patch, id);
      if (index !== undefined) this.#indexes.set(id, index);
      this.#sets.set(id, set);
      for (const parent of parents) this.#leave(parent);
      if (!needed.has(id)) continue;
      const state = ImportState.empty(this.#repository, set);
      for (const [path, entry] of readTree(this.#folder, id)) state.put(path, entry);
      this.#states.set(id, state);
    }
  }
}

const objectsOf = ({ now }: GitChange): readonly string[] =>
  now === null || now.mode === '160000' ? [] : [now.object];

function headerOf(commit: GitCommit): Header {
  const { message, description, authoredAt, zoneMinutes } = commit;
  return { message, description, at: authoredAt, zoneMinutes, authors: authorsOf(commit) };
}

/** The author, and the people whom the message names as co-authors. AIs are no authors; they are attribution. */
function authorsOf({ author, message, description }: GitCommit): readonly Author[] {
  if (!/^co-authored-by:/im.test(description)) return [author];
  const { coAuthors } = readTrailers(`${message}\n${description}`, author, BUILT_IN_REGISTRY);
  const others = coAuthors.filter(({ name, email }) => name !== author.name || email !== author.email);
  return [author, ...others].slice(0, AUTHORS_MAX);
}

/** A squash of a year's work names no more. */
const AUTHORS_MAX = 100;

/** What git takes for a name and no repository of ours may have. */
function checkNames({ id }: GitCommit, changes: readonly GitChange[]): void {
  for (const { path, now } of changes) {
    if (now === null) continue;
    for (const name of path.split('/')) {
      const flaw = nameFlaw(name);
      if (flaw !== null) throw nameRefused(id, path, flaw);
    }
  }
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
