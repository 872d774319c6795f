// The git repository that a channel leaves to: what of the channel is on its branch already, and how the branch moves.
// Rule: commits are made under a name of our own first; the branch moves in one step, and only if it is where it was.

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

import type { Instant } from 'kernel/basics';

import { NOTES_REF } from '../attribution/git-ai-notes.ts';
import { parseHash } from '../patches/hash.ts';
import type { PatchNumber } from '../patches/facts.ts';
import type { ReadonlyPatchSet } from '../store/patch-set.ts';
import type { PatchStore } from '../store/store.ts';
import { branchElsewhere } from './faults.ts';
import { identityText, zoneText, type FastImportFile } from './fast-import.ts';
import { git, gitFrom, tryGit } from './run-git.ts';
import { readCommits, readOrder } from './read-history.ts';

export interface ExportTarget {
  /** Where commits are made before the branch moves. */
  readonly ref: string;
  /** Patches that are commits of the branch, each with the commit's name. */
  readonly commits: ReadonlyMap<PatchNumber, string>;
  /** Its last commit; null: the branch begins. */
  readonly tip: string | null;
  /** Names of the trees that git had where the patch came from. */
  treesOf(patch: PatchNumber): readonly string[];
  importCommits(path: string, marks: string): ReadonlyMap<number, string>;
  treesOfCommits(commits: readonly string[]): ReadonlyMap<string, string>;
  moveTo(tip: string, isBeside: boolean): void;
  beginNotes(file: FastImportFile, when: { readonly at: Instant; readonly zoneMinutes: number }): void;
  importNotes(path: string): void;
}

interface Place {
  readonly folder: string;
  readonly branch: string;
  /** The patches of the channel. */
  readonly set: ReadonlyPatchSet;
}

const NOTES_AUTHOR = { name: 'Atomic', email: 'atomic@noreply.invalid' };

export function openTarget(store: PatchStore, { folder, branch, set }: Place): ExportTarget {
  makeRepository(folder, branch);
  const head = `refs/heads/${branch}`;
  git(folder, ['check-ref-format', head]);
  const before =
    tryGit(folder, ['rev-parse', '--verify', '--quiet', `${head}^{commit}`])
      ?.toString()
      .trim() ?? null;
  const present = before === null ? new Map<PatchNumber, string>() : presentOn(store, { folder, branch, set }, before);
  const ref = `refs/atomic/export-${process.pid}`;
  const trees = new Map<PatchNumber, string[]>();
  for (const { patch, tree } of store.names.gitCommits()) {
    if (patch !== null) trees.set(patch, [...(trees.get(patch) ?? []), Buffer.from(tree).toString('hex')]);
  }
  return {
    ref,
    commits: present,
    tip: before,
    treesOf: (patch) => trees.get(patch) ?? [],
    importCommits(path, marks) {
      fastImport(folder, path, [`--export-marks=${marks}`]);
      const lines = readFileSync(marks, 'utf8').trimEnd().split('\n');
      git(folder, ['update-ref', '-d', ref]);
      return new Map(
        lines.map((line) => [Number(line.slice(1, line.indexOf(' '))), line.slice(line.indexOf(' ') + 1)]),
      );
    },
    treesOfCommits(commits) {
      return new Map(readCommits(folder, commits).map(({ id, tree }) => [id, tree]));
    },
    moveTo(tip, isBeside) {
      const files = filesThatFollow(folder, head, isBeside);
      if (files === 'all') git(folder, ['read-tree', '-m', '-u', ...(before === null ? [] : [before]), tip]);
      git(folder, ['update-ref', head, tip, before ?? '0'.repeat(tip.length)]);
      if (files === 'index') git(folder, ['read-tree', tip]);
    },
    beginNotes(file, { at, zoneMinutes }) {
      file.notes(NOTES_REF, `${identityText(NOTES_AUTHOR)} ${Math.floor(at / 1000)} ${zoneText(zoneMinutes)}`, {
        goesOn: tryGit(folder, ['rev-parse', '--verify', '--quiet', NOTES_REF]) !== null,
      });
    },
    importNotes: (path) => fastImport(folder, path, []),
  };
}

function makeRepository(folder: string, branch: string): void {
  if (existsSync(folder) && isRepository(folder)) return;
  mkdirSync(folder, { recursive: true });
  git(folder, ['init', '--quiet', `--initial-branch=${branch}`]);
}

/** A repository of its own, not one around it. */
function isRepository(folder: string): boolean {
  const found = tryGit(folder, ['rev-parse', '--absolute-git-dir'])?.toString().trim();
  // A worktree of git has a file there instead of a folder.
  return existsSync(join(folder, '.git')) || (found !== undefined && realpathSync(folder) === realpathSync(found));
}

const TRAILER = /^Atomic-Change: ([a-z2-7]{52})\s*$/gm;

/** Every commit of the branch has to be a patch of the channel: imported from there, or exported to it. */
function presentOn(store: PatchStore, { folder, branch, set }: Place, tip: string): ReadonlyMap<PatchNumber, string> {
  const commits = new Map<PatchNumber, string>();
  const order = readOrder(folder, [tip]).map(([id]) => id);
  const unknown = order.filter((id) => importedAs(store, id) === undefined);
  const named = new Map(
    readCommits(folder, unknown).map(({ id, description }) => {
      const hash = parseHash([...description.matchAll(TRAILER)].at(-1)?.[1] ?? '');
      return [id, hash === undefined ? undefined : store.patches.numberOf(hash)] as const;
    }),
  );
  for (const id of order) {
    const patch = importedAs(store, id) ?? named.get(id);
    if (patch === undefined || !set.has(patch)) throw branchElsewhere(branch, id);
    commits.set(patch, id);
  }
  return commits;
}

const importedAs = (store: PatchStore, id: string): PatchNumber | undefined =>
  store.names.gitCommit(Buffer.from(id, 'hex'))?.patch ?? undefined;

/** Files of a working copy follow where the branch is checked out; beside Atomic they are right already. */
function filesThatFollow(folder: string, head: string, isBeside: boolean): 'all' | 'index' | 'none' {
  if (tryGit(folder, ['rev-parse', '--is-bare-repository'])?.toString().trim() === 'true') return 'none';
  if (tryGit(folder, ['symbolic-ref', '--quiet', 'HEAD'])?.toString().trim() !== head) return 'none';
  return isBeside ? 'index' : 'all';
}

function fastImport(folder: string, path: string, options: readonly string[]): void {
  const input = openSync(path, 'r');
  try {
    gitFrom(folder, ['fast-import', '--quiet', '--done', '--force', '--date-format=raw-permissive', ...options], input);
  } finally {
    closeSync(input);
  }
}
