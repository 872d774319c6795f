// The four agents and the gate as steps with edges between them. The graph and the list are both drawn from this,
// so they cannot say different things.

import type { Agent, ModernizationView } from 'modernizer/protocol';
import { openDecisions } from 'modernizer/protocol';
import { isFinal } from 'kernel/protocol';

import type { Look } from '../components/chip.tsx';
import { agentLook, STOPPED_LOOK } from './looks.ts';

export interface WorkflowStep {
  readonly agent: Agent;
  readonly title: string;
  readonly task: string;
  readonly look: Look;
  readonly active: boolean;
  readonly summary: string | null;
  readonly rounds: number;
}

export interface WorkflowEdge {
  readonly from: Agent;
  readonly to: Agent;
  readonly active: boolean;
}

const STEPS: readonly { readonly agent: Agent; readonly title: string; readonly task: string }[] = [
  { agent: 'planner', title: 'Planner', task: 'Reads the manifest and the registry, orders the upgrades.' },
  { agent: 'validator', title: 'Validator', task: 'Tries them in the sandbox: installs, builds, starts, tests.' },
  { agent: 'analyzer', title: 'Analyzer', task: 'Finds the cause of each refusal from facts.' },
  { agent: 'human-gate', title: 'Your decision', task: 'Asks you where several ways are right.' },
  { agent: 'deployer', title: 'Deployer', task: 'Commits what was kept, one commit per upgrade.' },
];

export const EDGES: readonly { readonly from: Agent; readonly to: Agent }[] = [
  { from: 'planner', to: 'validator' },
  { from: 'validator', to: 'analyzer' },
  { from: 'analyzer', to: 'human-gate' },
  { from: 'analyzer', to: 'validator' },
  { from: 'analyzer', to: 'deployer' },
  { from: 'human-gate', to: 'deployer' },
];

export const STEP_IDS: readonly Agent[] = STEPS.map(({ agent }) => agent);
export const edgeId = ({ from, to }: { readonly from: Agent; readonly to: Agent }): string => `${from}-${to}`;

export function workflowSteps(view: ModernizationView): readonly WorkflowStep[] {
  const asking = openDecisions(view).length > 0 && !isFinal(view.status);
  return STEPS.map((step) => {
    const seen = view.agents.find((agent) => agent.agent === step.agent);
    const asks = asking && step.agent === 'human-gate';
    const working = seen?.state === 'working';
    // An agent that was at work when the run ended or lost its owner did not finish, and works no more.
    const stopped = working && (isFinal(view.status) || view.status === 'interrupted');
    return {
      ...step,
      look: stopped ? STOPPED_LOOK : agentLook(seen?.state ?? 'waiting', asks),
      active: asks || (working && !stopped),
      summary: asks ? (openDecisions(view)[0]?.question ?? null) : (seen?.summary ?? null),
      rounds: seen?.rounds ?? 0,
    };
  });
}

/** The edge by which the work came to a step that is active: the one from the latest step that has been at work. */
export function workflowEdges(steps: readonly WorkflowStep[]): readonly WorkflowEdge[] {
  const been = (agent: Agent): boolean => (steps.find((step) => step.agent === agent)?.rounds ?? 0) > 0;
  const cameFrom = (to: Agent): Agent | undefined =>
    STEPS.map(({ agent }) => agent).findLast((from) => been(from) && EDGES.some((e) => e.from === from && e.to === to));
  const active = (agent: Agent): boolean => steps.find((step) => step.agent === agent)?.active === true;
  return EDGES.map((edge) => ({ ...edge, active: active(edge.to) && cameFrom(edge.to) === edge.from }));
}

/** The step in one line, as the list says it and as the graph is described. */
export const stepSentence = (step: WorkflowStep): string =>
  `${step.title}: ${step.look.word}${step.rounds > 1 ? `, round ${step.rounds}` : ''}. ${step.summary ?? step.task}`;
