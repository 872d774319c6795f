// The human gate: waits for a person's decision, then applies it.
// Rule: the interrupt is the first thing in this node, and nothing happens before it: LangGraph runs a node again
// from its beginning when the run goes on.

import { interrupt } from '@langchain/langgraph';

import { TAKE_OPTION } from '../diagnosing/alternatives.ts';
import { allowScripts } from '../intake/allowed-scripts.ts';
import type { Decision } from '../protocol/index.ts';
import type { Plan } from '../planning/plan-upgrades.ts';
import type { Execution } from './execution.ts';
import { evidenceOf } from './run-folder.ts';
import type { MigrationState, Question, Settlement } from './state.ts';
import { mendsBy } from './wanting-scripts.ts';

export async function humanGate(execution: Execution, state: MigrationState): Promise<Partial<MigrationState>> {
  const [decision, ...later] = state.decisions;
  if (decision === undefined) return {};
  const option = String(interrupt<Decision, string>(decision));
  await execution.record.emit('agent-started', { agent: 'human-gate' });
  const allowed = decision.allows?.[option] ?? [];
  if (allowed.length > 0) await allowScripts(execution.ports.home, execution.input.project, allowed);
  const mends = mendsBy(state.wantingScripts, allowed);
  if (mends.length > 0) return { decisions: later, mends: [...state.mends, ...mends] };
  const question = state.questions.find(({ answer }) => answer?.trial === decision.trials[0]);
  const label = decision.options.find(({ id }) => id === option)?.label ?? option;
  await execution.record.emit('agent_completed', { agent: 'human-gate', summary: `A person chose: ${label}.` });
  if (option !== TAKE_OPTION || question === undefined || state.settlement === null) return { decisions: later };
  const settlement = taken(state.settlement, question, state.plan);
  await tellChange(execution, state, { settlement, question });
  // Other questions rested on what was kept before this choice.
  return { settlement, decisions: later.filter(({ id }) => stillOpen(id, later, settlement)) };
}

/** What is kept after the other way was chosen. Pure. */
export function taken(settlement: Settlement, question: Question, plan: Plan | null): Settlement {
  const { answer, conflict } = question;
  if (answer === null) return settlement;
  const planned = (name: string): string => plan?.upgrades.find((upgrade) => upgrade.name === name)?.to ?? '';
  const kept = question.upgrades.map((name) => ({
    name,
    to: settlement.kept.find((each) => each.name === name)?.to ?? planned(name),
    verdict: answer.verdict,
    trial: answer.trial,
  }));
  const given = settlement.kept.filter(({ name }) => conflict.against.includes(name));
  const refused = [
    ...settlement.refused.filter(({ name }) => name !== conflict.name),
    ...given.map(({ name, to, trial }) => ({
      name,
      to,
      by: 'trial' as const,
      verdict: { kind: 'resolver-conflict' as const, passed: 0, of: 0 },
      trial,
    })),
  ];
  return { ...settlement, kept, refused };
}

const stillOpen = (id: string, decisions: readonly Decision[], settlement: Settlement): boolean => {
  const decision = decisions.find((open) => open.id === id);
  const names = new Set(settlement.kept.map(({ name }) => name));
  return decision !== undefined && [...names].some((name) => decision.question.includes(name));
};

interface Change {
  readonly settlement: Settlement;
  readonly question: Question;
}

async function tellChange(execution: Execution, state: MigrationState, change: Change): Promise<void> {
  const { question, settlement } = change;
  const versionOf = (name: string): string =>
    settlement.kept.find((each) => each.name === name)?.to ??
    state.plan?.upgrades.find((planned) => planned.name === name)?.to ??
    '';
  const { conflict, answer } = question;
  if (answer === null) return;
  for (const name of conflict.against) {
    await execution.record.emit('upgrade-refused', {
      name,
      to: versionOf(name),
      verdict: { kind: 'resolver-conflict', passed: 0, of: 0 },
      cause: `A person chose ${conflict.name} instead. ${question.sentence}`,
      where: [],
      trial: answer.trial,
      evidence: evidenceOf(answer.trial),
    });
  }
  for (const name of question.upgrades) {
    await execution.record.emit('upgrade-kept', {
      name,
      to: versionOf(name),
      verdict: answer.verdict,
      trial: answer.trial,
    });
  }
}
