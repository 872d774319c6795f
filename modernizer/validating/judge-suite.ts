// Says what several runs of one test suite mean, and when one more run is needed. Pure.
// Rule: an upgrade is never refused for a test that wavers without it. A suite that was steady at the baseline is red
// after two red runs in which many tests fail, or after five in which the same one or two do; once it was green in
// between, it has seven runs to be green twice. One that wavered at the baseline must be green once in six runs, or
// fail only in tests that are known to waver. A test that wavers once in three runs is so refused by mistake in
// fewer than one trial of a hundred (tested by simulation).
// Rule: an answer that only steers the search (`isHint`) is had for less: one red run in which many tests fail, or two.

import type { TestCounts, Verdict } from '../protocol/index.ts';

/** One run of the suite: its exit code decides, its counts explain. */
export interface SuiteRun {
  readonly green: boolean;
  readonly tests: TestCounts;
  /** It was ended once many tests had failed: the names it gives are not those of a whole run. */
  readonly isCut?: boolean;
}

/** What the suite did before anything was changed. */
export interface Steadiness {
  /** Names of the tests that passed and failed without a change. */
  readonly wavering: ReadonlySet<string>;
  /** True when some runs were green and others red, named or not. */
  readonly flaky: boolean;
  /** In how many red runs of other trials a test failed, of those that never wavered: they count here, too. */
  readonly redBefore?: ReadonlyMap<string, number>;
  /** Nothing is refused by the answer: it only says where to look next. */
  readonly isHint?: boolean;
}

export type SuiteJudgement =
  | { readonly kind: 'run-again' }
  | {
      readonly kind: 'judged';
      readonly verdict: Verdict;
      /** Failed in every run. */ readonly failing: readonly string[];
    };

/** Runs of a baseline that never wavered; a fourth would find little that three did not. */
export const BASELINE_RUNS = 3;
/** A suite that wavered once is run this often, so that more of its wavering tests are known by name. */
const BASELINE_RUNS_FLAKY = 6;
const RED_RUNS_MAX = 5;
const STEADY_RUNS_MAX = 7;
const STEADY_GREENS = 2;
/** Fewer failing tests than this may be a test that wavers and did not at the baseline. */
export const MANY_FAILING = 3;
/** Red runs that convince, of a suite in which many tests fail. */
const RED_RUNS_MANY = 2;
const WAVERING_RUNS_MAX = 6;

export function judgeTrial(runs: readonly SuiteRun[], greenRunsWanted: number, steadiness: Steadiness): SuiteJudgement {
  const greens = runs.filter(({ green }) => green).length;
  const reds = runs.length - greens;
  const judged = (kind: 'green' | 'flaky' | 'broken'): SuiteJudgement => ({
    kind: 'judged',
    verdict: { kind, passed: greens, of: runs.length },
    failing: kind === 'broken' ? alwaysFailing(runs) : [],
  });
  if (reds === 0) return greens >= greenRunsWanted ? judged('green') : { kind: 'run-again' };
  if (steadiness.flaky) return judgeWavering(runs, greens, steadiness, judged);
  if (greens === 0 && reds >= redRunsWanted(runs, steadiness)) return judged('broken');
  if (greens >= STEADY_GREENS) return judged('flaky');
  return runs.length < (greens === 0 ? RED_RUNS_MAX : STEADY_RUNS_MAX) ? { kind: 'run-again' } : judged('broken');
}

/** How many red runs in a row convince, after what is known of the tests that failed in each of them. */
function redRunsWanted(runs: readonly SuiteRun[], { redBefore, isHint = false }: Steadiness): number {
  const failing = alwaysFailing(runs);
  const isMany = failing.length >= MANY_FAILING || runs.some(({ isCut }) => isCut === true);
  if (isMany || !runs.some(namesItsFailures)) return isHint ? 1 : RED_RUNS_MANY;
  const before = Math.max(0, ...failing.map((name) => redBefore?.get(sameName(name)) ?? 0));
  return isHint ? Math.max(1, Math.min(2, RED_RUNS_MAX - before)) : Math.max(2, RED_RUNS_MAX - before);
}

function judgeWavering(
  runs: readonly SuiteRun[],
  greens: number,
  steadiness: Steadiness,
  judged: (kind: 'flaky' | 'broken') => SuiteJudgement,
): SuiteJudgement {
  if (greens > 0) return judged('flaky');
  const failing = alwaysFailing(runs);
  const named = runs.every(namesItsFailures);
  const quarantined = named && runs.some(({ tests }) => tests.failing.every((name) => steadiness.wavering.has(name)));
  if (quarantined) return judged('flaky');
  // Tests that never wavered fail again and again: more runs would only cost time.
  const foreign = failing.filter((name) => !steadiness.wavering.has(name));
  const enough = steadiness.isHint === true ? 1 : RED_RUNS_MANY;
  const wanted = foreign.length >= MANY_FAILING ? enough : RED_RUNS_MAX;
  if (named && foreign.length > 0 && runs.length >= wanted) return judged('broken');
  return runs.length < WAVERING_RUNS_MAX ? { kind: 'run-again' } : judged('broken');
}

