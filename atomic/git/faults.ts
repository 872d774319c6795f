// What nobody can deal with while a git repository is read or written.

import { Fault } from 'kernel/basics';

export const gitMissing = (cause: unknown): Fault =>
  new Fault('ATOMIC_GIT_MISSING', {
    what: 'The program git cannot be run.',
    why: 'There is no program called git in the PATH.',
    next: 'Install git, then try again.',
    about: { kind: 'unavailable', service: 'git' },
    cause,
  });

export const gitFailed = (folder: string, command: string, why: string): Fault =>
  new Fault('ATOMIC_GIT_FAILED', {
    what: `git ${command} failed in ${folder}.`,
    why: (why.trim().split('\n')[0] ?? '').slice(0, 400) || 'It gave no reason.',
    next: 'Look with git fsck whether that repository is whole, then try again.',
    about: { kind: 'wrong-use' },
  });

export const notGit = (folder: string): Fault =>
  new Fault('ATOMIC_GIT_NO_REPOSITORY', {
    what: `${folder} is no git repository.`,
    why: 'There is no repository that git finds.',
    next: 'Name the folder of a git repository: a working copy, or a bare one.',
    about: { kind: 'wrong-use' },
  });

export const branchUnknown = (branch: string, known: readonly string[]): Fault =>
  new Fault('ATOMIC_GIT_BRANCH_UNKNOWN', {
    what: `There is no branch ${branch} in that git repository.`,
    why: known.length === 0 ? 'It has no commits yet.' : `Its branches are ${known.slice(0, 10).join(', ')}.`,
    next: 'Name one of them with --branch.',
    about: { kind: 'not-found' },
  });

export const historyIncomplete = (folder: string): Fault =>
  new Fault('ATOMIC_GIT_SHALLOW', {
    what: `The history in ${folder} cannot be imported.`,
    why: 'It is a shallow clone: commits are missing that others build on.',
    next: 'Run git fetch --unshallow there, then try again.',
    about: { kind: 'wrong-use' },
  });

export const treeDiffers = (commit: string, path: string): Fault =>
  new Fault('ATOMIC_GIT_TREE_DIFFERS', {
    what: `The tree at commit ${commit} would not be the same: ${path} differs.`,
    why: 'What was recorded does not print what git has there. This is a mistake in Atomic.',
    next: 'Nothing of the commit was kept. Report it with the name of the repository.',
  });

export const nameUnreadable = (commit: string): Fault =>
  new Fault('ATOMIC_GIT_NAME_UNREADABLE', {
    what: `Commit ${commit} has a file whose name is not UTF-8.`,
    why: 'A name has to be the same text on every machine.',
    next: 'Rename that file in git, or import a branch without it.',
    about: { kind: 'wrong-use' },
  });

export const objectMissing = (folder: string, object: string): Fault =>
  new Fault('ATOMIC_GIT_OBJECT_MISSING', {
    what: `The history in ${folder} cannot be imported.`,
    why: `Its object ${object} is not there: the repository is damaged, or a partial clone.`,
    next: 'Look with git fsck; fetch the whole history (git fetch --refetch --filter=blob:limit=1t), then try again. What was imported before is kept.',
    about: { kind: 'wrong-use' },
  });

export const nameRefused = (commit: string, path: string, flaw: string): Fault =>
  new Fault('ATOMIC_GIT_NAME_REFUSED', {
    what: `Commit ${commit} has a file that cannot be here: ${JSON.stringify(path)}.`,
    why: `In a path ${flaw}.`,
    next: 'Rename that file in git, or import a branch without it.',
    about: { kind: 'wrong-use' },
  });

export const objectFormatUnknown = (folder: string, format: string): Fault =>
  new Fault('ATOMIC_GIT_OBJECT_FORMAT', {
    what: `The history in ${folder} cannot be imported.`,
    why: `Its objects are named by ${format}, and Atomic reads those that are named by sha1.`,
    next: 'Import a clone of it that was made with git init --object-format=sha1.',
    about: { kind: 'wrong-use' },
  });

export const branchElsewhere = (branch: string, commit: string): Fault =>
  new Fault('ATOMIC_GIT_BRANCH_ELSEWHERE', {
    what: `Nothing was exported, for branch ${branch} goes on without the channel.`,
    why: `Its commit ${commit} is of no patch that the channel has.`,
    next: 'Bring it in with atomic git import first, or export to another branch with --branch.',
    about: { kind: 'conflict' },
  });

export const exportDiffers = (commit: string, patch: string): Fault =>
  new Fault('ATOMIC_GIT_EXPORT_DIFFERS', {
    what: `Commit ${commit} of patch ${patch} would not have the files that the patch has.`,
    why: 'The tree that git made is another one. This is a mistake in Atomic.',
    next: 'The branch was left as it was. Report it with the name of the repository.',
  });

export const placeMissing = (folder: string): Fault =>
  new Fault('ATOMIC_GIT_PLACE_MISSING', {
    what: `The history in ${folder} has no place to come to.`,
    why: 'It is a bare repository: there are no files beside which an .atomic folder could lie.',
    next: 'Name a folder with --into.',
    about: { kind: 'wrong-use' },
  });
