// What nobody at the place where it happens can deal with, when a repository is used.

import { Fault } from 'kernel/basics';

const list = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;

export const patchUnknown = (hash: string): Fault =>
  new Fault('ATOMIC_PATCH_UNKNOWN', {
    what: `There is no patch ${hash} here.`,
    why: 'No patch of this repository has that name or begins with it.',
    next: 'Look at atomic log for those that are here, or fetch it with atomic pull.',
    about: { kind: 'not-found' },
  });

export const patchAmbiguous = (text: string, hashes: readonly string[]): Fault =>
  new Fault('ATOMIC_PATCH_AMBIGUOUS', {
    what: `More than one patch begins with ${text}.`,
    why: `These do: ${list(hashes)}.`,
    next: 'Write a few more characters of the one that you mean.',
    about: { kind: 'wrong-use' },
  });

export const fileUnknown = (patch: string, n: number): Fault =>
  new Fault('ATOMIC_FILE_UNKNOWN', {
    what: `File ${n} of patch ${patch} is not in the repository.`,
    why: 'What was derived from that patch is incomplete.',
    next: 'Run atomic doctor --mend: it derives everything anew from the patches.',
  });

export const repositoryMissing = (folder: string): Fault =>
  new Fault('ATOMIC_REPOSITORY_MISSING', {
    what: `There is no Atomic repository in ${folder} or above it.`,
    why: 'No folder there has an .atomic folder.',
    next: 'Run atomic init to begin one here, atomic git import to bring a git repository, or use -C with its folder.',
    about: { kind: 'wrong-use' },
  });

export const repositoryExists = (folder: string): Fault =>
  new Fault('ATOMIC_REPOSITORY_EXISTS', {
    what: `${folder} is an Atomic repository already.`,
    why: 'It has an .atomic folder.',
    next: 'Use it as it is: atomic status shows where it stands.',
    about: { kind: 'conflict' },
  });

export const channelUnknown = (name: string, known: readonly string[]): Fault =>
  new Fault('ATOMIC_CHANNEL_UNKNOWN', {
    what: `There is no channel ${JSON.stringify(name)}.`,
    why: `The channels are ${list(known)}.`,
    next: `Make it with atomic channel new ${name}, or name another.`,
    about: { kind: 'not-found' },
  });

export const pathUnknown = (path: string): Fault =>
  new Fault('ATOMIC_PATH_UNKNOWN', {
    what: `${path} is not tracked.`,
    why: 'No patch of the channel puts a file there.',
    next: 'Look at atomic status, or begin to track it with atomic add.',
    about: { kind: 'not-found' },
  });

export const pathOutside = (path: string): Fault =>
  new Fault('ATOMIC_PATH_OUTSIDE', {
    what: `${path} lies outside the repository.`,
    why: 'A repository tracks what lies in its own folder.',
    next: 'Name a path inside it, or use -C with the folder of the repository that you mean.',
    about: { kind: 'wrong-use' },
  });

export const patchRefused = (hash: string, why: string): Fault =>
  new Fault('ATOMIC_PATCH_REFUSED', {
    what: `Patch ${hash} was refused; nothing of it was applied.`,
    why: `What it says cannot be true: ${why}.`,
    next: 'Ask where it comes from to run atomic doctor, and fetch it again.',
    about: { kind: 'not-allowed' },
  });

export const changesInTheWay = (paths: readonly string[]): Fault =>
  new Fault('ATOMIC_CHANGES_IN_THE_WAY', {
    what: 'Nothing was changed, for your own changes are in the way.',
    why: `They are not recorded, and do not merge with what was to come: ${list(paths)}.`,
    next: 'Record them with atomic record, or put them back with atomic reset, then try again.',
    about: { kind: 'conflict' },
  });

export const channelMoved = (channel: string): Fault =>
  new Fault('ATOMIC_CHANNEL_MOVED', {
    what: `Channel ${channel} was changed by somebody else again and again.`,
    why: 'Another process recorded or applied patches each time, before this one could.',
    next: 'Try again in a moment.',
    about: { kind: 'conflict' },
  });

export const fileUnreadable = (path: string, cause: unknown): Fault =>
  new Fault('ATOMIC_FILE_UNREADABLE', {
    what: `${path} cannot be read.`,
    why: cause instanceof Error ? cause.message : String(cause),
    next: 'Make it readable, or leave it out with an .atomicignore.',
    cause,
  });

export const fileUnwritable = (path: string, cause: unknown): Fault =>
  new Fault('ATOMIC_FILE_UNWRITABLE', {
    what: `${path} cannot be written.`,
    why: cause instanceof Error ? cause.message : String(cause),
    next: 'What was recorded is safe. Make room or allow writing there, then run atomic reset to bring the files up to date.',
    cause,
  });

export const nameTaken = (path: string, other: string): Fault =>
  new Fault('ATOMIC_NAME_TAKEN', {
    what: `${path} cannot be put on this disk beside ${other}.`,
    why: 'The two names differ in case or accents only, and this file system takes them for the same.',
    next: 'Rename one of them where the file system can tell them apart, or clone onto such a disk.',
    about: { kind: 'conflict' },
  });

export const promptKeyDamaged = (path: string): Fault =>
  new Fault('ATOMIC_PROMPT_KEY_DAMAGED', {
    what: `The key of this repository's prompts, ${path}, cannot be used.`,
    why: 'It is not 32 bytes in base64, or it went away just now.',
    next: 'Put it back from a backup. Without it, encrypted prompts stay closed; remove the file to begin with a new key.',
  });

export const pathMissing = (path: string): Fault =>
  new Fault('ATOMIC_PATH_MISSING', {
    what: `${path} is not there.`,
    why: 'No file and no folder has that name.',
    next: 'Look at atomic status for the files that are there.',
    about: { kind: 'not-found' },
  });

export const moveImpossible = (from: string, to: string, why: string): Fault =>
  new Fault('ATOMIC_MOVE_IMPOSSIBLE', {
    what: `${from} cannot be moved to ${to}.`,
    why,
    next: 'Choose another place, or make room there first.',
    about: { kind: 'conflict' },
  });

export const changesWouldBeLost = (paths: readonly string[]): Fault =>
  new Fault('ATOMIC_CHANGES_WOULD_BE_LOST', {
    what: 'Nothing was done, for changes that are not recorded would be lost.',
    why: `These files have some: ${list(paths)}.`,
    next: 'Record them first, or add --force to lose them.',
    about: { kind: 'conflict' },
  });

export const copyTooLarge = (bytesMax: number): Fault =>
  new Fault('ATOMIC_COPY_TOO_LARGE', {
    what: 'Nothing was done, for it could not be undone.',
    why: `The files that it would overwrite have more than ${Math.round(bytesMax / 1024 / 1024)} MiB together.`,
    next: 'Record them first, or name fewer files.',
    about: { kind: 'limit', retryAfterMs: null },
  });

export const nothingToUndo = (why: string): Fault =>
  new Fault('ATOMIC_NOTHING_TO_UNDO', {
    what: 'Nothing was undone.',
    why,
    next: 'Run atomic audit: it lists what was done, with the number of each line for atomic undo NUMBER.',
    about: { kind: 'conflict' },
  });
