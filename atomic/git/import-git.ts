// A git history becomes patches: the whole graph of commits, each branch a channel, each commit one patch.
// Rule: parents first; a commit's state is the set of its ancestors' patches and its own. What is imported can be imported
// again and gives the same patches, here and on any other machine; later commits are added to what is there. What was
// recorded in Atomic in between is never looked at: its patches stay in their channel, beside those of the new commits.
// Memory: a view for each commit that later ones still build on, the set of every commit (a bit for each patch: 7 MB for
// 7,000 commits), and at most KEPT_BYTES_MAX of git's objects (blobs.ts).

import type { DraftBuilder } from '../repository/draft-builder.ts';
import type { AttributionToKeep } from '../repository/record.ts';
import type { Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import type { ReadonlyPatchSet } from '../store/patch-set.ts';
import { branchUnknown, historyIncomplete, notGit, objectFormatUnknown } from './faults.ts';
import type { ImportState } from './import-state.ts';
import { Importer } from './importer.ts';
import { readBranches, readOrder, type GitCommit } from './read-history.ts';
import { tryGit } from './run-git.ts';

/** A commit as it is about to become a patch. */
export interface DraftedCommit {
  /** What its parents' patches mean together. */
  readonly view: View;
  readonly builder: DraftBuilder;
  /** The text of a path as the commit has it. */
  textOf(path: string): Buffer | undefined;
}

/** What trailers, notes and hooks say of who wrote a commit. */
export interface ImportAttributions {
  prepare(commits: readonly GitCommit[]): void;
  attribute(commit: GitCommit, drafted: DraftedCommit): AttributionToKeep | null;
}

export interface ImportOptions {
  /** Only this branch; all of them by default, and the one that is checked out becomes the current channel. */
  readonly branch?: string;
  readonly actor: string;
  readonly attributions?: ImportAttributions;
  readonly each?: (done: number, total: number) => void;
  /**
   * Asked before a channel is moved, and may refuse by throwing: the patches stay, the channels are as they were.
   * `isCurrent`: it is the branch that was named, or is checked out in git.
   */
  readonly beforeMove?: (channel: string, set: ReadonlyPatchSet, isCurrent: boolean) => void;
  /** Shown what the patches of a merge's parents mean together, before the merge itself is recorded. */
  readonly eachMerge?: (commit: GitCommit, state: ImportState, touched: ReadonlySet<number>) => void;
}

export interface ImportOutcome {
  /** Commits that became patches. */
  readonly commits: number;
  /** Commits that were here already. */
  readonly known: number;
  /** Commits that were exported from patches that are here. */
  readonly recognised: number;
  readonly merges: number;
  readonly channels: readonly string[];
  readonly tags: number;
  /** The channel of the branch that was named, or is checked out there. */
  readonly current: string;
  /** The branch that is checked out in git; null: none is. */
  readonly head: string | null;
  /** The commit of that branch. */
  readonly tip: string;
}

export function importGit(repository: Repository, folder: string, options: ImportOptions): ImportOutcome {
  const branches = wantedBranches(folder, options.branch);
  const order = readOrder(folder, [...branches.values()]);
  const head = tryGit(folder, ['symbolic-ref', '--quiet', '--short', 'HEAD'])?.toString().trim() ?? null;
  const [first = 'main'] = branches.keys();
  const current = options.branch ?? (head !== null && branches.has(head) ? head : first);
  const importer = new Importer(repository, folder, options);
  importer.run(order);
  const tags = importer.finish(branches, current);
  return { ...importer.counts, channels: [...branches.keys()], tags, current, head, tip: branches.get(current) ?? '' };
}

function wantedBranches(folder: string, branch: string | undefined): ReadonlyMap<string, string> {
  const about = tryGit(folder, ['rev-parse', '--show-object-format', '--is-shallow-repository'])?.toString();
  if (about === undefined) throw notGit(folder);
  const [format = '', isShallow] = about.trim().split('\n');
  if (format !== 'sha1') throw objectFormatUnknown(folder, format);
  if (isShallow === 'true') throw historyIncomplete(folder);
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
