// The facts of a patch as the repository has derived them.

import type { PatchNumber, TextFacts } from '../patches/facts.ts';
import type { InodeNumber } from '../patches/file-tree.ts';
import { unpackText, unpackTree } from '../patches/pack-facts.ts';
import type { PatchFacts } from '../patches/patch-facts.ts';
import type { PatchStore } from '../store/store.ts';

export function factsOf(store: PatchStore, patch: PatchNumber): PatchFacts {
  const texts = new Map<InodeNumber, TextFacts>();
  for (const inode of store.files.touchedBy(patch)) {
    const packed = store.files.textFactsOf(inode, patch);
    if (packed !== undefined) texts.set(inode, unpackText(patch, packed));
  }
  const tree = store.files.treeFactsOf(patch);
  return { texts, tree: tree === undefined ? [] : unpackTree(patch, tree).facts };
}
