// What every command is given: how it talks, where it runs, and the repository around that place.
// Rule: a command opens what it needs when it needs it, and everything is closed when it ends, however it ends.

import { accessSync, constants } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

import { systemClock, type Clock, type Instant } from 'kernel/basics';
import { createTerminal, type Output, type Terminal } from 'kernel/terminal';

import type { Writer } from '../hooks/worklog.ts';
import { pathOutside } from '../repository/faults.ts';
import { findRepositoryRoot, openRepository, REPOSITORY_FOLDER, type Repository } from '../repository/repository.ts';
import { loadSettings, type Settings } from './configuration/settings.ts';
import { authorText, findAuthor, type FoundAuthor } from './identity.ts';
import type { PagedOutput } from './pager.ts';
import { paintFor, type Paint } from './paint.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ShellInput {
  /** Where the command was started. */
  readonly cwd: string;
  readonly env: Environment;
  readonly clock?: Clock;
  /** Minutes from UTC of the author, at a moment. Those of the machine by default. */
  readonly zoneMinutes?: (at: Instant) => number;
  readonly stdin?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout?: PagedOutput;
  readonly stderr?: Output;
  /** The agent that runs this command line, where it told who it is. */
  readonly client?: Writer;
}

export interface GlobalOptions {
  readonly json?: boolean;
  readonly C?: string;
}

export interface Shell {
  readonly terminal: Terminal;
  /** Where it runs: the folder of -C, or the one it was started in. */
  readonly folder: string;
  readonly env: Environment;
  readonly clock: Clock;
  /** Minutes from UTC of whoever works here, at a moment. */
  readonly zoneMinutes: (at: Instant) => number;
  /** The agent that runs this command line; null: nobody said so. */
  readonly client: Writer | null;
  /** Colours for standard output. */
  readonly paint: Paint;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: PagedOutput;
  readonly stderr: Output;
  /** Whether a person sits there who can be asked. */
  readonly isInteractive: boolean;
  /** The repository around the folder. `read` also works where nothing may be written. */
  repository(access: 'read' | 'write'): Repository;
  settings(): Settings;
  /** Who works here. `given`: the value of --author. The note about a made-up name is said once. */
  author(given?: string): FoundAuthor;
  /** Who works here, for the audit log. */
  actor(): string;
  /** A path that a person typed, from the top of the repository, with `/`; '' is the top itself. */
  pathIn(repository: Repository, typed: string): string;
  /** Lines for a person, through a pager where they are many. */
  page(lines: Iterable<string>): Promise<void>;
  close(): void;
}

export function createShell(input: ShellInput, options: GlobalOptions, processName = 'atomic'): Shell {
  const { env, clock = systemClock } = input;
  const stdout: PagedOutput = input.stdout ?? process.stdout;
  const stderr: Output = input.stderr ?? process.stderr;
  const stdin = input.stdin ?? process.stdin;
  const terminal = terminalOf(input, options.json === true);
  const folder = options.C === undefined ? input.cwd : resolve(input.cwd, options.C);
  let open: Repository | null = null;
  let settings: Settings | null = null;
  let author: FoundAuthor | null = null;
  const settingsOnce = (): Settings => (settings ??= loadSettings(rootOrNull(folder), env));
  const shell: Shell = {
    terminal,
    folder,
    env,
    clock,
    zoneMinutes: input.zoneMinutes ?? ((at) => -new Date(at).getTimezoneOffset()),
    client: input.client ?? null,
    paint: paintFor(stdout, env),
    stdin,
    stdout,
    stderr,
    isInteractive: stdin.isTTY === true && stderr.isTTY === true && options.json !== true,
    settings: settingsOnce,
    repository(access) {
      if (open !== null) return open;
      const root = findRepositoryRoot(folder);
      const readOnly = access === 'read' && !isWritable(join(root, REPOSITORY_FOLDER));
      open = openRepository(root, { readOnly, clock, policy: settingsOnce().merge, processName });
      return open;
    },
    author(given) {
      if (author !== null && given === undefined) return author;
      author = findAuthor({ given, env, settings: settingsOnce().user, root: rootOrNull(folder) });
      if (author.note !== null) terminal.note(author.note);
      return author;
    },
    actor: () => authorText(author ?? findAuthor({ env, settings: settingsOnce().user, root: rootOrNull(folder) })),
    pathIn: (repository, typed) => pathIn(repository.root, folder, typed),
    page: async (lines) => (await import('./pager.ts')).page(lines, stdout, env),
    close() {
      open?.close();
      open = null;
    },
  };
  return shell;
}

export const terminalOf = ({ env, clock, stdin, stdout, stderr }: ShellInput, json: boolean): Terminal =>
  createTerminal({
    json,
    env,
    ...(clock === undefined ? {} : { clock }),
    ...(stdin === undefined ? {} : { stdin }),
    ...(stdout === undefined ? {} : { stdout }),
    ...(stderr === undefined ? {} : { stderr }),
  });

function pathIn(root: string, folder: string, typed: string): string {
  const path = relative(root, resolve(folder, typed));
  if (path === '..' || path.startsWith(`..${sep}`)) throw pathOutside(typed);
  return path.split(sep).join('/');
}

function rootOrNull(folder: string): string | null {
  try {
    return findRepositoryRoot(folder);
  } catch {
    // Settings of the user are good outside of any repository, too.
    return null;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    // Said in the answer.
    return false;
  }
}
