// Memory, process and processor limits by Linux control groups, version 1, version 2 or neither: one small group for
// each job.
// Rule: whether a group can be used is tried, never guessed; a group lives as long as its job; groups of processes
// that are gone are emptied and removed. The root of the tree is an argument, so that tests can give a folder.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { codeOf, numberIn, textOf } from './files.ts';
import { isGone, nameOfThisProcess } from './owner.ts';
import type { Limits } from './sandbox.ts';

export const CONTROL_GROUPS_ROOT = '/sys/fs/cgroup';
const PREFIX = 'tandem-';

type Controller = 'memory' | 'pids' | 'cpu';

/**
 * A job's weight on a busy processor, in percent of an ordinary program's: the server and the person's own work come
 * first. An idle machine is all the job's.
 */
const CPU_PERCENT = 50;
/** What version 1 counts in: an ordinary group has this. */
const CPU_SHARES_ORDINARY = 1024;

/** Where groups can be made, for each controller. Version 2 has all in one folder. */
export interface ControlGroups {
  readonly version: 1 | 2;
  readonly parents: Readonly<Partial<Record<Controller, string>>>;
}

export interface JobGroup {
  /** A process that writes its number into each of these is inside. */
  readonly procsFiles: readonly string[];
  /** How often the kernel ended a process of the job for want of memory. */
  outOfMemoryKills(): number;
  memoryBytesPeak(): number | null;
  kill(): void;
  remove(): Promise<void>;
}

/** What this process may use, or null. `own` is the text of /proc/self/cgroup. */
export function findControlGroups(root: string, own: string): ControlGroups | null {
  if (existsSync(join(root, 'cgroup.controllers'))) {
    const parent = ancestorsOf(pathIn(own, '') ?? '/')
      .map((path) => join(root, path))
      .find((folder) =>
        works(folder, (made) => existsSync(join(made, 'memory.max')) && existsSync(join(made, 'pids.max'))),
      );
    if (parent === undefined) return null;
    const weighs = (textOf(join(parent, 'cgroup.subtree_control')) + ' ').includes('cpu ');
    return { version: 2, parents: { memory: parent, pids: parent, ...(weighs ? { cpu: parent } : {}) } };
  }
  const parents: Partial<Record<Controller, string>> = {};
  for (const controller of ['memory', 'pids', 'cpu'] as const) {
    const mounted = join(root, controller);
    const folders = [join(mounted, pathIn(own, controller) ?? '/'), mounted];
    const parent = folders.find((folder) => works(folder, (made) => existsSync(join(made, 'cgroup.procs'))));
    if (parent !== undefined) parents[controller] = parent;
  }
  return Object.keys(parents).length === 0 ? null : { version: 1, parents };
}

export function makeJobGroup(groups: ControlGroups, limits: Limits, number: number): JobGroup {
  const name = `${PREFIX}${nameOfThisProcess()}-${number}`;
  const place = (parent: string | undefined): string | null => (parent === undefined ? null : join(parent, name));
  const memory = place(groups.parents.memory);
  const places = { memory, pids: place(groups.parents.pids), cpu: place(groups.parents.cpu) };
  const folders = [...new Set(Object.values(places).filter((folder) => folder !== null))];
  for (const folder of folders) mkdirSync(folder);
  for (const [folder, file, value] of limitFiles(groups.version, places, limits)) {
    // Swap accounting and killing as one are missing in some kernels; the limits themselves are not optional.
    const optional = file !== 'memory.max' && file !== 'memory.limit_in_bytes' && file !== 'pids.max';
    if (optional && !existsSync(join(folder, file))) continue;
    writeFileSync(join(folder, file), value);
  }
  const events = groups.version === 1 ? 'memory.oom_control' : 'memory.events';
  const peak = groups.version === 1 ? 'memory.max_usage_in_bytes' : 'memory.peak';
  return {
    procsFiles: folders.map((folder) => join(folder, 'cgroup.procs')),
    outOfMemoryKills: () => (memory === null ? 0 : (numberIn(textOf(join(memory, events)), 'oom_kill') ?? 0)),
    memoryBytesPeak: () => (memory === null ? null : numberIn(textOf(join(memory, peak)), '')),
    kill: () => folders.forEach(killGroup),
    async remove() {
      for (const folder of folders) await removeGroup(folder);
    },
  };
}

type LimitFile = readonly [folder: string, file: string, value: string];

