// Beginning to track files, moving them and ceasing to: what a person says of files before it is recorded.
// Rule: what is said is checked against the disk first, and either all of it is remembered or none. Nothing is lost: a file
// that ceases to be tracked with changes in it is refused unless that is what was asked for.

import { existsSync, lstatSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { newId } from 'kernel/basics';

import { changesWouldBeLost, moveImpossible, pathMissing, pathUnknown } from '../repository/faults.ts';
import type { Repository } from '../repository/repository.ts';
import { workingCopy, type Change } from './changes.ts';
import type { Transaction } from '../store/store.ts';
import { copyFiles, keepCopy, type WhatToCopy } from './files-copy.ts';
import { forgetIntents, intendToAdd, intendToDrop, intendToMove, intentsOf } from './intents.ts';
import { TreeWriter } from './write-tree.ts';

/** A path from the top, as a person typed it, too. */
export interface TypedPath {
  readonly path: string;
  readonly typed: string;
}

export interface Tracked {
  /** Files that begin to be tracked. */
  readonly added: readonly string[];
  /** Those that were tracked already, or are folders without anything new. */
  readonly known: readonly string[];
}

const isBelow = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`);

/** Throws ATOMIC_PATH_MISSING for what is not on the disk. */
export function trackPaths(repository: Repository, paths: readonly TypedPath[], actor: string): Tracked {
  const { root } = repository;
  for (const { path, typed } of paths) {
    if (lstatSync(join(root, path), { throwIfNoEntry: false }) === undefined) throw pathMissing(typed);
  }
  const view = repository.view();
  const untracked = workingCopy(repository, view).changes.filter(({ kind }) => kind === 'untracked');
  const added = new Set<string>();
  const known: string[] = [];
  const tree = view.tree();
  const disputed = new Set(tree.conflicts.flatMap(({ paths }) => paths));
  for (const { path } of paths) {
    const below = untracked.filter((change) => isBelow(change.path, path)).map((change) => change.path);
    for (const each of below) added.add(each);
    // A folder that is empty, an ignored file that is named, and a file whose place is disputed are meant, too.
    const isMeant = below.length === 0 && path !== '' && (!tree.entries.has(path) || disputed.has(path));
    if (isMeant) added.add(path);
    else if (below.length === 0) known.push(path);
  }
  if (added.size > 0) {
    withCopy(repository, { op: 'add', args: { paths: [...added] }, actor }, {}, (transaction) => {
      for (const path of added) intendToAdd(transaction, path);
    });
  }
  return { added: [...added].sort(), known };
}

/** Moves a file or a folder on the disk, and remembers that it is the same one. Gives every file's old and new path. */
export function movePath(
  repository: Repository,
  { from, to }: { readonly from: TypedPath; readonly to: TypedPath },
  actor: string,
): readonly { readonly from: string; readonly to: string }[] {
  const { root, store } = repository;
  const target = targetOf(root, from.path, to);
  const moved = (path: string): string => target + path.slice(from.path.length);
  const intents = intentsOf(store);
  const added = [...intents.added].filter((path) => isBelow(path, from.path));
  const files = movedFiles(repository, from.path);
  if (files.length + added.length === 0) throw pathUnknown(from.typed);
  const isOnDisk = existsSync(join(root, from.path));
  if (!isOnDisk && !existsSync(join(root, target))) throw pathMissing(from.typed);
  if (isOnDisk) {
    mkdirSync(dirname(join(root, target)), { recursive: true });
    renameSync(join(root, from.path), join(root, target));
  }
  const entry = { op: 'mv', args: { from: from.path, to: target }, actor };
  withCopy(repository, entry, { moved: { from: from.path, to: target } }, (transaction) => {
    forgetIntents(transaction, intents, (path) => isBelow(path, from.path));
    for (const { path, recordedAt } of files) {
      if (moved(path) !== recordedAt) intendToMove(transaction, recordedAt, moved(path));
    }
    for (const path of added) intendToAdd(transaction, moved(path));
  });
  return [...files.map(({ path }) => path), ...added].sort().map((path) => ({ from: path, to: moved(path) }));
}

/** Tracked files below a path: where they lie now, and where the channel has them. */
function movedFiles(repository: Repository, folder: string): readonly { path: string; recordedAt: string }[] {
  const { moved } = intentsOf(repository.store);
  const movedAway = new Set(moved.values());
  const inPlace = [...repository.view().tree().entries.values()].flatMap(({ path, kind }) =>
    kind !== 'directory' && isBelow(path, folder) && !movedAway.has(path) ? [{ path, recordedAt: path }] : [],
  );
  const again = [...moved].flatMap(([path, recordedAt]) => (isBelow(path, folder) ? [{ path, recordedAt }] : []));
  return [...inPlace, ...again];
}

/** Into a folder that is there; otherwise to that very path, which must be free unless the file was moved there by hand. */
function targetOf(root: string, from: string, to: TypedPath): string {
  const stats = lstatSync(join(root, to.path), { throwIfNoEntry: false });
  const isFolder = stats?.isDirectory() === true;
  const name = from.slice(from.lastIndexOf('/') + 1);
  const target = isFolder ? (to.path === '' ? name : `${to.path}/${name}`) : to.path;
  if (isBelow(target, from)) throw moveImpossible(from, to.typed, 'A folder cannot be moved into itself.');
  const isTaken = isFolder ? existsSync(join(root, target)) : stats !== undefined;
  if (isTaken && existsSync(join(root, from))) {
    throw moveImpossible(from, to.typed, 'Something is there already.');
  }
  return target;
}

/** Deletes tracked files from the disk; recording then records that they are gone. */
export function removePaths(
  repository: Repository,
  paths: readonly TypedPath[],
  { force, keep, actor }: { readonly force: boolean; readonly keep: boolean; readonly actor: string },
): readonly string[] {
  const { root, store } = repository;
  const view = repository.view();
  const tree = view.tree();
  const { changes, clean } = workingCopy(repository, view);
  const gone = new Set<string>();
  for (const { path, typed } of paths) {
    const below = [...tree.entries.values()].filter((entry) => isBelow(entry.path, path));
    const added = changes.filter((change) => change.kind === 'added' && isBelow(change.path, path));
    if (below.length + added.length === 0) throw pathUnknown(typed);
    for (const entry of [...below, ...added]) gone.add(entry.path);
  }
  const losing = changes.filter((change) => gone.has(change.path) && isLost(change)).map((change) => change.path);
  if (losing.length > 0 && !force && !keep) throw changesWouldBeLost(losing);
  const added = new Set(changes.filter(({ kind }) => kind === 'added').map(({ path }) => path));
  const copied = keep ? [] : [...gone];
  withCopy(
    repository,
    { op: 'rm', args: { paths: [...gone], keep }, actor },
    { paths: copied, clean },
    (transaction) => {
      forgetIntents(transaction, intentsOf(store), (path) => gone.has(path));
      if (keep) for (const path of gone) if (!added.has(path)) intendToDrop(transaction, path);
    },
  );
  if (!keep) deleteFiles(root, [...gone]);
  return [...gone].sort();
}

function deleteFiles(root: string, paths: readonly string[]): void {
  const writer = new TreeWriter(root);
  // What lies in a folder goes before it.
  for (const path of [...paths].sort().reverse()) {
    const stats = lstatSync(join(root, path), { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) writer.removeFolder(path);
    else if (stats !== undefined) writer.remove(path, () => false);
  }
}

/** Writes, with a line in the audit log and a copy by which undo takes it back. */
function withCopy(
  repository: Repository,
  { op, args, actor }: { readonly op: string; readonly args: object; readonly actor: string },
  what: WhatToCopy,
  change: (transaction: Transaction) => void,
): void {
  const name = newId<string>();
  const copy = copyFiles(repository, what);
  repository.store.write({ op, args: { ...args, copy: name }, actor }, (transaction) => {
    keepCopy(transaction, repository, name, copy);
    change(transaction);
  });
}

const isLost = ({ kind }: Change): boolean => kind === 'changed' || kind === 'added' || kind === 'moved';
