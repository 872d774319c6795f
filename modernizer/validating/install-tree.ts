// Resolves the ranges of one trial, and puts the tree that comes of them under it.
// Rule: a resolver's refusal over the project's old lockfile is believed only after it was repeated without. A tree that
// was judged already is not made at all; one that cannot be shared is installed by npm for this trial alone.

import type { Outcome } from 'kernel/sandbox';

import type { Tree } from '../ecosystems/installer.ts';
import { questionText, readManifests } from '../ecosystems/workspaces.ts';
import type { LevelResult, Verdict } from '../protocol/index.ts';
import type { ResolverFailure } from './read-resolver.ts';
import {
  installJob,
  levelResult,
  scriptsJob,
  verdictOfOutcome,
  type InstallTask,
  type TrialLimits,
} from './run-step.ts';
import { runJob, type TrialPorts } from './take-step.ts';
import type { TrialFolder } from './trial-folder.ts';

export type Installation =
  | { readonly kind: 'installed'; readonly level: LevelResult; readonly tree: Tree | null }
  | {
      readonly kind: 'failed';
      readonly level: LevelResult;
      readonly verdict: Verdict;
      readonly resolver: ResolverFailure | null;
      readonly summary: string;
    };

/** @param isJudged Says of a tree's hash that its verdict is known: then nothing has to be installed. */
export async function installTree(
  ports: TrialPorts,
  folder: TrialFolder,
  limits: TrialLimits,
  isJudged: (treeHash: string) => boolean = () => false,
): Promise<Installation | null> {
  if (!canShare(folder)) return overOldLock(ports, folder, 'install', limits);
  const began = ports.clock.now();
  const resolved = await resolveTree(ports, folder, limits);
  if (resolved?.kind !== 'installed') return resolved;
  const { tree } = resolved;
  const whole = (): Installation => ({ ...resolved, level: { ...resolved.level, wallMs: ports.clock.now() - began } });
  if (tree !== null && isJudged(tree.hash)) return whole();
  const wanted = folder.resolved();
  const made = wanted === null ? null : await ports.trees.make(wanted, limits);
  switch (made?.kind) {
    case 'stopped':
      return null;
    case 'tree':
      await folder.log(`# its packages: ${TREE_WORDS[made.by]}\n`);
      await folder.standOn(made.modules, ports.trees.layered);
      return whole();
    default:
      await folder.log(`# installed for this trial alone: ${made?.reason ?? 'npm wrote no lockfile'}\n`);
      return installOnce(ports, folder, 'install', limits);
  }
}

/**
 * Whether its lockfile says all that a tree needs, in a form that trees/ reads. A tree of workspaces has links into the
 * project, and what an install script did belongs to one tree alone.
 */
export const canShare = ({
  installer,
  manifests,
  allowedScripts,
}: Pick<TrialFolder, 'installer' | 'manifests' | 'allowedScripts'>): boolean =>
  installer.name === 'npm' && manifests.length === 1 && allowedScripts.length === 0;

const TREE_WORDS = {
  known: 'the very tree was installed before',
  assembled: 'put together from packages that were installed before',
  npm: 'installed by npm',
} as const;

/** Only what the ranges resolve to; the same ranges are resolved once in a run. */
export async function resolveTree(
  ports: TrialPorts,
  folder: TrialFolder,
  limits: TrialLimits,
): Promise<Installation | null> {
  const ranges = questionText(folder.manifests);
  const before = ports.trees.resolved.get(ranges);
  if (before !== undefined)
    return useLock(ports, folder, { lock: before, words: 'these ranges were resolved before in this run' });
  const resolved = (await byResolver(ports, folder)) ?? (await overOldLock(ports, folder, 'resolve', limits));
  const lock = resolved?.kind === 'installed' ? folder.resolved() : null;
  if (lock !== null) ports.trees.resolved.set(ranges, lock.lockText);
  return resolved;
}

/** What the run's resolver says; null where npm's own command has to be asked, which has words for a refusal. */
async function byResolver(ports: TrialPorts, folder: TrialFolder): Promise<Installation | null> {
  if (!canShare(folder)) return null;
  const began = ports.clock.now();
  const lock = await ports.trees.lockfileFor(folder.project, ports.signal);
  if (lock === null) return null;
  const wallMs = ports.clock.now() - began;
  return useLock(ports, folder, { lock, words: `resolved by npm in ${wallMs} ms`, wallMs });
}

interface LockFound {
  readonly lock: string;
  /** How it was found, for the log. */
  readonly words: string;
  readonly wallMs?: number;
}

