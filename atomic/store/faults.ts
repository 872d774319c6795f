// The faults of the store: a repository that is not there, locked, full, read-only, damaged or too new.
// Rule: one small function for each code; each names the file, the patch or the channel.

import { Fault } from 'kernel/basics';

const about = { kind: 'unavailable', service: 'atomic store' } as const;
const conflict = { kind: 'conflict' } as const;
const wrongUse = { kind: 'wrong-use' } as const;
const notFound = { kind: 'not-found' } as const;

export const storeMissing = (folder: string): Fault =>
  new Fault('ATOMIC_STORE_MISSING', {
    what: `There is no repository in ${folder}.`,
    why: 'The folder has no pristine.db.',
    next: 'Make one with: atomic init',
    about: notFound,
  });

export const storeExists = (folder: string): Fault =>
  new Fault('ATOMIC_STORE_EXISTS', {
    what: `No repository was made in ${folder}.`,
    why: 'There is one already.',
    next: 'Go on working in it; atomic status shows how it stands.',
    about: conflict,
  });

export const storeCannotOpen = (file: string, cause: unknown): Fault =>
  new Fault('ATOMIC_STORE_CANNOT_OPEN', {
    what: `${file} could not be opened.`,
    why: reasonOf(cause),
    next: 'Check that its folder exists and that you may read it.',
    about,
    cause,
  });

/** `holder`: what the process that writes calls itself, or null when it told nothing. */
export const storeLocked = (file: string, holder: string | null, waitedMs: number, cause: unknown): Fault =>
  new Fault('ATOMIC_STORE_LOCKED', {
    what: `Nothing was written to ${file}.`,
    why: `Another process is writing and did not finish within ${waitedMs} ms: ${holder ?? 'it did not say which'}.`,
    next: 'Wait for that process or end it, then repeat the command; nothing has to be cleaned up after it.',
    about: conflict,
    cause,
  });

export const storeFull = (file: string, cause: unknown): Fault =>
  new Fault('ATOMIC_STORE_FULL', {
    what: `Nothing was written to ${file}.`,
    why: 'The disk is full.',
    next: 'Free some disk space and repeat the command; what was recorded before is safe.',
    about,
    cause,
  });

export const storeReadOnly = (file: string, cause?: unknown): Fault =>
  new Fault('ATOMIC_STORE_READ_ONLY', {
    what: `Nothing was written to ${file}.`,
    why: 'The repository was opened for reading, or this user may not write to its folder.',
    next: 'Give yourself write access to the folder, or clone the repository to a place of your own.',
    about,
    cause,
  });

export const storeDamaged = (file: string, cause?: unknown): Fault =>
  new Fault('ATOMIC_STORE_DAMAGED', {
    what: `${file} cannot be read.`,
    why: 'The file is damaged, was cut off, or is no database of Atomic.',
    next: 'Keep a copy of the folder, then clone the repository again or restore the file; patches in packs are whole.',
    about,
    cause,
  });

export const diskBroken = (file: string, cause: unknown): Fault =>
  new Fault('ATOMIC_STORE_DISK', {
    what: `The disk reported an error at ${file}.`,
    why: reasonOf(cause),
    next: 'Check the disk and its file system with the tools of this machine, then run atomic doctor.',
    about,
    cause,
  });

export const storeNewer = (file: string, version: number, known: number): Fault =>
  new Fault('ATOMIC_STORE_NEWER', {
    what: `${file} was not opened.`,
    why: `It was written by a later Atomic: its schema is ${version}, and this one knows those up to ${known}.`,
    next: 'Update Atomic.',
    about: conflict,
  });

export const storeOlder = (file: string, version: number, known: number): Fault =>
  new Fault('ATOMIC_STORE_OLDER', {
    what: `${file} was not opened for reading alone.`,
    why: `Its schema is ${version}; it has to become ${known} first, and that is a write.`,
    next: 'Run any atomic command once as a user who may write to the folder.',
    about: conflict,
  });

export const migrationFailed = (file: string, name: string, cause: unknown): Fault =>
  new Fault('ATOMIC_STORE_MIGRATION_FAILED', {
    what: `${file} was not upgraded.`,
    why: `The step "${name}" failed: ${reasonOf(cause)}`,
    next: 'The file is as it was before; report this with the output of: atomic doctor',
    about,
    cause,
  });

export const writeInsideWrite = (): Fault =>
  new Fault('ATOMIC_STORE_NESTED_WRITE', {
    what: 'A write was begun inside another one.',
    why: 'A write is one durable unit, and two cannot be in one another.',
    next: 'This is a mistake in Atomic: the inner work has to use the transaction it was handed.',
  });

export const transactionEnded = (file: string): Fault =>
  new Fault('ATOMIC_STORE_WRITE_ENDED', {
    what: `Nothing was written to ${file}.`,
    why: 'The write had failed and was taken back before.',
    next: 'Look at the first failure and repeat the command.',
  });

export const auditMissing = (): Fault =>
  new Fault('ATOMIC_STORE_AUDIT_MISSING', {
    what: 'A write that changes a channel was refused.',
    why: 'It came without a line for the audit log.',
    next: 'This is a mistake in Atomic: the write has to say what it is.',
  });

