// Files as they are, and what was said of them, kept for a while so that a command which overwrites or deletes them can be
// undone.
// Rule: a file that is as the channel has it is not copied: it is printed again. Only the last few copies are kept.

import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

import { copyTooLarge } from '../repository/faults.ts';
import type { Repository } from '../repository/repository.ts';
import type { Transaction } from '../store/store.ts';
import { forgetIntents, intendToAdd, intendToDrop, intendToMove, intentsOf, type Intents } from './intents.ts';
import { readDisk, statFile } from './scan.ts';
import { filesOf, TreeWriter } from './write-tree.ts';

const KIND = 'files-copy';
/** As many commands can be undone that overwrite files. */
const COPIES_MAX = 20;
/** All files of one copy together. More than that is kept by recording it first. */
const BYTES_MAX = 128 * 1024 * 1024;

interface CopiedFile {
  readonly path: string;
  /** `recorded`: as the channel has it. Null: nothing was there. */
  readonly was:
    | null
    | 'recorded'
    | {
        readonly kind: 'file' | 'symlink' | 'directory';
        readonly isExecutable: boolean;
        readonly base64: string;
      };
}

interface Copy {
  /** In which order copies were made. */
  readonly n: number;
  readonly files: readonly CopiedFile[];
  /** What was moved on the disk. */
  readonly moved: null | Moved;
  readonly intents: {
    readonly added: readonly string[];
    readonly moved: readonly (readonly [to: string, from: string])[];
    readonly dropped: readonly string[];
  };
}

interface Moved {
  readonly from: string;
  readonly to: string;
}

export interface WhatToCopy {
  readonly paths?: readonly string[];
  /** Those of them that are as the channel has them. */
  readonly clean?: { has(path: string): boolean };
  readonly moved?: Moved;
}

/** A copy of these paths and of all that was said of files. Throws ATOMIC_COPY_TOO_LARGE. */
export function copyFiles({ root, store }: Repository, { paths = [], clean, moved: onDisk }: WhatToCopy): Uint8Array {
  let bytes = 0;
  const files = [...new Set(paths)].sort().map((path): CopiedFile => {
    const disk = statFile(root, path);
    if (disk === null) return { path, was: null };
    if (clean?.has(path) === true) return { path, was: 'recorded' };
    const { kind, isExecutable } = disk;
    const body = kind === 'directory' ? Buffer.alloc(0) : readDisk(root, disk);
    bytes += body.length;
    if (bytes > BYTES_MAX) throw copyTooLarge(BYTES_MAX);
    return { path, was: { kind, isExecutable, base64: body.toString('base64') } };
  });
  const { added, moved, dropped } = intentsOf(store);
  const n = 1 + store.names.notes(KIND).reduce((most, { body }) => Math.max(most, readCopy(body).n), 0);
  const copy: Copy = {
    n,
    files,
    moved: onDisk ?? null,
    intents: { added: [...added], moved: [...moved], dropped: [...dropped] },
  };
  return zstdCompressSync(JSON.stringify(copy));
}

/** Keeps a copy under a name of its own, and lets the oldest go. */
export function keepCopy(transaction: Transaction, { store }: Repository, name: string, copy: Uint8Array): void {
  const known = store.names
    .notes(KIND)
    .map(({ key, body }) => ({ key, n: readCopy(body).n }))
    .sort((a, b) => b.n - a.n);
  for (const { key } of known.slice(COPIES_MAX - 1)) transaction.deleteNote(KIND, key);
  transaction.putNote(KIND, name, copy);
}

export const hasCopy = ({ store }: Repository, name: string): boolean => store.names.note(KIND, name) !== undefined;

/** Puts the files of a copy back. False when the copy is gone. */
export function restoreCopy(repository: Repository, name: string): boolean {
  const { root, store } = repository;
  const body = store.names.note(KIND, name);
  if (body === undefined) return false;
  const { files, moved, intents } = readCopy(body);
  if (moved !== null) moveBack(root, moved);
  const writer = new TreeWriter(root);
  const entries = repository.view().tree().entries;
  // What lies in a folder goes before it, and comes after it.
  for (const { path, was } of [...files].reverse()) {
    if (was !== null) continue;
    if (statFile(root, path)?.kind === 'directory') writer.removeFolder(path);
    else writer.remove(path, () => false);
  }
  for (const { path, was } of files) {
    if (was === null) continue;
    const entry = entries.get(path);
    if (was === 'recorded') {
      if (entry !== undefined) for (const file of filesOf(repository.view(), entry)) writer.write(file);
      continue;
    }
    const kind = was.kind === 'file' ? 'binary' : was.kind;
    writer.write({ path, kind, isExecutable: was.isExecutable, bytes: Buffer.from(was.base64, 'base64') });
  }
  store.write(null, (transaction) => {
    setIntents(transaction, intentsOf(store), intents);
    for (const { path } of files) transaction.deleteWorktree(path);
    transaction.deleteNote(KIND, name);
  });
  return true;
}

function moveBack(root: string, { from, to }: Moved): void {
  if (!existsSync(join(root, to)) || existsSync(join(root, from))) return;
  mkdirSync(dirname(join(root, from)), { recursive: true });
  renameSync(join(root, to), join(root, from));
}

function setIntents(transaction: Transaction, before: Intents, after: Copy['intents']): void {
  forgetIntents(transaction, before, () => true);
  for (const path of after.added) intendToAdd(transaction, path);
  for (const [to, from] of after.moved) intendToMove(transaction, from, to);
  for (const path of after.dropped) intendToDrop(transaction, path);
}

const readCopy = (body: Uint8Array): Copy => JSON.parse(zstdDecompressSync(body).toString()) as Copy;
