// Brings the files on the disk from one view to another: after apply, unrecord, pull, switch and undo.
// Rule: a person's own changes that are not recorded are never lost. They are merged into the new text as if they were
// recorded, and where that does not merge, or a file that nobody tracks is in the way, nothing is changed at all.

import type { InodeNumber, TreeEntry } from '../patches/file-tree.ts';
import { DraftContents } from '../patches/record-text.ts';
import { changesInTheWay } from '../repository/faults.ts';
import type { Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import { workingCopy, type Change } from './changes.ts';
import { putRow, seenNow, type RowToWrite } from './worktree-rows.ts';
import { filesOf, foldsCase, TreeWriter, type FileToWrite } from './write-tree.ts';

export interface FilesUpdate {
  readonly written: readonly FileToWrite[];
  readonly removed: readonly string[];
  readonly rows: readonly Omit<RowToWrite, 'disk'>[];
  /** Files with a person's own changes: what was last seen there is what neither the channel nor the disk has now. */
  readonly own: readonly string[];
}

/** What has to change on the disk. Throws ATOMIC_CHANGES_IN_THE_WAY before anything is touched. */
export function planUpdate(repository: Repository, from: View, to: View): FilesUpdate {
  const touched = touchedBetween(repository, from, to);
  const own = new Map(workingCopy(repository, from).changes.map((change) => [change.path, change]));
  const movedFrom = new Set([...own.values()].flatMap((change) => (change.kind === 'moved' ? [change.from] : [])));
  const before = from.tree().entries;
  const after = to.tree().entries;
  const written: FileToWrite[] = [];
  const removed: string[] = [];
  const rows: Omit<RowToWrite, 'disk'>[] = [];
  const inTheWay: string[] = [];
  const kept: string[] = [];
  for (const [path, entry] of after) {
    const old = before.get(path);
    if (old !== undefined && isSame({ from, to, touched }, old, entry)) continue;
    const change = own.get(path);
    const files = filesOf(to, entry);
    if (change === undefined && !movedFrom.has(path)) {
      written.push(...files);
      rows.push(
        ...files
          .filter(({ kind }) => kind !== 'directory' && kind !== 'gitlink')
          .map((file) => ({ path: file.path, inode: entry.inode, bytes: file.bytes })),
      );
      continue;
    }
    const merged = change === undefined ? null : mergedChange(from, to, change, entry);
    kept.push(path);
    if (merged === null) inTheWay.push(path);
    else if (merged !== 'as-it-is')
      written.push({ path, kind: entry.kind, isExecutable: entry.isExecutable, bytes: merged });
  }
  for (const [path, entry] of before) {
    if (after.has(path) || own.get(path)?.kind === 'deleted') continue;
    if (own.has(path)) inTheWay.push(path);
    else removed.push(...filesOf(from, entry).map((file) => file.path));
  }
  if (inTheWay.length > 0) throw changesInTheWay(inTheWay.sort());
  return { written, removed, rows, own: kept };
}

/** The files of whose text the patches speak that one view has and the other lacks. */
function touchedBetween({ store }: Repository, from: View, to: View): ReadonlySet<InodeNumber> {
  const patches = [...from.set.difference(to.set), ...to.set.difference(from.set)];
  return new Set(patches.flatMap((patch) => store.files.touchedBy(patch)));
}

interface Views {
  readonly from: View;
  readonly to: View;
  readonly touched: ReadonlySet<InodeNumber>;
}

function isSame({ from, to, touched }: Views, a: TreeEntry, b: TreeEntry): boolean {
  if (a.inode === b.inode && a.kind === b.kind && a.isExecutable === b.isExecutable && !touched.has(a.inode))
    return true;
  if (a.kind !== b.kind || a.isExecutable !== b.isExecutable) return false;
  if (a.kind === 'directory' || a.kind === 'gitlink') return true;
  const [textA, textB] = [from.text(a.inode), to.text(b.inode)];
  if (a.kind !== 'text' && !(textA.isClean && textB.isClean)) return false;
  return textA.printed().bytes.equals(textB.printed().bytes);
}

/** The text that is to come with a person's changes in it, or null where they do not merge. */
function mergedChange(from: View, to: View, change: Change, entry: TreeEntry): Buffer | 'as-it-is' | null {
  if (change.kind === 'added' || change.kind === 'untracked') {
    // The very file that is to come may lie there already.
    const isEqual = entry.kind !== 'directory' && change.now.bytes().equals(to.bytesOf(entry.inode));
    return isEqual ? 'as-it-is' : null;
  }
  if (change.kind !== 'changed' || !change.text || change.entry.inode !== entry.inode || entry.kind !== 'text')
    return null;
  const wanted = to.text(entry.inode);
  if (change.now.bytes().equals(wanted.printed().bytes)) return 'as-it-is';
  const contents = new DraftContents();
  const recording = from.text(entry.inode).record(change.now.bytes(), contents);
  if (recording.kind !== 'changed' || !wanted.isClean) return null;
  try {
    const { bytes, blocks } = wanted.printedWith(recording.facts, recording.known, contents);
    return blocks.length === 0 ? bytes : null;
  } catch {
    // The text that was changed is not there any more.
    return null;
  }
}

/** Does what was planned, and remembers what was written. */
export function updateFiles(repository: Repository, to: View, update: FilesUpdate): void {
  const { root, store } = repository;
  const writer = new TreeWriter(root, update.written.length > 0 && foldsCase(root));
  const kept = to.tree().entries;
  const folders = update.removed.filter((path) => isFolder(repository, path));
  for (const path of update.removed) if (!folders.includes(path)) writer.remove(path, (folder) => kept.has(folder));
  for (const path of folders.sort().reverse()) writer.removeFolder(path);
  for (const file of update.written) writer.write(file);
  const nowNs = BigInt(repository.clock.now()) * 1_000_000n;
  store.write(null, (transaction) => {
    for (const path of [...update.removed, ...update.own]) transaction.deleteWorktree(path);
    for (const row of update.rows) {
      const disk = seenNow(root, row.path);
      if (disk !== null) putRow(transaction, { ...row, disk }, nowNs);
    }
  });
}

const isFolder = ({ root }: Repository, path: string): boolean => seenNow(root, path)?.kind === 'directory';
