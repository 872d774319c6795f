// One trial: installs one set of ranges from a clean tree, then builds, loads, starts and tests it in the sandbox.
// Rule: every trial has a tree, a log and limits of its own; nothing of one trial reaches another.
// Rule: a tree that equals one already judged gets its verdict; a resolver's refusal over the project's old
// lockfile is believed only after it was repeated without.
// Not here: which sets to try (next-move.ts) and what several runs of a suite mean (judge-suite.ts).

import type { EventData, LevelResult, TestCounts, Verdict } from '../protocol/index.ts';
import type { AffectedTests } from './affected/affected-tests.ts';
import { judgeFreshTrees } from './fresh-trees.ts';
import { installTree, resolveTree } from './install-tree.ts';
import { judgeTrial, quarantinedIn, suiteSummary, type Steadiness, type SuiteRun } from './judge-suite.ts';
import type { ResolverFailure } from './read-resolver.ts';
import type { TrialLimits } from './run-step.ts';
import type { Step } from './steps.ts';
import { runSuiteOnce, takeStep, type SuiteRunResult, type TrialPorts } from './take-step.ts';
import type { TrialFolder } from './trial-folder.ts';

export interface TrialQuestion {
  readonly steps: readonly Step[];
  readonly steadiness: Steadiness;
  readonly greenRunsWanted: number;
  readonly purpose?: EventData<'trial-started'>['purpose'];
  readonly limits: TrialLimits;
  /** In how many red runs of other trials a test failed, as far as is known by now: trials run beside each other. */
  redByNow?(): ReadonlyMap<string, number>;
  /** Verdicts by the hash of the tree they were given for. */
  readonly knownTrees: ReadonlyMap<string, KnownTree>;
  /** Whether a suite may be ended once many of its tests have failed: not one that prints such marks while it is green. */
  readonly mayCut?: boolean;
  /** Test files that its upgrades may break, run before the others. */
  readonly affected?: AffectedTests | null;
  /** Set for the last proof: the suite runs once in each of so many fresh trees, `lanes` of them at once. */
  readonly fresh?: { readonly trees: number; readonly lanes: number };
}

export interface KnownTree {
  readonly trial: string;
  readonly verdict: Verdict;
}

export interface TrialResult {
  readonly verdict: Verdict;
  readonly answeredBy: 'trial' | 'same-tree';
  readonly sameAs: string | null;
  readonly levels: readonly LevelResult[];
  readonly tests: TestCounts | null;
  readonly treeHash: string | null;
  readonly resolver: ResolverFailure | null;
  readonly summary: string;
  /** Failed, but wavered at the baseline or between the runs: named, and held against nobody. */
  readonly quarantined?: readonly string[];
  /** Red by fewer runs than refuse an upgrade: it only steered the search. */
  readonly isHint?: boolean;
  readonly wallMs: number;
}

/** Runs the trial in a folder that holds the project with the ranges in question. Null when it was stopped. */
export async function runTrial(
  ports: TrialPorts,
  folder: TrialFolder,
  question: TrialQuestion,
): Promise<TrialResult | null> {
  const began = ports.clock.now();
  const installed = await (question.fresh === undefined ? installTree : resolveTree)(
    ports,
    folder,
    question.limits,
    (treeHash) => question.knownTrees.has(treeHash),
  );
  if (installed === null) return null;
  const done = (rest: Omit<TrialResult, 'wallMs' | 'answeredBy' | 'sameAs'>): TrialResult => ({
    answeredBy: 'trial',
    sameAs: null,
    ...rest,
    wallMs: ports.clock.now() - began,
  });
  if (installed.kind === 'failed') {
    const { verdict, level, resolver, summary } = installed;
    return done({ verdict, levels: [level], tests: null, treeHash: null, resolver, summary });
  }
  const treeHash = installed.tree?.hash ?? null;
  const known = treeHash === null ? undefined : question.knownTrees.get(treeHash);
  if (known !== undefined) {
    const summary = 'It installs the very tree that was judged before.';
    const same = { levels: [installed.level], tests: null, treeHash, resolver: null, summary };
    return { ...done({ verdict: known.verdict, ...same }), answeredBy: 'same-tree', sameAs: known.trial };
  }
  const judged = await (question.fresh === undefined ? takeSteps : judgeFreshTrees)(ports, folder, question);
  if (judged === null) return null;
  return done({ resolver: null, ...judged, levels: [installed.level, ...judged.levels], treeHash });
}

