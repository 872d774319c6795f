// The git command, asked for plain facts about a repository that may be anybody's.
// Rule: nothing of that repository's configuration can run a program here: no hooks, no filters, no external diff, no
// fetching of what is missing. Output is read as bytes.

import { spawnSync, type SpawnSyncOptionsWithBufferEncoding } from 'node:child_process';

import { gitFailed, gitMissing } from './faults.ts';

/** Enough for the list of all changes of a long history (about 150 bytes for each file of each commit). */
const OUTPUT_MAX = 4 * 1024 * 1024 * 1024 - 1;

const SAFE = [
  '-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false',
  '-c', 'diff.external=', '-c', 'protocol.allow=never', '-c', 'safe.directory=*',
]; // prettier-ignore

export const git = (folder: string, args: readonly string[], input?: string | Buffer): Buffer =>
  run(folder, args, input === undefined ? {} : { input: typeof input === 'string' ? Buffer.from(input) : input });

/** The same, with an open file as its input: of any length. */
export const gitFrom = (folder: string, args: readonly string[], file: number): Buffer =>
  run(folder, args, { stdio: [file, 'pipe', 'pipe'] });

function run(folder: string, args: readonly string[], input: Partial<SpawnSyncOptionsWithBufferEncoding>): Buffer {
  const { status, stdout, stderr, error } = spawnSync('git', ['-C', folder, ...SAFE, ...args], {
    encoding: 'buffer',
    maxBuffer: OUTPUT_MAX,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_NO_LAZY_FETCH: '1',
      GIT_NO_REPLACE_OBJECTS: '1',
      GIT_TERMINAL_PROMPT: '0',
    },
    ...input,
  });
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') throw gitMissing(error);
  if (status !== 0) throw gitFailed(folder, args[0] ?? '', stderr?.toString() ?? String(error));
  return stdout;
}

/** The same, where a negative answer is expected: null. */
export function tryGit(folder: string, args: readonly string[]): Buffer | null {
  try {
    return git(folder, args);
  } catch (cause) {
    if (cause instanceof Error && cause.message.includes('GIT_MISSING')) throw cause;
    return null;
  }
}
