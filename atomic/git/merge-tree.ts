// The git tree that the patches of several parents print together, for comparing with what git's own merge gives.

import { blobName, GitTree } from './git-tree.ts';
import { modeOf } from './import-commit.ts';
import type { ImportState } from './import-state.ts';

export interface MergedTree {
  /** The name git would give it. */
  readonly name: string;
  /** Paths where something is in conflict. */
  readonly conflicts: readonly string[];
}

/** `touched`: files whose text both sides may have had a hand in; all others are as the first parent has them. */
export function mergedTree({ view, git }: ImportState, touched: ReadonlySet<number>): MergedTree {
  const tree = new GitTree();
  const conflicts = view.tree().conflicts.flatMap(({ paths }) => paths);
  for (const [path, entry] of view.tree().entries) {
    if (entry.kind === 'directory') continue;
    const own = touched.has(entry.inode) ? undefined : git.get(path);
    if (own === undefined && view.text(entry.inode).printed().blocks.length > 0) conflicts.push(path);
    const bytes = own === undefined ? view.bytesOf(entry.inode) : Buffer.alloc(0);
    const object = own?.object ?? (entry.kind === 'gitlink' ? bytes.toString() : blobName(bytes));
    tree.put(path, { mode: modeOf(entry), object });
  }
  return { name: tree.name(), conflicts };
}
