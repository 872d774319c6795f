// The files of a view as git would have them, moving from patch to patch: what changed on the way, by path.
// Rule: only files that a patch touches are printed again.

import type { PatchNumber } from '../patches/facts.ts';
import type { InodeNumber, TreeEntry } from '../patches/file-tree.ts';
import { factsOf } from '../repository/facts-of.ts';
import type { Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import { PatchSet } from '../store/patch-set.ts';
import { blobName } from './git-tree.ts';
import { modeOf } from './import-commit.ts';
import type { GitEntry } from './read-history.ts';

export interface TreeChanges {
  readonly removed: readonly string[];
  readonly written: readonly { readonly path: string; readonly entry: GitEntry; readonly inode: InodeNumber }[];
}

export class WalkedTree {
  readonly #repository: Repository;
  readonly view: View;
  /** By path: mode and object as one text. */
  #entries: Map<string, string>;
  readonly #objects: Map<InodeNumber, string>;

  private constructor(
    repository: Repository,
    view: View,
    { entries, objects }: { readonly entries: Map<string, string>; readonly objects: Map<InodeNumber, string> },
  ) {
    this.#repository = repository;
    this.view = view;
    this.#entries = entries;
    this.#objects = objects;
  }

  static empty(repository: Repository): WalkedTree {
    return new WalkedTree(repository, repository.viewOf(new PatchSet()), { entries: new Map(), objects: new Map() });
  }

  copy(): WalkedTree {
    const kept = { entries: new Map(this.#entries), objects: new Map(this.#objects) };
    return new WalkedTree(this.#repository, this.view.copy(), kept);
  }

  /** Adds patches, each after what it depends on. */
  add(patches: Iterable<PatchNumber>): TreeChanges {
    const { store } = this.#repository;
    for (const patch of patches) {
      this.view.add(patch, factsOf(store, patch));
      for (const inode of store.files.touchedBy(patch)) this.#objects.delete(inode);
    }
    const next = new Map<string, string>();
    const written: TreeChanges['written'][number][] = [];
    for (const [path, entry] of this.view.tree().entries) {
      if (entry.kind === 'directory') continue;
      const now: GitEntry = { mode: modeOf(entry), object: this.#objectOf(entry) };
      const text = `${now.mode} ${now.object}`;
      next.set(path, text);
      if (this.#entries.get(path) !== text) written.push({ path, entry: now, inode: entry.inode });
    }
    const removed = [...this.#entries.keys()].filter((path) => !next.has(path));
    this.#entries = next;
    return { removed, written };
  }

  /** All files as they are. */
  files(): TreeChanges['written'] {
    return [...this.view.tree().entries.values()].flatMap((entry) =>
      entry.kind === 'directory'
        ? []
        : [{ path: entry.path, inode: entry.inode, entry: { mode: modeOf(entry), object: this.#objectOf(entry) } }],
    );
  }

  #objectOf({ inode, kind }: TreeEntry): string {
    const known = this.#objects.get(inode);
    if (known !== undefined) return known;
    const bytes = this.view.bytesOf(inode);
    const object = kind === 'gitlink' ? bytes.toString() : blobName(bytes);
    this.#objects.set(inode, object);
    return object;
  }
}