export type Judged = Pick<TrialResult, 'verdict' | 'levels' | 'tests' | 'summary' | 'quarantined' | 'isHint'> &
  Partial<Pick<TrialResult, 'resolver'>>;

async function takeSteps(ports: TrialPorts, folder: TrialFolder, question: TrialQuestion): Promise<Judged | null> {
  const levels: LevelResult[] = [];
  for (const step of question.steps) {
    if (step.name === 'test') {
      const suite = await runSuite(ports, folder, step, question);
      return suite === null ? null : { ...suite, levels: [...levels, ...suite.levels] };
    }
    const result = await takeStep(ports, folder, step, question.limits);
    if (result === null) return null;
    levels.push(result.level);
    if (!result.level.ok) return { verdict: result.verdict, levels, tests: null, summary: result.level.detail };
  }
  const last = levels.at(-1);
  const summary = last === undefined ? 'It installs.' : last.detail;
  return { verdict: { kind: 'green', passed: 1, of: 1 }, levels, tests: null, summary };
}

/** Runs the suite until its verdict is clear. Null when it was stopped. */
async function runSuite(
  ports: TrialPorts,
  folder: TrialFolder,
  step: Step,
  question: TrialQuestion,
): Promise<Judged | null> {
  const runs: SuiteRun[] = [];
  const levels: LevelResult[] = [];
  let part = question.affected ?? null;
  for (;;) {
    const asked = { number: runs.length + 1, limits: question.limits, patienceMs: patienceFor(question, runs) };
    const first = part === null ? {} : { part: part.command };
    const result = await runSuiteOnce(ports, folder, step, { ...asked, ...first });
    if (result === null) return null;
    levels.push(result.level);
    if (part !== null && !isRedFor(result)) {
      // What some files say is only taken where they are red: the whole suite judges.
      part = null;
      continue;
    }
    runs.push(result.run);
    const { limit, level, run } = result;
    if (limit !== null) return { verdict: limit, levels, tests: run.tests, summary: level.detail };
    const redBefore = question.redByNow?.();
    const steadiness = { ...question.steadiness, ...(redBefore === undefined ? {} : { redBefore }) };
    const judgement = judgeTrial(runs, question.greenRunsWanted, steadiness);
    if (judgement.kind === 'run-again') continue;
    const { verdict } = judgement;
    const tests = runs.find(({ green }) => green === (verdict.kind !== 'broken'))?.tests ?? run.tests;
    const where = part === null ? '' : `In ${part.files} of ${part.of} test files, which use what is upgraded. `;
    return {
      verdict,
      levels,
      tests,
      summary: `${where}${suiteSummary(verdict, tests)}`,
      quarantined: quarantinedIn(runs, verdict),
      isHint: verdict.kind === 'broken' && question.steadiness.isHint === true,
    };
  }
}

/** Tests of it failed, by name: not merely a command that we made of another and that does not work. */
const isRedFor = ({ run, limit }: SuiteRunResult): boolean =>
  limit === null && !run.green && run.tests.failed > 0 && run.tests.failing.length > 0;

/** Long enough for most suites to say at their end why their tests failed. */
const PATIENCE_MS = 10_000;

/** Only what refuses an upgrade has to say why, and says it in its first run. */
function patienceFor({ mayCut = false, purpose, steadiness }: TrialQuestion, runs: readonly SuiteRun[]): number | null {
  if (!mayCut) return null;
  const refuses = steadiness.isHint !== true && purpose !== 'mended' && purpose !== 'instead';
  return refuses && runs.length === 0 ? PATIENCE_MS : 0;
}
