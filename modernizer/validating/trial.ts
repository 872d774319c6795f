// One trial: installs one set of ranges from a clean tree, then builds, loads, starts and tests it in the sandbox.
// Rule: every trial has a tree, a log and limits of its own; nothing of one trial reaches another.
// Rule: a tree that equals one already judged gets its verdict; a resolver's refusal over the project's old
// lockfile is believed only after it was repeated without.
// Not here: which sets to try (next-move.ts) and what several runs of a suite mean (judge-suite.ts).

import type { Clock } from 'kernel/basics';
import type { Outcome, Sandbox } from 'kernel/sandbox';

import { printedReason } from '../diagnosing/printed.ts';
import { readLockfile, type Tree } from '../ecosystems/npm/lockfile.ts';
import type { LevelResult, TestCounts, Verdict } from '../protocol/index.ts';
import { judgeTrial, type Steadiness, type SuiteRun } from './judge-suite.ts';
import { readResolver, type ResolverFailure } from './read-resolver.ts';
import {
  buildJob,
  installJob,
  levelResult,
  loadJob,
  startJob,
  testJob,
  verdictOfOutcome,
  type JobParts,
  type TrialLimits,
} from './run-step.ts';
import type { Step } from './steps.ts';
import type { TrialFolder } from './trial-folder.ts';

export interface TrialPorts {
  readonly sandbox: Sandbox;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Host folder for npm's cache. */
  readonly cache: string;
  /** Tells which step begins, and which run of the suite. */
  onStep(step: string, run: number): Promise<void>;
}

export interface TrialQuestion {
  readonly steps: readonly Step[];
  readonly steadiness: Steadiness;
  readonly greenRunsWanted: number;
  readonly limits: TrialLimits;
  /** Verdicts by the hash of the tree they were given for. */
  readonly knownTrees: ReadonlyMap<string, KnownTree>;
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
  readonly wallMs: number;
}

/** Runs the trial in a folder that holds the project with the ranges in question. Null when it was stopped. */
export async function runTrial(
  ports: TrialPorts,
  folder: TrialFolder,
  question: TrialQuestion,
): Promise<TrialResult | null> {
  const began = ports.clock.now();
  const installed = await installTree(ports, folder, question.limits);
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
  const judged = await takeSteps(ports, folder, question);
  if (judged === null) return null;
  return done({ ...judged, levels: [installed.level, ...judged.levels], treeHash, resolver: null });
}

export type Installation =
  | { readonly kind: 'installed'; readonly level: LevelResult; readonly tree: Tree | null }
  | {
      readonly kind: 'failed';
      readonly level: LevelResult;
      readonly verdict: Verdict;
      readonly resolver: ResolverFailure | null;
      readonly summary: string;
    };

/** Installs over the project's own lockfile when it has one; a refusal is asked again without it. */
export async function installTree(
  ports: TrialPorts,
  folder: TrialFolder,
  limits: TrialLimits,
): Promise<Installation | null> {
  await ports.onStep('install', 1);
  const first = await installOnce(ports, folder, limits);
  const stale = first?.kind === 'failed' && first.resolver !== null && STALE_LOCK_KINDS.has(first.resolver.kind);
  if (!stale || !(await folder.dropLockfile())) return first;
  await folder.log('\n# npm refused over the old lockfile: once more from a clean tree, without it\n');
  await ports.onStep('install', 2);
  return installOnce(ports, folder, limits);
}

const STALE_LOCK_KINDS: ReadonlySet<ResolverFailure['kind']> = new Set([
  'resolver-conflict',
  'lockfile-out-of-step',
  'registry-incomplete',
]);

async function installOnce(ports: TrialPorts, folder: TrialFolder, limits: TrialLimits): Promise<Installation | null> {
  const outcome = await run(ports, folder, installJob(folder, ports.cache, limits));
  if (outcome.kind === 'stopped') return null;
  const ok = outcome.kind === 'exited' && outcome.code === 0;
  const resolver = ok || outcome.kind !== 'exited' ? null : readResolver(outcome.output);
  const detail = ok ? 'Installed.' : (resolver?.sentence ?? verdictOfOutcome(outcome).sentence);
  const level = levelResult({ level: 1, command: 'npm install' }, outcome, { ok, detail });
  if (!ok) return { kind: 'failed', level, verdict: installVerdict(outcome, resolver), resolver, summary: detail };
  const lock = await folder.takeLockfile();
  const reading = lock === null ? undefined : readLockfile(lock);
  return { kind: 'installed', level, tree: reading?.kind === 'tree' ? reading.tree : null };
}

