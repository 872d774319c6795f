// Reads what a trial left behind: the difference of its lockfile to the project as it is, and where it ran.
// Rule: what is missing is unavailable with its reason, never an empty difference. Only files of the trial's own folder
// of evidence are read, by names that are known beforehand.

import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { RunId } from 'kernel/basics';

import { installerNamed, INSTALLERS } from '../ecosystems/installers.ts';
import type { Installer, LockfileReading } from '../ecosystems/installer.ts';
import { NPM } from '../ecosystems/npm/npm.ts';
import { YARN } from '../ecosystems/yarn/berry.ts';
import { evidenceMissing, runUnknown } from '../faults.ts';
import type { ModernizationView, TrialEvidence, TrialView } from '../protocol/index.ts';
import { LOG_NAME } from '../validating/trial-folder.ts';
import { lockfileDifference } from './lockfile-difference.ts';
import { evidenceOf, runFolder } from './run-folder.ts';

const LOCKFILES = [...new Set(INSTALLERS.map(({ lockfile }) => lockfile))];
const FILES: readonly string[] = ['package.json', ...LOCKFILES, 'verdict.json', LOG_NAME];
/** The lockfile of a large application is some megabytes. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;

interface Asked {
  readonly home: string;
  readonly run: RunId;
  readonly view: ModernizationView;
  readonly trial: string;
}

/** Throws RUN_NOT_FOUND for a trial that the run does not know. */
export async function readEvidence(asked: Asked): Promise<TrialEvidence> {
  const trial = trialOf(asked);
  const folder = evidenceFolder(asked);
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const kept = LOCKFILES.find((name) => names.includes(name)) ?? NPM.lockfile;
  const [before, after] = await Promise.all([
    treeIn(runFolder(asked.home, asked.run).baselineLock, kept),
    treeIn(join(folder, kept), kept),
  ]);
  return {
    files: FILES.filter((name) => names.includes(name)),
    // A lockfile of Yarn does not say which of its versions a workspace gets, so it is no name of a tree.
    treeHash: after.kind === 'tree' && kept !== YARN.lockfile ? after.tree.hash : null,
    lockfile: lockfileOf(trial, kept, { before, after }),
    environment: environmentOf(asked.view),
  };
}

/** Where a file of the evidence lies. Throws EVIDENCE_MISSING for a name that is none of it, or not there. */
export async function evidenceFile(asked: Asked, name: string): Promise<string> {
  trialOf(asked);
  const known = FILES.find((each) => each === name);
  const file = join(evidenceFolder(asked), known ?? '');
  const size = known === undefined ? undefined : await stat(file).catch(() => undefined);
  if (size === undefined || size.size > FILE_BYTES_MAX) throw evidenceMissing(asked.run, name);
  return file;
}

function trialOf({ run, view, trial }: Asked): TrialView {
  const known = view.trials.find(({ id }) => id === trial);
  if (known === undefined) throw runUnknown(`${run}, trial ${trial}`);
  return known;
}

const evidenceFolder = ({ home, run, trial }: Asked): string => join(runFolder(home, run).root, evidenceOf(trial));

/** Whose lockfile it is. Two package managers call theirs the same, and only what is in it tells which. */
const installerOf = (name: string, text: string): Installer | undefined =>
  name === YARN.lockfile
    ? installerNamed(/^__metadata:/m.test(text) ? 'yarn' : 'yarn-classic')
    : INSTALLERS.find(({ lockfile }) => lockfile === name);

async function treeIn(file: string, name: string): Promise<LockfileReading> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return { kind: 'unreadable', reason: 'it is not there' };
  if (found.size > FILE_BYTES_MAX) return { kind: 'unreadable', reason: 'it is too long' };
  const text = await readFile(file, 'utf8');
  const reading = installerOf(name, text)?.readLockfile(text, []);
  return reading ?? { kind: 'unreadable', reason: 'no package manager here writes it' };
}

interface Readings {
  readonly before: LockfileReading;
  readonly after: LockfileReading;
}

function lockfileOf(trial: TrialView, name: string, { before, after }: Readings): TrialEvidence['lockfile'] {
  const unavailable = (reason: string) => ({ kind: 'unavailable' as const, reason });
  if (after.kind === 'unreadable') {
    return unavailable(
      trial.state === 'running'
        ? 'The trial still runs; its lockfile is kept when it ends.'
        : `No tree was resolved, or ${name} cannot be read: ${after.reason}.`,
    );
  }
  if (before.kind === 'unreadable') return unavailable(`The project’s own lockfile cannot be read: ${before.reason}.`);
  return { kind: 'available', value: lockfileDifference(before.tree.packages, after.tree.packages, trial) };
}

function environmentOf({ started }: ModernizationView): TrialEvidence['environment'] {
  if (started === null) return { kind: 'unavailable', reason: 'The run has not begun.' };
  const { versions, sandbox, environment } = started;
  const told = {
    ...versions,
    architecture: environment?.architecture ?? null,
    registry: environment?.registry ?? null,
    sandbox: { backEnd: sandbox.backEnd, unsafe: sandbox.unsafe, limits: sandbox.detail.split(', ') },
  };
  const hash = createHash('sha256').update(JSON.stringify(told)).digest('hex');
  return { kind: 'available', value: { hash, ...told } };
}
