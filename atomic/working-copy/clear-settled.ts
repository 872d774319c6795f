// What a conflict had put on the disk goes when the conflict is settled: other names of a file that has one now, and other
// versions of a file without lines.
// Rule: only what is exactly as it was put there goes; whatever a person changed stays, as an untracked file.

import { lstatSync } from 'node:fs';
import { join } from 'node:path';

import type { TreeEntry } from '../patches/file-tree.ts';
import type { Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import type { Change, WorkingCopy } from './changes.ts';
import { readDisk, statFile } from './scan.ts';
import { filesOf, TreeWriter, type FileToWrite } from './write-tree.ts';

/** `picture.png.~kq3vabcd` */
const VERSION = /\.~[a-z2-7]{8}(?:-\d+)?$/;

/** Files of the view before that may go: decided before it moves on. */
export function settleable(before: View, copy: WorkingCopy, recorded: readonly Change[]): readonly FileToWrite[] {
  const tree = before.tree();
  const disputed = new Set(tree.conflicts.flatMap(({ inodes }) => inodes));
  const names = [...copy.clean].flatMap(([path, { entry }]) =>
    disputed.has(entry.inode) && entry.kind !== 'directory'
      ? [{ path, kind: entry.kind, isExecutable: entry.isExecutable, bytes: before.bytesOf(entry.inode) }]
      : [],
  );
  const versions = recorded.flatMap((change) => ('entry' in change ? versionsBeside(before, change.entry) : []));
  return [...names, ...versions];
}

function versionsBeside(view: View, entry: TreeEntry): readonly FileToWrite[] {
  if (entry.kind !== 'binary' && entry.kind !== 'symlink') return [];
  return filesOf(view, entry).filter(({ path }) => path !== entry.path);
}

/** Removes those that the view after has no place for. */
export function clearSettled({ root }: Repository, after: View, files: readonly FileToWrite[]): readonly string[] {
  const tree = after.tree();
  const isWanted = (path: string): boolean => {
    const entry = tree.entries.get(path) ?? tree.entries.get(path.replace(VERSION, ''));
    return (
      entry !== undefined && (entry.path === path || versionsBeside(after, entry).some((file) => file.path === path))
    );
  };
  const writer = new TreeWriter(root);
  const gone = files.filter(({ path, bytes }) => {
    if (isWanted(path) || lstatSync(join(root, path), { throwIfNoEntry: false }) === undefined) return false;
    const disk = statFile(root, path);
    return disk !== null && disk.kind !== 'directory' && readDisk(root, disk).equals(bytes);
  });
  for (const { path } of gone) writer.remove(path, (folder) => tree.entries.has(folder));
  return gone.map(({ path }) => path);
}
