// A run as a person sees it, folded from its journal. The console, the JSON result and the report share it.
// Rule: pure, and total over any prefix of a journal: what is not yet known is null or empty, never invented.

import type { RunEvent, RunStatus } from 'kernel/protocol';

import { parseEvent, type Agent, type EventData, type ModernizerEvent } from './events.ts';
import type { Diagnosis } from './diagnosis.ts';
import type {
  Decision,
  FixAttempt,
  InsteadOf,
  LevelResult,
  PlannedUpgrade,
  Rewrite,
  TestCounts,
  Verdict,
} from './upgrade.ts';

export type AgentState = 'waiting' | 'working' | 'finished' | 'skipped';

export interface AgentView {
  readonly agent: Agent;
  readonly state: AgentState;
  readonly summary: string | null;
  /** How often it has been entered. */
  readonly rounds: number;
}

export interface UpgradeView extends PlannedUpgrade {
  readonly state: 'planned' | 'trying' | 'kept' | 'refused';
  readonly verdict: Verdict | null;
  readonly cause: string | null;
  readonly where: readonly string[];
  readonly trial: string | null;
  readonly evidence: string | null;
  /** The newest version, when an older one is kept in its place; `to` and `toRange` are then those of the older one. */
  readonly insteadOf: InsteadOf | null;
  /** What was found out about why it was refused; null where nothing was looked into. */
  readonly diagnosis: Diagnosis | null;
  /** The change of code that it is kept with; null where none was needed. */
  readonly rewrite: Rewrite | null;
  /** What was tried to make it green all the same. */
  readonly attempts: readonly FixAttempt[];
}

export interface TrialView {
  readonly id: string;
  readonly number: number;
  readonly purpose: EventData<'trial-started'>['purpose'];
  readonly upgrades: readonly string[];
  /** The version of each of `upgrades`; empty in journals of before 0022. */
  readonly versions: readonly string[];
  readonly expected: EventData<'trial-started'>['expected'] | null;
  readonly why: string | null;
  readonly state: 'running' | 'finished';
  readonly step: string | null;
  readonly startedAt: string;
  readonly expectedMs: number | null;
  readonly verdict: Verdict | null;
  readonly answeredBy: EventData<'trial-finished'>['answeredBy'] | null;
  readonly sameAs: string | null;
  readonly summary: string | null;
  /** Tests that wavered: named, not counted. */
  readonly quarantined: readonly string[];
  readonly levels: readonly LevelResult[];
  readonly tests: TestCounts | null;
  readonly wallMs: number | null;
  readonly evidence: string | null;
}

export interface DecisionView extends Decision {
  readonly askedAt: string;
  readonly answer: { readonly option: string; readonly by: string; readonly at: string } | null;
}

export interface ModernizationView {
  readonly lastSeq: number;
  readonly started: EventData<'run-started'> | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly status: RunStatus;
  readonly reason: string | null;
  readonly next: string | null;
  readonly agents: readonly AgentView[];
  readonly progress: EventData<'progress'> | null;
  readonly baseline: EventData<'baseline-judged'> | null;
  readonly plan: EventData<'plan-made'> | null;
  readonly upgrades: readonly UpgradeView[];
  readonly trials: readonly TrialView[];
  readonly decisions: readonly DecisionView[];
  readonly deployment: EventData<'deployment_complete'> | null;
}

const AGENTS: readonly Agent[] = ['planner', 'validator', 'analyzer', 'human-gate', 'deployer'];

export const EMPTY_VIEW: ModernizationView = {
  lastSeq: 0,
  started: null,
  startedAt: null,
  finishedAt: null,
  status: 'queued',
  reason: null,
  next: null,
  agents: AGENTS.map((agent) => ({ agent, state: 'waiting', summary: null, rounds: 0 })),
  progress: null,
  baseline: null,
  plan: null,
  upgrades: [],
  trials: [],
  decisions: [],
  deployment: null,
};

