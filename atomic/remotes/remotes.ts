// The remotes of a repository: names for addresses, and the part of it that a partial clone has.

import type { PatchStore, Transaction } from '../store/store.ts';
import { remoteExists, remoteNameWrong, remoteUnknown } from './faults.ts';

export interface Remote {
  readonly name: string;
  /** Without any secret. */
  readonly url: string;
  /** The path whose patches alone are exchanged; null: all of them. */
  readonly path: string | null;
}

const PART = 'remote-path';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export const remotesOf = (store: PatchStore): readonly Remote[] =>
  store.names.remotes().map(({ name, url }) => ({ name, url, path: partOf(store, name) }));

function partOf(store: PatchStore, name: string): string | null {
  const body = store.names.note(PART, name);
  return body === undefined ? null : Buffer.from(body).toString();
}

export const isRemoteName = (text: string): boolean => NAME.test(text);

export function remember(transaction: Transaction, { name, url, path }: Remote): void {
  transaction.putRemote(name, url);
  if (path !== null) transaction.putNote(PART, name, Buffer.from(path));
}

/** Throws ATOMIC_REMOTE_NAME_WRONG, ATOMIC_REMOTE_EXISTS. */
export function addRemote(store: PatchStore, remote: Remote, actor: string): void {
  if (!isRemoteName(remote.name)) throw remoteNameWrong(remote.name);
  if (remotesOf(store).some(({ name }) => name === remote.name)) throw remoteExists(remote.name);
  const args = { name: remote.name, url: remote.url };
  store.write({ op: 'remote add', args, actor }, (transaction) => remember(transaction, remote));
}

export function removeRemote(store: PatchStore, name: string, actor: string): void {
  requiredRemote(store, name);
  store.write({ op: 'remote remove', args: { name }, actor }, (transaction) => forget(transaction, name));
}

export function renameRemote(store: PatchStore, from: string, to: string, actor: string): void {
  const remote = requiredRemote(store, from);
  if (!isRemoteName(to)) throw remoteNameWrong(to);
  if (remotesOf(store).some(({ name }) => name === to)) throw remoteExists(to);
  store.write({ op: 'remote rename', args: { from, to }, actor }, (transaction) => {
    forget(transaction, from);
    remember(transaction, { ...remote, name: to });
  });
}

/** Throws ATOMIC_REMOTE_UNKNOWN. */
export function requiredRemote(store: PatchStore, name: string): Remote {
  const remotes = remotesOf(store);
  const found = remotes.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw remoteUnknown(
    name,
    remotes.map((each) => each.name),
  );
}

function forget(transaction: Transaction, name: string): void {
  transaction.deleteRemote(name);
  transaction.deleteNote(PART, name);
}
