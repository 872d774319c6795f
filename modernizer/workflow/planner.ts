// The planner: copies the project, resolves it as it is, asks the registry, and makes the plan.
// Rule: it decides nothing itself (planning/ does) and leaves behind only the copy and the resolved lockfile.

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import pLimit from 'p-limit';

import { countText, minutes, toIso } from 'kernel/basics';

import { installedVersion, NPM_LOCKFILES, readLockfile, type Tree } from '../ecosystems/npm/lockfile.ts';
import { readManifest, type Manifest } from '../ecosystems/npm/manifest.ts';
import { maintainedLines } from '../ecosystems/npm/node-releases.ts';
import type { PackumentReading } from '../ecosystems/npm/registry.ts';
import { registryDown } from '../faults.ts';
import { namesToAsk, planUpgrades, type Plan } from '../planning/plan-upgrades.ts';
import { readResolver } from '../validating/read-resolver.ts';
import { copyFolder, copyProject, isCopied, type ProjectCopy } from './copy-project.ts';
import { endedBy, environmentFault, type Execution } from './execution.ts';
import { fetchSample } from './fetch-sample.ts';
import { npmCache } from './run-folder.ts';
import { keepPlan, plannedBefore } from './planned-before.ts';
import { inspectProject, type InspectedProject } from './inspect-project.ts';
import type { Ending, MigrationState, ProjectRecord } from './state.ts';
import { withWarnings, type Warned } from './warnings.ts';

/** A registry answers one packument in about 0.1 s; eight at once keep one line busy without crowding it. */
const QUESTIONS_AT_ONCE = 8;
/** Resolving without installing; a stuck resolver has been seen to spin for ten minutes. */
const RESOLVE_MS_MAX = minutes(3);

export async function planner(execution: Execution, _state: MigrationState): Promise<Partial<MigrationState>> {
  const { record } = execution;
  await record.emit('agent-started', { agent: 'planner' });
  const project = await prepared(execution);
  const before = await plannedBefore(execution, project);
  const planned =
    before === undefined ? await plannedAnew(execution, project) : { kind: 'planned' as const, plan: before };
  if (planned.kind === 'ended') {
    return { project, ending: await redBeforeInstall(execution, planned) };
  }
  if (planned.kind === 'stopped') return { project, ending: stoppedEarly(endedBy(execution.signals)) };
  const { plan } = planned;
  await record.emit('plan-made', {
    upgrades: [...plan.upgrades, ...plan.forbidden.map(({ upgrade }) => upgrade)],
    leftAlone: [...plan.leftAlone],
    risk: plan.risk,
    signals: [...plan.signals],
    warnings: [...plan.warnings],
  });
  for (const { upgrade, reason } of plan.forbidden) {
    await record.emit('upgrade-refused', {
      name: upgrade.name,
      to: upgrade.to,
      verdict: { kind: 'engines', passed: 0, of: 0 },
      cause: reason,
      where: [],
      trial: null,
      evidence: 'package.json',
    });
  }
  const summary = planSummary(plan);
  await record.emit('agent_completed', { agent: 'planner', summary });
  return { project, plan, ending: plan.upgrades.length === 0 ? nothingToDo(plan) : null };
}

type Planning = { readonly kind: 'planned'; readonly plan: Warned } | NotResolved | { readonly kind: 'stopped' };

/** The registry is asked while npm resolves. */
async function plannedAnew(execution: Execution, project: ProjectRecord): Promise<Planning> {
  const manifest = await manifestOf(project);
  const asked = askRegistry(execution, manifest);
  const resolved = await resolveBaseline(execution, project);
  if (resolved.kind !== 'resolved') return resolved;
  const packuments = await asked;
  const plan = await planFrom(execution, { manifest, tree: resolved.tree, packuments });
  const isWhole = [...packuments.values()].every(({ kind }) => kind !== 'unavailable');
  if (isWhole) await keepPlan(execution, project, plan);
  return { kind: 'planned', plan };
}

