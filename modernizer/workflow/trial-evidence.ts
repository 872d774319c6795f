// Reads what a trial left behind: the difference of its lockfile to the project as it is, and where it ran.
// Rule: what is missing is unavailable with its reason, never an empty difference. Only files of the trial's own folder
// of evidence are read, by names that are known beforehand.

import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { RunId } from 'kernel/basics';

import { INSTALLERS } from '../ecosystems/installers.ts';
import type { LockfileReading, Tree } from '../ecosystems/installer.ts';
import { readNpmLockfile } from '../ecosystems/npm/lockfile.ts';
import { evidenceMissing, runUnknown } from '../faults.ts';
import type { LockedChange, ModernizationView, TrialEvidence, TrialView } from '../protocol/index.ts';
import { LOG_NAME } from '../validating/trial-folder.ts';
import { evidenceOf, runFolder } from './run-folder.ts';

const LOCKFILE = 'package-lock.json';
const LOCKFILES = [...new Set(INSTALLERS.map(({ lockfile }) => lockfile))];
const FILES: readonly string[] = ['package.json', ...LOCKFILES, 'verdict.json', LOG_NAME];
/** The lockfile of a large application is some megabytes. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;
/** More is nobody's reading; the counts tell of the rest. */
const CHANGES_MAX = 400;

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
  const [before, after] = await Promise.all([
    treeIn(runFolder(asked.home, asked.run).baselineLock),
    treeIn(join(folder, LOCKFILE)),
  ]);
  const foreign = LOCKFILES.find((name) => name !== LOCKFILE && names.includes(name));
  return {
    files: FILES.filter((name) => names.includes(name)),
    treeHash: after.kind === 'tree' ? after.tree.hash : null,
    lockfile: foreign === undefined ? lockfileOf(trial, before, after) : notCompared(foreign),
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

/** Lockfiles of other package managers do not say where in the tree a version lies. */
const notCompared = (name: string): TrialEvidence['lockfile'] => ({
  kind: 'unavailable',
  reason: `${name} does not say which package lies where; the file itself is among the evidence.`,
});

async function treeIn(file: string): Promise<LockfileReading> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return { kind: 'unreadable', reason: 'it is not there' };
  if (found.size > FILE_BYTES_MAX) return { kind: 'unreadable', reason: 'it is too long' };
  return readNpmLockfile(await readFile(file, 'utf8'));
}

function lockfileOf(trial: TrialView, before: LockfileReading, after: LockfileReading): TrialEvidence['lockfile'] {
  const unavailable = (reason: string) => ({ kind: 'unavailable' as const, reason });
  if (after.kind === 'unreadable') {
    return unavailable(
      trial.state === 'running'
        ? 'The trial still runs; its lockfile is kept when it ends.'
        : `No tree was resolved, or ${LOCKFILE} cannot be read: ${after.reason}.`,
    );
  }
  if (before.kind === 'unreadable') return unavailable(`The project’s own lockfile cannot be read: ${before.reason}.`);
  return { kind: 'available', value: lockfileDifference(placesOf(before.tree), placesOf(after.tree), trial.upgrades) };
}

const placesOf = ({ places }: Tree): ReadonlyMap<string, string> => places ?? new Map<string, string>();

/** What two trees install differently: what was asked for first, then by name. */
export function lockfileDifference(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  asked: readonly string[],
): Extract<TrialEvidence['lockfile'], { kind: 'available' }>['value'] {
  const changes: LockedChange[] = [];
  let same = 0;
  for (const place of new Set([...before.keys(), ...after.keys()])) {
    const [from, to] = [before.get(place) ?? null, after.get(place) ?? null];
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (from === to) same += 1;
    else changes.push({ name, place, from, to, asked: asked.includes(name) && place === `node_modules/${name}` });
  }
  const count = (is: (change: LockedChange) => boolean): number => changes.filter(is).length;
  return {
    changes: changes
      .toSorted((a, b) => Number(b.asked) - Number(a.asked) || compareText(a.place, b.place))
      .slice(0, CHANGES_MAX),
    added: count(({ from }) => from === null),
    removed: count(({ to }) => to === null),
    changed: count(({ from, to }) => from !== null && to !== null),
    same,
  };
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

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
