// Carries one run from where its checkpoint stands to its end, to a question for a person, or to the loss of its lease.
// Rule: only the holder of the lease executes; everything it writes is fenced by the lease's epoch.
// Rule: whatever happens, the journal says how it stands: final, needs-person, or interrupted and resumable.

import { minutes, type Fault, type RunId } from 'kernel/basics';
import type { RunRecord } from 'kernel/journal';
import type { RunStatus } from 'kernel/protocol';
import type { Lease } from 'kernel/work';

import { openGit } from '../ecosystems/git.ts';
import { npmRegistry } from '../ecosystems/npm/registry.ts';
import { runHeld, runOver, runUnknown, sandboxRefused } from '../faults.ts';
import { choiceText } from '../intake/read-choice.ts';
import { withAllowed } from './ask-scripts.ts';
import { writeReport } from './write-report.ts';
import { asRunFault, RunAbandoned, type Execution, type RunInput, type Signals } from './execution.ts';
import type { ModernizerPorts } from './ports.ts';
import { openRecord, RunLost, type RunRecorder } from './record.ts';
import { packageCache, runFolder } from './run-folder.ts';
import type { LoneAgent } from './agent-output.ts';
import type { Ending, MigrationState } from './state.ts';
import { openTrees } from './trees.ts';

export interface RunEnd {
  readonly status: RunStatus;
  readonly reason: string | null;
  /** Set when a fault ended it. */
  readonly fault: Fault | null;
}

/** Executes a run until it ends or waits. `down` tells that this process is going down. */
export const executeRun = (ports: ModernizerPorts, run: RunId, input: RunInput, down: AbortSignal): Promise<RunEnd> =>
  claimed(ports, { run, input, down }, carryOn);

interface AloneEnd {
  readonly end: RunEnd;
  /** The state after the agent; the one it was given where it did not come to its end. */
  readonly state: MigrationState;
}

/**
 * Lets one agent work in a run, and leaves the run interrupted: it can be resumed as a whole, or by the next agent. After
 * the deployer it is done.
 */
export async function executeAgent(
  ports: ModernizerPorts,
  whole: Claimed,
  { agent, state: before }: { readonly agent: LoneAgent; readonly state: MigrationState },
): Promise<AloneEnd> {
  let state = before;
  const end = await claimed(ports, whole, async (execution, ended) => {
    await tellBeginning(execution);
    const { runAgent } = await import('./one-agent.ts');
    state = await runAgent({ ...withAllowed(execution), alone: true }, agent, before);
    if (agent === 'deployer') return finish(execution, DONE, ended);
    const reason = `Only its ${agent} was asked for.`;
    await execution.record.emit('run-interrupted', { reason });
    return ended('interrupted', reason);
  });
  return { end, state };
}

type Working = (execution: Execution, end: End) => Promise<RunEnd>;

async function claimed(ports: ModernizerPorts, whole: Claimed, work: Working): Promise<RunEnd> {
  const { run } = whole;
  const claim = await ports.work.claim(run, ports.holder);
  if (claim.kind === 'no-such-run') throw runUnknown(run);
  if (claim.kind === 'held') throw runHeld(run, claim.holder);
  const { lease } = claim;
  try {
    return await underLease(ports, lease, { ...whole, work });
  } finally {
    await lease.release();
  }
}

export interface Claimed {
  readonly run: RunId;
  readonly input: RunInput;
  readonly down: AbortSignal;
}

async function underLease(
  ports: ModernizerPorts,
  lease: Lease,
  { run, input, down, work }: Claimed & { readonly work: Working },
): Promise<RunEnd> {
  const before = await ports.journal.get(run);
  if (before === undefined) throw runUnknown(run);
  if (before.completedAt !== null) throw runOver(run, before.status);
  const record = await openRecord(ports.journal, run, lease.epoch);
  const ending = endings(ports, before, { record, lease, down, input });
  const end = (status: RunStatus, reason: string | null, fault: Fault | null = null) =>
    settleStatus(ports, { run, epoch: lease.epoch }, { status, reason, fault });
  try {
    await ports.journal.setStatus(run, lease.epoch, 'running', null);
    const opening = await ports.openSandbox(run, input.options.unsafeHost);
    if (opening.kind === 'refused') throw sandboxRefused(opening.reason, opening.next);
    const { sandbox } = opening;
    const folder = runFolder(ports.home, run);
    const trees = openTrees(ports, { sandbox, cache: packageCache(ports.home), trials: folder.trials });
    try {
      const execution: Execution = {
        ports,
        run,
        input,
        record,
        folder,
        git: await openGit(ports.home),
        registry: npmRegistry(ports.registry, { authorization: ports.registryAuthorization }),
        sandbox,
        trees,
        signals: ending.signals,
      };
      return await work(execution, end);
    } finally {
      await trees.close();
      await sandbox.close();
    }
  } catch (error) {
    return await endBadly(error, { ports, run, record, end }).catch(lostMeanwhile);
  } finally {
    ending.close();
  }
}

