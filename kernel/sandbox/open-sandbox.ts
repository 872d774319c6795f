// Opens the strongest sandbox that works on this machine. Bubblewrap first, then util-linux namespaces, else refused.
// Rule: a back end is ready only after it ran a program here; nothing is ever run unconfined unless the settings
// name `unsafe-host`.

import { lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { threadId } from 'node:worker_threads';
import { mebibytes, seconds, unreachable } from '../basics/index.ts';
import { bubblewrapArguments } from './bubblewrap.ts';
import {
  CONTROL_GROUPS_ROOT,
  findControlGroups,
  makeJobGroup,
  ownControlGroups,
  removeStaleGroups,
  type ControlGroups,
} from './control-groups.ts';
import { WRAPPER_ENVIRONMENT } from './environment.ts';
import { mountRefused, projectUnusable, sandboxClosed } from './faults.ts';
import { readHostNpmSettings } from './host-npm-settings.ts';
import { insideOf, PROJECT, type HostPlaces, type Inside } from './inside.ts';
import { enterGroups, limitProcesses } from './launch.ts';
import { layersWork, makeLayers } from './layers.ts';
import { lookAtMachine, refusalOf, systemMounts, type Machine } from './machine.ts';
import { namespacesArguments } from './namespaces.ts';
import { startRegistryProxy, type RegistryProxy } from './registry-proxy.ts';
import { runJob } from './run-job.ts';
import type { BackEnd, Confinement, Job, Outcome, Sandbox, SandboxProbe, SandboxSettings } from './sandbox.ts';
import { makeScratch, type Scratch } from './scratch.ts';
import { unsafeHostLaunch } from './unsafe-host.ts';
import { programVersion } from './program-version.ts';

export type OpenedSandbox =
  { readonly kind: 'ready'; readonly sandbox: Sandbox } | (SandboxProbe & { readonly kind: 'refused' });

/** What would confine code here, tried by really running a program. */
export async function probeSandbox(settings: SandboxSettings): Promise<SandboxProbe> {
  const opened = await openSandbox(settings);
  if (opened.kind === 'refused') return opened;
  await opened.sandbox.close();
  return { kind: 'ready', confinement: opened.sandbox.confinement };
}

export async function openSandbox(settings: SandboxSettings): Promise<OpenedSandbox> {
  const machine = lookAtMachine();
  if (machine.platform !== 'linux' && settings.backEnd !== 'unsafe-host') return refusalOf(machine, '');
  const ground = await prepareGround(settings, machine);
  let told = '';
  for (const backEnd of candidates(settings, machine)) {
    for (const groups of ground.groups === null ? [null] : [ground.groups, null]) {
      const sandbox = createSandbox({ ...ground, groups }, backEnd);
      const failure = await trial(sandbox, ground);
      if (failure === null) return { kind: 'ready', sandbox };
      told ||= failure;
    }
  }
  await ground.release();
  return refusalOf(machine, told);
}

function candidates(settings: SandboxSettings, machine: Machine): readonly BackEnd[] {
  const possible: BackEnd[] = [];
  if (machine.bubblewrap !== null) possible.push('bubblewrap');
  if (machine.missingPrograms.length === 0) possible.push('namespaces');
  if (settings.backEnd === undefined) return possible;
  return settings.backEnd === 'unsafe-host' ? ['unsafe-host'] : possible.filter((one) => one === settings.backEnd);
}

/** More jobs than one process will ever run. */
const JOBS_OF_A_THREAD_MAX = 1_000_000_000;

/** What all jobs of a sandbox stand on. */
interface Ground {
  readonly machine: Machine;
  readonly host: HostPlaces;
  readonly scratch: Scratch;
  readonly groups: ControlGroups | null;
  readonly proxy: RegistryProxy;
  release(): Promise<void>;
}

async function prepareGround(settings: SandboxSettings, machine: Machine): Promise<Ground> {
  const registry = new URL(settings.registry);
  const node = realpathSync(process.execPath);
  const npm = realpathSync(dirname(createRequire(import.meta.url).resolve('npm/package.json')));
  const scratch = makeScratch(settings.scratch, { node, npm });
  const npmSettings = readHostNpmSettings(registry, process.env);
  const proxy = await startRegistryProxy({
    registry,
    socket: scratch.socket,
    ...npmSettings,
  });
  const groups = machine.platform === 'linux' ? findControlGroups(CONTROL_GROUPS_ROOT, ownControlGroups()) : null;
  if (groups !== null) await removeStaleGroups(groups);
  const host: HostPlaces = {
    system: systemMounts(),
    node,
    npm,
    etc: scratch.etc,
    launchers: scratch.launchers,
    forwarder: join(import.meta.dirname, 'forward-registry.mjs'),
    registrySocket: scratch.socket,
    registry,
    npmSettings: npmSettings.passedOn,
  };
  return {
    machine,
    host,
    scratch,
    groups,
    proxy,
    async release() {
      await proxy.close();
      scratch.remove();
    },
  };
}

/** Null when a program ran; else what was said. */
async function trial(sandbox: Sandbox, ground: Ground): Promise<string | null> {
  try {
    const outcome = await sandbox.run({ ...TRIAL, project: ground.scratch.hostHome });
    const ran = outcome.kind === 'exited' && outcome.code === 0;
    return ran ? null : `a trial ended as ${outcome.kind}: ${outcome.output.slice(0, TOLD_LENGTH_MAX)}`;
  } catch (thrown) {
    // The trial asks whether this back end can be used; any failure of it is the answer.
    return (
      thrown instanceof Error ? (thrown.message.match(/It said: .*/)?.[0] ?? thrown.message) : String(thrown)
    ).slice(0, TOLD_LENGTH_MAX);
  }
}
const TOLD_LENGTH_MAX = 300;
/** Enough for Node to say its version; a machine that needs longer cannot run a trial of an upgrade either. */
const TRIAL: Omit<Job, 'project'> = {
  phase: 'run',
  argv: ['node', '--version'],
  limits: { wallMs: seconds(10), outputBytesMax: 10_000, processesMax: 64, memoryBytesMax: mebibytes(512) },
};

/**
 * Numbers the jobs of all sandboxes: their control groups lie side by side. Threads of one process count each from a
 * place of their own, or the second to reach a number would find its group taken.
 */
let jobs = threadId * JOBS_OF_A_THREAD_MAX;

function createSandbox(ground: Ground, backEnd: BackEnd): Sandbox {
  const stopAll = new AbortController();
  const running = new Set<Promise<Outcome>>();
  let closed = false;
  const run = (job: Job): Promise<Outcome> => {
    if (closed) return Promise.reject(sandboxClosed(backEnd));
    jobs += 1;
    const signal = job.signal === undefined ? stopAll.signal : AbortSignal.any([job.signal, stopAll.signal]);
    const outcome = launch({ ...job, signal }, { ground, backEnd, number: jobs });
    running.add(outcome);
    void outcome.finally(() => running.delete(outcome)).catch(() => undefined);
    return outcome;
  };
  return {
    confinement: confinementOf(ground, backEnd),
    run,
    canLayer: async (folder) => backEnd !== 'unsafe-host' && (await layersWork(run, folder)),
    async close() {
      closed = true;
      stopAll.abort();
      await Promise.allSettled(running);
      await ground.release();
    },
  };
}

async function launch(
  asked: Job,
  by: { readonly ground: Ground; readonly backEnd: BackEnd; readonly number: number },
): Promise<Outcome> {
  const { ground, backEnd, number } = by;
  const job = checkedJob(asked, ground.host.registry);
  const confinement = confinementOf(ground, backEnd);
  const processesMax = confinement.processes === 'rlimit' ? job.limits.processesMax : null;
  const launched = argumentsFor(job, { ground, backEnd, processesMax });
  for (const program of job.programs ?? []) ground.scratch.addProgram(program);
  const group = ground.groups === null ? null : makeJobGroup(ground.groups, job.limits, number);
  return runJob(job, {
    backEnd,
    argv: enterGroups(group?.procsFiles ?? [], launched.argv),
    environment: launched.environment,
    folder: launched.folder,
    group,
    watchesMemory: confinement.memory === 'watched',
  });
}

function argumentsFor(
  job: Job,
  by: { readonly ground: Ground; readonly backEnd: BackEnd; readonly processesMax: number | null },
) {
  const { ground, backEnd, processesMax } = by;
  const inside = (): Inside => {
    const seen = insideOf(job, ground.host);
    return { ...seen, argv: limitProcesses(processesMax, seen.argv) };
  };
  const confined = { environment: WRAPPER_ENVIRONMENT, folder: '/' };
  switch (backEnd) {
    case 'bubblewrap':
      return {
        argv: bubblewrapArguments(ground.machine.bubblewrap ?? 'bwrap', inside(), ground.machine.isRoot),
        ...confined,
      };
    case 'namespaces':
      return { argv: namespacesArguments(ground.scratch.mountPoint, inside()), ...confined };
    case 'unsafe-host':
      return unsafeHostLaunch(job, ground.host, ground.scratch);
    default:
      return unreachable(backEnd);
  }
}

function confinementOf({ machine, groups }: Ground, backEnd: BackEnd): Confinement {
  const unsafe = backEnd === 'unsafe-host';
  const version = groups === null ? null : (`cgroup-v${groups.version}` as const);
  const limited = machine.limitsProcessesByRlimit && !unsafe ? 'rlimit' : 'none';
  return {
    backEnd,
    version: programVersion(backEnd, machine),
    memory:
      groups?.parents.memory !== undefined && version !== null
        ? version
        : machine.platform === 'linux'
          ? 'watched'
          : 'none',
    processes: groups?.parents.pids !== undefined && version !== null ? version : limited,
    processor: groups?.parents.cpu !== undefined && version !== null ? version : 'nice',
    network: unsafe ? 'host' : 'none-but-loopback',
    unsafe,
  };
}

/** With links resolved, and the cache in a folder of this registry's own: npm's keys name only the loopback port. */
function checkedJob(job: Job, registry: URL): Job {
  const project = realFolder(job.project);
  const layers = makeLayers(job.layers ?? [], (at) => withoutLinks(at, project));
  const readOnly = (job.readOnly ?? []).map(({ from, at }) => ({
    from: realpathSync(from),
    at: withoutLinks(at, project),
  }));
  const programs = (job.programs ?? []).map((program) => ({ ...program, folder: realpathSync(program.folder) }));
  if (job.cache === undefined) return { ...job, project, readOnly, layers, programs };
  const cache = join(job.cache, createHash('sha256').update(registry.href).digest('hex').slice(0, 16));
  mkdirSync(cache, { recursive: true });
  return { ...job, project, readOnly, layers, programs, cache: realpathSync(cache) };
}

function realFolder(path: string): string {
  try {
    const real = realpathSync(path);
    if (statSync(real).isDirectory() && real !== '/') return real;
  } catch (thrown) {
    throw projectUnusable(path, thrown);
  }
  throw projectUnusable(path, undefined);
}

/** A mount point in the project that passes a link would be made where the link leads. */
function withoutLinks(at: string, project: string): string {
  if (!at.startsWith(`${PROJECT}/`)) return at;
  let place = project;
  for (const part of relative(PROJECT, at).split('/')) {
    place = join(place, part);
    const status = lstatSync(place, { throwIfNoEntry: false });
    if (status?.isSymbolicLink() === true) throw mountRefused(at, `${place} is a link.`);
  }
  return at;
}
