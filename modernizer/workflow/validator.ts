// The validator: judges the project as it is, then tries upgrades in the sandbox until the plan is settled.
// Rule: it only asks what next-move.ts decides, and every answer is in the journal before the next is asked; so a
// run that was killed asks again for what is missing, and for nothing else.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { durationText, mebibytes, minutes, seconds } from 'kernel/basics';

import { isKept, type Baseline, type EventData, type PlannedUpgrade, type Verdict } from '../protocol/index.ts';
import type { Plan } from '../planning/plan-upgrades.ts';
import { judgeProject, type BaselineRecord } from '../validating/baseline.ts';
import { BASELINE_RUNS } from '../validating/judge-suite.ts';
import { nextMove, trialsAhead, type Answers, type Move, type Purpose, type Refused } from '../validating/next-move.ts';
import type { TrialLimits } from '../validating/run-step.ts';
import { stepsOf } from '../validating/steps.ts';
import { endedBy, type Execution } from './execution.ts';
import { manifestOf, stoppedEarly } from './planner.ts';
import { evidenceOf } from './run-folder.ts';
import type { Ending, MigrationState, ProjectRecord, Question, Settlement } from './state.ts';
import {
  conductTrial,
  openTrials,
  recorded,
  trialId,
  type Answered,
  type Trials,
  type TrialSetting,
} from './trials.ts';

/** An installation of a thousand packages with an empty cache on a slow line. */
const INSTALL_MS_MAX = minutes(6);
/** A first run of a suite nobody knows yet; one that hangs is noticed here. */
const FIRST_STEP_MS_MAX = minutes(5);
/** A trial's step may take this many times what it took at the baseline, and never less than STEP_MS_MIN. */
const STEP_SLOWER_MAX = 5;
const STEP_MS_MIN = seconds(60);
/** What a test suite with a transpiler and a coverage tool has been seen to need, several times over. */
const MEMORY_BYTES_MAX = mebibytes(3072);
/** A suite faster than this is run once more before an upgrade is kept: it costs next to nothing. */
const QUICK_SUITE_MS = seconds(5);

export async function validator(execution: Execution, state: MigrationState): Promise<Partial<MigrationState>> {
  const { project, plan } = state;
  if (project === null || plan === null) throw new TypeError('The validator was entered before the planner had ended.');
  await execution.record.emit('agent-started', { agent: 'validator' });
  const setting = await settingOf(execution, project, state.baseline);
  if (setting === null) return { ending: stoppedEarly(endedBy(execution.signals)) };
  const { baseline } = setting;
  if (baseline.redBecause !== null) return { baseline, ending: await redProject(execution, baseline.redBecause) };
  const trials = openTrials(execution, setting);
  if (state.settlement !== null) {
    return { questions: await answerQuestions(execution, { plan, trials, questions: state.questions }) };
  }
  const settlement = await settle(execution, { plan, trials, baseline });
  const stopped = execution.signals.stopped.aborted;
  await execution.record.emit('agent_completed', { agent: 'validator', summary: settlementSummary(settlement) });
  return { baseline, settlement, ending: stopped ? stoppedEarly('stopped') : null };
}

/** What all trials of the run share; null when it was stopped before the baseline was judged. */
async function settingOf(
  execution: Execution,
  project: ProjectRecord,
  judged: BaselineRecord | null,
): Promise<TrialSetting | null> {
  const manifest = await manifestOf(project);
  const baselineLock = await readFile(execution.folder.baselineLock, 'utf8');
  const baselineTrial = trialId(`baseline\u0000${project.copy.baseCommit}`);
  const baseline = judged ?? (await judgeOnce(execution, { project, trial: baselineTrial, lock: baselineLock }));
  if (baseline === null) return null;
  const stepMs = Math.max(STEP_MS_MIN, baseline.slowestStepMs * STEP_SLOWER_MAX);
  const limits = { installMs: INSTALL_MS_MAX, stepMs, memoryBytesMax: MEMORY_BYTES_MAX };
  return { project, manifestText: manifest.text, baselineLock, baseline, baselineTrial, limits };
}

interface BaselineTrial {
  readonly project: ProjectRecord;
  readonly trial: string;
  readonly lock: string;
}