export const storeClosed = (file: string, cause: unknown): Fault =>
  new Fault('ATOMIC_STORE_CLOSED', {
    what: `${file} was asked for after it had been closed.`,
    why: 'The command was ending.',
    next: 'Repeat the command.',
    about,
    cause,
  });

export const numberUnknown = (number: number): Fault =>
  new Fault('ATOMIC_STORE_NUMBER_UNKNOWN', {
    what: `There is no patch with the local number ${number}.`,
    why: 'That number was not given out in this repository.',
    next: 'This is a mistake in Atomic, or the database is damaged: run atomic doctor',
  });

export const inodeUnknown = (inode: number): Fault =>
  new Fault('ATOMIC_STORE_INODE_UNKNOWN', {
    what: `There is no file with the local number ${inode}.`,
    why: 'That number was not given out in this repository.',
    next: 'This is a mistake in Atomic, or the database is damaged: run atomic doctor',
  });

export const patchRefused = (hash: string, why: string): Fault =>
  new Fault('ATOMIC_STORE_PATCH_REFUSED', {
    what: `Patch ${hash} was not stored.`,
    why,
    next: 'Fetch it again from where it came from.',
    about: wrongUse,
  });

export const dependencyMissing = (hash: string, missing: readonly string[]): Fault =>
  new Fault('ATOMIC_STORE_DEPENDENCY_MISSING', {
    what: `Patch ${hash} was not stored.`,
    why: `It builds on patches that this repository does not have: ${missing.join(', ')}.`,
    next: 'Fetch those first; atomic pull brings a patch with all that it needs.',
    about: conflict,
  });

export const patchGone = (hash: string, place: string): Fault =>
  new Fault('ATOMIC_STORE_PATCH_GONE', {
    what: `The bytes of patch ${hash} are not there.`,
    why: `They were looked for in ${place}.`,
    next: 'Run atomic doctor; it says from where they can be fetched again.',
    about: notFound,
  });

export const packDamaged = (file: string, why: string, cause?: unknown): Fault =>
  new Fault('ATOMIC_STORE_PACK_DAMAGED', {
    what: `${file} cannot be read.`,
    why,
    next: 'Run atomic doctor; it names the patches in it, so that they can be fetched again from a remote.',
    about,
    cause,
  });

/** Caught where the trie can be built from its set instead; only whoever walks through it may see it. */
export const keptTrieDamaged = (): Fault =>
  new Fault('ATOMIC_STORE_KEPT_TRIE_DAMAGED', {
    what: 'The state of a channel could not be compared.',
    why: 'What cache.db keeps of it is damaged.',
    next: 'Delete .atomic/cache.db and repeat the command; nothing is lost with it.',
    about,
  });

export const channelUnknown = (name: string): Fault =>
  new Fault('ATOMIC_STORE_CHANNEL_UNKNOWN', {
    what: `There is no channel "${name}".`,
    why: 'This repository has no channel of that name.',
    next: 'List those it has with: atomic channel list',
    about: notFound,
  });

export const channelExists = (name: string): Fault =>
  new Fault('ATOMIC_STORE_CHANNEL_EXISTS', {
    what: `No channel "${name}" was made.`,
    why: 'There is a channel of that name already.',
    next: 'Choose another name, or delete that channel first.',
    about: conflict,
  });

export const channelNameWrong = (name: string): Fault =>
  new Fault('ATOMIC_STORE_CHANNEL_NAME_WRONG', {
    what: `"${name}" is no name for a channel.`,
    why: 'A name has 1 to 200 characters, no spaces at its ends and no control characters.',
    next: 'Choose another name.',
    about: wrongUse,
  });

export const channelInUse = (name: string): Fault =>
  new Fault('ATOMIC_STORE_CHANNEL_IN_USE', {
    what: `Channel "${name}" was not deleted.`,
    why: 'It is the current one.',
    next: 'Switch to another channel first with: atomic channel switch',
    about: conflict,
  });

export const channelNotClosed = (name: string, hash: string, other: string): Fault =>
  new Fault('ATOMIC_STORE_CHANNEL_NOT_CLOSED', {
    what: `Channel "${name}" was not changed.`,
    why: `Patch ${hash} builds on patch ${other}, which would not be in it.`,
    next: 'Take both, or neither; atomic apply brings what a patch needs, atomic unrecord --with-dependents takes along what needs it.',
    about: conflict,
  });

export const undoRefused = (channel: string, why: string): Fault =>
  new Fault('ATOMIC_STORE_UNDO_REFUSED', {
    what: `What was done to channel "${channel}" was not taken back.`,
    why,
    next: 'Undo the later commands first; atomic audit lists them.',
    about: conflict,
  });

export const limitPassed = (what: string, limit: string): Fault =>
  new Fault('ATOMIC_STORE_LIMIT', {
    what: `${what} was not stored.`,
    why: `It is larger than ${limit}.`,
    next: 'Make it smaller, or keep it outside of the repository.',
    about: wrongUse,
  });

const reasonOf = (cause: unknown): string => {
  const message = cause instanceof Error ? cause.message : String(cause);
  const sentence = message === '' ? 'No reason was given' : message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
};
