// The planner: copies the project, resolves it as it is, asks the registry, and makes the plan.
// Rule: it decides nothing itself (planning/ does) and leaves behind only the copy and the resolved lockfile.

import { lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import pLimit from 'p-limit';
import semver from 'semver';

import { countText, minutes, toIso } from 'kernel/basics';
import { removeTree } from 'kernel/sandbox';

import { installerNamed } from '../ecosystems/installers.ts';
import { readManifest, type Manifest } from '../ecosystems/npm/manifest.ts';
import { maintainedLines } from '../ecosystems/npm/node-releases.ts';
import type { PackumentReading } from '../ecosystems/npm/registry.ts';
import type { Installer, Tree } from '../ecosystems/installer.ts';
import { CATALOG_FILE, catalogManifest } from '../ecosystems/pnpm/catalogs.ts';
import { filesOf, manifestPath, type ManifestFile, type WorkspaceManifest } from '../ecosystems/workspaces.ts';
import { registryDown } from '../faults.ts';
import { namesToAsk, planUpgrades, type Plan } from '../planning/plan-upgrades.ts';
import { confineSettings } from '../validating/confine-settings.ts';
import { copyFolder, copyProject, isCopied, type ProjectCopy } from './copy-project.ts';
import { endedBy, environmentFault, type Execution } from './execution.ts';
import { fetchProject } from './fetch-project.ts';
import { keepPlan, plannedBefore } from './planned-before.ts';
import { packageCache } from './run-folder.ts';
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
  if (project === null) return { ending: stoppedEarly(endedBy(execution.signals)) };
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
  const summary = `${planSummary(plan)}${installedWith(project)}`;
  await record.emit('agent_completed', { agent: 'planner', summary });
  return { project, plan, ending: plan.upgrades.length === 0 ? nothingToDo(plan) : null };
}

type Planning = { readonly kind: 'planned'; readonly plan: Warned } | NotResolved | { readonly kind: 'stopped' };

/** The registry is asked while the package manager resolves. */
async function plannedAnew(execution: Execution, project: ProjectRecord): Promise<Planning> {
  const manifests = await manifestsOf(project);
  const asked = askRegistry(execution, manifests);
  const resolved = await resolveBaseline(execution, project, manifests);
  if (resolved.kind !== 'resolved') return resolved;
  const packuments = await asked;
  const plan = await planFrom(execution, { manifests, tree: resolved.tree, packuments });
  const isWhole = [...packuments.values()].every(({ kind }) => kind !== 'unavailable');
  if (isWhole) await keepPlan(execution, project, plan);
  return { kind: 'planned', plan };
}

/** The copy of the project, null when it was stopped before there was one; taken up again as it is when a killed run had finished it. */
async function prepared(execution: Execution): Promise<ProjectRecord | null> {
  const { folder, input } = execution;
  await mkdir(folder.root, { recursive: true, mode: 0o700 });
  const note = join(folder.root, 'project.json');
  if (await isCopied(folder.repository)) {
    const known = await readFile(note, 'utf8').catch(() => undefined);
    if (known !== undefined) return JSON.parse(known) as ProjectRecord;
  }
  const path = await fetchProject(execution);
  if (path === null) return null;
  const inspection = await inspectProject(path, input.options.packageManager ?? null);
  if (inspection.kind === 'refused') throw inspection.fault;
  const { project } = inspection;
  const copying = await copyProject(execution.git, project, folder.repository, input.options.includeUncommitted);
  if (copying.kind === 'refused') throw copying.fault;
  // Only a person's own folder can fetch the result from here.
  const isOwn = input.project.kind === 'path';
  const copy = { ...copying.copy, fromGit: isOwn && copying.copy.fromGit };
  const recordOf = projectRecord({ ...project, manifests: await copiedOf(project, copy) }, copy);
  await writeFile(note, JSON.stringify(recordOf));
  return recordOf;
}

/** A workspace that git ignores is in nobody's clone: it is not upgraded either. */
async function copiedOf({ manifests: [top, ...others] }: InspectedProject, copy: ProjectCopy): Promise<Manifests> {
  const isCopiedToo = await Promise.all(
    others.map(({ place }) =>
      lstat(join(copy.repository, copy.prefix, manifestPath(place))).then(
        (found) => found.isFile(),
        () => false,
      ),
    ),
  );
  return [top, ...others.filter((_, number) => isCopiedToo[number] === true)];
}

const projectRecord = (project: InspectedProject, copy: ProjectCopy): ProjectRecord => ({
  path: project.path,
  name: project.name,
  lockfile: project.lockfile,
  installer: project.installer.name,
  workspaces: project.manifests.slice(1).map(({ place }) => place),
  declaredEngines: declaredNode(project.manifests.map(({ manifest }) => manifest)),
  copy,
});

