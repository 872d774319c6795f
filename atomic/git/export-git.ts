// A channel leaves as a branch of a git repository: one commit for each patch, through `git fast-import`.
// Rule: the same channel gives the same commits, byte for byte. A trailer names the patch, so that a commit that comes back is
// recognised, and exporting again adds only what is new. The trees that git made are compared with what the patches mean
// before the branch moves; nothing that is on the branch and not in the channel is ever dropped.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { writeGitAiNote } from '../attribution/git-ai-notes.ts';
import { noteAuthorOf } from '../attribution/note-attribution.ts';
import type { PatchNumber } from '../patches/facts.ts';
import type { Repository } from '../repository/repository.ts';
import { PatchSet } from '../store/patch-set.ts';
import { readGraph } from './commit-graph.ts';
import { exportMessage } from './export-message.ts';
import { openTarget, type ExportTarget } from './export-target.ts';
import { exportDiffers } from './faults.ts';
import { FastImportFile } from './fast-import.ts';
import { hideFromGit } from './hide-from-git.ts';
import { GitTree } from './git-tree.ts';
import { linesOfPatch } from './patch-lines.ts';
import { planExport, type ExportStep } from './plan-export.ts';
import { applyChanges } from './verify-import.ts';
import { WalkedTree, type TreeChanges } from './walked-tree.ts';

export interface ExportOptions {
  /** Made where there is none. */
  readonly folder: string;
  readonly channel: string;
  /** As the channel is called, by default. */
  readonly branch?: string;
  /** Trailers that say what an AI did. */
  readonly trailers: boolean;
  /** The AI as co-author, too. */
  readonly coAuthors: boolean;
  /** Notes of git-ai. */
  readonly notes: boolean;
  readonly each?: (text: string, done: number, total: number) => void;
}

export interface ExportOutcome {
  readonly folder: string;
  readonly branch: string;
  readonly commits: number;
  /** Patches that were commits of the branch already. */
  readonly known: number;
  readonly notes: number;
  /** The last commit of the branch; null: the channel is empty. */
  readonly tip: string | null;
  /** Paths that notes cannot name. */
  readonly leftOutOfNotes: readonly string[];
}

