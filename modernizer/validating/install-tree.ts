// Resolves the ranges of one trial, and puts the tree that comes of them under it.
// Rule: a resolver's refusal over the project's old lockfile is believed only after it was repeated without. A tree that
// was judged already is not made at all; one that cannot be shared is installed by npm for this trial alone.

import type { Outcome } from 'kernel/sandbox';

import { readLockfile, type Tree } from '../ecosystems/npm/lockfile.ts';
import type { LevelResult, Verdict } from '../protocol/index.ts';
import { readResolver, type ResolverFailure } from './read-resolver.ts';
import { levelResult, npmJob, verdictOfOutcome, type JobParts, type TrialLimits } from './run-step.ts';
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
      return installOnce(ports, folder, npmJob('install', ports.cache, limits));
  }
}

const TREE_WORDS = {
  known: 'the very tree was installed before',
  assembled: 'put together from packages that were installed before',
  npm: 'installed by npm',
} as const;

/** Over the project's own lockfile when it has one; a refusal is asked again without it. */
export async function resolveTree(
  ports: TrialPorts,
  folder: TrialFolder,
  limits: TrialLimits,
): Promise<Installation | null> {
  await ports.onStep('install', 1);
  const job = npmJob('resolve', ports.cache, limits);
  const first = await installOnce(ports, folder, job);
  const stale = first?.kind === 'failed' && first.resolver !== null && STALE_LOCK_KINDS.has(first.resolver.kind);
  if (!stale || !(await folder.dropLockfile())) return first;
  await folder.log('\n# npm refused over the old lockfile: once more from a clean tree, without it\n');
  await ports.onStep('install', 2);
  return installOnce(ports, folder, job);
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
  const first = await installOnce(ports, folder, npmJob(locked ? 'install-locked' : 'install', ports.cache, limits));
  const isOutOfStep = first?.kind === 'failed' && first.resolver?.kind === 'lockfile-out-of-step';
  return isOutOfStep ? installOnce(ports, folder, npmJob('install', ports.cache, limits)) : first;
}

async function installOnce(ports: TrialPorts, folder: TrialFolder, job: JobParts): Promise<Installation | null> {
  const outcome = await runJob(ports, folder, job);
  if (outcome.kind === 'stopped') return null;
  const ok = outcome.kind === 'exited' && outcome.code === 0;
  const resolver = ok || outcome.kind !== 'exited' ? null : readResolver(outcome.output);
  const detail = ok ? 'Installed.' : (resolver?.sentence ?? verdictOfOutcome(outcome).sentence);
  const level = levelResult({ level: 1, command: 'npm install' }, outcome, { ok, detail });
  if (!ok) return { kind: 'failed', level, verdict: installVerdict(outcome, resolver), resolver, summary: detail };
  const lock = await folder.takeLockfile();
  const reading = lock === null ? undefined : readLockfile(lock);
  return { kind: 'installed', level, tree: reading?.kind === 'tree' ? reading.tree : null };
}

function installVerdict(outcome: Outcome, resolver: ResolverFailure | null): Verdict {
  if (outcome.kind !== 'exited') return { kind: 'resolver-stuck', passed: 0, of: 1 };
  const kind =
    resolver?.kind === 'resolver-conflict' || resolver?.kind === 'registry-incomplete' ? resolver.kind : 'broken';
  return { kind, passed: 0, of: 1 };
}
