// The analyzer: gives each refused upgrade its cause, and finds where a person has to choose between green ways.
// Rule: no side effect lies before the question, which is asked by a node of its own. How a cause is found:
// find-cause.ts.

import { countText } from 'kernel/basics';

import { alternativesAmong, openQuestions } from '../diagnosing/ask-person.ts';
import type { PlannedUpgrade, Verdict } from '../protocol/index.ts';
import type { TrialResult } from '../validating/trial.ts';
import { askScripts } from './ask-scripts.ts';
import { contentsOf, type Execution } from './execution.ts';
import { causeFor, projectFolder, type Diagnosed, type Refusal } from './find-cause.ts';
import { evidenceOf } from './run-folder.ts';
import type { Mend, MigrationState, Settlement } from './state.ts';
import { recorded } from './conduct-trial.ts';
import { trialId } from './trial-question.ts';
import { limitText } from './validator.ts';
import { wantingScripts } from './wanting-scripts.ts';

export async function analyzer(execution: Execution, state: MigrationState): Promise<Partial<MigrationState>> {
  const { plan, settlement } = state;
  if (plan === null || settlement === null)
    throw new TypeError('The analyzer was entered before anything was settled.');
  await execution.record.emit('agent-started', { agent: 'analyzer' });
  if (state.questions.length > 0) return askPerson(execution, state);
  // Second entry: what is refused was told already, and what could be mended was tried.
  if (state.mends.length > 0 || state.wantingScripts.length > 0) return lookFurther(execution, state, settlement);
  const mends: Mend[] = [];
  const project = projectFolder(state);
  const contents = state.project === null ? '' : await contentsOf(execution, state.project.copy);
  const installer = state.project?.installer ?? 'npm';
  for (const refused of settlement.refused) {
    const upgrade = plan.upgrades.find(({ name }) => name === refused.name);
    if (upgrade === undefined) continue;
    const older = settlement.kept.find(({ name }) => name === refused.name);
    const diagnosed = await (older === undefined
      ? tellRefusal(execution, { upgrade, refused, project, contents, installer })
      : tellOlder(execution, { upgrade, refused, project, contents, installer, older }));
    mends.push(...mendOf(upgrade, diagnosed));
  }
  await tellKept(execution, settlement);
  for (const name of settlement.untried) {
    const upgrade = plan.upgrades.find((planned) => planned.name === name);
    if (upgrade !== undefined) await tellUntried(execution, upgrade);
  }
  if (mends.length === 0 || execution.signals.any.aborted) return lookFurther(execution, state, settlement);
  const summary = `${mends.length} of the refused may be green with a change of code.`;
  await execution.record.emit('agent_completed', { agent: 'analyzer', summary });
  return { mends };
}

/** Where install scripts may be what is missing a person is asked first: what is refused may be green then. */
async function lookFurther(
  execution: Execution,
  { project }: MigrationState,
  settlement: Settlement,
): Promise<Partial<MigrationState>> {
  const wanting = project === null ? [] : await wantingScripts(execution, project, withoutOlder(settlement));
  const trials = [...new Set(wanting.map(({ trial }) => trial))];
  const decision = await askScripts(execution, {
    names: [...new Set(wanting.flatMap(({ scripts }) => scripts))].sort(),
    why: `${wanting.map(({ name, to }) => `${name} ${to}`).join(', ')} ${wanting.length === 1 ? 'was' : 'were'} refused.`,
    trials,
  });
  if (decision === null) return lookForQuestions(execution, settlement);
  const summary = `${countText(wanting.length, 'refused upgrade')} may want an install script.`;
  await execution.record.emit('agent_completed', { agent: 'analyzer', summary });
  return { wantingScripts: wanting, decisions: [decision] };
}

/** Where a person has to choose between what is kept and what is refused. */
async function lookForQuestions(execution: Execution, settlement: Settlement): Promise<Partial<MigrationState>> {
  const questions = execution.signals.any.aborted
    ? []
    : await openQuestions(withoutOlder(settlement), (trial) => recorded<TrialResult>(execution, trial));
  const refusals = withoutOlder(settlement).refused.length;
  const summary =
    refusals === 0
      ? 'Nothing was refused.'
      : `${refusals} refused, each with its cause${questions.length > 0 ? `; ${questions.length} may have another way` : ''}.`;
  await execution.record.emit('agent_completed', { agent: 'analyzer', summary });
  return { questions };
}

