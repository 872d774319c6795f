// Runs one launched job and holds its limits: wall time, output, memory, disk. Whatever ends it, its whole tree ends.
// Not here: what the job may see (inside.ts, and the back ends that build the argument list).

import { spawn, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import { scrub } from '../basics/index.ts';
import { BoundedOutput } from './bounded-output.ts';
import { killProcess, type JobGroup } from './control-groups.ts';
import { decideOutcome, type Stop } from './decide-outcome.ts';
import type { Environment } from './environment.ts';
import { sandboxNotStarted } from './faults.ts';
import { codeOf } from './files.ts';
import { STARTED_DESCRIPTOR } from './launch.ts';
import type { Job, Outcome } from './sandbox.ts';
import { watchDisk } from './watch-disk.ts';
import { residentBytesOf } from './watch-memory.ts';

export interface LaunchedJob {
  readonly backEnd: string;
  readonly argv: readonly string[];
  readonly environment: Environment;
  readonly folder: string;
  readonly group: JobGroup | null;
  /** Sums the tree's memory, where no group limits it. */
  readonly watchesMemory: boolean;
}

/** Often enough that memory cannot grow by much more than the limit, rare enough to cost nothing. */
const LOOK_EACH_MS = 200;
/** After the end of the job its pipes are empty within milliseconds; a survivor that holds them is not waited for. */
const DRAIN_MS_MAX = 1000;

export async function runJob(job: Job, launched: LaunchedJob): Promise<Outcome> {
  const { limits } = job;
  const startedAt = performance.now();
  const [file = '', ...argv] = launched.argv;
  // A session of its own: the tree can be ended as one group, and no terminal can be reached.
  const child = spawn(file, argv, {
    cwd: launched.folder,
    env: launched.environment,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  yieldToOthers(child);
  let stop: Stop = null;
  const end = (why: Stop): void => {
    stop ??= why;
    killTree(child, launched.group);
  };
  const output = gatherOutput(child, job, () => end('too-much-output'));
  const memory = watchMemory(child, launched, limits.memoryBytesMax, () => end('out-of-memory'));
  const unwatchDisk = watchDisk(job, child.pid, () => end('too-much-disk'));
  const timer = setTimeout(() => end('timed-out'), limits.wallMs);
  const abort = (): void => end('stopped');
  job.signal?.addEventListener('abort', abort);
  if (job.signal?.aborted === true) abort();

  const exit = await exitOf(child);
  clearTimeout(timer);
  unwatchDisk();
  job.signal?.removeEventListener('abort', abort);
  // Daemons that outlived the job: dead already in a process namespace, not so without one.
  killTree(child, launched.group);
  await drained(child);
  const { started, ...texts } = output();
  const outOfMemoryKills = launched.group?.outOfMemoryKills() ?? 0;
  const memoryBytesPeak = memory();
  await launched.group?.remove();
  if (!started && stop === null && outOfMemoryKills === 0)
    throw sandboxNotStarted(launched.backEnd, exit.failure ?? texts.stderr);
  const wallMs = Math.round(performance.now() - startedAt);
  return decideOutcome({ ...exit, stop, outOfMemoryKills }, limits, { ...texts, wallMs, memoryBytesPeak });
}

/** Nice, for machines whose control groups do not weigh the processor; harmless where they do. */
const NICE = 10;

function yieldToOthers({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, NICE);
  } catch (thrown) {
    // It has ended already.
    if (codeOf(thrown) !== 'ERR_SYSTEM_ERROR') throw thrown;
  }
}

interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Set when the program could not be started at all. */
  readonly failure: string | null;
}

const exitOf = (child: ChildProcess): Promise<Exit> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, failure: error.message }));
    child.once('exit', (code, signal) => resolve({ code, signal, failure: null }));
  });

/** Collects both streams; the returned function tells what came. */
function gatherOutput(child: ChildProcess, job: Job, tooMuch: () => void) {
  const bytesMax = job.limits.outputBytesMax;
  const both = new BoundedOutput(bytesMax);
  const kept = { stdout: new BoundedOutput(bytesMax), stderr: new BoundedOutput(bytesMax) };
  let bytes = 0;
  let started = false;
  child.stdio[STARTED_DESCRIPTOR]?.on('data', () => (started = true));
  for (const name of ['stdout', 'stderr'] as const) {
    const decoder = new TextDecoder();
    child[name]?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      both.push(chunk);
      kept[name].push(chunk);
      if (job.onOutput !== undefined) job.onOutput(name, scrub(decoder.decode(chunk, { stream: true })));
      if (bytes > bytesMax) tooMuch();
    });
  }
  return () => ({
    started,
    stdout: scrub(kept.stdout.text()),
    stderr: scrub(kept.stderr.text()),
    output: scrub(both.text()),
  });
}

/** Looks at memory while the job runs; the returned function ends that and tells the peak. */
function watchMemory(child: ChildProcess, launched: LaunchedJob, bytesMax: number, tooMuch: () => void) {
  let peak = 0;
  const timer = setInterval(() => {
    if (launched.group !== null && launched.group.outOfMemoryKills() > 0) return tooMuch();
    if (!launched.watchesMemory || child.pid === undefined) return;
    peak = Math.max(peak, residentBytesOf(child.pid));
    if (peak > bytesMax) tooMuch();
  }, LOOK_EACH_MS);
  child.once('exit', () => clearInterval(timer));
  child.once('error', () => clearInterval(timer));
  return (): number | null => launched.group?.memoryBytesPeak() ?? (peak === 0 ? null : peak);
}

function killTree(child: ChildProcess, group: JobGroup | null): void {
  group?.kill();
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (thrown) {
    // The whole group has ended, or what is left of it is another user's by now.
    if (codeOf(thrown) !== 'ESRCH' && codeOf(thrown) !== 'EPERM') throw thrown;
  }
  if (child.exitCode === null && child.signalCode === null) killProcess(child.pid);
}

function drained(child: ChildProcess): Promise<void> {
  const streams = [child.stdout, child.stderr, child.stdio[STARTED_DESCRIPTOR]].filter(
    (stream) => stream?.closed === false,
  );
  return new Promise((resolve) => {
    let open = streams.length;
    const timer = setTimeout(done, DRAIN_MS_MAX);
    function done(): void {
      clearTimeout(timer);
      for (const stream of streams) stream?.destroy();
      resolve();
    }
    if (open === 0) return done();
    for (const stream of streams) {
      stream?.once('close', () => {
        open -= 1;
        if (open === 0) done();
      });
    }
  });
}