type End = (status: RunStatus, reason: string | null, fault?: Fault | null) => Promise<RunEnd>;

async function carryOn(claimedBy: Execution, end: End): Promise<RunEnd> {
  // Answers may have come since it was claimed.
  const execution = withAllowed(claimedBy);
  await tellBeginning(execution);
  // Loaded here and not above: a server answers sooner when LangGraph waits for the first run.
  const [{ migrationGraph }, { Command }] = await Promise.all([import('./graph.ts'), import('@langchain/langgraph')]);
  const graph = migrationGraph(execution, execution.ports.store.checkpointer());
  const config = { configurable: { thread_id: execution.run }, durability: 'sync' as const };
  const checkpoint = await graph.getState(config);
  const waiting = checkpoint.tasks.some(({ interrupts }) => interrupts.length > 0);
  const answer = waiting ? answerTo(execution) : undefined;
  if (waiting && answer === undefined) return end('needs-person', questionOf(execution));
  const begun = checkpoint.createdAt !== undefined;
  const input = answer !== undefined ? new Command({ resume: answer }) : begun ? null : {};
  // The state type of a compiled graph is that of its annotation; LangGraph's own types lose it on `invoke`.
  const state = (await graph.invoke(input, config)) as MigrationState;
  const after = await graph.getState(config);
  if (after.tasks.some(({ interrupts }) => interrupts.length > 0)) return goOnAsking(execution, end);
  return finish(execution, state.ending ?? DONE, end);
}

const DONE: Ending = { status: 'done', reason: null, next: null };

/** The gate waits; if the answer came while the workflow was on its way there, it goes on at once. */
async function goOnAsking(execution: Execution, end: End): Promise<RunEnd> {
  if (answerTo(execution) !== undefined) return carryOn(execution, end);
  return end('needs-person', questionOf(execution));
}

/** The answer to the first question of the gate that a person has given and the gate has not used yet. */
function answerTo(execution: Execution): string | undefined {
  const { decisions, agents } = execution.record.view();
  const used = agents.find(({ agent }) => agent === 'human-gate')?.rounds ?? 0;
  return decisions[used]?.answer?.option;
}

const questionOf = (execution: Execution): string =>
  execution.record.view().decisions.find(({ answer }) => answer === null)?.question ?? 'A decision is open.';

async function tellBeginning(execution: Execution): Promise<void> {
  const { record, sandbox, input, ports } = execution;
  const { started, trials } = record.view();
  if (started !== null) {
    await record.emit('run-resumed', { trialsKnown: trials.filter(({ state }) => state === 'finished').length });
    return;
  }
  const { confinement } = sandbox;
  const project = choiceText(input.project);
  await record.emit('run-started', {
    project,
    name: (await ports.journal.get(execution.run))?.title ?? project,
    origin: input.project.kind === 'path' ? 'path' : project,
    options: input.options,
    sandbox: {
      backEnd: confinement.backEnd,
      unsafe: confinement.unsafe,
      detail: `memory: ${confinement.memory}, processes: ${confinement.processes}, network: ${confinement.network}`,
    },
    versions: ports.versions,
    environment: { architecture: process.arch, registry: withoutLogin(ports.registry) },
    ...(input.schedule && { schedule: input.schedule }),
  });
}

/** An address may carry a name and a password. */
function withoutLogin(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}

