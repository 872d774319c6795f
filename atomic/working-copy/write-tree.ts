// Files of a view on the disk.
// Rule: a file is written beside its place and renamed into it, so that nobody ever reads half of one. Nothing is written
// through a link: every folder on the way is a real one inside the repository. Links are made, never followed.

import { chmodSync, lstatSync, mkdirSync, renameSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { TreeEntry } from '../patches/file-tree.ts';
import { versionsOf } from '../patches/print-layout.ts';
import { fileUnwritable, nameTaken } from '../repository/faults.ts';
import { SHORT_HASH } from '../repository/numbering.ts';
import type { View } from '../repository/view.ts';

const FILE_MODE = 0o666;
const EXECUTABLE_MODE = 0o777;

export interface FileToWrite {
  readonly path: string;
  readonly kind: TreeEntry['kind'];
  readonly isExecutable: boolean;
  readonly bytes: Uint8Array;
}

/** What stands at an entry, and, where a file without lines is in conflict, its other versions beside it. */
export function filesOf(view: View, entry: TreeEntry): readonly FileToWrite[] {
  const { path, kind, isExecutable, inode } = entry;
  if (kind === 'directory' || kind === 'gitlink') return [{ path, kind, isExecutable, bytes: Buffer.alloc(0) }];
  const text = view.text(inode);
  if (kind === 'text' || text.isClean) return [{ path, kind, isExecutable, bytes: view.bytesOf(inode) }];
  return versionsOf(text.file.layout, view.context.history).map(({ by, bytes }, index) => {
    const apart = index === 0 || by === null ? path : `${path}.~${view.context.labelOf(by).slice(0, SHORT_HASH)}`;
    return { path: apart, kind, isExecutable, bytes };
  });
}

/** Writes into folders that exist or that it makes, below `root`. */
export class TreeWriter {
  readonly #root: string;
  /** Folders that were seen to be real ones. */
  readonly #folders = new Set<string>(['']);
  readonly #names = new Map<string, string>();
  readonly #foldsCase: boolean;
  #count = 0;

  constructor(root: string, foldsCase = false) {
    this.#root = root;
    this.#foldsCase = foldsCase;
  }

  write({ path, kind, isExecutable, bytes }: FileToWrite): void {
    this.#refuseTwinName(path);
    this.#folder(dirnameOf(path));
    const target = join(this.#root, path);
    try {
      if (kind === 'directory' || kind === 'gitlink') {
        this.#folder(path);
        return;
      }
      this.#count += 1;
      const beside = join(this.#root, dirnameOf(path), `.~atomic-${process.pid}-${this.#count}`);
      if (kind === 'symlink') symlinkSync(Buffer.from(bytes), beside);
      else writeFileSync(beside, bytes, { mode: isExecutable ? EXECUTABLE_MODE : FILE_MODE, flag: 'wx' });
      this.#clear(target);
      renameSync(beside, target);
    } catch (cause) {
      throw fileUnwritable(path, cause);
    }
  }

  setExecutable(path: string, isExecutable: boolean): void {
    const target = join(this.#root, path);
    const { mode } = lstatSync(target);
    chmodSync(target, isExecutable ? mode | ((mode & 0o444) >> 2) : mode & ~0o111);
  }

  /** Removes a file, and the folders that are empty without it. */
  remove(path: string, isKept: (folder: string) => boolean): void {
    try {
      rmSync(join(this.#root, path), { force: true });
      for (let folder = dirnameOf(path); folder !== '' && !isKept(folder); folder = dirnameOf(folder)) {
        rmdirSync(join(this.#root, folder));
        this.#folders.delete(folder);
      }
    } catch (cause) {
      // A folder in which something else lies stays; anything else is told.
      if (!isFolderInUse(cause)) throw fileUnwritable(path, cause);
    }
  }

  removeFolder(path: string): void {
    try {
      rmdirSync(join(this.#root, path));
      this.#folders.delete(path);
    } catch (cause) {
      if (!isFolderInUse(cause)) throw fileUnwritable(path, cause);
    }
  }

  /** An empty folder where a file is to be goes; one with something in it is in the way. */
  #clear(target: string): void {
    const stats = lstatSync(target, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) rmdirSync(target);
  }

  #folder(path: string): void {
    if (this.#folders.has(path)) return;
    this.#folder(dirnameOf(path));
    const target = join(this.#root, path);
    const stats = lstatSync(target, { throwIfNoEntry: false });
    if (stats !== undefined && !stats.isDirectory()) rmSync(target);
    if (stats?.isDirectory() !== true) mkdirSync(target);
    this.#folders.add(path);
  }

  /** On a file system that folds case, two names that differ in case only cannot both be there. */
  #refuseTwinName(path: string): void {
    if (!this.#foldsCase) return;
    const folded = path.normalize('NFC').toLowerCase();
    const other = this.#names.get(folded);
    if (other !== undefined && other !== path) throw nameTaken(path, other);
    this.#names.set(folded, path);
  }
}

const dirnameOf = (path: string): string => {
  const parent = dirname(path);
  return parent === '.' ? '' : parent;
};

const isFolderInUse = (cause: unknown): boolean =>
  cause instanceof Error &&
  'code' in cause &&
  ['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'].includes(String(cause.code));

/** The whole tree of a view into an empty folder. */
export function writeWholeTree(view: View, folder: string, each?: (done: number, of: number) => void): void {
  mkdirSync(folder, { recursive: true });
  const writer = new TreeWriter(folder, foldsCase(folder));
  const { entries } = view.tree();
  let done = 0;
  for (const entry of entries.values()) {
    for (const file of filesOf(view, entry)) writer.write(file);
    done += 1;
    each?.(done, entries.size);
  }
}

/** Whether a file system takes names for the same that differ in case. */
export function foldsCase(folder: string): boolean {
  const name = `.~atomic-case-${process.pid}`;
  const path = join(folder, name);
  try {
    writeFileSync(path, '');
    return lstatSync(join(folder, name.toUpperCase()), { throwIfNoEntry: false }) !== undefined;
  } catch (cause) {
    throw fileUnwritable(folder, cause);
  } finally {
    rmSync(path, { force: true });
  }
}
