// Judges the project as it is, before anything is changed: installs it, finds out which steps it can be judged by,
// and runs its tests several times so that the wavering ones are known by name.

import type { Baseline, LevelResult, TestCounts } from '../protocol/index.ts';
import { judgeBaseline, type SuiteRun } from './judge-suite.ts';
import type { ResolverFailure } from './read-resolver.ts';
import { labelOf, levelOf, NO_ENTRY, type LeftOut, type Step } from './steps.ts';
import { installTree } from './install-tree.ts';
import { runSuiteOnce, takeStep, type TrialPorts } from './take-step.ts';
import type { TrialFolder } from './trial-folder.ts';
import type { TrialLimits } from './run-step.ts';
import { needsSentence, type UnmetNeed } from './unmet-needs.ts';

export interface BaselineRecord {
  readonly baseline: Baseline;
  /** The steps that every trial takes. */
  readonly steps: readonly Step[];
  readonly wavering: readonly string[];
  readonly treeHash: string | null;
  /** Packages whose install scripts were not run; absent in records of before. */
  readonly scripted?: readonly string[];
  /** How long the slowest step took: what a trial may take is reckoned from it. */
  readonly slowestStepMs: number;
  readonly installMs: number;
  /** Whether its tree was seen through a layer, as the trials' trees then are, too. */
  readonly layered: boolean;
  readonly levels: readonly LevelResult[];
  readonly tests: TestCounts | null;
  readonly resolver: ResolverFailure | null;
  /** Lines of its green runs that look as if a test had failed; absent in records of before. */
  readonly marks?: readonly string[];
  /** Why it is red, in a sentence; null when it is not. */
  readonly redBecause: string | null;
  readonly wallMs: number;
}

/**
 * Null when it was stopped. What is red on a layer is judged once more on a tree of its own: a suite may move or remove
 * what only a plain folder lets it.
 */
export async function judgeProject(
  ports: TrialPorts,
  folder: TrialFolder,
  steps: readonly Step[],
  limits: TrialLimits,
): Promise<BaselineRecord | null> {
  const first = await judgeOnce(ports, folder, steps, limits);
  if (first === null || first.redBecause === null || folder.layers().length === 0) return first;
  await folder.log('\n# red with its packages seen through a layer: once more with a copy of them\n');
  const plain = await folder.fresh('plain');
  try {
    const trees = { ...ports.trees, layered: false };
    const again = await judgeOnce({ ...ports, trees }, plain.folder, steps, limits);
    return again === null || again.redBecause === null ? again : first;
  } finally {
    await plain.close();
  }
}

async function judgeOnce(
  ports: TrialPorts,
  folder: TrialFolder,
  steps: readonly Step[],
  limits: TrialLimits,
): Promise<BaselineRecord | null> {
  const began = ports.clock.now();
  const installed = await installTree(ports, folder, limits);
  if (installed === null) return null;
  const installMs = installed.level.wallMs;
  const layered = folder.layers().length > 0;
  const scripted = installed.kind === 'installed' ? (installed.tree?.scripted ?? []) : [];
  const about = {
    installMs,
    layered,
    scripted: scripted.filter((name) => !folder.allowedScripts.includes(name)),
    treeHash: installed.kind === 'installed' ? (installed.tree?.hash ?? null) : null,
  };
  const end = (rest: Judgement): BaselineRecord => ({
    ...rest,
    ...about,
    wallMs: ports.clock.now() - began,
  });
  if (installed.kind === 'failed') {
    return end({ ...redAt(installed.summary, 0, [installed.level]), resolver: installed.resolver });
  }
  const others = await takeOtherSteps(ports, folder, steps, limits);
  if (others === null) return null;
  const levels = [installed.level, ...others.levels];
  if (others.red !== null) return end(redAt(others.red, 1, levels));
  const test = others.kept.find(({ name }) => name === 'test');
  const suite = test === undefined ? undefined : await repeatSuite(ports, folder, test, limits);
  if (suite === null) return null;
  const gone = suite?.runs.some(({ green }) => !green) === true ? await folder.missing() : [];
  if (gone.length > 0)
    return end(redAt(deletesSentence(gone), reachedBy(levels), [...levels, ...(suite?.levels ?? [])]));
  const unreached = suite === undefined || test === undefined ? undefined : whyUnreached(test, suite);
  if (unreached === undefined) return end(judged({ steps: others.kept, leftOut: others.leftOut, levels, suite }));
  const typed = await takeTypes(ports, folder, steps, limits);
  if (typed === null) return null;
  const kept = [...typed.kept, ...others.kept.filter((step) => step !== test)];
  const left = [...others.leftOut, ...typed.leftOut, unreached];
  const all = [...levels, ...(suite?.levels ?? []), ...typed.levels];
  return end(judged({ steps: kept, leftOut: left, levels: all, suite: undefined }));
}

