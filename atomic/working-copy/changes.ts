// What a person did to the files since they were last brought up to date: the tree of the channel against the disk.
// Rule: it decides and writes nothing. A file whose times and size are as they were is not read again; one that was
// written in the very moment it was last looked at is. Moves are intents (`atomic mv`), or found by equal or like text.

import { createHash } from 'node:crypto';

import type { FileTree, TreeEntry } from '../patches/file-tree.ts';
import type { FileKind } from '../patches/patch.ts';
import type { Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import type { WorktreeRow } from '../store/store.ts';
import { ignoreRules } from './ignore-rules.ts';
import { intentsOf, type Intents } from './intents.ts';
import { findMoves } from './moves.ts';
import { readDisk, scan, type DiskFile } from './scan.ts';

export interface FileNow {
  readonly path: string;
  readonly kind: FileKind;
  readonly isExecutable: boolean;
  readonly disk: DiskFile;
  bytes(): Buffer;
}

export type Change =
  | { readonly kind: 'added'; readonly path: string; readonly now: FileNow }
  | { readonly kind: 'untracked'; readonly path: string; readonly now: FileNow }
  | { readonly kind: 'deleted'; readonly path: string; readonly entry: TreeEntry }
  | {
      readonly kind: 'changed';
      readonly path: string;
      readonly entry: TreeEntry;
      readonly now: FileNow;
      /** Whether text, kind or the right to execute differ; several may. */
      readonly text: boolean;
      readonly properties: boolean;
    }
  | {
      readonly kind: 'moved';
      readonly path: string;
      readonly from: string;
      readonly entry: TreeEntry;
      readonly now: FileNow;
      readonly text: boolean;
      readonly properties: boolean;
    };

export interface WorkingCopy {
  readonly changes: readonly Change[];
  /** Files that are as the channel has them, for bringing the rows of the disk up to date. */
  readonly clean: ReadonlyMap<
    string,
    { readonly entry: TreeEntry; readonly disk: DiskFile; readonly isNewlySeen: boolean }
  >;
  readonly intents: Intents;
}

/** A NUL in the first bytes makes a file binary, as git has it. */
const BINARY_LOOK = 8000;

export const hashOfBytes = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

function fileNow(root: string, disk: DiskFile): FileNow {
  let bytes: Buffer | null = null;
  const read = (): Buffer => (bytes ??= readDisk(root, disk));
  return {
    path: disk.path,
    disk,
    isExecutable: disk.isExecutable,
    bytes: read,
    get kind(): FileKind {
      if (disk.kind !== 'file') return disk.kind;
      return read().subarray(0, BINARY_LOOK).includes(0) ? 'binary' : 'text';
    },
  };
}

/** Compares the disk with a view of the current channel. */
export function workingCopy(repository: Repository, view: View): WorkingCopy {
  const { root, store } = repository;
  const tree = view.tree();
  const rows = new Map(store.files.worktree().map((row) => [row.path, row]));
  const intents = intentsOf(store);
  const isTracked = (path: string): boolean =>
    tree.entries.has(path) || intents.added.has(path) || intents.moved.has(path);
  const disk = new Map(scan(root, ignoreRules(root), isTracked).map((file) => [file.path, file]));
  const clean = new Map<string, { entry: TreeEntry; disk: DiskFile; isNewlySeen: boolean }>();
  const changes: Change[] = [];
  const gone: TreeEntry[] = [];
  for (const [path, entry] of tree.entries) {
    const file = disk.get(path);
    if (entry.kind === 'gitlink') continue;
    if (intents.dropped.has(path)) changes.push({ kind: 'deleted', path, entry });
    else if (file === undefined || (file.kind === 'directory') !== (entry.kind === 'directory')) gone.push(entry);
    else {
      const change = compare(view, { entry, file, row: rows.get(path) }, fileNow(root, file));
      if (change === 'clean' || change === 'seen-clean') {
        clean.set(path, { entry, disk: file, isNewlySeen: change === 'seen-clean' });
      } else changes.push(change);
    }
  }
  const fresh = [...disk.values()].filter((file) => isNewPath(file, tree, intents));
  const news = fresh.map((file) => fileNow(root, file));
  const movable = news.filter(({ path, disk: { kind } }) => kind !== 'directory' && !isVersionOfConflict(path, tree));
  const { moves, left, stillGone } = findMoves(view, { gone, fresh: movable, intents });
  changes.push(...moves);
  for (const now of [...left, ...news.filter(({ disk: { kind } }) => kind === 'directory')]) {
    changes.push({ kind: isAdded(now.path, intents) ? 'added' : 'untracked', path: now.path, now });
  }
  for (const entry of stillGone) changes.push({ kind: 'deleted', path: entry.path, entry });
  changes.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { changes, clean, intents };
}

/** New are files; a new folder is there because of what lies in it, or because a person asked for it. */
function isNewPath({ path, kind }: DiskFile, tree: FileTree, { added }: Intents): boolean {
  const entry = tree.entries.get(path);
  if (kind === 'directory') return entry === undefined && added.has(path);
  return entry === undefined || entry.kind === 'directory';
}

/** `picture.png.~kq3vabcd`: a side of a conflict in a file without lines, put there by us. */
const VERSION = /\.~[a-z2-7]{8}(?:-\d+)?$/;
const isVersionOfConflict = (path: string, tree: FileTree): boolean =>
  VERSION.test(path) && tree.entries.has(path.replace(VERSION, ''));

function isAdded(path: string, { added }: Intents): boolean {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) if (added.has(at)) return true;
  return false;
}

function compare(
  view: View,
  { entry, file, row }: { readonly entry: TreeEntry; readonly file: DiskFile; readonly row: WorktreeRow | undefined },
  now: FileNow,
): Change | 'clean' | 'seen-clean' {
  if (entry.kind === 'directory') return 'clean';
  const executableDiffers = file.kind === 'file' && file.isExecutable !== entry.isExecutable;
  if (!executableDiffers && row !== undefined && row.inode === entry.inode && isAsSeen(file, row)) return 'clean';
  const kindDiffers = (file.kind === 'symlink') !== (entry.kind === 'symlink');
  const bytes = now.bytes();
  const hasSeenHash =
    row !== undefined && row.inode === entry.inode && Buffer.compare(row.contentHash, hashOfBytes(bytes)) === 0;
  const text = !hasSeenHash && !bytes.equals(view.bytesOf(entry.inode));
  const kindNow = text || kindDiffers ? now.kind : entry.kind;
  const properties = executableDiffers || kindNow !== entry.kind;
  if (!text && !properties) return 'seen-clean';
  return { kind: 'changed', path: entry.path, entry, now, text, properties };
}

/** A row with time 0 was written in the moment of the last look: it proves nothing. */
const isAsSeen = (file: DiskFile, row: WorktreeRow): boolean =>
  row.mtimeNs !== 0n &&
  row.mtimeNs === file.mtimeNs &&
  row.size === file.size &&
  row.ino === file.ino &&
  row.mode === file.mode;