async function judgeOnce(
  execution: Execution,
  { project, trial, lock }: BaselineTrial,
): Promise<BaselineRecord | null> {
  const known = await recorded<BaselineRecord>(execution, trial);
  if (known !== undefined) {
    await tellBaseline(execution, known.baseline);
    return known;
  }
  await tellProgress(execution, { phase: 'Judging the project as it is', ahead: 1, known: 1 });
  const manifest = await manifestOf(project);
  const files = {
    source: join(project.copy.repository, project.copy.prefix),
    trials: execution.folder.trials,
    evidence: execution.folder.evidence,
    manifestText: manifest.text,
    lockText: lock,
    confined: !execution.sandbox.confinement.unsafe,
  };
  const steps = stepsOf(manifest, execution.input.options);
  const limits: TrialLimits = {
    installMs: INSTALL_MS_MAX,
    stepMs: FIRST_STEP_MS_MAX,
    memoryBytesMax: MEMORY_BYTES_MAX,
  };
  const asked = { purpose: 'baseline', upgrades: [] } as const;
  const baseline = await conductTrial(
    execution,
    { trial, asked, files, expectedMs: null, told: toldBaseline },
    (ports, folder) => judgeProject(ports, folder, steps, limits),
  );
  if (baseline !== null) await tellBaseline(execution, baseline.baseline);
  return baseline;
}

const toldBaseline = (record: BaselineRecord): Omit<EventData<'trial-finished'>, 'trial' | 'evidence'> => ({
  verdict: record.baseline.verdict,
  level: record.baseline.level,
  answeredBy: 'trial',
  sameAs: null,
  summary: record.redBecause ?? record.baseline.label,
  levels: [...record.levels],
  tests: record.tests,
  wallMs: record.wallMs,
});

async function tellBaseline(execution: Execution, baseline: Baseline): Promise<void> {
  if (execution.record.view().baseline === null) await execution.record.emit('baseline-judged', baseline);
}

async function redProject(execution: Execution, sentence: string): Promise<Ending> {
  await execution.record.emit('agent_completed', {
    agent: 'validator',
    summary: `The project is red as it is. ${sentence}`,
  });
  return {
    status: 'stopped',
    reason: `The project is red before anything is changed, so no upgrade could be proven. ${sentence}`,
    next: 'Make its tests green, or name a command that is green with --tests, then start again.',
  };
}

interface Settling {
  readonly plan: Plan;
  readonly trials: Trials;
  readonly baseline: BaselineRecord;
}

/** Tries sets until none is left to try, the time is up or a person stops it. */
async function settle(execution: Execution, { plan, trials, baseline }: Settling): Promise<Settlement> {
  const order = plan.upgrades.map(({ name }) => name);
  const answered = new Map<string, Answered>();
  const answers: Answers = {
    verdictOf: (purpose, upgrades) => answered.get(setKey(purpose, upgrades))?.result.verdict,
  };
  for (;;) {
    const move = nextMove(order, answers);
    if (move.kind === 'settled') return settledBy(move, answered, []);
    await tellProgress(execution, {
      phase: PHASES[move.purpose],
      ahead: trialsAhead(order, answers),
      known: answered.size + 1,
    });
    const asked = {
      purpose: move.purpose,
      upgrades: chosen(plan, move.upgrades),
      greenRunsWanted: greenRunsWanted(move.purpose, baseline),
    };
    const before = await trials.known(asked);
    const answer = before ?? (await trials.ask(asked));
    if (answer === null) return cutShort(execution, { plan, order, answered, answers });
    answered.set(setKey(move.purpose, move.upgrades), answer);
    await tellVerdicts(execution, move, { plan, answer });
  }
}

/** All at once and the last proof are what is handed over: they are run as often as the baseline was. */
function greenRunsWanted(purpose: Purpose, baseline: BaselineRecord): number {
  if (purpose !== 'one-more') return BASELINE_RUNS;
  return baseline.slowestStepMs < QUICK_SUITE_MS ? 2 : 1;
}

const PHASES: Readonly<Record<Purpose, string>> = {
  'all-at-once': 'Trying all upgrades at once',
  'one-more': 'Trying one upgrade on top of what is kept',
  final: 'Proving what is kept from a fresh installation',
};

const setKey = (purpose: Purpose, upgrades: readonly string[]): string => [purpose, ...upgrades].join('\u0000');

const chosen = (plan: Plan, names: readonly string[]): readonly PlannedUpgrade[] =>
  plan.upgrades.filter(({ name }) => names.includes(name));

function settledBy(
  move: Move & { kind: 'settled' },
  answered: ReadonlyMap<string, Answered>,
  untried: readonly string[],
): Settlement {
  const proof =
    answered.get(setKey('final', move.kept)) ??
    answered.get(setKey('all-at-once', move.kept)) ??
    lastGreen(move.kept, answered);
  const verdict: Verdict = proof?.result.verdict ?? { kind: 'green', passed: 0, of: 0 };
  return {
    kept: move.kept.map((name) => ({ name, verdict, trial: proof?.trial ?? '' })),
    refused: move.refused.map((refused) => {
      const trial = answered.get(setKey(refused.purpose, refused.set));
      return {
        ...refused,
        verdict: trial?.result.verdict ?? { kind: 'broken', passed: 0, of: 1 },
        trial: trial?.trial ?? null,
      };
    }),
    untried,
  };
}

