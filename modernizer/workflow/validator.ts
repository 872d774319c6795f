// The validator: judges the project as it is, then tries upgrades in the sandbox until the plan is settled.
// Not here: which sets are tried, and how many at once (settle.ts).

import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { countText, durationText, mebibytes, minutes, seconds } from 'kernel/basics';

import { filesOf, questionText, withUpgrades } from '../ecosystems/workspaces.ts';
import { isKept, type Baseline, type EventData, type Verdict } from '../protocol/index.ts';
import type { Plan } from '../planning/plan-upgrades.ts';
import { judgeProject, type BaselineRecord } from '../validating/baseline.ts';
import { BASELINE_RUNS } from '../validating/judge-suite.ts';
import type { Pick } from '../validating/search/seen.ts';
import type { TrialLimits } from '../validating/run-step.ts';
import { stepsOf } from '../validating/steps.ts';
import { allowedIn, askScripts, namedInLog } from './ask-scripts.ts';
import { chosen } from './chosen.ts';
import { conductTrial, recorded } from './conduct-trial.ts';
import { contentsOf, endedBy, type Execution } from './execution.ts';
import { findCausesAhead } from './find-cause.ts';
import { mend, rewritesOf } from './mend.ts';
import { installerOf, manifestsOf, stoppedEarly, type Manifests } from './planner.ts';
import { settle } from './settle.ts';
import { prepareTree } from './prepare-tree.ts';
import type { Ending, Mend, MigrationState, ProjectRecord, Question, Settlement } from './state.ts';
import { tellProgress } from './tell-progress.ts';
import type { RewrittenFile } from './trial-question.ts';
import { environmentOf, trialId, type TrialSetting } from './trial-question.ts';
import { openTrials, type Trials } from './trials.ts';

/** An installation of a thousand packages with an empty cache on a slow line. */
const INSTALL_MS_MAX = minutes(6);
/** A first run of a suite nobody knows yet; one that hangs is noticed here. */
const FIRST_STEP_MS_MAX = minutes(5);
/** A trial's step may take this many times what it took at the baseline, and never less than STEP_MS_MIN. */
const STEP_SLOWER_MAX = 8;
const STEP_MS_MIN = seconds(20);
/** What a test suite with a transpiler and a coverage tool has been seen to need, several times over. */
const MEMORY_BYTES_MAX = mebibytes(3072);

export async function validator(execution: Execution, state: MigrationState): Promise<Partial<MigrationState>> {
  const { project, plan } = state;
  if (project === null || plan === null) throw new TypeError('The validator was entered before the planner had ended.');
  await execution.record.emit('agent-started', { agent: 'validator' });
  const setting = await settingOf(execution, { project, plan }, state.baseline);
  if (setting === null) return { ending: stoppedEarly(endedBy(execution.signals)) };
  const { baseline } = setting;
  if (baseline.redBecause !== null) return redProject(execution, baseline, setting.baselineTrial);
  const trials = openTrials(execution, setting);
  if (state.settlement !== null && state.mends.some(({ answer }) => answer === null)) {
    return mendRefused(execution, { plan, trials, settlement: state.settlement, mends: state.mends });
  }
  if (state.settlement !== null) {
    return {
      questions: await answerQuestions(execution, {
        plan,
        trials,
        questions: state.questions,
        kept: state.settlement.kept,
        mends: state.mends,
      }),
    };
  }
  const settlement = await settle(execution, {
    plan,
    trials,
    baseline,
    whileProving: (refused) => findCausesAhead(execution, state, refused),
  });
  const stopped = execution.signals.stopped.aborted;
  await execution.record.emit('agent_completed', { agent: 'validator', summary: settlementSummary(settlement) });
  return { baseline, settlement, ending: stopped ? stoppedEarly('stopped') : null };
}

