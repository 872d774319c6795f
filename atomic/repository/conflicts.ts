// Every conflict of a channel as data: where it is, of what kind, and whose patches are on its sides.
// Rule: it is a function of the set of patches alone, so every machine with the same set lists the same. Which files are in
// conflict is remembered in the cache; what was remembered is used only for files that no patch has touched since.

import type { InodeNumber, TreeConflictKind, TreeEntry } from '../patches/file-tree.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { versionsOf, type Block, type ConflictKind } from '../patches/print-layout.ts';
import { PatchSet, type ReadonlyPatchSet } from '../store/patch-set.ts';
import type { PatchStore } from '../store/store.ts';
import type { View } from './view.ts';

export interface ListedConflict {
  readonly path: string;
  /** Of its first marker, from 1; null where the whole file, or its name, is in conflict. */
  readonly line: number | null;
  readonly kind: ConflictKind | TreeConflictKind;
  /** Patches of each side; of contested text: who deleted around it. */
  readonly sides: readonly (readonly PatchNumber[])[];
  /** Every path that is concerned. */
  readonly paths: readonly string[];
}

type Each = (done: number, total: number) => void;

/** Sorted by path, then by line. `each` is told how many files have been looked at. */
export function listConflicts(store: PatchStore, view: View, each?: Each): readonly ListedConflict[] {
  const tree = view.tree();
  const found: ListedConflict[] = tree.conflicts.map(({ kind, paths, patches }) => ({
    path: paths[0] ?? '',
    line: null,
    kind,
    sides: patches.map((patch) => [patch]),
    paths,
  }));
  const inConflict = new Set(conflictedFiles(store, view, each));
  for (const entry of tree.entries.values()) {
    if (inConflict.has(entry.inode)) found.push(...conflictsIn(view, entry));
  }
  const lineOf = ({ line }: ListedConflict): number => line ?? 0;
  return found.sort((a, b) => (a.path === b.path ? lineOf(a) - lineOf(b) : a.path < b.path ? -1 : 1));
}

function conflictsIn(view: View, { path, inode, kind }: TreeEntry): readonly ListedConflict[] {
  const text = view.text(inode);
  const { bytes, blocks } = text.printed();
  if (kind === 'text') {
    return blocks.map((block) => ({
      path,
      line: lineOf(bytes, block),
      kind: block.kind,
      sides: block.sides,
      paths: [path],
    }));
  }
  const [first] = blocks;
  if (first === undefined) return [];
  const versions = versionsOf(text.file.layout, view.context.history);
  const sides = versions.length > 1 ? versions.map(({ by }) => (by === null ? [] : [by])) : first.sides;
  return [{ path, line: null, kind: first.kind, sides, paths: [path] }];
}

/** A marker may follow a line feed that was put before it. */
function lineOf(bytes: Buffer, { start }: Block): number {
  let line = bytes[start] === 10 ? 2 : 1;
  for (let at = bytes.indexOf(10); at !== -1 && at < start; at = bytes.indexOf(10, at + 1)) line += 1;
  return line;
}

/** Files of a view whose text is in conflict. */
export function conflictedFiles(store: PatchStore, view: View, each?: Each): readonly InodeNumber[] {
  const files = new Set<InodeNumber>();
  for (const { inode, kind } of view.tree().entries.values()) {
    if (kind !== 'directory' && kind !== 'gitlink') files.add(inode);
  }
  const key = Buffer.from(JSON.stringify(view.context.policy));
  const remembered = readRemembered(store.cache.get(CACHE_KIND, key));
  const changed = remembered === null ? null : touchedBetween(store, remembered.set, view.set);
  const found: InodeNumber[] = [];
  let done = 0;
  for (const inode of files) {
    done += 1;
    const isKnown = remembered !== null && changed !== null && remembered.files.has(inode) && !changed.has(inode);
    if (isKnown ? remembered.inConflict.has(inode) : !view.text(inode).isClean) found.push(inode);
    if (!isKnown) each?.(done, files.size);
  }
  if (changed === null || changed.size > 0 || remembered?.files.size !== files.size) {
    store.cache.put(CACHE_KIND, key, remember(view.set, files, found));
  }
  return found;
}

const touchedBetween = (
  { files }: PatchStore,
  before: ReadonlyPatchSet,
  after: ReadonlyPatchSet,
): ReadonlySet<InodeNumber> =>
  new Set([...before.difference(after), ...after.difference(before)].flatMap((patch) => files.touchedBy(patch)));

const CACHE_KIND = 'conflicts';

interface Remembered {
  readonly set: ReadonlyPatchSet;
  /** Files that were looked at. */
  readonly files: ReadonlySet<InodeNumber>;
  readonly inConflict: ReadonlySet<InodeNumber>;
}

/** Counts of the three lists, then the lists: words of the set, files, files in conflict. */
function remember(set: ReadonlyPatchSet, files: ReadonlySet<InodeNumber>, found: readonly InodeNumber[]): Uint8Array {
  const words = Array.from({ length: set.words }, (_, index) => set.word(index));
  const all = Uint32Array.from([words.length, files.size, found.length, ...words, ...files, ...found]);
  return new Uint8Array(all.buffer);
}

function readRemembered(body: Uint8Array | undefined): Remembered | null {
  if (body === undefined || body.length % 4 !== 0) return null;
  const all = new Uint32Array(Uint8Array.from(body).buffer);
  const [words = 0, files = 0, found = 0] = all;
  if (all.length !== 3 + words + files + found) return null;
  return {
    set: new PatchSet(all.slice(3, 3 + words)),
    files: new Set(all.subarray(3 + words, 3 + words + files)),
    inConflict: new Set(all.subarray(3 + words + files)),
  };
}
