// Proof that an import is what git has: every first-parent commit is printed from the stored patches alone, and the name
// that git would give to that tree is compared with the one that git gave.
// Rule: nothing of the import itself is used, only the repository as anybody opens it.

import type { InodeNumber, TreeEntry } from '../patches/file-tree.ts';
import { factsOf } from '../repository/facts-of.ts';
import type { Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import { PatchSet } from '../store/patch-set.ts';
import { blobName, GitTree } from './git-tree.ts';
import { modeOf } from './import-commit.ts';
import { readOrder } from './read-history.ts';
import { git } from './run-git.ts';

export interface Verification {
  readonly commits: number;
  /** Commits whose tree is not git's, the earliest first. */
  readonly different: readonly string[];
}

export function verifyImport(
  repository: Repository,
  folder: string,
  tip: string,
  each?: (done: number, total: number) => void,
): Verification {
  const sets = setsOf(repository, folder, tip);
  const line = git(folder, ['rev-list', '--first-parent', '--reverse', tip]).toString().trim().split('\n');
  const walker = new TreeWalker(repository);
  const different: string[] = [];
  for (const [index, commit] of line.entries()) {
    const stored = repository.store.names.gitCommit(Buffer.from(commit, 'hex'));
    walker.advance(sets.get(commit) ?? new PatchSet());
    if (stored === undefined || walker.name() !== Buffer.from(stored.tree).toString('hex')) different.push(commit);
    each?.(index + 1, line.length);
  }
  return { commits: line.length, different };
}

/** The set of each commit: its ancestors' patches and its own. */
function setsOf(repository: Repository, folder: string, tip: string): ReadonlyMap<string, PatchSet> {
  const sets = new Map<string, PatchSet>();
  for (const [id, parents] of readOrder(folder, [tip])) {
    const set = new PatchSet();
    for (const parent of parents) set.addAll(sets.get(parent) ?? new PatchSet());
    const patch = repository.store.names.gitCommit(Buffer.from(id, 'hex'))?.patch ?? null;
    if (patch !== null) set.add(patch);
    sets.set(id, set);
  }
  return sets;
}

/** A view that moves from set to set, and the git tree of what it prints. */
export class TreeWalker {
  readonly #repository: Repository;
  #view: View;
  #tree = new GitTree();
  /** What the tree has: path → inode and properties, and the blob of each inode. */
  #entries = new Map<string, string>();
  readonly #blobs = new Map<InodeNumber, string>();

  constructor(repository: Repository) {
    this.#repository = repository;
    this.#view = repository.viewOf(new PatchSet());
  }

  get view(): View {
    return this.#view;
  }

  advance(set: PatchSet): void {
    const { store } = this.#repository;
    if (this.#view.set.difference(set).size > 0) this.#restart(set);
    for (const patch of set.difference(this.#view.set)) {
      this.#view.add(patch, factsOf(store, patch));
      for (const inode of store.files.touchedBy(patch)) this.#blobs.delete(inode);
    }
    const next = new Map<string, string>();
    for (const [path, entry] of this.#view.tree().entries) {
      if (entry.kind !== 'directory') next.set(path, `${modeOf(entry)} ${this.#blobOf(entry)}`);
    }
    // First what goes, so that a file may take the name of a folder.
    for (const path of this.#entries.keys()) if (!next.has(path)) this.#tree.remove(path);
    for (const [path, state] of next) {
      if (this.#entries.get(path) === state) continue;
      const [mode = '', object = ''] = state.split(' ');
      this.#tree.put(path, { mode, object });
    }
    this.#entries = next;
  }

  name(): string {
    return this.#tree.name();
  }

  #restart(set: PatchSet): void {
    this.#view = this.#repository.viewOf(set);
    this.#tree = new GitTree();
    this.#entries = new Map();
    this.#blobs.clear();
  }

  #blobOf({ inode, kind }: TreeEntry): string {
    const known = this.#blobs.get(inode);
    if (known !== undefined) return known;
    const bytes = this.#view.bytesOf(inode);
    const blob = kind === 'gitlink' ? bytes.toString() : blobName(bytes);
    this.#blobs.set(inode, blob);
    return blob;
  }
}
