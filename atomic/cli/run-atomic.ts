// Runs a command line inside this process and says what it printed. For tests, of this package and of others.
// Rule: nothing of the machine gets in: the environment is what was given, and home is the folder itself.

import { Readable } from 'node:stream';

import { manualClock, type Clock } from 'kernel/basics';
import type { ExitCode } from 'kernel/terminal';

import { main } from './main.ts';

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What a person types, or a program pipes in. */
  readonly stdin?: string;
  readonly clock?: Clock;
  /** As if a person sat at a terminal. */
  readonly isTerminal?: boolean;
}

export interface RanCommand {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runAtomic(args: readonly string[], options: RunOptions): Promise<RanCommand> {
  const { cwd, stdin = '', clock = manualClock(), isTerminal = false } = options;
  const env = { HOME: cwd, ATOMIC_AUTHOR: 'Ada Lovelace <ada@example.org>', ATOMIC_PAGER: '', ...options.env };
  let [stdout, stderr] = ['', ''];
  const input = Object.assign(Readable.from(stdin === '' ? [] : [stdin]), { isTTY: isTerminal });
  const code = await main(args, {
    cwd,
    env,
    clock,
    zoneMinutes: () => 0,
    stdin: input,
    stdout: { write: (text) => (stdout += text), isTTY: isTerminal },
    stderr: { write: (text) => (stderr += text), isTTY: isTerminal },
  });
  return { code, stdout, stderr };
}