/** The view after one more event. Events already seen are ignored, so a replay may overlap. */
export function foldEvent(view: ModernizationView, event: RunEvent): ModernizationView {
  if (event.seq <= view.lastSeq) return view;
  const ours = parseEvent(event.kind, event.data);
  const next = ours === undefined ? view : applied(view, ours, event.at);
  return { ...next, lastSeq: event.seq };
}

export const foldEvents = (events: Iterable<RunEvent>): ModernizationView => {
  let view = EMPTY_VIEW;
  for (const event of events) view = foldEvent(view, event);
  return view;
};

export const openDecisions = (view: ModernizationView): readonly DecisionView[] =>
  view.decisions.filter((decision) => decision.answer === null);

function applied(view: ModernizationView, event: ModernizerEvent, at: string): ModernizationView {
  switch (event.kind) {
    case 'run-started':
      return { ...view, started: event.data, startedAt: at, status: 'running' };
    case 'run-resumed':
      return { ...view, status: 'running', reason: null, next: null };
    case 'run-interrupted':
      return { ...view, status: 'interrupted', reason: event.data.reason };
    case 'agent-started':
      return withAgent(view, event.data.agent, (agent) => ({ ...agent, state: 'working', rounds: agent.rounds + 1 }));
    case 'agent_completed':
      return withAgent(view, event.data.agent, (agent) => ({
        ...agent,
        state: 'finished',
        summary: event.data.summary,
      }));
    case 'progress':
      return { ...view, progress: event.data };
    case 'baseline-judged':
      return { ...view, baseline: event.data };
    case 'plan-made':
      return { ...view, plan: event.data, upgrades: event.data.upgrades.map(plannedView) };
    case 'deployment_complete':
      return { ...view, deployment: event.data };
    case 'run-finished':
      return finished(view, event.data, at);
    case 'decision-asked':
      return {
        ...view,
        status: 'needs-person',
        decisions: [
          ...view.decisions.filter((decision) => decision.id !== event.data.id),
          { ...event.data, askedAt: at, answer: null },
        ],
      };
    case 'decision-made':
      return decided(view, event.data, at);
    default:
      return appliedToTrials(view, event, at);
  }
}

type TrialEvent = Extract<
  ModernizerEvent,
  { kind: 'trial-started' | 'trial-step' | 'trial-stopped' | 'trial-finished' | 'upgrade-kept' | 'upgrade-refused' }
>;

function appliedToTrials(view: ModernizationView, event: TrialEvent, at: string): ModernizationView {
  switch (event.kind) {
    case 'trial-started':
      return trialStarted(view, event.data, at);
    case 'trial-step':
      return withTrial(view, event.data.trial, (trial) => ({
        ...trial,
        step: event.data.run > 1 ? `${event.data.step} ${event.data.run}` : event.data.step,
      }));
    case 'trial-stopped':
      return noLongerTrying({ ...view, trials: view.trials.filter(({ id }) => id !== event.data.trial) });
    case 'trial-finished': {
      const { trial: id, ...result } = event.data;
      return noLongerTrying(
        withTrial(view, id, (trial) => ({
          ...trial,
          ...result,
          quarantined: result.quarantined ?? [],
          state: 'finished',
          step: null,
        })),
      );
    }
    case 'upgrade-kept':
      return withUpgrades(view, (upgrade) =>
        upgrade.name === event.data.name ? keptView(upgrade, event.data, view.plan) : upgrade,
      );
    case 'upgrade-refused':
      return withUpgrades(view, (upgrade) =>
        upgrade.name === event.data.name
          ? {
              ...upgrade,
              state: 'refused',
              verdict: event.data.verdict,
              cause: event.data.cause,
              where: event.data.where,
              trial: event.data.trial,
              evidence: event.data.evidence,
              diagnosis: event.data.diagnosis ?? null,
              attempts: event.data.attempts ?? [],
            }
          : upgrade,
      );
  }
}