export type BaselineJudgement =
  | { readonly kind: 'run-again' }
  | {
      readonly kind: 'judged';
      readonly baseline: 'green' | 'flaky' | 'red';
      readonly verdict: Verdict;
      readonly wavering: readonly string[];
      readonly failing: readonly string[];
    };

export function judgeBaseline(runs: readonly SuiteRun[]): BaselineJudgement {
  const greens = runs.filter(({ green }) => green).length;
  const wanted = greens === 0 || greens === runs.length ? BASELINE_RUNS : BASELINE_RUNS_FLAKY;
  const wavering = waveringIn(runs);
  const failing = alwaysFailing(runs);
  const disagree = greens === 0 && runs.length > 0 && wavering.length > 0 && failing.length === 0;
  if (runs.length < (disagree ? BASELINE_RUNS_FLAKY : wanted)) return { kind: 'run-again' };
  const verdict = (kind: Verdict['kind']): Verdict => ({ kind, passed: greens, of: runs.length });
  if (greens === runs.length) {
    return { kind: 'judged', baseline: 'green', verdict: verdict('green'), wavering: [], failing: [] };
  }
  if (greens > 0) return { kind: 'judged', baseline: 'flaky', verdict: verdict('flaky'), wavering, failing: [] };
  return { kind: 'judged', baseline: 'red', verdict: verdict('broken'), wavering, failing };
}

const namesItsFailures = ({ tests }: SuiteRun): boolean => tests.failed > 0 && tests.failing.length >= tests.failed;

/** Tests that failed in a trial that is kept all the same. */
export const quarantinedIn = (runs: readonly SuiteRun[], { kind }: Verdict): readonly string[] =>
  kind === 'flaky' ? [...new Set(runs.flatMap(({ tests }) => tests.failing))] : [];

/** What a trial before said of the suite. */
export interface JudgedBefore {
  readonly verdict: Verdict;
  readonly tests: TestCounts | null;
  readonly quarantined?: readonly string[];
}

/**
 * In how many red runs of these trials each test failed, of those that were never seen to waver. Where many fail,
 * something broke, and whether one of them wavers besides is not to be seen.
 */
export function redRunsOf(judged: readonly JudgedBefore[]): ReadonlyMap<string, number> {
  const wavered = new Set(judged.flatMap(({ quarantined }) => (quarantined ?? []).map(sameName)));
  const counts = new Map<string, number>();
  for (const { verdict, tests } of judged) {
    if (verdict.kind !== 'broken' || verdict.passed > 0 || (tests?.failed ?? 0) >= MANY_FAILING) continue;
    for (const name of tests?.failing ?? []) {
      const same = sameName(name);
      if (!wavered.has(same)) counts.set(same, (counts.get(same) ?? 0) + verdict.of);
    }
  }
  return counts;
}

/** Newer releases of mocha say after a hook's name for which test it ran. */
const sameName = (name: string): string => name.replace(/("(?:before|after) (?:all|each)" hook)\b.*$/s, '$1');

/** What stands in the place of a runner's name where a run was ended early: its counts are not whole. */
export const CUT = 'cut';

export function suiteSummary(verdict: Verdict, tests: TestCounts): string {
  const runs = `${verdict.passed} of ${verdict.of} runs green`;
  if (tests.runner === CUT) return `Tests: ${tests.failed} had failed when it was ended; ${runs}.`;
  if (tests.runner === 'exit-code') return `Tests: ${runs}.`;
  return `Tests: ${tests.passed} passed, ${tests.failed} failed; ${runs}.`;
}

/** Names that failed in some runs and not in others. */
function waveringIn(runs: readonly SuiteRun[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { tests } of runs)
    for (const name of new Set(tests.failing)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].filter(([, count]) => count < runs.length).map(([name]) => name);
}

function alwaysFailing(runs: readonly SuiteRun[]): readonly string[] {
  const whole = runs.filter(({ isCut }) => isCut !== true);
  const [first, ...others] = whole.length > 0 ? whole : runs.slice(0, 1);
  if (first === undefined) return [];
  return first.tests.failing.filter((name) => others.every(({ tests }) => tests.failing.includes(name)));
}