/** More text than this nobody reviews as one change of one upgrade. */
const REWRITTEN_LENGTH_MAX = 1_000_000;

/** The change of code that follows from its cause; none where there is none. */
function mendOf({ name, to }: PlannedUpgrade, { rewrite }: Diagnosed): readonly Mend[] {
  if (rewrite === null) return [];
  const files = rewrite.files.map(({ path, after, edits, places }) => ({ path, after, edits, places }));
  const length = files.reduce((sum, { after }) => sum + after.length, 0);
  return length > REWRITTEN_LENGTH_MAX ? [] : [{ name, to, sentence: rewrite.sentence, files, answer: null }];
}

async function tellRefusal(execution: Execution, refusal: Refusal): Promise<Diagnosed> {
  const { upgrade, refused } = refusal;
  const diagnosed = await causeFor(execution, refusal);
  const { cause, where, diagnosis } = diagnosed;
  await execution.record.emit('upgrade-refused', {
    name: upgrade.name,
    to: upgrade.to,
    verdict: refused.verdict,
    cause,
    where: [...where],
    trial: refused.trial,
    evidence: refused.trial === null ? 'package.json' : evidenceOf(refused.trial),
    diagnosis,
  });
  return diagnosed;
}

/** Where an older version is kept there is nothing to choose between. */
const withoutOlder = (settlement: Settlement): Settlement => ({
  ...settlement,
  refused: settlement.refused.filter(({ name }) => !settlement.kept.some((kept) => kept.name === name)),
});

/** What is kept as planned, with the verdict of the proof. */
async function tellKept(execution: Execution, { kept, refused }: Settlement): Promise<void> {
  for (const { name, to, verdict, trial } of kept) {
    if (refused.some((each) => each.name === name)) continue;
    await execution.record.emit('upgrade-kept', { name, to, verdict, trial });
  }
}

interface Older extends Refusal {
  readonly older: Settlement['kept'][number];
}

async function tellOlder(execution: Execution, refusal: Older): Promise<Diagnosed> {
  const { upgrade, refused, older } = refusal;
  const diagnosed = await causeFor(execution, refusal);
  const { cause, diagnosis } = diagnosed;
  const { name, to, verdict, trial } = older;
  const newest = { to: upgrade.to, toRange: upgrade.toRange, verdict: refused.verdict, cause };
  const evidence = refused.trial === null ? 'package.json' : evidenceOf(refused.trial);
  const insteadOf = { ...newest, evidence, trial: refused.trial, diagnosis };
  await execution.record.emit('upgrade-kept', { name, to, verdict, trial, insteadOf });
  return diagnosed;
}

async function tellUntried(execution: Execution, upgrade: PlannedUpgrade): Promise<void> {
  const verdict: Verdict = { kind: 'timed-out', passed: 0, of: 0 };
  const limit = limitText(execution.input.options.maxMinutes);
  const cause = execution.signals.stopped.aborted
    ? 'The run was stopped before it was tried.'
    : `The run’s time of ${limit} was used up before it was tried.`;
  const told = { name: upgrade.name, to: upgrade.to, verdict, cause, where: [], trial: null, evidence: 'package.json' };
  await execution.record.emit('upgrade-refused', told);
}

/** Second entry: the other ways were tried; what is green becomes a question. */
async function askPerson(execution: Execution, state: MigrationState): Promise<Partial<MigrationState>> {
  const decisions = alternativesAmong(state.questions, (conflict) =>
    trialId(`decision\u0000${execution.run}\u0000${conflict.name}`),
  );
  for (const decision of decisions) {
    if (!execution.record.view().decisions.some(({ id }) => id === decision.id)) {
      await execution.record.emit('decision-asked', decision);
    }
  }
  const summary = decisions.length === 0 ? 'No other way is green.' : `${decisions.length} to be decided by a person.`;
  await execution.record.emit('agent_completed', { agent: 'analyzer', summary });
  return { decisions };
}
