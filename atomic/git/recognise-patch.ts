// A commit that was exported from a patch which is here is that patch again, not another one.
// Rule: its trailer is only a hint (a cherry-pick and a rebase copy it). It counts when the patch can join its parents'
// patches and they then mean exactly the commit's tree.

import { parseHash } from '../patches/hash.ts';
import type { PatchNumber } from '../patches/facts.ts';
import type { InodeNumber } from '../patches/file-tree.ts';
import { factsOf } from '../repository/facts-of.ts';
import type { PatchStore } from '../store/store.ts';
import { blobName } from './git-tree.ts';
import { modeOf } from './import-commit.ts';
import type { ImportState } from './import-state.ts';
import type { GitChange, GitCommit, GitEntry } from './read-history.ts';

export interface RecognisedCommit {
  readonly patch: PatchNumber;
  readonly state: ImportState;
}

interface Question {
  /** With the patches of all parents, and git's tree of the first. */
  readonly state: ImportState;
  readonly commit: GitCommit;
  readonly changes: readonly GitChange[];
  /** Files that the other parents touched; null where there is one parent. */
  readonly touched: ReadonlySet<InodeNumber> | null;
}

const TRAILER = /^Atomic-Change: ([a-z2-7]{52})\s*$/gm;

export function recognisePatch(store: PatchStore, question: Question): RecognisedCommit | null {
  const { commit, state, changes, touched } = question;
  const named = [...commit.description.matchAll(TRAILER)].at(-1)?.[1];
  const hash = named === undefined ? undefined : parseHash(named);
  const patch = hash === undefined ? undefined : store.patches.numberOf(hash);
  if (patch === undefined || state.view.set.has(patch)) return null;
  if (!store.patches.dependenciesOf(patch).every((each) => state.view.set.has(each))) return null;
  const after = state.copy();
  const facts = factsOf(store, patch);
  const inodes = new Set([
    ...store.files.touchedBy(patch),
    ...facts.tree.map(({ inode }) => inode),
    ...(touched ?? []),
  ]);
  after.view.add(patch, facts);
  after.move(changes);
  return isTree(after, { changes, inodes }) ? { patch, state: after } : null;
}

/** Whether the view has git's files, and in those that may have changed git's text. */
function isTree(
  { view, git }: ImportState,
  { changes, inodes }: { readonly changes: readonly GitChange[]; readonly inodes: ReadonlySet<InodeNumber> },
): boolean {
  const tree = view.tree();
  const files = [...tree.entries.values()].filter(({ kind }) => kind !== 'directory');
  if (files.length !== git.size) return false;
  const named = new Set(changes.map(({ path }) => path));
  return files.every((entry) => {
    const there: GitEntry | undefined = git.get(entry.path);
    if (there === undefined) return false;
    if (!named.has(entry.path) && !inodes.has(entry.inode)) return true;
    const bytes = view.bytesOf(entry.inode);
    const object = entry.kind === 'gitlink' ? bytes.toString() : blobName(bytes);
    return modeOf(entry) === there.mode && object === there.object;
  });
}