async function finish(execution: Execution, ending: Ending, end: End): Promise<RunEnd> {
  const outOfTime = ending.status === 'done' && execution.signals.deadline.aborted;
  const reason = ending.reason ?? (outOfTime ? 'Its time was used up; what was proven until then is kept.' : null);
  await execution.record.emit('run-finished', { status: ending.status, reason, next: ending.next });
  await writeReport(execution.record, execution.folder.report);
  return end(ending.status, reason ?? countsOf(execution));
}

/** What a list of runs shows of one that went well. */
function countsOf(execution: Execution): string {
  const { upgrades } = execution.record.view();
  const count = (state: 'kept' | 'refused'): number => upgrades.filter((upgrade) => upgrade.state === state).length;
  return `${count('kept')} kept, ${count('refused')} refused.`;
}

interface BadEnd {
  readonly ports: ModernizerPorts;
  readonly run: RunId;
  readonly record: RunRecorder;
  readonly end: End;
}

/** The lease can be lost while the end is written: then it is the next holder's to write. */
function lostMeanwhile(error: unknown): RunEnd {
  if (!(error instanceof RunLost)) throw error;
  return { status: 'interrupted', reason: 'Another process took it over.', fault: null };
}

/** A fault outside our control leaves the run resumable; a mistake, ours or the person's, ends it. */
async function endBadly(error: unknown, { ports, run, record, end }: BadEnd): Promise<RunEnd> {
  if (error instanceof RunLost) return lostMeanwhile(error);
  if (error instanceof RunAbandoned) {
    const reason = 'The process that worked on it went down.';
    await record.emit('run-interrupted', { reason });
    return end('interrupted', reason);
  }
  const fault = asRunFault(error, runFolder(ports.home, run).root);
  const resumable = fault.about.kind === 'unavailable' || fault.about.kind === 'sandbox';
  const reason = `${fault.what} ${fault.why}`;
  if (resumable) {
    // Whoever reads it on a page sees no fault beside it: what to do next belongs to the reason.
    const told = `${reason} ${fault.next}`;
    await record.emit('run-interrupted', { reason: told });
    return end('interrupted', told, fault);
  }
  await record.emit('run-finished', { status: 'failed', reason, next: fault.next });
  await writeReport(record, runFolder(ports.home, run).report);
  return end('failed', reason, fault);
}

async function settleStatus(
  ports: ModernizerPorts,
  { run, epoch }: { readonly run: RunId; readonly epoch: number },
  { status, reason, fault }: RunEnd,
): Promise<RunEnd> {
  await ports.journal.setStatus(run, epoch, status, reason);
  return { status, reason, fault };
}

interface EndingFacts {
  readonly record: RunRecorder;
  readonly lease: Lease;
  readonly down: AbortSignal;
  readonly input: RunInput;
}

/** The ways in which this execution can be told to end, watched until it is closed. */
function endings(ports: ModernizerPorts, run: RunRecord, facts: EndingFacts): { signals: Signals; close(): void } {
  const [stopped, deadline, watch] = [new AbortController(), new AbortController(), new AbortController()];
  const spentMs = facts.record.view().trials.reduce((sum, { wallMs }) => sum + (wallMs ?? 0), 0);
  const leftMs = Math.max(0, minutes(facts.input.options.maxMinutes) - spentMs);
  const alarm = setTimeout(() => deadline.abort(), leftMs);
  const unheard = new AbortController();
  // Who can no longer hear that a person wants it to end may not go on: it ends here and can be resumed.
  watchForStop(ports, run, { stopped, watch: watch.signal }).catch(() => unheard.abort());
  const abandoned = AbortSignal.any([facts.lease.lost, facts.down, unheard.signal]);
  const any = AbortSignal.any([stopped.signal, deadline.signal, abandoned]);
  return {
    signals: { stopped: stopped.signal, deadline: deadline.signal, abandoned, any },
    close() {
      clearTimeout(alarm);
      watch.abort();
    },
  };
}

/** The kind of event by which a person asks a run to end. */
export const STOP_REQUESTED = 'stop-requested';

async function watchForStop(
  ports: ModernizerPorts,
  run: RunRecord,
  { stopped, watch }: { readonly stopped: AbortController; readonly watch: AbortSignal },
): Promise<void> {
  for await (const event of ports.journal.tail(run.id, 0, watch)) {
    if (event.kind === STOP_REQUESTED) stopped.abort();
  }
}
