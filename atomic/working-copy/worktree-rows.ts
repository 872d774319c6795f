// What was last seen on the disk, so that files which nobody touched are not read again.
// Rule: a row is a hint. A file written within the grain of a file system's clock gets no time, and is read next time.

import { lstatSync } from 'node:fs';
import { join } from 'node:path';

import type { InodeNumber } from '../patches/file-tree.ts';
import type { Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import type { Transaction } from '../store/store.ts';
import { hashOfBytes, type Change, type WorkingCopy } from './changes.ts';
import { statFile, type DiskFile } from './scan.ts';

/** Coarser than the clock of any file system in use (FAT has two seconds, and is not worth reading every file for). */
const GRAIN_NS = 20_000_000n;

export interface RowToWrite {
  readonly path: string;
  readonly inode: InodeNumber;
  readonly disk: DiskFile;
  readonly bytes: Uint8Array;
}

export function putRow(transaction: Transaction, { path, inode, disk, bytes }: RowToWrite, nowNs: bigint): void {
  transaction.putWorktree({
    path,
    inode,
    mtimeNs: nowNs - disk.mtimeNs < GRAIN_NS ? 0n : disk.mtimeNs,
    size: disk.size,
    ino: disk.ino,
    mode: disk.mode,
    contentHash: hashOfBytes(bytes),
  });
}

/** Rows for what was just recorded, and for files that were read and found clean. */
export function writeRows(
  repository: Repository,
  view: View,
  { copy, recorded }: { readonly copy: WorkingCopy; readonly recorded: readonly Change[] },
): void {
  const tree = view.tree();
  const rows: RowToWrite[] = [];
  const gone: string[] = [];
  for (const change of recorded) {
    if (change.kind === 'deleted') gone.push(change.path);
    else {
      if (change.kind === 'moved') gone.push(change.from);
      const entry = tree.entries.get(change.path);
      const { disk } = change.now;
      if (entry !== undefined && disk.kind !== 'directory') {
        rows.push({ path: change.path, inode: entry.inode, disk, bytes: change.now.bytes() });
      }
    }
  }
  for (const [path, { entry, disk, isNewlySeen }] of copy.clean) {
    if (isNewlySeen) rows.push({ path, inode: entry.inode, disk, bytes: view.bytesOf(entry.inode) });
  }
  if (rows.length === 0 && gone.length === 0) return;
  const nowNs = BigInt(repository.clock.now()) * 1_000_000n;
  repository.store.write(null, (transaction) => {
    for (const path of gone) transaction.deleteWorktree(path);
    for (const row of rows) putRow(transaction, row, nowNs);
  });
}

/** What the file system says of a file that was just written. */
export function seenNow(root: string, path: string): DiskFile | null {
  return statFile(root, path);
}

export const existsOnDisk = (root: string, path: string): boolean =>
  lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
