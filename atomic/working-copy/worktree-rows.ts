// What was last seen on the disk, so that files which nobody touched are not read again.
// Rule: a row is a hint. A file written within the grain of a file system's clock gets no time, and is read next time.

import { lstatSync } from 'node:fs';
import { join } from 'node:path';

import type { Instant } from 'kernel/basics';

import type { InodeNumber } from '../patches/file-tree.ts';
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

/** What is on the disk after recording: rows to write, and paths that are gone. */
export interface SeenAfter {
  readonly rows: readonly RowToWrite[];
  readonly gone: readonly string[];
}

/** Of files that stay where they were: known before the patch has a number. */
export function seenInPlace(view: View, copy: WorkingCopy, recorded: readonly Change[]): SeenAfter {
  const rows = recorded.flatMap((change): readonly RowToWrite[] =>
    change.kind === 'changed'
      ? [{ path: change.path, inode: change.entry.inode, disk: change.now.disk, bytes: change.now.bytes() }]
      : [],
  );
  const clean = [...copy.clean]
    .filter(([, { isNewlySeen }]) => isNewlySeen)
    .map(([path, { entry, disk }]) => ({ path, inode: entry.inode, disk, bytes: view.bytesOf(entry.inode) }));
  return { rows: [...rows, ...clean], gone: [] };
}

/** Of files that are new, moved or gone: their places are known once the view has the patch. */
export function seenElsewhere(view: View, recorded: readonly Change[]): SeenAfter {
  const tree = view.tree();
  const rows: RowToWrite[] = [];
  const gone: string[] = [];
  for (const change of recorded) {
    if (change.kind === 'deleted') gone.push(change.path);
    else if (change.kind !== 'changed') {
      if (change.kind === 'moved') gone.push(change.from);
      const entry = tree.entries.get(change.path);
      const { disk } = change.now;
      if (entry === undefined || disk.kind === 'directory') continue;
      rows.push({ path: change.path, inode: entry.inode, disk, bytes: change.now.bytes() });
    }
  }
  return { rows, gone };
}

export function putSeen(transaction: Transaction, { rows, gone }: SeenAfter, now: Instant): void {
  const nowNs = BigInt(now) * 1_000_000n;
  for (const path of gone) transaction.deleteWorktree(path);
  for (const row of rows) putRow(transaction, row, nowNs);
}

/** What the file system says of a file that was just written. */
export function seenNow(root: string, path: string): DiskFile | null {
  return statFile(root, path);
}

export const existsOnDisk = (root: string, path: string): boolean =>
  lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
