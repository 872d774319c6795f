// A part of a channel: the patches that touch a path or what lies below it, and all that they build on.
// Rule: it is closed under dependencies, so it is a set of patches like any other; files elsewhere are there as far as
// those patches speak of them.

import { unpackTree } from '../patches/pack-facts.ts';
import { pathUnknown } from '../repository/faults.ts';
import type { Repository } from '../repository/repository.ts';
import type { PatchSet, ReadonlyPatchSet } from '../store/patch-set.ts';
import type { Channel } from '../store/store.ts';

/** The last one that was asked for of each repository: the requests of one exchange ask for the same again and again. */
const LAST = new WeakMap<Repository, { readonly root: Uint8Array; readonly path: string; readonly set: PatchSet }>();

/** Throws ATOMIC_PATH_UNKNOWN where the channel has nothing at the path. */
export function partialSet(repository: Repository, { set, root }: Channel, path: string): ReadonlyPatchSet {
  const last = LAST.get(repository);
  if (last?.path === path && Buffer.compare(last.root, root) === 0) return last.set;
  const found = closureOf(repository, set, path);
  LAST.set(repository, { root, path, set: found });
  return found;
}

function closureOf(repository: Repository, set: ReadonlyPatchSet, path: string): PatchSet {
  const { store } = repository;
  const view = repository.viewOf(set);
  const inodes = new Set<number>();
  for (const entry of view.tree().entries.values()) {
    if (entry.path === path || entry.path.startsWith(`${path}/`))
      for (const each of [entry.inode, ...entry.twins]) inodes.add(each);
  }
  if (inodes.size === 0) throw pathUnknown(path);
  const touching = new Set<number>();
  for (const inode of inodes) for (const patch of store.files.touching(inode)) touching.add(patch);
  for (const { patch, facts } of store.files.treeFacts()) {
    if (unpackTree(patch, facts).facts.some(({ inode }) => inodes.has(inode))) touching.add(patch);
  }
  return store.patches.closure([...touching].filter((patch) => set.has(patch)));
}