/** The copy of the project; taken up again as it is when a killed run had finished it. */
async function prepared(execution: Execution): Promise<ProjectRecord> {
  const { folder, input } = execution;
  await mkdir(folder.root, { recursive: true, mode: 0o700 });
  const note = join(folder.root, 'project.json');
  if (await isCopied(folder.repository)) {
    const known = await readFile(note, 'utf8').catch(() => undefined);
    if (known !== undefined) return JSON.parse(known) as ProjectRecord;
  }
  const path = input.project.kind === 'path' ? input.project.path : await fetchSample(execution, input.project.spec);
  const inspection = await inspectProject(path);
  if (inspection.kind === 'refused') throw inspection.fault;
  const { project } = inspection;
  const copying = await copyProject(execution.git, project, folder.repository, input.options.includeUncommitted);
  if (copying.kind === 'refused') throw copying.fault;
  const recordOf = projectRecord(project, copying.copy);
  await writeFile(note, JSON.stringify(recordOf));
  return recordOf;
}

const projectRecord = (project: InspectedProject, copy: ProjectCopy): ProjectRecord => ({
  path: project.path,
  name: project.name,
  lockfile: project.lockfile,
  declaredEngines: project.manifest.engines['node'] ?? null,
  copy,
});

export async function manifestOf(project: ProjectRecord): Promise<Manifest> {
  const text = await readFile(join(project.copy.repository, project.copy.prefix, 'package.json'), 'utf8');
  const reading = readManifest(text);
  if (reading.kind === 'unreadable') throw new TypeError(`The copied manifest became unreadable: ${reading.reason}`);
  return reading.manifest;
}

/** It cannot be installed; `outside` when it needs what no trial reaches, which a person's own npm may reach. */
type NotResolved = { readonly kind: 'ended'; readonly sentence: string; readonly outside?: boolean };

type Resolution = { readonly kind: 'resolved'; readonly tree: Tree } | NotResolved | { readonly kind: 'stopped' };

/** The tree of the project as it is: from its lockfile, or resolved once and kept for the baseline. */
async function resolveBaseline(execution: Execution, project: ProjectRecord): Promise<Resolution> {
  const { folder } = execution;
  const source = join(project.copy.repository, project.copy.prefix);
  if (project.lockfile !== null) {
    const text = await readFile(join(source, project.lockfile), 'utf8');
    const reading = readLockfile(text);
    if (reading.kind === 'tree' && reading.tree.versions.size > 0) {
      await writeFile(folder.baselineLock, text);
      return { kind: 'resolved', tree: reading.tree };
    }
  }
  const text = await readFile(join(source, 'package.json'), 'utf8');
  const resolution = await resolveLock(execution, project, text, null);
  if (resolution.kind !== 'resolved') return resolution;
  await writeFile(folder.baselineLock, resolution.lock);
  const reading = readLockfile(resolution.lock);
  return reading.kind === 'tree'
    ? { kind: 'resolved', tree: reading.tree }
    : { kind: 'ended', sentence: `npm wrote a lockfile that cannot be read: ${reading.reason}.` };
}

export type LockResolution =
  { readonly kind: 'resolved'; readonly lock: string } | NotResolved | { readonly kind: 'stopped' };

/** The lockfile of a manifest, resolved in the sandbox without installing anything. */
export async function resolveLock(
  execution: Execution,
  { copy }: ProjectRecord,
  manifestText: string,
  lockBefore: string | null,
): Promise<LockResolution> {
  const { folder, sandbox, signals } = execution;
  const place = join(folder.trials, 'resolve');
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true });
  // npm's own settings (.npmrc) and packages on disk (file:) belong to what is resolved.
  await copyFolder(join(copy.repository, copy.prefix), place, '', { bytes: 0, files: 0 });
  for (const name of NPM_LOCKFILES) await rm(join(place, name), { force: true });
  await writeFile(join(place, 'package.json'), manifestText);
  if (lockBefore !== null) await writeFile(join(place, 'package-lock.json'), lockBefore);
  const outcome = await sandbox.run({
    phase: 'install',
    project: place,
    argv: [
      'npm',
      'install',
      '--package-lock-only',
      '--package-lock',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
    ],
    cache: cacheFolder(execution),
    limits: { wallMs: RESOLVE_MS_MAX, outputBytesMax: 1 << 20, processesMax: 256, memoryBytesMax: 2 * 1024 ** 3 },
    signal: signals.any,
  });
  if (outcome.kind === 'stopped') return { kind: 'stopped' };
  if (outcome.kind !== 'exited')
    return { kind: 'ended', sentence: 'npm did not finish resolving the project in time.' };
  if (outcome.code !== 0) {
    const failure = readResolver(outcome.output);
    const fault = environmentFault(failure, execution);
    if (fault !== undefined) throw fault;
    return { kind: 'ended', sentence: failure.sentence, outside: failure.kind === 'outside-registry' };
  }
  const lock = await readFile(join(place, 'package-lock.json'), 'utf8').catch(() => '{"packages":{}}');
  await rm(place, { recursive: true, force: true });
  return { kind: 'resolved', lock };
}