function installVerdict(outcome: Outcome, resolver: ResolverFailure | null): Verdict {
  if (outcome.kind !== 'exited') return { kind: 'resolver-stuck', passed: 0, of: 1 };
  const kind =
    resolver?.kind === 'resolver-conflict' || resolver?.kind === 'registry-incomplete' ? resolver.kind : 'broken';
  return { kind, passed: 0, of: 1 };
}

type Judged = Pick<TrialResult, 'verdict' | 'levels' | 'tests' | 'summary'>;

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

export interface StepResult {
  readonly level: LevelResult;
  readonly verdict: Verdict;
}

/** One step other than the tests. Null when it was stopped. */
export async function takeStep(
  ports: TrialPorts,
  folder: TrialFolder,
  step: Step,
  limits: TrialLimits,
): Promise<StepResult | null> {
  await ports.onStep(step.name, 1);
  const job = step.name === 'build' ? buildJob : step.name === 'load' ? loadJob : startJob;
  const outcome = await run(ports, folder, job(folder, step, limits));
  if (outcome.kind === 'stopped') return null;
  const { ok, sentence, health, verdict } = verdictOfOutcome(outcome, step);
  return { level: levelResult(step, outcome, { ok, detail: sentence, health }), verdict };
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
  for (;;) {
    const result = await runSuiteOnce(ports, folder, step, { number: runs.length + 1, limits: question.limits });
    if (result === null) return null;
    levels.push(result.level);
    runs.push(result.run);
    if (result.limit !== null)
      return { verdict: result.limit, levels, tests: result.run.tests, summary: result.level.detail };
    const judgement = judgeTrial(runs, question.greenRunsWanted, question.steadiness);
    if (judgement.kind === 'judged') {
      const tests =
        runs.find(({ green }) => green === (judgement.verdict.kind !== 'broken'))?.tests ?? result.run.tests;
      return { verdict: judgement.verdict, levels, tests, summary: suiteSummary(judgement.verdict, tests) };
    }
  }
}

export interface SuiteRunResult {
  readonly run: SuiteRun;
  readonly level: LevelResult;
  /** The verdict when a limit ended the run: running it again would only reach the limit again. */
  readonly limit: Verdict | null;
  /** What it printed about why it is red; null when it is green or printed nothing of the kind. */
  readonly printed: string | null;
}

export async function runSuiteOnce(
  ports: TrialPorts,
  folder: TrialFolder,
  step: Step,
  { number, limits }: { readonly number: number; readonly limits: TrialLimits },
): Promise<SuiteRunResult | null> {
  await ports.onStep('test', number);
  const outcome = await run(ports, folder, testJob(folder, step, limits));
  if (outcome.kind === 'stopped') return null;
  const { ok, sentence, tests, verdict } = verdictOfOutcome(outcome, step);
  const level = levelResult(step, outcome, { ok, detail: sentence, tests });
  const limit = outcome.kind === 'exited' || outcome.kind === 'killed' ? null : verdict;
  const printed = ok ? null : (printedReason(outcome.output, tests) ?? null);
  return { run: { green: ok, tests }, level, limit, printed };
}

function suiteSummary(verdict: Verdict, tests: TestCounts): string {
  const runs = `${verdict.passed} of ${verdict.of} runs green`;
  if (tests.runner === 'exit-code') return `Tests: ${runs}.`;
  return `Tests: ${tests.passed} passed, ${tests.failed} failed; ${runs}.`;
}

async function run(ports: TrialPorts, folder: TrialFolder, job: JobParts): Promise<Outcome> {
  await folder.log(`\n$ ${job.title}\n`);
  const outcome = await ports.sandbox.run({
    ...job.job,
    project: folder.project,
    signal: ports.signal,
    onOutput: (_stream, text) => folder.hear(text),
  });
  await folder.log(`# ${ended(outcome)}\n`);
  return outcome;
}

const ended = (outcome: Outcome): string =>
  `${outcome.kind === 'exited' ? `ended with code ${outcome.code}` : outcome.kind} after ${outcome.wallMs} ms`;
