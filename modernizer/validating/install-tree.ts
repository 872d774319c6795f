// Installs the tree of one trial from a clean folder.
// Rule: a resolver's refusal over the project's old lockfile is believed only after it was repeated without.

import type { Outcome } from 'kernel/sandbox';

import type { Tree } from '../ecosystems/installer.ts';
import { readManifests } from '../ecosystems/workspaces.ts';
import type { LevelResult, Verdict } from '../protocol/index.ts';
import type { ResolverFailure } from './read-resolver.ts';
import { installJob, levelResult, scriptsJob, verdictOfOutcome, type TrialLimits } from './run-step.ts';
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

/** Installs over the project's own lockfile when it has one; a refusal is asked again without it. */
export async function installTree(
  ports: TrialPorts,
  folder: TrialFolder,
  limits: TrialLimits,
): Promise<Installation | null> {
  await ports.onStep('install', 1);
  const first = await installOnce(ports, folder, limits);
  const stale = first?.kind === 'failed' && first.resolver !== null && STALE_LOCK_KINDS.has(first.resolver.kind);
  if (!stale || !(await folder.dropLockfile())) return first;
  await folder.log(
    `\n# ${folder.installer.title} refused over the old lockfile: once more from a clean tree, without it\n`,
  );
  await ports.onStep('install', 2);
  return installOnce(ports, folder, limits);
}

const STALE_LOCK_KINDS: ReadonlySet<ResolverFailure['kind']> = new Set([
  'resolver-conflict',
  'lockfile-out-of-step',
  'registry-incomplete',
]);

async function installOnce(ports: TrialPorts, folder: TrialFolder, limits: TrialLimits): Promise<Installation | null> {
  const outcome = await runJob(ports, folder, installJob(folder, ports.cache, limits));
  if (outcome.kind === 'stopped') return null;
  const ok = outcome.kind === 'exited' && outcome.code === 0;
  const resolver = ok || outcome.kind !== 'exited' ? null : folder.installer.readFailure(outcome.output);
  const detail = ok ? 'Installed.' : (resolver?.sentence ?? verdictOfOutcome(outcome).sentence);
  const level = levelResult(
    { level: 1, command: `${folder.installer.script('install').split(' ')[0]} install` },
    outcome,
    {
      ok,
      detail,
    },
  );
  if (!ok) return { kind: 'failed', level, verdict: installVerdict(outcome, resolver), resolver, summary: detail };
  const lock = await folder.takeLockfile();
  const scripts = await runScripts(ports, folder, limits);
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