/** What all trials of the run share; null when it was stopped before the baseline was judged. */
async function settingOf(
  execution: Execution,
  { project, plan }: { readonly project: ProjectRecord; readonly plan: Plan },
  judged: BaselineRecord | null,
): Promise<TrialSetting | null> {
  const manifests = filesOf(await manifestsOf(project));
  const baselineLock = await readFile(execution.folder.baselineLock, 'utf8');
  // With install scripts that were not allowed before, the project as it is is another one.
  const allowed = allowedIn(execution.record.view().decisions).map((name) => `\u0000${name}`);
  const baselineTrial =
    (judged && judgedIn(execution)) ?? trialId(`baseline\u0000${project.copy.baseCommit}${allowed.join('')}`);
  const contents = await contentsOf(execution, project.copy);
  const asked = { project, plan, trial: baselineTrial, lock: baselineLock, contents };
  const baseline = judged ?? (await judgeOnce(execution, asked));
  if (baseline === null) return null;
  const stepMs = Math.max(STEP_MS_MIN, baseline.slowestStepMs * STEP_SLOWER_MAX);
  const limits = { installMs: INSTALL_MS_MAX, stepMs, memoryBytesMax: MEMORY_BYTES_MAX };
  return { project, manifests, baselineLock, baseline, baselineTrial, limits, contents };
}

/** The trial that judged it; a person may have allowed more since. */
const judgedIn = ({ record }: Execution): string | undefined =>
  record.view().trials.findLast(({ purpose, state }) => purpose === 'baseline' && state === 'finished')?.id;

interface BaselineTrial {
  readonly project: ProjectRecord;
  readonly plan: Plan;
  readonly trial: string;
  readonly lock: string;
  readonly contents: string;
}

async function judgeOnce(
  execution: Execution,
  { project, plan, trial, lock, contents }: BaselineTrial,
): Promise<BaselineRecord | null> {
  const known = await recorded<BaselineRecord>(execution, trial);
  if (known !== undefined) {
    await tellBaseline(execution, known.baseline);
    return known;
  }
  await tellProgress(execution, { phase: 'Judging the project as it is', ahead: 1, known: 1 });
  const manifests = await manifestsOf(project);
  const installer = installerOf(project);
  const files = {
    source: join(project.copy.repository, project.copy.prefix),
    trials: execution.folder.trials,
    evidence: execution.folder.evidence,
    installer,
    allowedScripts: execution.input.options.allowScripts ?? [],
    registry: execution.registry.url,
    manifests: filesOf(manifests),
    lockText: lock,
    confined: !execution.sandbox.confinement.unsafe,
    rewrites: [],
  };
  const isTyped = await isTypeScript(files.source, manifests);
  const steps = stepsOf(manifests, execution.input.options, installer, isTyped);
  const limits: TrialLimits = {
    installMs: INSTALL_MS_MAX,
    stepMs: FIRST_STEP_MS_MAX,
    memoryBytesMax: MEMORY_BYTES_MAX,
  };
  const asked = { purpose: 'baseline', upgrades: [] } as const;
  const asIs = questionText(files.manifests);
  const environment = environmentOf(execution, project);
  const cacheKey = ['baseline', contents, asIs, lock, JSON.stringify(steps), environment].join('\u0000');
  const baseline = await conductTrial(
    execution,
    { trial, asked, files, expectedMs: null, told: toldBaseline, cacheKey, layered: true },
    async (ports, folder) => {
      // The trial that comes first, as trials.ts will ask it.
      const whole = withUpgrades(files.manifests, plan.upgrades);
      const first = { ...files, manifests: whole, lockText: project.lockfile === null ? null : lock };
      const standing = Promise.withResolvers<void>();
      const ahead = prepareTree(execution, first, { limits, standing: standing.promise });
      const onStep: typeof ports.onStep = (step, run) => {
        if (step !== 'install') standing.resolve();
        return ports.onStep(step, run);
      };
      const judging = judgeProject({ ...ports, onStep }, folder, steps, limits).finally(standing.resolve);
      const [judged] = await Promise.all([judging, ahead]);
      return judged;
    },
  );
  if (baseline !== null) await tellBaseline(execution, baseline.baseline);
  return baseline;
}

/** Whether the project brings a compiler and says what it compiles. */
async function isTypeScript(source: string, [{ manifest }]: Manifests): Promise<boolean> {
  if (manifest.devDependencies['typescript'] === undefined && manifest.dependencies['typescript'] === undefined)
    return false;
  return access(join(source, 'tsconfig.json')).then(
    () => true,
    () => false,
  );
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
  const told = execution.record.view().baseline;
  if (told?.kind !== baseline.kind || told.label !== baseline.label)
    await execution.record.emit('baseline-judged', baseline);
}

