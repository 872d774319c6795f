// The programs that benches run: to their end, or until they say a certain word.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../../..');

type Argv = readonly [string, ...string[]];
interface Settings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const started = ([program, ...args]: Argv, { cwd, env }: Settings, detached = false) =>
  spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached });

/** Runs a program to its end, whatever that is. */
export function ran(argv: Argv, settings: Settings = {}): Promise<Ended> {
  const child = started(argv, settings);
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, ...texts }));
  });
}

/** The standard output of a program that must end well. */
export async function outputOf(argv: Argv, settings: Settings = {}): Promise<string> {
  const { code, stdout, stderr } = await ran(argv, settings);
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${stderr.slice(-2000)}`);
  return stdout.trim();
}

/** How long a program takes to say a word, in ms; it is ended then, and waited for. */
export async function timeUntilSaid(word: string, argv: Argv, settings: Settings = {}): Promise<number> {
  const startedAt = performance.now();
  // The leader of a group, so that it is ended with its children: npm does not always end its own.
  const child = started(argv, settings, true);
  let heard = '';
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const said = new Promise<number>((resolve) => {
    const hear = (text: string): void => {
      heard += text;
      if (heard.includes(word)) resolve(performance.now() - startedAt);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
  });
  const tookMs = await Promise.race([said, closed.then(() => null)]);
  if (tookMs !== null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  await closed;
  if (tookMs === null) throw new Error(`${argv.join(' ')} ended without saying ${word}: ${heard.slice(-2000)}`);
  return tookMs;
}

/** Works in an empty folder that is gone afterwards. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A package as it was published, unpacked; the folder of its package.json. */
export async function fetchPackage(spec: string, folder: string): Promise<string> {
  const archive = await outputOf(['npm', 'pack', spec, '--silent'], { cwd: folder });
  await outputOf(['tar', 'xzf', archive], { cwd: folder });
  return join(folder, 'package');
}