const lastGreen = (kept: readonly string[], answered: ReadonlyMap<string, Answered>): Answered | undefined =>
  answered.get(setKey('one-more', kept));

interface Cut {
  readonly plan: Plan;
  readonly order: readonly string[];
  readonly answered: ReadonlyMap<string, Answered>;
  readonly answers: Answers;
}

/** The run has to end: what was proven so far is kept, what was not tried is said. */
function cutShort(execution: Execution, { order, answered, answers }: Cut): Settlement {
  endedBy(execution.signals);
  const kept: string[] = [];
  const refused: Refused[] = [];
  const untried: string[] = [];
  for (const name of order) {
    const set = [...kept, name];
    const verdict = answers.verdictOf('one-more', set);
    if (verdict === undefined) untried.push(name);
    else if (isKept(verdict)) kept.push(name);
    else refused.push({ name, by: 'trial', set, purpose: 'one-more' });
  }
  return settledBy({ kind: 'settled', kept, refused }, answered, untried);
}

/** Shows at once what a trial decided; the analyzer gives each refusal its cause later. */
async function tellVerdicts(
  execution: Execution,
  move: Move & { kind: 'try' },
  { plan, answer }: { readonly plan: Plan; readonly answer: Answered },
): Promise<void> {
  const { verdict } = answer.result;
  // One more decides about the newest; all at once and the last proof decide about all of them.
  const decided = move.purpose === 'one-more' || !isKept(verdict) ? move.upgrades.slice(-1) : move.upgrades;
  if (!isKept(verdict) && move.purpose === 'all-at-once' && plan.upgrades.length > 1) return;
  for (const upgrade of chosen(plan, decided)) {
    if (isKept(verdict)) {
      await execution.record.emit('upgrade-kept', { name: upgrade.name, to: upgrade.to, verdict, trial: answer.trial });
    } else {
      await execution.record.emit('upgrade-refused', {
        name: upgrade.name,
        to: upgrade.to,
        verdict,
        cause: answer.result.summary,
        where: [],
        trial: answer.trial,
        evidence: evidenceOf(answer.trial),
      });
    }
  }
}

interface Asking {
  readonly plan: Plan;
  readonly trials: Trials;
  readonly questions: readonly Question[];
}

/** Tries the other ways that the analyzer saw. A way that could not be tried stays without an answer. */
async function answerQuestions(
  execution: Execution,
  { plan, trials, questions }: Asking,
): Promise<readonly Question[]> {
  const answered: Question[] = [];
  for (const question of questions) {
    const asked = {
      purpose: 'instead',
      upgrades: chosen(plan, question.upgrades),
      greenRunsWanted: BASELINE_RUNS,
    } as const;
    const answer = (await trials.known(asked)) ?? (await trials.ask(asked));
    if (answer === null) endedBy(execution.signals);
    const verdict: Verdict = answer?.result.verdict ?? { kind: 'timed-out', passed: 0, of: 0 };
    answered.push({ ...question, answer: { trial: answer?.trial ?? '', verdict } });
  }
  const green = answered.filter(({ answer }) => answer !== null && isKept(answer.verdict)).length;
  const summary = `${green} of ${answered.length} other ways are green too.`;
  await execution.record.emit('agent_completed', { agent: 'validator', summary });
  return answered;
}

interface Progress {
  readonly phase: string;
  /** Trials still to come, at most. */
  readonly ahead: number;
  readonly known: number;
}

async function tellProgress(execution: Execution, { phase, ahead, known }: Progress): Promise<void> {
  const finished = execution.record.view().trials.filter(({ wallMs }) => wallMs !== null);
  const spentMs = finished.reduce((sum, { wallMs }) => sum + (wallMs ?? 0), 0);
  await execution.record.emit('progress', {
    phase,
    trialsDone: finished.length,
    trialsExpected: Math.max(known, finished.length) + ahead,
    remainingMs: finished.length === 0 ? null : Math.round((spentMs / finished.length) * ahead),
  });
}

const settlementSummary = ({ kept, refused, untried }: Settlement): string =>
  `${kept.length} kept, ${refused.length} refused${untried.length === 0 ? '' : `, ${untried.length} not tried`}.`;

/** For messages about the time a run may take. */
export const limitText = (maxMinutes: number): string => durationText(minutes(maxMinutes));