const deletesSentence = (gone: readonly string[]): string =>
  `Its tests delete files of the project (${gone.join(', ')}), so that every run after the first finds another project.`;

/** Why a suite that is red in every run says nothing about upgrades: it needs what no trial has. */
function whyUnreached(step: Step, { runs, limit, needs }: SuiteFindings): LeftOut | undefined {
  if (limit !== null || needs.length === 0 || runs.some(({ green }) => green)) return undefined;
  return { step, reason: 'it needs what no trial has', needs: needsSentence(step.command, needs) };
}

/** The compiler of a project whose tests cannot be judged by, if it has one. */
function takeTypes(
  ports: TrialPorts,
  folder: TrialFolder,
  steps: readonly Step[],
  limits: TrialLimits,
): Promise<OtherSteps | null> {
  const types = steps.filter(({ name }) => name === 'types');
  return takeOtherSteps(ports, folder, types, limits);
}

interface OtherSteps {
  readonly kept: readonly Step[];
  readonly leftOut: readonly LeftOut[];
  readonly levels: readonly LevelResult[];
  readonly red: string | null;
}

/** Build, load and start. One that fails is left out when there are tests to judge by; a failing build without tests is red. */
async function takeOtherSteps(
  ports: TrialPorts,
  folder: TrialFolder,
  steps: readonly Step[],
  limits: TrialLimits,
): Promise<OtherSteps | null> {
  const hasTests = steps.some(({ name }) => name === 'test');
  const kept: Step[] = [];
  const leftOut: LeftOut[] = [];
  const levels: LevelResult[] = [];
  for (const step of steps) {
    if (step.name === 'test') {
      kept.push(step);
      continue;
    }
    if (step.name === 'types' && hasTests) continue;
    const result = await takeStep(ports, folder, step, limits);
    if (result === null) return null;
    if (result.level.detail === NO_ENTRY) {
      leftOut.push({ step, reason: NO_ENTRY });
      continue;
    }
    levels.push(result.level);
    if (result.level.ok) kept.push(step);
    else if (step.name === 'build' && !hasTests) return { kept, leftOut, levels, red: result.level.detail };
    else leftOut.push({ step, reason: result.level.detail.replace(/\.$/, '') });
  }
  return { kept, leftOut, levels, red: null };
}

interface SuiteFindings {
  readonly runs: readonly SuiteRun[];
  readonly levels: readonly LevelResult[];
  /** Set when a limit ended a run. */
  readonly limit: string | null;
  /** What the last red run printed about why. */
  readonly printed: string | null;
  /** What its last red run needed that no trial has. */
  readonly needs: readonly UnmetNeed[];
  readonly marks: readonly string[];
}

async function repeatSuite(
  ports: TrialPorts,
  folder: TrialFolder,
  step: Step,
  limits: TrialLimits,
): Promise<SuiteFindings | null> {
  const runs: SuiteRun[] = [];
  const levels: LevelResult[] = [];
  let printed: string | null = null;
  let needs: readonly UnmetNeed[] = [];
  const marks = new Set<string>();
  while (judgeBaseline(runs).kind === 'run-again') {
    const result = await runSuiteOnce(ports, folder, step, { number: runs.length + 1, limits });
    if (result === null) return null;
    levels.push(result.level);
    if (result.limit !== null) return { runs, levels, limit: result.level.detail, printed, needs, marks: [...marks] };
    runs.push(result.run);
    for (const mark of result.marks) marks.add(mark);
    printed = result.printed ?? printed;
    if (!result.run.green) needs = result.needs;
  }
  return { runs, levels, limit: null, printed, needs, marks: [...marks] };
}