async function useLock(
  ports: TrialPorts,
  folder: TrialFolder,
  { lock, words, wallMs = 0 }: LockFound,
): Promise<Installation> {
  await ports.onStep('install', 1);
  await folder.log(`\n# ${words}\n`);
  await folder.useLockfile(lock);
  const reading = folder.installer.readLockfile(lock, readManifests(folder.manifests));
  const level = levelResult(
    { level: 1, command: installCommand(folder) },
    { wallMs },
    { ok: true, detail: 'Installed.' },
  );
  return { kind: 'installed', level, tree: reading.kind === 'tree' ? reading.tree : null };
}

/** Over the project's own lockfile when it has one; a refusal is asked again without it. */
async function overOldLock(
  ports: TrialPorts,
  folder: TrialFolder,
  task: InstallTask,
  limits: TrialLimits,
): Promise<Installation | null> {
  await ports.onStep('install', 1);
  const first = await installOnce(ports, folder, task, limits);
  const stale = first?.kind === 'failed' && first.resolver !== null && STALE_LOCK_KINDS.has(first.resolver.kind);
  if (!stale || !(await folder.dropLockfile())) return first;
  await folder.log(
    `\n# ${folder.installer.title} refused over the old lockfile: once more from a clean tree, without it\n`,
  );
  await ports.onStep('install', 2);
  return installOnce(ports, folder, task, limits);
}

const STALE_LOCK_KINDS: ReadonlySet<ResolverFailure['kind']> = new Set([
  'resolver-conflict',
  'lockfile-out-of-step',
  'registry-incomplete',
]);

/** Everything anew from the lockfile that was resolved, into a folder of its own. */
export async function installAfresh(
  ports: TrialPorts,
  folder: TrialFolder,
  limits: TrialLimits,
): Promise<Installation | null> {
  const locked = folder.resolved() !== null;
  const first = await installOnce(ports, folder, locked ? 'install-locked' : 'install', limits);
  const isOutOfStep = first?.kind === 'failed' && first.resolver?.kind === 'lockfile-out-of-step';
  return isOutOfStep ? installOnce(ports, folder, 'install', limits) : first;
}

/** As a person calls it: `npm install`. */
const installCommand = ({ installer }: TrialFolder): string => `${installer.script('install').split(' ')[0]} install`;

async function installOnce(
  ports: TrialPorts,
  folder: TrialFolder,
  task: InstallTask,
  limits: TrialLimits,
): Promise<Installation | null> {
  const outcome = await runJob(ports, folder, installJob(folder.installer, task, ports.cache, limits));
  if (outcome.kind === 'stopped') return null;
  const ok = outcome.kind === 'exited' && outcome.code === 0;
  const resolver = ok || outcome.kind !== 'exited' ? null : folder.installer.readFailure(outcome.output);
  const detail = ok ? 'Installed.' : (resolver?.sentence ?? verdictOfOutcome(outcome).sentence);
  const level = levelResult({ level: 1, command: installCommand(folder) }, outcome, {
    ok,
    detail,
  });
  if (!ok) return { kind: 'failed', level, verdict: installVerdict(outcome, resolver), resolver, summary: detail };
  const lock = await folder.takeLockfile();
  const scripts = task === 'resolve' ? 'ran' : await runScripts(ports, folder, limits);
  if (scripts !== 'ran') return scripts;
  const reading = lock === null ? undefined : folder.installer.readLockfile(lock, readManifests(folder.manifests));
  return { kind: 'installed', level, tree: reading?.kind === 'tree' ? reading.tree : null };
}

/** What a person allowed, and nothing else; it is part of the installation, and fails it. */
async function runScripts(
  ports: TrialPorts,
  folder: TrialFolder,
  limits: TrialLimits,
): Promise<Installation | 'ran' | null> {
  const names = folder.allowedScripts;
  if (names.length === 0) return 'ran';
  const job = scriptsJob(folder, names, limits);
  const outcome = await runJob(ports, folder, job);
  if (outcome.kind === 'stopped') return null;
  if (outcome.kind === 'exited' && outcome.code === 0) return 'ran';
  const step = { name: 'install', level: 1, command: job.title } as const;
  const summary = `An allowed install script failed: ${verdictOfOutcome(outcome, step).sentence}`;
  const level = levelResult(step, outcome, { ok: false, detail: summary });
  return { kind: 'failed', level, verdict: { kind: 'broken', passed: 0, of: 1 }, resolver: null, summary };
}

function installVerdict(outcome: Outcome, resolver: ResolverFailure | null): Verdict {
  if (outcome.kind !== 'exited') return { kind: 'resolver-stuck', passed: 0, of: 1 };
  const kind =
    resolver?.kind === 'resolver-conflict' || resolver?.kind === 'registry-incomplete' ? resolver.kind : 'broken';
  return { kind, passed: 0, of: 1 };
}
