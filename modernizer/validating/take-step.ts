// One step in the sandbox: runs it, keeps its words in the log, and says what came of it.
// Not here: what each step runs (run-step.ts) and what several runs of a suite mean (judge-suite.ts).

import { durationText, type Clock } from 'kernel/basics';
import type { Outcome, Sandbox } from 'kernel/sandbox';

import { printedReason } from '../diagnosing/printed.ts';
import type { LevelResult, Verdict } from '../protocol/index.ts';
import { failingSoFar, marksIn } from './failing-so-far.ts';
import { CUT, MANY_FAILING, type SuiteRun } from './judge-suite.ts';
import {
  buildJob,
  levelResult,
  loadJob,
  runnerJob,
  startJob,
  testJob,
  verdictOfOutcome,
  type JobParts,
  type TrialLimits,
} from './run-step.ts';
import type { Step } from './steps.ts';
import type { MadeTree, TreeWanted } from './trees/make-tree.ts';
import type { TrialFolder } from './trial-folder.ts';
import { unmetNeeds, type UnmetNeed } from './unmet-needs.ts';

export interface TrialPorts {
  readonly sandbox: Sandbox;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Host folder for npm's cache. */
  readonly cache: string;
  readonly trees: TrialTrees;
  /** Tells which step begins, and which run of the suite. */
  onStep(step: string, run: number): Promise<void>;
}

/** The trees that trials stand on. */
interface TrialTrees {
  /** Whether a trial sees its tree through a layer of its own; otherwise it gets a copy. */
  readonly layered: boolean;
  make(wanted: TreeWanted, limits: TrialLimits): Promise<MadeTree>;
  /** Lockfiles that this run resolved, by their manifest: the same ranges are resolved once. */
  readonly resolved: Map<string, string>;
  /** What npm resolves for the files in a folder, quickly; null where npm's own command has to be asked. */
  lockfileFor(folder: string, signal: AbortSignal): Promise<string | null>;
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
  const job = step.name === 'build' || step.name === 'types' ? buildJob : step.name === 'load' ? loadJob : startJob;
  const outcome = await runJob(ports, folder, job(folder, step, limits));
  if (outcome.kind === 'stopped') return null;
  const { ok, sentence, health, verdict } = verdictOfOutcome(outcome, step);
  return { level: levelResult(step, outcome, { ok, detail: sentence, health }), verdict };
}

export interface SuiteRunResult {
  readonly run: SuiteRun;
  readonly level: LevelResult;
  /** The verdict when a limit ended the run: running it again would only reach the limit again. */
  readonly limit: Verdict | null;
  /** What it printed about why it is red; null when it is green or printed nothing of the kind. */
  readonly printed: string | null;
  /** What no trial has and it failed for; empty when it is green or fails for other reasons. */
  readonly needs: readonly UnmetNeed[];
  /** Lines of a green run that look as if a test had failed. */
  readonly marks: readonly string[];
}

export interface SuiteAsked {
  readonly number: number;
  readonly limits: TrialLimits;
  /** How long it may go on once many tests have failed, in ms; null: as long as it likes. */
  readonly patienceMs?: number | null;
  /** Runs this instead of the step's own command: some of its files. */
  readonly part?: string;
}

export async function runSuiteOnce(
  ports: TrialPorts,
  folder: TrialFolder,
  whole: Step,
  { number, limits, patienceMs = null, part }: SuiteAsked,
): Promise<SuiteRunResult | null> {
  await ports.onStep('test', number);
  const step = part === undefined ? whole : { ...whole, command: part };
  const job = part === undefined ? testJob(folder, step, limits) : runnerJob(folder, part, limits);
  const patience = watchPatience(ports, patienceMs);
  const signal = AbortSignal.any([ports.signal, patience.over]);
  const outcome = await runJob({ ...ports, signal }, folder, job, patience.hear);
  patience.close();
  const failed = patience.failed();
  const isOver = outcome.kind === 'timed-out' || (outcome.kind === 'stopped' && !ports.signal.aborted);
  if (isOver && failed.length >= MANY_FAILING) return cutRun(step, outcome, failed);
  if (outcome.kind === 'stopped') return null;
  const { ok, sentence, tests, verdict } = verdictOfOutcome(outcome, step);
  const level = levelResult(step, outcome, { ok, detail: sentence, tests });
  const limit = outcome.kind === 'exited' || outcome.kind === 'killed' ? null : verdict;
  const printed = ok ? null : (printedReason(outcome.output, tests) ?? null);
  const needs = ok ? [] : unmetNeeds(outcome.output, tests);
  return { run: { green: ok, tests }, level, limit, printed, needs, marks: ok ? marksIn(outcome.output) : [] };
}

export type Ran = Outcome & Pick<LevelResult, 'limits'>;

function cutRun(step: Step, outcome: Ran, failed: readonly string[]): SuiteRunResult {
  const tests = { passed: 0, failed: failed.length, skipped: 0, failing: [...failed], runner: CUT };
  const detail = `${failed.length} tests had failed when it was ended, after ${durationText(outcome.wallMs)}.`;
  const level = levelResult(step, outcome, { ok: false, detail, tests });
  return { run: { green: false, tests, isCut: true }, level, limit: null, printed: null, needs: [], marks: [] };
}

/** Ends a suite some time after many of its tests have failed: more of them would say nothing new. */
function watchPatience({ clock }: TrialPorts, patienceMs: number | null) {
  const over = new AbortController();
  const failing = failingSoFar();
  let unset: (() => void) | undefined;
  return {
    over: over.signal,
    hear(text: string): void {
      if (patienceMs === null) return;
      failing.hear(text);
      if (failing.names().length >= MANY_FAILING) unset ??= clock.alarm(patienceMs, () => over.abort());
    },
    failed: (): readonly string[] => failing.names(),
    close: (): void => unset?.(),
  };
}

export async function runJob(
  ports: TrialPorts,
  folder: TrialFolder,
  job: JobParts,
  hear?: (text: string) => void,
): Promise<Ran> {
  await folder.log(`\n$ ${job.title}\n`);
  const outcome = await ports.sandbox.run({
    ...job.job,
    project: folder.project,
    ...(job.job.phase === 'run' ? { layers: folder.layers() } : {}),
    signal: ports.signal,
    onOutput: (_stream, text) => {
      folder.hear(text);
      hear?.(text);
    },
  });
  await folder.log(`# ${ended(outcome)}\n`);
  const { wallMs, memoryBytesMax } = job.job.limits;
  const isHeld = ports.sandbox.confinement.memory !== 'none';
  return { ...outcome, limits: { wallMs, memoryBytes: isHeld ? memoryBytesMax : null } };
}

const ended = (outcome: Outcome): string =>
  `${outcome.kind === 'exited' ? `ended with code ${outcome.code}` : outcome.kind} after ${outcome.wallMs} ms`;
