// How a command talks: results on standard output, everything else on standard error.
// Rule: with --json exactly one JSON document goes to standard output and nothing else. A question never waits where
// nobody can answer. All text is scrubbed of known secrets, but for the one document whose purpose is to give one.

import { createInterface } from 'node:readline/promises';

import { scrub, systemClock, type Clock, type Fault } from '../basics/index.ts';
import { exitCodeOf, type ExitCode } from './exit-codes.ts';
import { createProgress, type Progress } from './progress.ts';
import { tableText } from './table.ts';

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface TerminalOptions {
  readonly json: boolean;
  readonly stdout?: Output;
  readonly stderr?: Output;
  readonly stdin?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
}

export interface Choice {
  readonly key: string;
  readonly text: string;
}

export interface Terminal {
  readonly json: boolean;
  /** The result for programs; written only with --json. */
  document(value: Readonly<Record<string, unknown>>, options?: { readonly givesSecret?: boolean }): void;
  /** The result for people; written only without --json. */
  say(text: string, options?: { readonly givesSecret?: boolean }): void;
  table(rows: readonly (readonly string[])[]): void;
  /** A remark on standard error, in both modes. */
  note(text: string): void;
  /** Says a fault (what, why, next, code) and gives the exit code that belongs to it. */
  fault(fault: Fault): ExitCode;
  progress(): Progress;
  /** Asks a person; where nobody can answer, the default is taken at once and said. */
  choose(question: string, choices: readonly [Choice, ...Choice[]], fallback: string): Promise<string>;
}

/** Wrong answers after which the default is taken. */
const TRIES_MAX = 3;

export function createTerminal(options: TerminalOptions): Terminal {
  const { json, stdout = process.stdout, stderr = process.stderr, stdin = process.stdin } = options;
  const { env = process.env, clock = systemClock } = options;
  const mark = painter(stderr, env);
  const note = (text: string): void => void stderr.write(`${scrub(text)}\n`);
  const say: Terminal['say'] = (text, { givesSecret = false } = {}) => {
    if (!json) stdout.write(`${givesSecret ? text : scrub(text)}\n`);
  };
  return {
    json,
    say,
    note,
    document(value, { givesSecret = false } = {}) {
      if (!json) return;
      const text = JSON.stringify({ version: 1, ...value }, null, 2);
      stdout.write(`${givesSecret ? text : scrub(text)}\n`);
    },
    table: (rows) => say(tableText(rows)),
    fault(fault) {
      note(faultText(fault, mark));
      if (json) stdout.write(`${scrub(JSON.stringify({ version: 1, error: partsOf(fault) }, null, 2))}\n`);
      return exitCodeOf(fault);
    },
    progress: () => createProgress(stderr, clock),
    choose: (question, choices, fallback) => choose({ stdin, stderr, note }, question, choices, fallback),
  };
}

const partsOf = ({ code, what, why, next }: Fault): object => ({ code, what, why, next });

/** What happened, why, and on a line of its own what to do. */
export function faultText({ code, what, why, next }: Fault, mark: (text: string) => string = (text) => text): string {
  return `${mark(what)} ${why}\n${next}  [${code}]`;
}

async function choose(
  { stdin, stderr, note }: Required<Pick<TerminalOptions, 'stdin' | 'stderr'>> & { note(text: string): void },
  question: string,
  choices: readonly [Choice, ...Choice[]],
  fallback: string,
): Promise<string> {
  if (stdin.isTTY !== true || stderr.isTTY !== true) {
    note(`${question} Nobody can be asked here, so "${fallback}" is taken.`);
    return fallback;
  }
  note([question, ...choices.map((choice, index) => `  ${index + 1}  ${choice.text}`)].join('\n'));
  const lines = createInterface({ input: stdin, terminal: false });
  try {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      stderr.write(`1-${choices.length}, or Enter for "${fallback}": `);
      const { value, done } = await lines[Symbol.asyncIterator]().next();
      const answer = done === true ? '' : value.trim();
      if (answer === '') return fallback;
      const chosen = choices[Number(answer) - 1] ?? choices.find((choice) => choice.key === answer);
      if (chosen !== undefined) return chosen.key;
    }
    return fallback;
  } finally {
    lines.close();
  }
}

/** Bold, where a person sees it and has not asked for plain text: https://no-color.org */
function painter(output: Output, env: Readonly<Record<string, string | undefined>>): (text: string) => string {
  const isPlain = output.isTTY !== true || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return isPlain ? (text) => text : (text) => `\u001b[1m${text}\u001b[22m`;
}