/** What the project is installed with. */
export const installerOf = (project: ProjectRecord): Installer => installerNamed(project.installer ?? 'npm');

/** The manifests of the copy: its top's, then those of its workspaces, and the catalog that they take ranges from. */
export async function manifestsOf(project: ProjectRecord): Promise<Manifests> {
  const read = async (place: string): Promise<WorkspaceManifest> => {
    const file = join(project.copy.repository, project.copy.prefix, manifestPath(place));
    const reading = readManifest(await readFile(file, 'utf8'));
    if (reading.kind === 'unreadable') throw new TypeError(`The copied manifest became unreadable: ${reading.reason}`);
    return { place, manifest: reading.manifest };
  };
  const top = await read('');
  const others = await Promise.all((project.workspaces ?? []).map(read));
  return [top, ...others, ...(await catalogOf(project, [top, ...others]))];
}

/** More is no list of ranges that a person wrote. */
const CATALOG_BYTES_MAX = 1024 * 1024;

/** None where it is a link: what it leads to is no file of the copy. */
async function catalogOf(project: ProjectRecord, manifests: Manifests): Promise<readonly WorkspaceManifest[]> {
  if (installerOf(project).name !== 'pnpm') return [];
  const file = join(project.copy.repository, project.copy.prefix, CATALOG_FILE);
  const found = await lstat(file).catch(() => undefined);
  if (found?.isFile() !== true || found.size > CATALOG_BYTES_MAX) return [];
  const manifest = catalogManifest(
    await readFile(file, 'utf8'),
    manifests.map((each) => each.manifest),
  );
  return manifest === undefined ? [] : [{ place: CATALOG_FILE, manifest }];
}

export type Manifests = readonly [WorkspaceManifest, ...WorkspaceManifest[]];

/** The Node release that the project promises to run on: of several workspaces' the oldest. */
function declaredNode(manifests: readonly Manifest[]): string | null {
  const declared = manifests.flatMap(({ engines }) => engines['node'] ?? []);
  const known = declared.filter((range) => semver.validRange(range) !== null);
  const floor = (range: string): string => semver.minVersion(range)?.version ?? '0.0.0';
  return known.toSorted((a, b) => semver.compare(floor(a), floor(b)))[0] ?? declared[0] ?? null;
}

/** It cannot be installed; `outside` when it needs what no trial reaches, which a person's own npm may reach. */
type NotResolved = { readonly kind: 'ended'; readonly sentence: string; readonly outside?: boolean };

type Resolution = { readonly kind: 'resolved'; readonly tree: Tree } | NotResolved | { readonly kind: 'stopped' };

/** The tree of the project as it is: from its lockfile, or resolved once and kept for the baseline. */
async function resolveBaseline(
  execution: Execution,
  project: ProjectRecord,
  manifests: Manifests,
): Promise<Resolution> {
  const { folder } = execution;
  const installer = installerOf(project);
  const source = join(project.copy.repository, project.copy.prefix);
  if (project.lockfile !== null) {
    const text = await readFile(join(source, project.lockfile), 'utf8');
    const reading = installer.readLockfile(text, manifests);
    if (reading.kind === 'tree' && reading.tree.size > 0) {
      await writeFile(folder.baselineLock, text);
      return { kind: 'resolved', tree: reading.tree };
    }
  }
  const resolution = await resolveLock(execution, project, filesOf(manifests), null);
  if (resolution.kind !== 'resolved') return resolution;
  await writeFile(folder.baselineLock, resolution.lock);
  const reading = installer.readLockfile(resolution.lock, manifests);
  return reading.kind === 'tree'
    ? { kind: 'resolved', tree: reading.tree }
    : { kind: 'ended', sentence: `${installer.title} wrote a lockfile that cannot be read: ${reading.reason}.` };
}

export type LockResolution =
  { readonly kind: 'resolved'; readonly lock: string } | NotResolved | { readonly kind: 'stopped' };

