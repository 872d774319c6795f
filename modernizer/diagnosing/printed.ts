// Finds in what a command printed the words that tell why it failed: the error, or the tool's last complaint.
// Rule: only what was printed is told, and nothing that a green test printed when the runner says where failures begin.

import type { TestCounts } from '../protocol/index.ts';
import { withoutAnsi } from '../validating/read-tests.ts';

/** Why a command failed that printed `output`, as a sentence for a project that nothing was changed in. */
export function printedReason(output: string, tests: TestCounts): string | undefined {
  const texts = tellingTexts(withoutAnsi(output), tests);
  return firstOf(texts, (text) => networkIn(text) ?? errorIn(text)) ?? complaintIn(texts);
}

/** What the last command of a log printed: each begins with a line `$ …`. */
export function lastPart(log: string): string {
  const text = withoutAnsi(log);
  const start = text.lastIndexOf('\n$ ');
  return start === -1 ? text : text.slice(start);
}

export function firstOf<Found>(texts: readonly string[], find: (text: string) => Found | undefined): Found | undefined {
  for (const text of texts) {
    const found = find(text);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The tests were counted and none of them failed. */
export const noneFails = (tests: TestCounts | null): boolean =>
  tests !== null && tests.runner !== 'exit-code' && tests.failed === 0 && tests.failing.length === 0;

/** Where each runner begins to tell about failures: what a green test printed before is no cause. */
const FAILURES_BEGIN: Readonly<Record<string, RegExp>> = {
  mocha: /^\s*(?:✖\s+)?\d+(?: of \d+ tests?)? (?:failing|failed)\b/m,
  'node:test': /^✖ failing tests:/m,
  jest: /^\s*● (?!Console)/m,
  vitest: /^⎯+ Failed (?:Tests|Suites)/m,
  tap: /^not ok\b/m,
  vows: /^\s*✗ /m,
  jasmine: /^Failures:/m,
};

/** Where each runner prints its totals: behind them speaks what comes after the tests, such as a linter. */
const TOTALS: Readonly<Record<string, RegExp>> = {
  mocha: /^\s*(?:✔\s+)?\d+ (?:passing|tests? complete)\b/m,
  'node:test': /^ℹ duration_ms/m,
  jest: /^Tests:\s/m,
  vitest: /^\s*Tests\s/m,
  tap: /^# pass/m,
  ava: /^\s*\d+ tests? passed/m,
  vows: /^\s*✓ OK »/m,
};

/** The part that tells about the failure, then everything, as errors may be printed before it on the other stream. */
export function tellingTexts(text: string, tests: TestCounts | null): readonly string[] {
  if (tests === null) return [text];
  const begin = (noneFails(tests) ? TOTALS : FAILURES_BEGIN)[tests.runner]?.exec(text)?.index;
  if (begin === undefined) return [text];
  // Behind green tests only what follows counts: what they printed is no failure.
  return noneFails(tests) ? [text.slice(begin)] : [text.slice(begin), text];
}

const ERROR_LINE = /^\s*(?:Uncaught )?((?:[A-Z]\w*)?(?:Error|Exception)(?: \[[A-Z_]+\])?: .+)$/m;

/** Linters and compilers print `file:line:column: what is wrong`. */
const LINT_LINE = /^\s*\S+\.[cm]?[jt]sx?:\d+:\d+:? (?:- )?(.+)$/m;

/** The first error that a text shows, as it was printed. */
export function errorIn(text: string): string | undefined {
  const line = (ERROR_LINE.exec(text) ?? LINT_LINE.exec(text))?.[1]?.trim();
  return line === undefined ? undefined : printed(line);
}

/** What a tool says last about what it could not do; tools end with their complaint. */
const COMPLAINT =
  /\b(?:unable to|can(?:no|')t|could(?:n't| not)|not found|no such|unknown|invalid|unexpected|missing|unsupported|not supported|failed to|does not meet|must|required?)\b/i;
/** Farther from the end a line speaks of something else. */
const LINES_FROM_END = 40;

export function complaintIn(texts: readonly string[]): string | undefined {
  const lines = (texts[0] ?? '').split('\n').slice(-LINES_FROM_END);
  const line = lines.findLast(
    (each) => COMPLAINT.test(each) && !/^(?:\s*(?:at |✓|✔|ok |- )|[#$>] |\(node:)/.test(each),
  );
  return line === undefined ? undefined : printed(line.trim());
}

/** Node opens a brace behind the message of an error that carries more fields. */
const printed = (line: string): string => {
  const told = line.replace(/ ?\{$/, '').trim().slice(0, 300);
  return `It printed: ${told}${/[.!?]$/.test(told) ? '' : '.'}`;
};

const NETWORK = /(?:getaddrinfo|connect) (ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH) (?!localhost|127\.)([^\s,;)]+)/;

/** What is said when a text shows that another machine was asked for. */
export function networkIn(text: string): string | undefined {
  const [, code, host] = NETWORK.exec(text) ?? [];
  return code === undefined
    ? undefined
    : `It asks for ${host ?? 'another machine'} (${code}), and no trial has a network.`;
}
