// Says why an upgrade was refused, from facts: the resolver's chain, the engines, the tests that fail and what they
// printed. Pure; no model is asked.
// Rule: a cause names what was seen. Where nothing in the log explains a failure, that is what the cause says.

import type { LevelResult, TestCounts, Verdict } from '../protocol/index.ts';
import type { ResolverFailure } from '../validating/read-resolver.ts';
import { withoutAnsi } from '../validating/read-tests.ts';
import { placesIn } from './places-in.ts';
import { signatureIn } from './signatures.ts';

export interface RefusalFacts {
  readonly name: string;
  readonly to: string;
  readonly verdict: Verdict;
  readonly resolver: ResolverFailure | null;
  readonly levels: readonly LevelResult[];
  readonly tests: TestCounts | null;
  /** The trial's log. */
  readonly log: string;
}

export interface Cause {
  readonly cause: string;
  /** `file:line` in the project, nearest to the failure first. */
  readonly where: readonly string[];
}

/** Names shown in a sentence; the rest is counted. */
const NAMES_SHOWN = 3;

export function causeOf(facts: RefusalFacts): Cause {
  switch (facts.verdict.kind) {
    case 'resolver-conflict':
    case 'registry-incomplete':
      return { cause: facts.resolver?.sentence ?? 'npm could not resolve it.', where: [] };
    case 'resolver-stuck':
      return { cause: `npm did not end in time: ${failedLevel(facts)?.detail ?? 'it was stopped.'}`, where: [] };
    case 'timed-out':
      return { cause: failedLevel(facts)?.detail ?? 'A limit was passed.', where: placesIn(lastPart(facts.log)) };
    default:
      return brokenCause(facts);
  }
}

function brokenCause(facts: RefusalFacts): Cause {
  if (facts.resolver !== null) return { cause: facts.resolver.sentence, where: [] };
  const failed = failedLevel(facts);
  const tests = failed?.tests ?? facts.tests;
  const whole = lastPart(facts.log);
  const text = failurePart(whole, failed?.level === 4 ? tests : null);
  // Errors may be printed on the other stream, before the failure is told; but behind green tests only what follows counts.
  const places = noneFails(tests) ? [text] : [text, whole];
  const explained =
    firstOf(places, (place) => signatureIn(place, facts.name) ?? firstError(place)) ?? lastComplaint(text);
  const sentences = [whatFailed(failed, tests), explained ?? 'The log does not say why.'];
  return { cause: sentences.join(' '), where: firstOf(places, somePlaces) ?? [] };
}

function firstOf<Found>(texts: readonly string[], find: (text: string) => Found | undefined): Found | undefined {
  for (const text of texts) {
    const found = find(text);
    if (found !== undefined) return found;
  }
  return undefined;
}

const somePlaces = (text: string): readonly string[] | undefined => {
  const places = placesIn(text);
  return places.length === 0 ? undefined : places;
};

/** The tests were counted and none of them failed. */
const noneFails = (tests: TestCounts | null): boolean =>
  tests !== null && tests.runner !== 'exit-code' && tests.failed === 0 && tests.failing.length === 0;

function whatFailed(failed: LevelResult | undefined, tests: TestCounts | null): string {
  if (failed?.level !== 4 || tests === null || tests.runner === 'exit-code') {
    return failed?.detail ?? 'It does not work.';
  }
  if (noneFails(tests)) {
    return `${failed.command} fails, although no test does (${tests.passed} passed).`;
  }
  const count = Math.max(tests.failed, tests.failing.length);
  if (tests.failing.length === 0) return count > 1 ? `${count} tests fail.` : 'One test fails.';
  const shown = tests.failing.slice(0, NAMES_SHOWN).map((name) => `“${name}”`);
  const more = count - shown.length;
  const names = shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `${count === 1 ? 'One test fails' : `${count} tests fail`}: ${names}.`;
}

const failedLevel = (facts: RefusalFacts): LevelResult | undefined => facts.levels.findLast(({ ok }) => !ok);

/** What the last command of a log printed: each begins with a line `$ …`. */
function lastPart(log: string): string {
  const text = withoutAnsi(log);
  const start = text.lastIndexOf('\n$ ');
  return start === -1 ? text : text.slice(start);
}

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

function failurePart(text: string, tests: TestCounts | null): string {
  if (tests === null) return text;
  const begin = (noneFails(tests) ? TOTALS : FAILURES_BEGIN)[tests.runner]?.exec(text)?.index;
  return begin === undefined ? text : text.slice(begin);
}

const ERROR_LINE = /^\s*(?:Uncaught )?((?:[A-Z]\w*)?(?:Error|Exception)(?: \[[A-Z_]+\])?: .+)$/m;

/** Linters and compilers print `file:line:column: what is wrong`. */
const LINT_LINE = /^\s*\S+\.[cm]?[jt]sx?:\d+:\d+:? (?:- )?(.+)$/m;

function firstError(text: string): string | undefined {
  const line = (ERROR_LINE.exec(text) ?? LINT_LINE.exec(text))?.[1]?.trim();
  return line === undefined ? undefined : printed(line);
}

/** What a tool says last about what it could not do; tools end with their complaint. */
const COMPLAINT =
  /\b(?:unable to|can(?:no|')t|could(?:n't| not)|not found|no such|unknown|invalid|unexpected|missing|unsupported|not supported|failed to|does not meet|must|required?)\b/i;
/** Farther from the end a line speaks of something else. */
const LINES_FROM_END = 40;

function lastComplaint(text: string): string | undefined {
  const lines = text.split('\n').slice(-LINES_FROM_END);
  const line = lines.findLast(
    (each) => COMPLAINT.test(each) && !/^(?:\s*(?:at |✓|✔|ok |- )|[#$>] |\(node:)/.test(each),
  );
  return line === undefined ? undefined : printed(line.trim());
}

const printed = (line: string): string => `It printed: ${line.slice(0, 300)}${/[.!?]$/.test(line) ? '' : '.'}`;