interface Findings {
  readonly steps: readonly Step[];
  readonly leftOut: readonly LeftOut[];
  readonly levels: readonly LevelResult[];
  readonly suite: SuiteFindings | undefined;
}

type Judgement = Omit<BaselineRecord, 'wallMs' | 'installMs' | 'layered' | 'treeHash' | 'scripted'>;

function judged({ steps, leftOut, levels: before, suite }: Findings): Judgement {
  const levels = [...before, ...(suite?.levels ?? [])];
  if (suite?.limit != null) return redAt(suite.limit, reachedBy(levels), levels, 'timed-out');
  const level = levelOf(steps);
  const label = labelOf(steps, leftOut);
  const slowestStepMs = Math.max(0, ...levels.slice(1).map(({ wallMs }) => wallMs));
  const about = { steps, levels, slowestStepMs, resolver: null, marks: suite?.marks ?? [] };
  const tests = suite?.runs.at(-1)?.tests ?? null;
  if (suite === undefined) {
    const baseline: Baseline = { kind: 'none', level, flaky: [], verdict: { kind: 'green', passed: 1, of: 1 }, label };
    return { ...about, baseline, wavering: [], tests, redBecause: null };
  }
  const verdict = judgeBaseline(suite.runs);
  if (verdict.kind === 'run-again') throw new RangeError('A baseline was judged before its runs were complete.');
  const wavering = verdict.wavering;
  const kind = verdict.baseline;
  const baseline: Baseline = {
    kind,
    level: kind === 'red' ? reachedBy(levels) : level,
    flaky: [...wavering],
    verdict: verdict.verdict,
    label,
  };
  return {
    ...about,
    baseline,
    wavering,
    tests,
    redBecause: kind === 'red' ? redSentence(verdict.failing, { tests, levels, printed: suite.printed }) : null,
  };
}

function redAt(
  sentence: string,
  level: Baseline['level'],
  levels: readonly LevelResult[],
  kind: 'broken' | 'timed-out' = 'broken',
): Judgement {
  const verdict = { kind, passed: 0, of: 1 } as const;
  const baseline: Baseline = { kind: 'red', level, flaky: [], verdict, label: sentence };
  const tests = levels.findLast((result) => result.tests !== null)?.tests ?? null;
  return { baseline, steps: [], wavering: [], slowestStepMs: 0, levels, tests, resolver: null, redBecause: sentence };
}

/** Names shown in a sentence; the rest is counted. */
const NAMES_SHOWN = 3;

interface RedFacts {
  readonly tests: TestCounts | null;
  readonly levels: readonly LevelResult[];
  readonly printed: string | null;
}

function redSentence(failing: readonly string[], { tests, levels, printed }: RedFacts): string {
  const command = levels.at(-1)?.command ?? 'npm test';
  const why = printed === null ? '' : ` ${printed}`;
  if (tests === null || tests.runner === 'exit-code')
    return `Its tests fail: ${command} does not end with code 0.${why}`;
  const shown = [...new Set(failing)].slice(0, NAMES_SHOWN).map((name) => `“${name}”`);
  const more = Math.max(failing.length, tests.failed) - shown.length;
  if (shown.length > 0) return `Its tests fail: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.${why}`;
  return tests.failed === 0
    ? `${command} fails, although no test does (${tests.passed} passed).${why}`
    : `${tests.failed} of its tests fail.${why}`;
}

/** The highest level that a step was green at. */
const reachedBy = (levels: readonly LevelResult[]): Baseline['level'] =>
  levels.reduce<Baseline['level']>(
    (highest, { ok, level }) => (ok && level > highest && level < 4 ? level : highest),
    0,
  );
