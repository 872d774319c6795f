// The file system as the store uses it, outside of SQLite: packs and little else.
// Rule: every write goes through this face, so that a test can fail or stop at the n-th one.

import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';

export interface Disk {
  makeFolder(path: string): void;
  /** Opens a file that must not be there yet. */
  create(path: string): number;
  open(path: string): number;
  /** Writes all of it. */
  write(file: number, bytes: Uint8Array): void;
  sync(file: number): void;
  close(file: number): void;
  /** Makes what was renamed into a folder durable. */
  syncFolder(path: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Reads exactly as many bytes, or fewer at the end of the file. */
  read(file: number, at: number, length: number): Uint8Array;
  size(file: number): number;
  exists(path: string): boolean;
  list(folder: string): readonly string[];
}

export const realDisk: Disk = {
  makeFolder: (path) => void mkdirSync(path, { recursive: true, mode: 0o777 }),
  create: (path) => openSync(path, 'wx+'),
  open: (path) => openSync(path, 'r'),
  write: (file, bytes) => {
    let done = 0;
    while (done < bytes.length) done += writeSync(file, bytes, done);
  },
  sync: (file) => fsyncSync(file),
  close: (file) => closeSync(file),
  syncFolder,
  rename: (from, to) => renameSync(from, to),
  remove: (path) => rmSync(path, { force: true }),
  read: (file, at, length) => {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const count = readSync(file, bytes, done, length - done, at + done);
      if (count === 0) return bytes.subarray(0, done);
      done += count;
    }
    return bytes;
  },
  size: (file) => fstatSync(file).size,
  exists: (path) => existsSync(path),
  list: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
};

function syncFolder(path: string): void {
  // Windows opens no folders; there a rename is durable with the volume's own journal.
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
