// What doctor looks at, each as findings: what, why, and how it is cured.
// Rule: looking changes nothing. What is only odd is a warning; what is wrong is a failure.

import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { compareWithOracle } from '../repository/compare-oracle.ts';
import { derivePatch } from '../repository/derive.ts';
import { REPOSITORY_FOLDER, type Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import type { Finding as StoreFinding } from '../store/verify-face.ts';
import { userFolder } from './configuration/settings.ts';
import type { Environment } from './shell.ts';

export interface Examined {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly name: string;
  readonly what: string;
  /** What to do; null where nothing is to be done. */
  readonly next: string | null;
}

type Update = (text: string, done: number, total: number) => void;

export function examineStore({ store }: Repository): readonly Examined[] {
  const findings = store.verify(derivePatch);
  if (findings.length === 0) {
    return [ok('store', `${store.patches.count} patches, their indexes, packs and the audit log are whole.`)];
  }
  return findings.map((finding) => ({
    state: finding.kind === 'leftover-file' ? ('warn' as const) : ('fail' as const),
    name: 'store',
    what: `${finding.about}: ${finding.what}`,
    next: CURES[finding.cure],
  }));
}

const CURES: Readonly<Record<StoreFinding['cure'], string>> = {
  mend: 'atomic doctor --mend makes it anew from the patches.',
  sweep: 'atomic doctor --mend removes it.',
  fetch: 'Its bytes are gone: fetch it again with atomic pull, from a repository that has it.',
  restore: 'Restore .atomic from a backup, or clone the repository again.',
};

export function examineOracle(repository: Repository, update: Update): readonly Examined[] {
  const { store } = repository;
  const channel = store.channels.current();
  const verdict = compareWithOracle(store, repository.view(channel), (done, total, path) =>
    update(`Asking the reference about ${path}`, done, total),
  );
  if (verdict.different.length === 0) {
    return [ok('oracle', `The reference says the same of all ${verdict.files} files of channel ${channel}.`)];
  }
  return verdict.different.map((path) => ({
    state: 'fail',
    name: 'oracle',
    what: `Engine and reference do not say the same of ${path}.`,
    next: 'This is a mistake in Atomic: please report it. Nothing that is recorded is lost.',
  }));
}

/** Names that some file systems take for the same: in one folder, differing in case or accents only. */
export function examineNames(view: View): readonly Examined[] {
  const folded = new Map<string, string[]>();
  for (const path of view.tree().entries.keys()) {
    const key = path.normalize('NFC').toLowerCase();
    folded.set(key, [...(folded.get(key) ?? []), path]);
  }
  const same = [...folded.values()].filter((paths) => paths.length > 1);
  if (same.length === 0) return [ok('names', 'No two names differ in case or accents only.')];
  return same.map((paths) => ({
    state: 'warn',
    name: 'names',
    what: `${paths.join(' and ')} are one name on disks that fold case.`,
    next: 'Rename one of them with atomic mv where both are to be checked out on macOS or Windows.',
  }));
}

/** Secrets that others may read, and a repository that cannot be written. */
export function examinePermissions({ root, store }: Repository, env: Environment): readonly Examined[] {
  const secrets = [
    join(root, REPOSITORY_FOLDER, 'prompt.key'),
    ...namesIn(join(userFolder(env), 'keys'))
      .filter((name) => name.endsWith('.key'))
      .map((name) => join(userFolder(env), 'keys', name)),
  ];
  const open = secrets.filter((path) => (lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077);
  const readable = open.map((path): Examined => ({
    state: 'fail',
    name: 'keys',
    what: `${path} can be read by others.`,
    next: `chmod 600 ${path}`,
  }));
  if (store.readOnly) {
    return [
      ...readable,
      {
        state: 'warn',
        name: 'folder',
        what: `${root} cannot be written here.`,
        next: 'Reading works; recording needs the right to write.',
      },
    ];
  }
  return readable.length > 0 ? readable : [ok('keys', 'Nobody else may read the keys.')];
}

/** `.~atomic-123-4`: half of a file that was being written when its process ended. */
const LEFTOVER = /^\.~atomic-\d+-\d+$/;
/** Folders looked into; more are not the working copy's own. */
const FOLDERS_MAX = 100_000;

export function leftoversIn(root: string, view: View): readonly string[] {
  const folders = [
    '',
    ...[...view.tree().entries.values()].flatMap(({ kind, path }) => (kind === 'directory' ? [path] : [])),
  ];
  return folders
    .slice(0, FOLDERS_MAX)
    .flatMap((folder) =>
      namesIn(join(root, folder)).flatMap((name) =>
        LEFTOVER.test(name) ? [folder === '' ? name : `${folder}/${name}`] : [],
      ),
    );
}

export function examineLeftovers({ root }: Repository, view: View): readonly Examined[] {
  const found = leftoversIn(root, view);
  if (found.length === 0) return [ok('files', 'No half-written file is left in the working copy.')];
  return found.map((path) => ({
    state: 'warn',
    name: 'files',
    what: `${path} was left by a process that did not end well.`,
    next: 'atomic doctor --mend removes it.',
  }));
}

const ok = (name: string, what: string): Examined => ({ state: 'ok', name, what, next: null });

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Not there, or not ours to read.
    return [];
  }
}