/** The end of the run, unless what may be missing is a question to a person: then it is judged anew after the answer. */
async function redProject(
  execution: Execution,
  baseline: BaselineRecord,
  trial: string,
): Promise<Partial<MigrationState>> {
  const sentence = baseline.redBecause ?? '';
  const scripted = baseline.scripted ?? [];
  const why = `The project is red as it is. ${sentence}`;
  await execution.record.emit('agent_completed', { agent: 'validator', summary: why });
  const names = await namedInLog(execution, trial, scripted);
  const decision = await askScripts(execution, { names, why, trials: [trial] });
  return decision === null ? { baseline, ending: redEnding(sentence, scripted) } : { decisions: [decision] };
}

const redEnding = (sentence: string, scripted: readonly string[]): Ending => ({
  status: 'stopped',
  reason: `The project is red before anything is changed, so no upgrade could be proven. ${sentence}`,
  next: `Make its tests green, or name a command that is green with --tests, then start again.${scriptsHint(scripted)}`,
});

async function mendRefused(
  execution: Execution,
  mending: Parameters<typeof mend>[1],
): Promise<Partial<MigrationState>> {
  const mended = await mend(execution, mending);
  const green = mended.mends.filter(({ answer }) => answer !== null && isKept(answer.verdict)).length;
  const summary = `${green} of ${countText(mended.mends.length, 'refused upgrade')} kept with a change of code.`;
  await execution.record.emit('agent_completed', { agent: 'validator', summary });
  return { ...mended, ending: execution.signals.stopped.aborted ? stoppedEarly('stopped') : null };
}

/** More than these would hide the sentence before. */
const SCRIPTED_SHOWN = 5;

/** What an install script would have made may be what is missing. */
function scriptsHint(scripted: readonly string[]): string {
  if (scripted.length === 0) return '';
  const names = scripted.slice(0, SCRIPTED_SHOWN).join(',');
  return ` Install scripts were not run; where one of them is what is missing: --allow-scripts ${names}`;
}

interface Asking {
  readonly plan: Plan;
  readonly trials: Trials;
  readonly questions: readonly Question[];
  readonly kept: Settlement['kept'];
  readonly mends: readonly Mend[];
}

/** Tries the other ways that the analyzer saw. A way that could not be tried stays without an answer. */
async function answerQuestions(
  execution: Execution,
  { plan, trials, questions, kept, mends }: Asking,
): Promise<readonly Question[]> {
  const answered: Question[] = [];
  for (const question of questions) {
    const picks = picksOf(plan, question.upgrades, kept);
    const asked = {
      purpose: 'instead',
      upgrades: chosen(plan, picks),
      greenRunsWanted: BASELINE_RUNS,
      ...rewritesFor(picks, mends),
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

/** What is kept with a change of code is tried with it. */
function rewritesFor(picks: readonly Pick[], mends: readonly Mend[]): { readonly rewrites?: readonly RewrittenFile[] } {
  const taken = mends.filter(
    ({ name, to, answer }) =>
      answer !== null && isKept(answer.verdict) && picks.some((pick) => pick.name === name && pick.to === to),
  );
  return taken.length === 0 ? {} : { rewrites: rewritesOf(taken) };
}

/** Names as picks: what is kept at the version that is kept, anything else at the plan's. */
const picksOf = (plan: Plan, names: readonly string[], kept: Settlement['kept']): readonly Pick[] =>
  names.map((name) => ({
    name,
    to: kept.find((each) => each.name === name)?.to ?? plan.upgrades.find((upgrade) => upgrade.name === name)?.to ?? '',
  }));

const settlementSummary = ({ kept, refused, untried }: Settlement): string =>
  `${kept.length} kept, ${refused.length} refused${untried.length === 0 ? '' : `, ${untried.length} not tried`}.`;

/** For messages about the time a run may take. */
export const limitText = (maxMinutes: number): string => durationText(minutes(maxMinutes));