/** Throws ATOMIC_GIT_BRANCH_ELSEWHERE, ATOMIC_GIT_EXPORT_DIFFERS, ATOMIC_GIT_FAILED. */
export function exportGit(repository: Repository, options: ExportOptions): ExportOutcome {
  const { store } = repository;
  const { set } = repository.view(options.channel);
  const branch = options.branch ?? options.channel;
  const folder = resolve(options.folder);
  const target = openTarget(store, { folder, branch, set });
  const present = PatchSet.of(target.commits.keys());
  const steps = planExport(store, { set, present, graph: readGraph(store) });
  const work = mkdtempSync(join(tmpdir(), 'atomic-export-'));
  try {
    const exporter = new Exporter(repository, { options, target, work });
    const commits = exporter.write(steps);
    const made = commits.at(-1);
    const isBeside = resolve(repository.root) === folder;
    if (isBeside) hideFromGit(folder);
    if (made !== undefined) target.moveTo(made, isBeside);
    const notes = options.notes ? exporter.writeNotes(commits) : 0;
    const { leftOut } = exporter;
    return {
      folder,
      branch,
      commits: steps.length,
      known: present.size,
      notes,
      tip: made ?? target.tip,
      leftOutOfNotes: leftOut,
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const NO_COMMIT = '0000000000000000000000000000000000000000';

class Exporter {
  readonly leftOut: string[] = [];
  readonly #repository: Repository;
  readonly #options: ExportOptions;
  readonly #target: ExportTarget;
  readonly #work: string;
  readonly #trees = new Map<number, WalkedTree>();
  readonly #childrenLeft = new Map<number, number>();
  /** Names of the trees that the commits have to have. */
  readonly #expected: string[] = [];
  /** By step, with a stand-in for the commit's name. */
  readonly #notes = new Map<number, { readonly patch: PatchNumber; readonly text: string }>();

  constructor(
    repository: Repository,
    {
      options,
      target,
      work,
    }: { readonly options: ExportOptions; readonly target: ExportTarget; readonly work: string },
  ) {
    this.#repository = repository;
    this.#options = options;
    this.#target = target;
    this.#work = work;
  }

  /** Gives the names of the commits, one for each step. */
  write(steps: readonly ExportStep[]): readonly string[] {
    if (steps.length === 0) return [];
    for (const { parents } of steps)
      for (const parent of parents) this.#childrenLeft.set(parent, (this.#childrenLeft.get(parent) ?? 0) + 1);
    const path = join(this.#work, 'commits');
    const file = new FastImportFile(path);
    for (const [index, step] of steps.entries()) {
      this.#step(file, step, index);
      this.#options.each?.('Writing commits', index + 1, steps.length);
    }
    file.close();
    const names = this.#target.importCommits(path, join(this.#work, 'marks'));
    const commits = steps.map((_, index) => names.get(index + 1) ?? '');
    this.#compare(steps, commits);
    return commits;
  }

  writeNotes(commits: readonly string[]): number {
    const last = [...this.#notes.values()].at(-1);
    if (last === undefined) return 0;
    const path = join(this.#work, 'notes');
    const file = new FastImportFile(path);
    const { at, zoneMinutes } = this.#repository.store.patches.rowOf(last.patch);
    this.#target.beginNotes(file, { at, zoneMinutes });
    for (const [index, { text }] of this.#notes) {
      const commit = commits[index] ?? '';
      file.note(commit, text.replace(NO_COMMIT, commit));
    }
    file.close();
    this.#target.importNotes(path);
    return this.#notes.size;
  }

  #step(file: FastImportFile, step: ExportStep, index: number): void {
    const { store } = this.#repository;
    const { patch, parents } = step;
    const tree = this.#treeBefore(step);
    const changes = tree.add([...this.#missing(step, tree), patch]);
    const { trailers, coAuthors } = this.#options;
    const row = store.patches.rowOf(patch);
    const isNext = index === 0 && this.#target.tip !== null;
    file.commit({
      ref: this.#target.ref,
      mark: index + 1,
      author: row.authors[0] ?? { name: '', email: '' },
      at: row.at,
      zoneMinutes: row.zoneMinutes,
      message: exportMessage(store, patch, { trailers, coAuthors }),
      parents: isNext ? [this.#target.tip ?? ''] : parents.map((parent) => `:${parent + 1}`),
    });
    for (const path of changes.removed) file.remove(path);
    for (const each of changes.written) this.#writeFile(file, tree, each);
    this.#expected.push(this.#treeName(step, tree, changes));
    this.#trees.set(index, tree);
    for (const parent of parents) this.#leave(parent);
    if (this.#options.notes) this.#note(tree, patch, index);
  }

  /** The first parent's tree: taken over where nobody else needs it, copied otherwise. */
  #treeBefore({ parents: [first] }: ExportStep): WalkedTree {
    const known = first === undefined ? undefined : this.#trees.get(first);
    if (first !== undefined && known !== undefined)
      return (this.#childrenLeft.get(first) ?? 0) > 1 ? known.copy() : known;
    const tree = WalkedTree.empty(this.#repository);
    // What the branch has already, if this is its next commit; the files of another root begin with nothing.
    tree.add(this.#expected.length === 0 ? PatchSet.of(this.#target.commits.keys()) : []);
    return tree;
  }

  /** Patches that come with the other parents of a merge. */
  #missing({ parents: [, ...others] }: ExportStep, tree: WalkedTree): PatchSet {
    const missing = new PatchSet();
    for (const other of others)
      missing.addAll(this.#trees.get(other)?.view.set.difference(tree.view.set) ?? new PatchSet());
    return missing;
  }

  #leave(parent: number): void {
    const left = (this.#childrenLeft.get(parent) ?? 1) - 1;
    this.#childrenLeft.set(parent, left);
    if (left === 0) this.#trees.delete(parent);
  }

  #writeFile(file: FastImportFile, tree: WalkedTree, { path, entry, inode }: TreeChanges['written'][number]): void {
    if (entry.mode === '160000') file.submodule(path, entry.object);
    else file.write(path, entry.mode, tree.view.bytesOf(inode));
  }

  /** What git's own tree was; elsewhere what it would call the tree that the patches mean. */
  #treeName({ patch, isOfGit }: ExportStep, tree: WalkedTree, changes: TreeChanges): string {
    const known = isOfGit ? this.#target.treesOf(patch) : [];
    if (known.length === 1 && known[0] !== undefined) return known[0];
    return this.#lineTree(tree, changes).name();
  }

  #line: { readonly of: WalkedTree; readonly tree: GitTree } | null = null;

  /** A tree that is kept up to date while one walked tree goes on; made anew for another. */
  #lineTree(walked: WalkedTree, changes: TreeChanges): GitTree {
    if (this.#line?.of === walked) applyChanges(this.#line.tree, changes);
    else {
      const tree = new GitTree();
      applyChanges(tree, { removed: [], written: walked.files() });
      this.#line = { of: walked, tree };
    }
    return this.#line.tree;
  }

  #compare(steps: readonly ExportStep[], commits: readonly string[]): void {
    const trees = this.#target.treesOfCommits(commits);
    for (const [index, commit] of commits.entries()) {
      const hash = this.#repository.store.patches.hashOf(steps[index]?.patch ?? 0);
      if (trees.get(commit) !== this.#expected[index]) throw exportDiffers(commit, hash);
    }
  }

  #note({ view }: WalkedTree, patch: PatchNumber, index: number): void {
    const { store } = this.#repository;
    const { attribution, files } = linesOfPatch(store, view, patch);
    if (attribution === null) return;
    const { authors, hash } = store.patches.rowOf(patch);
    const noted = files.map(({ path, lines }) => ({
      path,
      lines: lines.map((line) => ({
        author: line === null ? null : noteAuthorOf(attribution, line.hunk, authors),
        trace: hash,
      })),
    }));
    const { text, left } = writeGitAiNote(NO_COMMIT, noted);
    this.leftOut.push(...left);
    if (noted.some(({ lines }) => lines.some(({ author }) => author !== null))) this.#notes.set(index, { patch, text });
  }
}
