// Starts programs: in the foreground, passing signals on and keeping exit codes, or quietly, keeping what they say.

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { MODULES, pinnedNode, ROOT } from './places.mjs';

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Output already written is read within this. */
const DRAIN_MS_MAX = 2000;
/** Soon enough for a service manager that waits for the end. */
const PARENT_LOOK_MS = 300;
/** How shells tell that a signal ended a program. */
const SIGNAL_BASE = 128;

/** The pinned Node and the project's tools come first, whatever the machine has. */
function environment() {
  const path = [dirname(pinnedNode()), join(MODULES, '.bin'), process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, PATH: path };
}

/** Runs programs of the pinned Node beside each other; ends with the first that ends, and gives its exit code. */
export async function inForeground(...commands) {
  const children = commands.map((argv) =>
    spawn(pinnedNode(), argv, { cwd: ROOT, stdio: 'inherit', env: environment() }),
  );
  const listeners = PASSED_ON.map((signal) => [signal, () => pass(children, signal)]);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  const watch = watchParent(() => pass(children, 'SIGTERM'));
  const code = await Promise.race(children.map(exitCodeOf));
  clearInterval(watch);
  pass(children, 'SIGTERM');
  await Promise.all(children.map(exitCodeOf));
  for (const [signal, listener] of listeners) process.off(signal, listener);
  return code;
}

/** npm hands a SIGTERM to the shell between us and does not wait for us: that shell's end is the only sign of it. */
function watchParent(gone) {
  const parent = process.ppid;
  const look = () => {
    if (process.ppid !== parent) gone();
  };
  return process.env.npm_lifecycle_event === undefined ? undefined : setInterval(look, PARENT_LOOK_MS);
}

/** Runs a program of the pinned Node and keeps its output. */
export async function quietly(argv) {
  const startedAt = performance.now();
  const child = spawn(pinnedNode(), argv, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  const stop = () => child.kill('SIGTERM');
  for (const signal of PASSED_ON) process.once(signal, stop);
  const code = await exitCodeOf(child);
  child.stdout.destroy();
  child.stderr.destroy();
  for (const signal of PASSED_ON) process.off(signal, stop);
  return { code, output: Buffer.concat(chunks).toString(), wallMs: performance.now() - startedAt };
}

function pass(children, signal) {
  // On a terminal Ctrl-C reaches the whole group by itself; a second one would mean "at once".
  if (signal === 'SIGINT' && process.stdin.isTTY) return;
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill(signal);
}

export function exitCodeOf(child) {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  if (child.signalCode !== null) return Promise.resolve(codeOfSignal(child.signalCode));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    const end = (code, signal) => resolve(code ?? codeOfSignal(signal));
    child.once('close', end);
    // A grandchild that is left over may hold the pipes open for ever: what was said by then is what there is.
    child.once('exit', (code, signal) => setTimeout(end, DRAIN_MS_MAX, code, signal).unref());
  });
}

const codeOfSignal = (signal) => SIGNAL_BASE + (constants.signals[signal] ?? 0);
