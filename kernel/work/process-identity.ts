// Which process holds something, and whether it is provably gone.
// Rule: only a process of this very machine (same boot, same pid namespace) can be proven dead; of any other,
// only its lease tells. A number that was given to another process since counts as dead, by its start time.

import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  /** Host name, boot and pid namespace: two processes with the same text see each other's numbers. */
  readonly machine: string;
  readonly pid: number;
  /** When it started, in the words of the operating system; empty where that is not told. */
  readonly started: string;
}

let own: ProcessIdentity | undefined;

export function thisProcess(): ProcessIdentity {
  own ??= { machine: machine(), pid: process.pid, started: startOf(process.pid) ?? '' };
  return own;
}

/** True only when it is certain that the process no longer runs. */
export function isProvablyDead(holder: ProcessIdentity): boolean {
  if (holder.machine !== machine()) return false;
  if (holder.started !== '') return startOf(holder.pid) !== holder.started;
  return !answersSignals(holder.pid);
}

let machineText: string | undefined;

function machine(): string {
  machineText ??= [hostname(), textOf('/proc/sys/kernel/random/boot_id'), linkOf('/proc/self/ns/pid')].join(' ').trim();
  return machineText;
}

/** Field 22 of /proc/PID/stat: ticks since boot. The name before it may hold blanks and brackets. */
function startOf(pid: number): string | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended and only waits for its parent to notice.
  return fields[0] === 'Z' ? undefined : fields[19];
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return !(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH');
  }
}

/** The file's text, or nothing where this system has no such file. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (thrown) {
    if (isMissing(thrown)) return '';
    throw thrown;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch (thrown) {
    if (isMissing(thrown)) return '';
    throw thrown;
  }
}

/** ESRCH: the process ended while its file was being read. */
const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && /^(ENOENT|ENOTDIR|ESRCH|EACCES|EPERM)$/.test(String(thrown.code));
