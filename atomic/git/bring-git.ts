// A git repository comes here: into a folder of its own, or beside git in the same folder.
// Rule: beside git the files are git's and are left untouched; in a folder of its own they follow, and a person's own changes
// that are in the way stop the channel before it moves. Importing again adds what is new.

import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { Clock } from 'kernel/basics';

import { settleHooks } from '../agents/settle-hooks.ts';
import { spendUse, withUse } from '../agents/session-use.ts';
import { initRepository, openRepository, REPOSITORY_FOLDER, type Repository } from '../repository/repository.ts';
import { workingCopy } from '../working-copy/changes.ts';
import { readDisk, statFile } from '../working-copy/scan.ts';
import { planUpdate, updateFiles, type FilesUpdate } from '../working-copy/update-files.ts';
import { readWorklog } from '../working-copy/worklog-notes.ts';
import { putSeen, seenInPlace } from '../working-copy/worktree-rows.ts';
import { notGit, placeMissing } from './faults.ts';
import { hideFromGit } from './hide-from-git.ts';
import { commitAttributions } from './import-attribution.ts';
import { importGit, type ImportOutcome } from './import-git.ts';
import { tryGit } from './run-git.ts';
import { verifyImport, type Verification } from './verify-import.ts';

export interface BringOptions {
  /** Any folder of a working copy of git, or a bare repository. */
  readonly gitFolder: string;
  /** The folder to make a repository in, or one that is there already; null: beside git. */
  readonly into: string | null;
  readonly branch?: string;
  readonly verify: boolean;
  readonly actor: string;
  readonly clock: Clock;
  readonly each?: (text: string, done: number, total: number) => void;
}

export interface Brought extends ImportOutcome {
  readonly root: string;
  readonly isBeside: boolean;
  readonly verification: Verification | null;
  /** Commits whose note of git-ai says nothing that can be read, with the reason. */
  readonly unreadableNotes: ReadonlyMap<string, string>;
}

/** Throws ATOMIC_GIT_…, and ATOMIC_CHANGES_IN_THE_WAY with everything imported and the channels as they were. */
export function bringGit(options: BringOptions): Brought {
  const top = topOf(options.gitFolder);
  const root = options.into === null ? top : resolve(options.into);
  if (root === null) throw placeMissing(options.gitFolder);
  const isBeside = top !== null && existsSync(root) && realpathSync(root) === realpathSync(top);
  const isThere = existsSync(join(root, REPOSITORY_FOLDER, 'pristine.db'));
  const opening = { clock: options.clock, processName: 'atomic git import' };
  const repository = isThere ? openRepository(root, opening) : initRepository(root, opening);
  try {
    const isFresh = repository.store.patches.count === 0;
    if (isBeside) hideFromGit(options.gitFolder);
    return { root, isBeside, ...bringInto(repository, options, { isBeside, isFresh }) };
  } finally {
    repository.close();
  }
}

interface Place {
  readonly isBeside: boolean;
  readonly isFresh: boolean;
}

function bringInto(
  repository: Repository,
  { gitFolder, branch, verify, actor, each }: BringOptions,
  place: Place,
): Omit<Brought, 'root' | 'isBeside'> {
  if (place.isBeside) settleHooks(repository);
  const attributions = commitAttributions(gitFolder, place.isBeside ? workSeen(repository) : null);
  const before = repository.view().copy();
  const channel = repository.store.channels.current();
  const plan: { update: FilesUpdate | null } = { update: null };
  const outcome = importGit(repository, gitFolder, {
    ...(branch === undefined ? {} : { branch }),
    actor,
    attributions,
    each: (done, total) => each?.('Importing commits', done, total),
    beforeMove(name, set, isCurrent) {
      const isOurs = place.isFresh ? isCurrent : name === channel;
      if (isOurs && !place.isBeside) plan.update = planUpdate(repository, before, repository.viewOf(set));
    },
  });
  const { store } = repository;
  const witnessed = attributions.witnessed();
  if (witnessed !== null) store.write(null, (transaction) => spendUse(transaction, repository, witnessed));
  takeChannel(repository, outcome, { ...place, actor });
  if (place.isBeside) noteFiles(repository);
  else if (plan.update !== null) updateFiles(repository, repository.view(), plan.update);
  const verification = verify
    ? verifyImport(repository, gitFolder, outcome.tip, (done, total) => each?.('Comparing trees', done, total))
    : null;
  return { ...outcome, verification, unreadableNotes: attributions.unreadable };
}

const workSeen = (repository: Repository): Parameters<typeof commitAttributions>[1] => ({
  log: readWorklog(repository.store),
  textOnDisk(path) {
    const file = statFile(repository.root, path);
    return file === null || file.kind !== 'file' ? undefined : readDisk(repository.root, file);
  },
  withUse: (report) => withUse(repository, report),
});

/** The branch that is checked out is the current channel: of a repository that begins, and beside git while it is git's. */
function takeChannel(
  { store }: Repository,
  { current, head, channels }: ImportOutcome,
  { isBeside, isFresh, actor }: Place & { readonly actor: string },
): void {
  const before = store.channels.current();
  const to = isBeside ? head : current;
  const isFree = isFresh || (isBeside && (channels.includes(before) || store.channels.get(before)?.set.size === 0));
  if (!isFree || before === to || to === null || store.channels.get(to) === undefined) return;
  const isEmpty = !channels.includes(before) && store.channels.get(before)?.set.size === 0;
  store.write({ op: 'channel switch', args: { to }, actor }, (transaction) => {
    transaction.switchChannel(to);
    if (isEmpty) transaction.deleteChannel(before);
  });
}

/** What lies on the disk as it is recorded need not be read again. */
function noteFiles(repository: Repository): void {
  const view = repository.view();
  const seen = seenInPlace(view, workingCopy(repository, view), []);
  if (seen.rows.length === 0) return;
  repository.store.write(null, (transaction) => putSeen(transaction, seen, repository.clock.now()));
}

/** The top of git's working copy; null for a bare repository. */
function topOf(folder: string): string | null {
  const isBare = tryGit(folder, ['rev-parse', '--is-bare-repository'])?.toString().trim();
  if (isBare === undefined) throw notGit(folder);
  const top = isBare === 'true' ? undefined : tryGit(folder, ['rev-parse', '--show-toplevel'])?.toString().trim();
  return top === undefined || top === '' ? null : top;
}