/** The lockfile of manifests, resolved in the sandbox without installing more than the manager has to. */
export async function resolveLock(
  execution: Execution,
  project: ProjectRecord,
  files: readonly ManifestFile[],
  lockBefore: string | null,
): Promise<LockResolution> {
  const { folder, sandbox, signals, registry } = execution;
  const installer = installerOf(project);
  const place = join(folder.trials, 'resolve');
  await removeTree(place);
  await mkdir(place, { recursive: true });
  // The manager’s own settings (.npmrc) and packages on disk (file:) belong to what is resolved.
  await copyFolder(join(project.copy.repository, project.copy.prefix), place, '', { bytes: 0, files: 0 });
  await confineSettings(installer, place);
  for (const name of installer.lockfiles) await rm(join(place, name), { force: true });
  for (const file of files) await writeFile(join(place, manifestPath(file.place)), file.text);
  const lockfile = join(place, installer.lockfile);
  if (lockBefore !== null) await writeFile(lockfile, installer.toSandbox(lockBefore, registry.url));
  const quick = installer.name === 'npm' ? await execution.trees.lockfileFor(place, signals.any) : null;
  if (quick !== null) {
    await removeTree(place);
    return { kind: 'resolved', lock: quick };
  }
  const outcome = await sandbox.run({
    ...installer.job,
    phase: 'install',
    project: place,
    argv: installer.resolve.argv,
    cache: cacheFolder(execution, installer),
    limits: { wallMs: RESOLVE_MS_MAX, outputBytesMax: 1 << 20, processesMax: 256, memoryBytesMax: 2 * 1024 ** 3 },
    signal: signals.any,
  });
  if (outcome.kind === 'stopped') return { kind: 'stopped' };
  if (outcome.kind !== 'exited')
    return { kind: 'ended', sentence: `${installer.title} did not finish resolving the project in time.` };
  if (outcome.code !== 0) {
    const failure = installer.readFailure(outcome.output);
    const fault = environmentFault(failure, execution);
    if (fault !== undefined) throw fault;
    return { kind: 'ended', sentence: failure.sentence, outside: failure.kind === 'outside-registry' };
  }
  const lock = await readFile(lockfile, 'utf8').catch(() => (installer.name === 'npm' ? '{"packages":{}}' : ''));
  await removeTree(place);
  return { kind: 'resolved', lock: installer.fromSandbox(lock, registry.url, lockBefore) };
}

/** One for each installer: none trusts what another one wrote. */
export const cacheFolder = ({ ports }: Execution, { name }: Pick<Installer, 'name'> = { name: 'npm' }): string =>
  packageCache(ports.home, name);

type Packuments = ReadonlyMap<string, PackumentReading>;

/** What the registry says of every dependency. Never fails: silence is an answer. */
async function askRegistry(execution: Execution, manifests: Manifests): Promise<Packuments> {
  const [{ manifest }, ...workspaces] = manifests;
  const names = namesToAsk({ manifest, workspaces });
  const atOnce = pLimit(QUESTIONS_AT_ONCE);
  const ask = async (name: string): Promise<readonly [string, PackumentReading]> => [
    name,
    await execution.registry.packument(name, execution.signals.any),
  ];
  return new Map(await Promise.all(names.map((name) => atOnce(ask, name))));
}

interface PlanFacts {
  readonly manifests: Manifests;
  readonly tree: Tree;
  readonly packuments: Packuments;
}

async function planFrom(execution: Execution, { manifests, tree, packuments }: PlanFacts): Promise<Warned> {
  const [{ manifest }, ...workspaces] = manifests;
  if (execution.signals.any.aborted) endedBy(execution.signals);
  const silent = [...packuments.values()].find((reading) => reading.kind === 'unavailable');
  const heard = [...packuments.values()].some((reading) => reading.kind === 'found');
  if (silent !== undefined && !heard) throw registryDown(execution.registry.url, silent.reason);
  const installed = new Map<string, string>();
  for (const name of packuments.keys()) {
    const version = oldestInstalled(tree, manifests, name);
    if (version !== null) installed.set(name, version);
  }
  const plan = planUpgrades({
    manifest,
    workspaces,
    installed,
    packuments,
    rules: {
      mode: execution.input.options.engines,
      declared: declaredNode(manifests.map((each) => each.manifest)),
      maintained: maintainedLines(toIso(execution.ports.clock.now()).slice(0, 10)),
      trialNode: execution.ports.versions.node,
    },
  });
  return withWarnings(execution, plan, { packuments, installed });
}

/** Of the versions that the workspaces get for what they declare, the oldest. */
function oldestInstalled(tree: Tree, manifests: Manifests, name: string): string | null {
  const versions = manifests.flatMap(({ place, manifest }) => {
    const range = manifest.dependencies[name] ?? manifest.optionalDependencies[name] ?? manifest.devDependencies[name];
    return range === undefined ? [] : (tree.installed({ place, name, range }) ?? []);
  });
  return versions.filter((version) => semver.valid(version) !== null).sort(semver.compare)[0] ?? null;
}

/** Told where it is not what one expects: npm, and one package. */
function installedWith(project: ProjectRecord): string {
  const { name, title, version } = installerOf(project);
  const count = project.workspaces?.length ?? 0;
  if (name === 'npm' && count === 0) return '';
  const workspaces = count === 0 ? '' : `, ${countText(count, 'workspace')} together`;
  return ` Installed with ${title}${version === null ? '' : ` ${version}`}${workspaces}.`;
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
