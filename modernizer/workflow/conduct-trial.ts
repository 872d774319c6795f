// The frame around every trial: a slot of the machine, a folder, the events before and after, the evidence.
// Rule: what was answered before, in any run, is not run again; a full disk or a silent registry is nobody's verdict.

import { mkdir, readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';

import { removeTree } from 'kernel/sandbox';
import type { Slot } from 'kernel/work';

import type { Installer } from '../ecosystems/installer.ts';
import { diskFull } from '../faults.ts';
import type { EventData } from '../protocol/index.ts';
import { openTrialFolder, type TrialFiles, type TrialFolder } from '../validating/trial-folder.ts';
import type { TrialPorts } from '../validating/take-step.ts';
import type { TrialResult } from '../validating/trial.ts';
import { environmentFault, withSandboxRetries, type Execution } from './execution.ts';
import { cacheFolder } from './planner.ts';
import { evidenceOf } from './run-folder.ts';
import type { Asked } from './trial-question.ts';
import { isLasting, openVerdictCache, type VerdictCache } from './verdict-cache.ts';

/** Below this nothing that failed can be blamed on an upgrade. */
const FREE_BYTES_MIN = 32 * 1024 * 1024;

export interface Conduct<Result> {
  readonly trial: string;
  readonly asked: Pick<Asked, 'purpose' | 'upgrades' | 'freshTrees' | 'expected' | 'why'>;
  /** The question as it is kept for other runs. */
  readonly cacheKey: string;
  readonly files: TrialFiles;
  /** Whether its tree may be seen through a layer. */
  readonly layered: boolean;
  readonly expectedMs: number | null;
  /** Ends this trial alone, when its answer matters no more. */
  readonly pointless?: AbortSignal;
  /** What the journal is told about the result. */
  told(result: Result): Omit<EventData<'trial-finished'>, 'trial' | 'evidence'>;
}

interface Judged {
  readonly levels: TrialResult['levels'];
  readonly tests: TrialResult['tests'];
  readonly resolver: TrialResult['resolver'];
  readonly wallMs: number;
}

/**
 * The frame of every trial: a slot of the machine, a folder, the events before and after, the evidence. A trial that
 * was answered before, in any run, is answered from there. `lanes` says how many trees may be judged at once.
 */
export async function conductTrial<Result extends Judged>(
  execution: Execution,
  conduct: Conduct<Result>,
  work: (ports: TrialPorts, folder: TrialFolder, lanes: number) => Promise<Result | null>,
): Promise<Result | null> {
  const before = await answeredBefore(execution, conduct);
  if (before !== undefined) return before;
  const { ports } = execution;
  const slot = await ports.work.slot('trial', ports.trialsAtOnce, endOf(execution, conduct));
  if (slot === undefined) return null;
  const more = (conduct.asked.freshTrees ?? 1) > 1 ? await spareSlot(execution) : undefined;
  try {
    await tellStarted(execution, conduct);
    return await withFolder(execution, conduct, (trialPort, folder) =>
      work(trialPort, folder, more === undefined ? 1 : 2),
    );
  } finally {
    await more?.release();
    await slot.release();
  }
}

/** A second place only if one is free this moment: who holds one and waits for another may wait for ever. */
export const spareSlot = async ({ ports }: Execution): Promise<Slot | undefined> =>
  ports.trialsAtOnce > 1 ? ports.work.slot('trial', ports.trialsAtOnce, AbortSignal.timeout(SPARE_MS)) : undefined;

const endOf = <Result>({ signals }: Execution, { pointless }: Conduct<Result>): AbortSignal =>
  pointless === undefined ? signals.any : AbortSignal.any([signals.any, pointless]);

async function tellStopped<Result>(execution: Execution, { trial, pointless }: Conduct<Result>): Promise<void> {
  if (pointless?.aborted !== true || execution.signals.any.aborted) return;
  await removeTree(join(execution.folder.trials, trial));
  const why = 'All of it became green in a larger set while it ran.';
  await execution.record.emit('trial-stopped', { trial, why });
}

/** Long enough to look whether a place is free. */
const SPARE_MS = 250;

async function tellStarted<Result>(execution: Execution, { trial, asked, expectedMs }: Conduct<Result>): Promise<void> {
  await execution.record.emit('trial-started', {
    trial,
    number: numberOf(execution, trial),
    purpose: asked.purpose,
    upgrades: asked.upgrades.map(({ name }) => name),
    versions: asked.upgrades.map(({ to }) => to),
    expectedMs,
    expected: asked.expected ?? null,
    ...(asked.why === undefined ? {} : { why: asked.why }),
  });
}

async function withFolder<Result extends Judged>(
  execution: Execution,
  conduct: Conduct<Result>,
  work: (ports: TrialPorts, folder: TrialFolder) => Promise<Result | null>,
): Promise<Result | null> {
  const { trial, files, told, cacheKey } = conduct;
  const result = await withSandboxRetries(
    async () => {
      const folder = await openTrialFolder(trial, files);
      const outcome = await work(await trialPorts(execution, conduct), folder);
      if (outcome === null) return null;
      await refuseToBlame(execution, outcome);
      await folder.finish(outcome);
      return outcome;
    },
    join(execution.folder.trials, trial),
  );
  if (result === null) {
    await tellStopped(execution, conduct);
    return null;
  }
  const finished = { trial, evidence: evidenceOf(trial), ...told(result) };
  if (isLasting(finished.verdict) && finished.answeredBy === 'trial') {
    await cacheOf(execution).keep(cacheKey, join(execution.folder.root, evidenceOf(trial)));
  }
  await execution.record.emit('trial-finished', finished);
  return result;
}

const cacheOf = ({ ports }: Execution): VerdictCache => openVerdictCache(ports.home, ports.clock);

/** The answer of another run, or of this one before a crash, with its evidence; undefined when there is none. */
async function answeredBefore<Result extends Judged>(
  execution: Execution,
  conduct: Conduct<Result>,
): Promise<Result | undefined> {
  const { trial, cacheKey, told } = conduct;
  const began = execution.ports.clock.now();
  const evidence = join(execution.folder.root, evidenceOf(trial));
  await mkdir(execution.folder.evidence, { recursive: true });
  const before = await cacheOf(execution).take<Result>(cacheKey, evidence);
  if (before === undefined) return undefined;
  await tellStarted(execution, conduct);
  await execution.record.emit('trial-finished', {
    trial,
    evidence: evidenceOf(trial),
    ...told(before),
    answeredBy: 'known',
    wallMs: execution.ports.clock.now() - began,
  });
  return before;
}

/** A full disk or a silent registry is nobody's verdict: the run ends here and can be resumed. */
async function refuseToBlame(execution: Execution, result: Judged): Promise<void> {
  const fault = environmentFault(result.resolver, execution);
  if (fault !== undefined) throw fault;
  if (result.levels.every(({ ok }) => ok)) return;
  const disk = await statfs(execution.folder.root);
  if (disk.bavail * disk.bsize < FREE_BYTES_MIN) throw diskFull(execution.folder.root, undefined);
}

async function trialPorts<Result>(execution: Execution, conduct: Conduct<Result>): Promise<TrialPorts> {
  const { trial, layered, files } = conduct;
  const signal = endOf(execution, conduct);
  return {
    ...(await quietPorts(execution, { signal, layered, installer: files.installer })),
    onStep: (step, run) => execution.record.emit('trial-step', { trial, step, run }),
  };
}

interface Quiet {
  readonly signal: AbortSignal;
  readonly layered: boolean;
  readonly installer: Installer;
}

/** What a trial works with, without telling anybody. */
export async function quietPorts(execution: Execution, { signal, layered, installer }: Quiet): Promise<TrialPorts> {
  const { trees } = execution;
  return {
    trees: {
      layered: layered && (await trees.canLayer()),
      resolved: trees.resolved,
      lockfileFor: trees.lockfileFor,
      make: (wanted, limits) => trees.make(wanted, limits, signal),
    },
    sandbox: execution.sandbox,
    clock: execution.ports.clock,
    signal,
    cache: cacheFolder(execution, installer),
    onStep: () => Promise.resolve(),
  };
}

/** Trials begin beside each other: the number is given before its event is written. */
const given = new WeakMap<Execution['record'], number>();

function numberOf({ record }: Execution, trial: string): number {
  const { trials } = record.view();
  const before = trials.find(({ id }) => id === trial);
  if (before !== undefined) return before.number;
  const number = Math.max(trials.length, given.get(record) ?? 0) + 1;
  given.set(record, number);
  return number;
}

/** What a finished trial left in its evidence, or undefined when the journal does not call it finished. */
export async function recorded<Kept>(execution: Execution, trial: string): Promise<Kept | undefined> {
  const finished = execution.record.view().trials.some(({ id, state }) => id === trial && state === 'finished');
  if (!finished) return undefined;
  const text = await readFile(join(execution.folder.root, evidenceOf(trial), 'verdict.json'), 'utf8').catch(
    () => undefined,
  );
  return text === undefined ? undefined : (JSON.parse(text) as Kept);
}
