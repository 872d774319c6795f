// Copies the result of a job out of a folder in which code that nobody trusts may have written anything.
// Rule: it never follows a link, in no part of a path: each folder is opened without following, and its entries are
// reached through that descriptor. Regular files and folders only; the rest is left out, and that is told.

import { constants, promises as fs } from 'node:fs';
import { join } from 'node:path';
import { copyRefused } from './faults.ts';
import { codeOf } from './files.ts';

export interface CopyLimits {
  readonly filesMax: number;
  readonly bytesMax: number;
  /** Relative paths that are not wanted, such as `node_modules`. */
  readonly without?: readonly string[];
}

export interface LeftOut {
  /** Relative to the copied folder. */
  readonly path: string;
  readonly why: 'link' | 'special-file' | 'name' | 'too-deep' | 'vanished' | 'unreadable';
}

export type Copy =
  | { readonly kind: 'copied'; readonly files: number; readonly bytes: number; readonly leftOut: readonly LeftOut[] }
  /** Nothing is promised about what is in the target then: remove it. */
  | { readonly kind: 'too-large'; readonly limit: 'files' | 'bytes'; readonly leftOut: readonly LeftOut[] };

/** Deeper than npm nests, and far below the 4096 characters of a path. */
const DEPTH_MAX = 64;
const LEFT_OUT_MAX = 1000;
const FOLDER_FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** O_NONBLOCK: a pipe that took a file's place must not hold us. */
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const WRITE_FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

interface Progress {
  files: number;
  bytes: number;
  over: 'files' | 'bytes' | null;
  readonly leftOut: LeftOut[];
  readonly limits: CopyLimits;
}

/** @param to A folder that does not exist yet or is empty; nothing is overwritten. */
export async function copyOut(from: string, to: string, limits: CopyLimits): Promise<Copy> {
  await prepareTarget(to);
  const progress: Progress = { files: 0, bytes: 0, over: null, leftOut: [], limits };
  const source = await fs.open(from, FOLDER_FLAGS);
  try {
    await copyFolder(source, { path: '', to, depth: 0 }, progress);
  } finally {
    await source.close();
  }
  const { files, bytes, over, leftOut } = progress;
  return over === null ? { kind: 'copied', files, bytes, leftOut } : { kind: 'too-large', limit: over, leftOut };
}

interface Place {
  readonly path: string;
  readonly to: string;
  readonly depth: number;
}

async function copyFolder(folder: fs.FileHandle, place: Place, progress: Progress): Promise<void> {
  const through = `/proc/self/fd/${folder.fd}`;
  for (const entry of await fs.readdir(through, { withFileTypes: true, encoding: 'buffer' })) {
    if (progress.over !== null) return;
    const name = entry.name.toString();
    const path = place.path === '' ? name : `${place.path}/${name}`;
    if (progress.limits.without?.includes(path) === true) continue;
    const why = refusalOf(entry, name, place.depth);
    if (why === null) await copyEntry(join(through, name), { ...place, path, to: join(place.to, name) }, progress);
    else leaveOut(progress, path, why);
  }
}

interface NamedEntry {
  readonly name: Buffer;
  isSymbolicLink(): boolean;
  isFile(): boolean;
  isDirectory(): boolean;
}

function refusalOf(entry: NamedEntry, name: string, depth: number): LeftOut['why'] | null {
  if (!Buffer.from(name).equals(entry.name) || isUnprintable(name)) return 'name';
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isDirectory() && depth >= DEPTH_MAX) return 'too-deep';
  return entry.isFile() || entry.isDirectory() ? null : 'special-file';
}

/** A name that could move a terminal's cursor or break a list of lines in two. */
const isUnprintable = (name: string): boolean =>
  [...name].some((character) => character < ' ' || character === '\u007f');

async function copyEntry(source: string, place: Place, progress: Progress): Promise<void> {
  const handle = await openWithoutFollowing(source, place.path, progress);
  if (handle === null) return;
  try {
    const status = await handle.stat();
    if (status.isDirectory()) {
      await fs.mkdir(place.to);
      await copyFolder(handle, { ...place, depth: place.depth + 1 }, progress);
    } else if (status.isFile()) {
      await copyFile(handle, place, { progress, isProgram: (status.mode & 0o100) !== 0 });
    } else {
      leaveOut(progress, place.path, 'special-file');
    }
  } finally {
    await handle.close();
  }
}

async function copyFile(
  source: fs.FileHandle,
  place: Place,
  { progress, isProgram }: { readonly progress: Progress; readonly isProgram: boolean },
): Promise<void> {
  progress.files += 1;
  if (progress.files > progress.limits.filesMax) return void (progress.over = 'files');
  // No more of the mode than this: a set-user-id bit would be a way back out.
  const target = await fs.open(place.to, WRITE_FLAGS, isProgram ? 0o755 : 0o644);
  try {
    // Counted as it is read: a file's length is only what the file system says it is.
    const chunk = Buffer.alloc(65_536);
    for (;;) {
      const { bytesRead } = await source.read(chunk, 0, chunk.length);
      if (bytesRead === 0) return;
      progress.bytes += bytesRead;
      if (progress.bytes > progress.limits.bytesMax) return void (progress.over = 'bytes');
      await target.writeFile(chunk.subarray(0, bytesRead));
    }
  } finally {
    await target.close();
  }
}

async function openWithoutFollowing(source: string, path: string, progress: Progress): Promise<fs.FileHandle | null> {
  try {
    return await fs.open(source, READ_FLAGS);
  } catch (thrown) {
    const why = whyNotOpened(thrown);
    if (why === null) throw thrown;
    leaveOut(progress, path, why);
    return null;
  }
}

function whyNotOpened(thrown: unknown): LeftOut['why'] | null {
  switch (codeOf(thrown)) {
    case 'ELOOP':
      return 'link';
    case 'ENOENT':
      return 'vanished';
    case 'ENXIO':
      return 'special-file';
    case 'EACCES':
      return 'unreadable';
    default:
      return null;
  }
}

function leaveOut(progress: Progress, path: string, why: LeftOut['why']): void {
  if (progress.leftOut.length < LEFT_OUT_MAX) progress.leftOut.push({ path, why });
}

async function prepareTarget(to: string): Promise<void> {
  try {
    await fs.mkdir(to, { recursive: true });
    const handle = await fs.open(to, FOLDER_FLAGS);
    await handle.close();
  } catch (thrown) {
    throw copyRefused(to, thrown);
  }
  if ((await fs.readdir(to)).length > 0) throw copyRefused(to);
}