/** The limits as files to write, in order. Pure. */
export function limitFiles(
  version: 1 | 2,
  folders: Readonly<Record<Controller, string | null>>,
  limits: Limits,
): readonly LimitFile[] {
  const bytes = String(limits.memoryBytesMax);
  const files: LimitFile[] = [];
  if (folders.memory !== null && version === 1) {
    files.push(
      [folders.memory, 'memory.limit_in_bytes', bytes],
      [folders.memory, 'memory.memsw.limit_in_bytes', bytes],
    );
  }
  if (folders.memory !== null && version === 2) {
    files.push([folders.memory, 'memory.max', bytes], [folders.memory, 'memory.swap.max', '0']);
    files.push([folders.memory, 'memory.oom.group', '1']);
  }
  if (folders.pids !== null) files.push([folders.pids, 'pids.max', String(limits.processesMax)]);
  if (folders.cpu !== null) {
    const shares = String((CPU_SHARES_ORDINARY * CPU_PERCENT) / 100);
    files.push(version === 1 ? [folders.cpu, 'cpu.shares', shares] : [folders.cpu, 'cpu.weight', String(CPU_PERCENT)]);
  }
  return files;
}

/** Ends and removes the groups that processes of this machine left behind when they were killed. */
export async function removeStaleGroups(groups: ControlGroups): Promise<number> {
  let removed = 0;
  for (const parent of new Set(Object.values(groups.parents))) {
    for (const entry of readdirSync(parent, { withFileTypes: true })) {
      if (!entry.isDirectory() || !entry.name.startsWith(PREFIX)) continue;
      if (!isGone(entry.name.slice(PREFIX.length))) continue;
      killGroup(join(parent, entry.name));
      await removeGroup(join(parent, entry.name));
      removed += 1;
    }
  }
  return removed;
}

/** Tries to make a group there and to look into it. */
function works(folder: string, isUsable: (made: string) => boolean): boolean {
  const made = join(folder, `${PREFIX}${nameOfThisProcess()}-trial`);
  try {
    mkdirSync(made);
  } catch (thrown) {
    // No right, no such folder, read-only: this folder cannot be used, which is the answer.
    if (codeOf(thrown) === undefined) throw thrown;
    return false;
  }
  try {
    return isUsable(made) && mayEnter(folder, made);
  } finally {
    rmdirSync(made);
  }
}

/** Moving a process needs the right to write here and, in version 2, in what is above both. */
function mayEnter(folder: string, made: string): boolean {
  try {
    writeFileSync(join(made, 'cgroup.procs'), '', { flag: 'r+' });
    return existsSync(join(folder, 'cgroup.procs'));
  } catch (thrown) {
    return codeOf(thrown) === 'EINVAL';
  }
}

/** A kill of version 2 is one write; in version 1 new processes may appear while the list is read. */
function killGroup(folder: string): void {
  if (existsSync(join(folder, 'cgroup.kill'))) {
    writeFileSync(join(folder, 'cgroup.kill'), '1');
    return;
  }
  for (let round = 0; round < KILL_ROUNDS_MAX; round += 1) {
    const pids = textOf(join(folder, 'cgroup.procs')).split('\n').filter(Boolean).map(Number);
    if (pids.length === 0) return;
    pids.forEach(killProcess);
  }
}

/** A fork bomb of a few hundred processes was gone after 2 rounds. */
const KILL_ROUNDS_MAX = 20;

export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (thrown) {
    // It ended by itself in the meantime.
    if (codeOf(thrown) !== 'ESRCH') throw thrown;
  }
}

/** The kernel takes a moment to let go of processes that were killed: 2 s in all, then the next start removes it. */
const REMOVE_TRIES_MAX = 100;
const REMOVE_WAIT_MS = 20;

async function removeGroup(folder: string): Promise<void> {
  for (let attempt = 0; attempt < REMOVE_TRIES_MAX; attempt += 1) {
    try {
      return rmdirSync(folder);
    } catch (thrown) {
      if (codeOf(thrown) === 'ENOENT') return;
      if (codeOf(thrown) !== 'EBUSY') throw thrown;
      await wait(REMOVE_WAIT_MS);
    }
  }
}

/** The path of this process in a hierarchy; version 2 is the one without a controller's name. */
function pathIn(own: string, controller: string): string | undefined {
  const lines = own.split('\n').map((line) => /^\d+:([^:]*):(.*)$/.exec(line));
  return lines.find((match) => match !== null && (match[1] ?? '').split(',').includes(controller))?.[2];
}

/** The nearest first: a group that holds processes itself cannot limit children, so mostly a parent is the place. */
function ancestorsOf(path: string): readonly string[] {
  const all = [path];
  while (all.at(-1) !== '/' && all.length < ANCESTORS_MAX) all.push(dirname(all.at(-1) ?? '/'));
  return all;
}
const ANCESTORS_MAX = 32;

export const ownControlGroups = (): string => readFileSync('/proc/self/cgroup', 'utf8');
