// Long output on a terminal goes through a pager: $ATOMIC_PAGER, then $PAGER, then `less -FRX`.
// Rule: what fits on the screen, and whatever goes to a file or a pipe, is written as it is. Lines are made one by one, so
// whoever leaves the pager early does not wait for the rest.

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';

import type { Output } from 'kernel/terminal';

const DEFAULT_PAGER = 'less -FRX';
const ROWS = 24;
/** Characters that are written at once. */
const CHUNK = 64 * 1024;

export interface PagedOutput extends Output {
  readonly rows?: number;
}

export type PagerChoice = { readonly kind: 'none' } | { readonly kind: 'run'; readonly command: string };

/** An empty pager, or `cat`, is none. */
export function pagerFor(output: Output, env: Readonly<Record<string, string | undefined>>): PagerChoice {
  if (output.isTTY !== true || env['TERM'] === 'dumb') return { kind: 'none' };
  const command = (env['ATOMIC_PAGER'] ?? env['PAGER'] ?? DEFAULT_PAGER).trim();
  return command === '' || command === 'cat' ? { kind: 'none' } : { kind: 'run', command };
}

export async function page(
  lines: Iterable<string>,
  output: PagedOutput,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const choice = pagerFor(output, env);
  if (choice.kind === 'none') return writeAll(lines, output);
  const first: string[] = [];
  const rest = lines[Symbol.iterator]();
  for (let next = rest.next(); next.done !== true; next = rest.next()) {
    first.push(next.value);
    if (first.length >= (output.rows ?? ROWS)) return throughPager(choice.command, first, rest, env);
  }
  writeAll(first, output);
}

/** Until it takes more, or never will. */
const readyOrEnded = (pager: ChildProcessByStdio<Writable, null, null>): Promise<void> =>
  new Promise((resolve) => {
    pager.stdin.once('drain', resolve);
    pager.once('close', () => resolve());
  });

function writeAll(lines: Iterable<string>, output: Output): void {
  let chunk = '';
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK) continue;
    output.write(chunk);
    chunk = '';
  }
  if (chunk !== '') output.write(chunk);
}

async function throughPager(
  command: string,
  first: readonly string[],
  rest: Iterator<string>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const pager = spawn(command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'], env: { ...env } });
  const ended = once(pager, 'close');
  let isOpen = true;
  // Whoever leaves the pager closes its input: that is no fault.
  pager.stdin.on('error', () => (isOpen = false));
  pager.on('close', () => (isOpen = false));
  let chunk = `${first.join('\n')}\n`;
  for (;;) {
    const next = rest.next();
    if (next.done !== true) chunk += `${next.value}\n`;
    if (next.done === true || chunk.length >= CHUNK) {
      if (!isOpen) break;
      const isTaken = pager.stdin.write(chunk);
      chunk = '';
      if (!isTaken) await readyOrEnded(pager);
    }
    if (next.done === true) break;
  }
  pager.stdin.end();
  await ended;
}
