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
  const text = lastPart(facts.log);
  const failed = failedLevel(facts);
  const signature = signatureIn(text, facts.name);
  const sentences = [whatFailed(facts, failed)];
  if (signature !== undefined) sentences.push(signature);
  else sentences.push(firstError(text) ?? 'The log does not say why.');
  return { cause: sentences.join(' '), where: placesIn(text) };
}

function whatFailed(facts: RefusalFacts, failed: LevelResult | undefined): string {
  const tests = failed?.tests ?? facts.tests;
  if (failed?.level !== 4 || tests === null) return failed?.detail ?? 'It does not work.';
  if (tests.failing.length === 0) return tests.failed > 1 ? `${tests.failed} tests fail.` : 'The tests fail.';
  const shown = tests.failing.slice(0, NAMES_SHOWN).map((name) => `“${name}”`);
  const more = Math.max(tests.failed, tests.failing.length) - shown.length;
  const names = shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `${tests.failed === 1 ? 'One test fails' : `${Math.max(tests.failed, tests.failing.length)} tests fail`}: ${names}.`;
}

const failedLevel = (facts: RefusalFacts): LevelResult | undefined => facts.levels.findLast(({ ok }) => !ok);

/** What the last command of a log printed: each begins with a line `$ …`. */
function lastPart(log: string): string {
  const text = withoutAnsi(log);
  const start = text.lastIndexOf('\n$ ');
  return start === -1 ? text : text.slice(start);
}

const ERROR_LINE = /^\s*(?:Uncaught )?((?:[A-Z]\w*)?(?:Error|Exception)(?: \[[A-Z_]+\])?: .+)$/m;

/** Linters and compilers print `file:line:column: what is wrong`. */
const LINT_LINE = /^\s*\S+\.[cm]?[jt]sx?:\d+:\d+:? (?:- )?(.+)$/m;

function firstError(text: string): string | undefined {
  const line = (ERROR_LINE.exec(text) ?? LINT_LINE.exec(text))?.[1]?.trim();
  return line === undefined ? undefined : `It printed: ${line.slice(0, 300)}${/[.!?]$/.test(line) ? '' : '.'}`;
}
