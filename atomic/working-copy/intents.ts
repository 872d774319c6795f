// What a person said of files before recording: add this, that was moved, that is no longer to be tracked. Kept beside the
// repository until it is recorded.

import type { PatchStore, Transaction } from '../store/store.ts';

const ADDED = 'added';
const MOVED = 'moved';
const DROPPED = 'dropped';

export interface Intents {
  /** Paths of files or folders to begin to track. */
  readonly added: ReadonlySet<string>;
  /** New path → old path. */
  readonly moved: ReadonlyMap<string, string>;
  /** Paths of files that stay on the disk and are no longer to be tracked. */
  readonly dropped: ReadonlySet<string>;
}

export function intentsOf(store: PatchStore): Intents {
  return {
    added: new Set(store.names.notes(ADDED).map(({ key }) => key)),
    moved: new Map(store.names.notes(MOVED).map(({ key, body }) => [key, Buffer.from(body).toString()])),
    dropped: new Set(store.names.notes(DROPPED).map(({ key }) => key)),
  };
}

export const intendToAdd = (transaction: Transaction, path: string): void =>
  transaction.putNote(ADDED, path, new Uint8Array());

export const intendToMove = (transaction: Transaction, from: string, to: string): void =>
  transaction.putNote(MOVED, to, Buffer.from(from));

export const intendToDrop = (transaction: Transaction, path: string): void =>
  transaction.putNote(DROPPED, path, new Uint8Array());

/** Forgets what was said of these paths. */
export function forgetIntents(transaction: Transaction, intents: Intents, isDone: (path: string) => boolean): void {
  for (const path of intents.added) if (isDone(path)) transaction.deleteNote(ADDED, path);
  for (const [to] of intents.moved) if (isDone(to)) transaction.deleteNote(MOVED, to);
  for (const path of intents.dropped) if (isDone(path)) transaction.deleteNote(DROPPED, path);
}
