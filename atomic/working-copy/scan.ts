// What lies on the disk: every file that is tracked or not ignored, with what the file system says of it.
// Rule: links are never followed; sockets, pipes and devices are not files. A folder that cannot be read is named.

import { lstatSync, readdirSync, readFileSync, readlinkSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';

import { fileUnreadable } from '../repository/faults.ts';
import type { IgnoreRules } from './ignore-rules.ts';

export interface DiskFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'symlink' | 'directory';
  readonly isExecutable: boolean;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ino: bigint;
  readonly mode: number;
}

/** Larger trees are refused rather than walked for ever. */
const FILES_MAX = 5_000_000;

/** Everything under the root but what is ignored and not tracked, folders before what lies in them. */
export function scan(
  root: string,
  rules: IgnoreRules,
  isTracked: (path: string) => boolean,
  under = '',
): readonly DiskFile[] {
  const found: DiskFile[] = [];
  const open: { readonly folder: string; readonly above: IgnoreRules }[] = [{ folder: under, above: rules }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const names = namesIn(join(root, at.folder));
    // The rules that were given are those inside the folder that was named.
    const inside = at.folder === under ? at.above : at.above.inside(at.folder, names);
    for (const name of names) {
      const path = at.folder === '' ? name : `${at.folder}/${name}`;
      const file = statFile(root, path);
      if (file === null || found.length >= FILES_MAX) continue;
      const isFolder = file.kind === 'directory';
      if (!isTracked(path) && inside.isIgnored(path, isFolder)) continue;
      found.push(file);
      if (isFolder) open.push({ folder: path, above: inside });
    }
  }
  return found;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw fileUnreadable(folder, cause);
  }
}

/** What lies at a path, or null for nothing that can be versioned. */
export function statFile(root: string, path: string): DiskFile | null {
  const stats = lstat(`${root}/${path}`);
  if (stats === null) return null;
  const kind = stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'symlink' : stats.isDirectory() ? 'directory' : null;
  if (kind === null) return null;
  const mode = Number(stats.mode);
  const isExecutable = kind === 'file' && (mode & 0o100) !== 0;
  return { path, kind, isExecutable, size: Number(stats.size), mtimeNs: stats.mtimeNs, ino: stats.ino, mode };
}

function lstat(path: string): BigIntStats | null {
  try {
    return lstatSync(path, { bigint: true });
  } catch {
    return null;
  }
}

/** The bytes of a file, or where a link points. */
export function readDisk(root: string, { path, kind }: Pick<DiskFile, 'path' | 'kind'>): Buffer {
  try {
    return kind === 'symlink' ? readlinkSync(join(root, path), 'buffer') : readFileSync(join(root, path));
  } catch (cause) {
    throw fileUnreadable(path, cause);
  }
}
