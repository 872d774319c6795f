// Proof that an import is what git has: every first-parent commit is printed from the stored patches alone, and the name
// that git would give to that tree is compared with the one that git gave.
// Rule: nothing of the import itself is used, only the repository as anybody opens it.

import type { Repository } from '../repository/repository.ts';
import { PatchSet } from '../store/patch-set.ts';
import { GitTree } from './git-tree.ts';
import { readOrder } from './read-history.ts';
import { git } from './run-git.ts';
import { WalkedTree, type TreeChanges } from './walked-tree.ts';

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
class TreeWalker {
  readonly #repository: Repository;
  #walked: WalkedTree;
  #tree = new GitTree();

  constructor(repository: Repository) {
    this.#repository = repository;
    this.#walked = WalkedTree.empty(repository);
  }

  advance(set: PatchSet): void {
    if (this.#walked.view.set.difference(set).size > 0) {
      this.#walked = WalkedTree.empty(this.#repository);
      this.#tree = new GitTree();
    }
    applyChanges(this.#tree, this.#walked.add(set.difference(this.#walked.view.set)));
  }

  name(): string {
    return this.#tree.name();
  }
}

/** First what goes, so that a file may take the name of a folder. */
export function applyChanges(tree: GitTree, { removed, written }: TreeChanges): void {
  for (const path of removed) tree.remove(path);
  for (const { path, entry } of written) tree.put(path, entry);
}
