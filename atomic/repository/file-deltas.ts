// What differs between two sets of patches, file by file: what a patch did, or what one channel has that another has not.
// Rule: a file is the same file whatever it is called; only files that the differing patches speak of are looked at.

import type { InodeNumber, TreeEntry } from '../patches/file-tree.ts';
import { unpackTree } from '../patches/pack-facts.ts';
import type { FileKind } from '../patches/patch.ts';
import type { PatchStore } from '../store/store.ts';
import type { View } from './view.ts';

export interface FileSide {
  readonly path: string;
  readonly kind: FileKind;
  readonly isExecutable: boolean;
  readonly bytes: Buffer;
}

/** Null on one side: it was not there, or is there no more. */
export interface FileDelta {
  readonly before: FileSide | null;
  readonly after: FileSide | null;
}

/** Sorted by path. Directories are left out. */
export function fileDeltas(store: PatchStore, from: View, to: View): readonly FileDelta[] {
  const patches = [...to.set.difference(from.set), ...from.set.difference(to.set)];
  const touched = new Set<InodeNumber>();
  for (const patch of patches) {
    for (const inode of store.files.touchedBy(patch)) touched.add(inode);
    const tree = store.files.treeFactsOf(patch);
    if (tree !== undefined) for (const { inode } of unpackTree(patch, tree).facts) touched.add(inode);
  }
  const deltas = [...touched].flatMap((inode) => deltasOf(from, to, inode));
  return deltas.sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
}

const pathOf = ({ before, after }: FileDelta): string => (after ?? before)?.path ?? '';

function deltasOf(from: View, to: View, inode: InodeNumber): readonly FileDelta[] {
  const before = sideOf(from, inode);
  const after = sideOf(to, inode);
  if (before === null && after === null) return [];
  if (before !== null && after !== null && isSame(before, after)) return [];
  return [{ before, after }];
}

const isSame = (a: FileSide, b: FileSide): boolean =>
  a.path === b.path && a.kind === b.kind && a.isExecutable === b.isExecutable && a.bytes.equals(b.bytes);

function sideOf(view: View, inode: InodeNumber): FileSide | null {
  const tree = view.tree();
  const [path] = tree.pathsOf(inode);
  const entry: TreeEntry | undefined = path === undefined ? undefined : tree.entries.get(path);
  if (entry === undefined || entry.kind === 'directory') return null;
  return { path: entry.path, kind: entry.kind, isExecutable: entry.isExecutable, bytes: view.bytesOf(entry.inode) };
}