/** Trials run beside each other: what another one still tries goes on being tried. */
function noLongerTrying(view: ModernizationView): ModernizationView {
  const others = view.trials.filter(({ state }) => state === 'running').flatMap(({ upgrades }) => upgrades);
  return withUpgrades(view, (upgrade) =>
    upgrade.state === 'trying' && !others.includes(upgrade.name) ? { ...upgrade, state: 'planned' } : upgrade,
  );
}

function keptView(
  upgrade: UpgradeView,
  { to, verdict, trial, insteadOf = null, rewrite = null }: EventData<'upgrade-kept'>,
  plan: ModernizationView['plan'],
): UpgradeView {
  const planned = plan?.upgrades.find((each) => each.name === upgrade.name && each.to === to);
  const aim = planned ?? upgrade.older?.find((each) => each.to === to);
  const version = aim === undefined ? {} : { to, toRange: aim.toRange, raisesEngines: aim.raisesEngines };
  const found = { cause: null, where: [], diagnosis: null, attempts: [] };
  return { ...upgrade, ...version, ...found, state: 'kept', verdict, trial, insteadOf, rewrite };
}

function trialStarted(view: ModernizationView, data: EventData<'trial-started'>, at: string): ModernizationView {
  const trial: TrialView = {
    id: data.trial,
    number: data.number,
    purpose: data.purpose,
    upgrades: data.upgrades,
    versions: data.versions ?? [],
    expected: data.expected ?? null,
    why: data.why ?? null,
    state: 'running',
    step: null,
    startedAt: at,
    expectedMs: data.expectedMs,
    verdict: null,
    answeredBy: null,
    sameAs: null,
    summary: null,
    quarantined: [],
    levels: [],
    tests: null,
    wallMs: null,
    evidence: null,
  };
  const trials = [...view.trials.filter((other) => other.id !== trial.id), trial];
  return withUpgrades({ ...view, trials }, (upgrade) =>
    upgrade.state === 'planned' && data.upgrades.includes(upgrade.name) ? { ...upgrade, state: 'trying' } : upgrade,
  );
}

function finished(view: ModernizationView, data: EventData<'run-finished'>, at: string): ModernizationView {
  const agents = view.agents.map((agent) =>
    agent.state === 'waiting' ? { ...agent, state: 'skipped' as const } : agent,
  );
  return { ...view, agents, status: data.status, reason: data.reason, next: data.next, finishedAt: at, progress: null };
}

function decided(view: ModernizationView, data: EventData<'decision-made'>, at: string): ModernizationView {
  const decisions = view.decisions.map((decision) =>
    decision.id === data.id && decision.answer === null
      ? { ...decision, answer: { option: data.option, by: data.by, at } }
      : decision,
  );
  const open = decisions.some((decision) => decision.answer === null);
  return { ...view, decisions, status: open || view.status !== 'needs-person' ? view.status : 'queued' };
}

const plannedView = (upgrade: PlannedUpgrade): UpgradeView => ({
  ...upgrade,
  state: 'planned',
  verdict: null,
  cause: null,
  where: [],
  trial: null,
  evidence: null,
  insteadOf: null,
  diagnosis: null,
  rewrite: null,
  attempts: [],
});

const withAgent = (
  view: ModernizationView,
  name: Agent,
  change: (agent: AgentView) => AgentView,
): ModernizationView => ({
  ...view,
  agents: view.agents.map((agent) => (agent.agent === name ? change(agent) : agent)),
});

const withTrial = (
  view: ModernizationView,
  id: string,
  change: (trial: TrialView) => TrialView,
): ModernizationView => ({
  ...view,
  trials: view.trials.map((trial) => (trial.id === id ? change(trial) : trial)),
});

const withUpgrades = (view: ModernizationView, change: (upgrade: UpgradeView) => UpgradeView): ModernizationView => ({
  ...view,
  upgrades: view.upgrades.map(change),
});
