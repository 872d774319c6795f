// Runs git on the host, in repositories of ours only.
// Rule: no configuration of the person's project is ever read by a git of ours that could run a command from it
// (filters, fsmonitor, hooks): every call uses our own settings and a git folder that we made.

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { gitFailed, gitMissing } from '../faults.ts';

export interface Git {
  /** Runs git and gives its standard output; throws GIT_FAILED when it ends with another code than 0. */
  (args: readonly string[], options?: GitOptions): Promise<string>;
}

interface GitOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Names and lists of a large repository; a hundred thousand paths of 100 bytes are 10 MB. */
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
/** A clone of a large repository from the same disk. */
const CALL_MS_MAX = 10 * 60_000;

const SETTINGS = `[user]
	name = Tandem
	email = tandem@localhost
[init]
	defaultBranch = main
[core]
	hooksPath = /dev/null
	fsmonitor = false
	autocrlf = false
	quotePath = false
[commit]
	gpgSign = false
[gc]
	auto = 0
[advice]
	detachedHead = false
[safe]
	directory = *
[protocol "file"]
	allow = always
`;

/** A git with our settings, which are written into `home`. */
export async function openGit(home: string): Promise<Git> {
  const settings = join(home, 'git-settings');
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(settings, SETTINGS, { mode: 0o600 });
  return (args, options = {}) =>
    new Promise((resolve, reject) => {
      const child = execFile(
        'git',
        [...args],
        {
          cwd: options.cwd ?? home,
          env: { ...gitEnvironment(settings), ...options.env },
          maxBuffer: OUTPUT_BYTES_MAX,
          timeout: CALL_MS_MAX,
        },
        (error, stdout, stderr) => {
          if (error === null) return resolve(stdout);
          reject('code' in error && error.code === 'ENOENT' ? gitMissing() : gitFailed(args, stderr || error.message));
        },
      );
      // A git that ends without reading its input closes the pipe: its exit code says what came of it.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(options.input ?? '');
    });
}

const gitEnvironment = (settings: string): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  LANG: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: settings,
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
});
