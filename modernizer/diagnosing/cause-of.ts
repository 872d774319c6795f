// Says why an upgrade was refused, from facts: the resolver's chain, the engines, the tests that fail and what they
// printed. Pure; no model is asked.
// Rule: a cause names what was seen. Where nothing in the log explains a failure, that is what the cause says.

import type { LevelResult, TestCounts, Verdict } from '../protocol/index.ts';
import type { ResolverFailure } from '../validating/read-resolver.ts';
import { complaintIn, errorIn, firstOf, lastPart, networkIn, noneFails, tellingTexts } from './printed.ts';
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
  /** True when this version is the first that is an ES module. */
  readonly becomesModule?: boolean;
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
  const texts = tellingTexts(lastPart(facts.log), failed?.level === 4 ? tests : null);
  const explained =
    firstOf(texts, (text) => networkIn(text) ?? signatureIn(text, facts.name) ?? errorIn(text)) ?? complaintIn(texts);
  const sentences = [whatFailed(failed, tests), explained ?? 'The log does not say why.'];
  if (facts.becomesModule === true && USED_OTHERWISE.test(explained ?? '')) {
    sentences.push(`${facts.name} became an ES module: require() gives a namespace of its exports.`);
  }
  return { cause: sentences.join(' '), where: firstOf(texts, somePlaces) ?? [] };
}

const somePlaces = (text: string): readonly string[] | undefined => {
  const places = placesIn(text);
  return places.length === 0 ? undefined : places;
};

function whatFailed(failed: LevelResult | undefined, tests: TestCounts | null): string {
  if (failed?.level !== 4 || tests === null || tests.runner === 'exit-code') {
    return failed?.detail ?? 'It does not work.';
  }
  if (noneFails(tests)) {
    return `${failed.command} fails, although no test does (${tests.passed} passed).`;
  }
  const count = Math.max(tests.failed, tests.failing.length);
  if (tests.failing.length === 0) return count > 1 ? `${count} tests fail.` : 'One test fails.';
  const shown = [...new Set(tests.failing)].slice(0, NAMES_SHOWN).map((name) => `“${name}”`);
  const more = count - shown.length;
  const names = shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `${count === 1 ? 'One test fails' : `${count} tests fail`}: ${names}.`;
}

/** What using a namespace as if it were the function, class or object itself looks like. */
const USED_OTHERWISE = /is not a function|is no constructor|is read from something that is undefined/;

const failedLevel = (facts: RefusalFacts): LevelResult | undefined => facts.levels.findLast(({ ok }) => !ok);