export const cacheFolder = (execution: Execution): string => npmCache(execution.ports.home);

type Packuments = ReadonlyMap<string, PackumentReading>;

/** What the registry says of every dependency. Never fails: silence is an answer. */
async function askRegistry(execution: Execution, manifest: Manifest): Promise<Packuments> {
  const names = namesToAsk(manifest);
  const atOnce = pLimit(QUESTIONS_AT_ONCE);
  const ask = async (name: string): Promise<readonly [string, PackumentReading]> => [
    name,
    await execution.registry.packument(name, execution.signals.any),
  ];
  return new Map(await Promise.all(names.map((name) => atOnce(ask, name))));
}

interface PlanFacts {
  readonly manifest: Manifest;
  readonly tree: Tree;
  readonly packuments: Packuments;
}

async function planFrom(execution: Execution, { manifest, tree, packuments }: PlanFacts): Promise<Warned> {
  if (execution.signals.any.aborted) endedBy(execution.signals);
  const silent = [...packuments.values()].find((reading) => reading.kind === 'unavailable');
  const heard = [...packuments.values()].some((reading) => reading.kind === 'found');
  if (silent !== undefined && !heard) throw registryDown(execution.registry.url, silent.reason);
  const installed = new Map<string, string>();
  for (const name of packuments.keys()) {
    const version = installedVersion(tree, name);
    if (version !== null) installed.set(name, version);
  }
  const plan = planUpgrades({
    manifest,
    installed,
    packuments,
    rules: {
      mode: execution.input.options.engines,
      declared: manifest.engines['node'] ?? null,
      maintained: maintainedLines(toIso(execution.ports.clock.now()).slice(0, 10)),
      trialNode: execution.ports.versions.node,
    },
  });
  return withWarnings(execution, plan, { packuments, installed });
}

function planSummary(plan: Plan): string {
  const upgrades = countText(plan.upgrades.length, 'upgrade');
  const parts = [`${upgrades} planned, risk ${plan.risk}`];
  if (plan.forbidden.length > 0) parts.push(`${plan.forbidden.length} forbidden by engines`);
  if (plan.leftAlone.length > 0) parts.push(`${plan.leftAlone.length} left alone`);
  return `${parts.join('; ')}.`;
}

const nothingToDo = (plan: Plan): Ending => ({
  status: 'done',
  reason:
    plan.forbidden.length === 0
      ? 'Everything is up to date: there is nothing to upgrade.'
      : 'The declared engines forbid every upgrade there is.',
  next:
    plan.forbidden.length === 0
      ? null
      : 'To look past the declared engines, start again with --engines maintained or ignore.',
});

async function redBeforeInstall(execution: Execution, { sentence, outside }: NotResolved): Promise<Ending> {
  await execution.record.emit('baseline-judged', {
    kind: 'red',
    level: 0,
    flaky: [],
    verdict: { kind: 'broken', passed: 0, of: 1 },
    label: sentence,
  });
  await execution.record.emit('agent_completed', { agent: 'planner', summary: `It cannot be installed. ${sentence}` });
  return {
    status: 'stopped',
    reason: `The project cannot be installed as it is, so no upgrade could be proven. ${sentence}`,
    next:
      outside === true
        ? 'Trials reach the registry only: take that dependency from the registry, then start again.'
        : 'Mend the project until npm install works, then start again.',
  };
}

export const stoppedEarly = (why: 'stopped' | 'deadline'): Ending => ({
  status: 'stopped',
  reason:
    why === 'stopped'
      ? 'It was stopped by a person.'
      : 'Its time was used up before the project as it is could be judged.',
  next: why === 'stopped' ? null : 'Start again with a larger --max-minutes.',
});
