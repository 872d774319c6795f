// Asks trials and remembers their answers: the journal says which are finished, the evidence says what came of them.
// Rule: a question that was answered in this run is never run again, also not by another process after a crash.

import { createHash } from 'node:crypto';
import { readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';

import { diskFull } from '../faults.ts';
import { withRanges } from '../ecosystems/npm/manifest.ts';
import type { EventData, PlannedUpgrade } from '../protocol/index.ts';
import type { BaselineRecord } from '../validating/baseline.ts';
import type { TrialLimits } from '../validating/run-step.ts';
import { openTrialFolder, type TrialFiles, type TrialFolder } from '../validating/trial-folder.ts';
import { runTrial, type KnownTree, type TrialPorts, type TrialResult } from '../validating/trial.ts';
import { environmentFault, withSandboxRetries, type Execution } from './execution.ts';
import { cacheFolder } from './planner.ts';
import { evidenceOf } from './run-folder.ts';
import type { ProjectRecord } from './state.ts';

type TrialPurpose = EventData<'trial-started'>['purpose'];

interface Asked {
  readonly purpose: TrialPurpose;
  readonly upgrades: readonly PlannedUpgrade[];
  readonly greenRunsWanted: number;
}

export interface Answered {
  readonly trial: string;
  readonly result: TrialResult;
}

export interface Trials {
  /** The answer given before, or undefined. */
  known(asked: Asked): Promise<Answered | undefined>;
  /** Runs the trial. Null when it was stopped. */
  ask(asked: Asked): Promise<Answered | null>;
}

export interface TrialSetting {
  readonly project: ProjectRecord;
  readonly manifestText: string;
  readonly baselineLock: string;
  readonly baseline: BaselineRecord;
  readonly baselineTrial: string;
  readonly limits: TrialLimits;
}

/** Below this nothing that failed can be blamed on an upgrade. */
const FREE_BYTES_MIN = 32 * 1024 * 1024;

export function openTrials(execution: Execution, setting: TrialSetting): Trials {
  const answers = new Map<string, Answered>();
  const idOf = (asked: Asked): string => trialId(questionOf(setting, asked));
  const known = async (asked: Asked): Promise<Answered | undefined> => {
    const trial = idOf(asked);
    const before = answers.get(trial) ?? (await recorded<TrialResult>(execution, trial));
    if (before === undefined) return undefined;
    const answered = 'trial' in before ? before : { trial, result: before };
    answers.set(trial, answered);
    return answered;
  };
  return {
    known,
    async ask(asked) {
      const trial = idOf(asked);
      const files = trialFiles(execution, setting, asked);
      const conduct = { trial, asked, files, expectedMs: expectedMs(setting), told };
      const result = await conductTrial(execution, conduct, (ports, folder) =>
        runTrial(ports, folder, {
          steps: setting.baseline.steps,
          steadiness: {
            wavering: new Set(setting.baseline.wavering),
            flaky: setting.baseline.baseline.kind === 'flaky',
          },
          greenRunsWanted: asked.greenRunsWanted,
          limits: setting.limits,
          knownTrees: knownTrees(setting, asked, answers),
        }),
      );
      if (result === null) return null;
      const answered = { trial, result };
      answers.set(trial, answered);
      return answered;
    },
  };
}

/** A verdict is lent to an equal tree, except where the point is to prove it once more. */
function knownTrees(
  setting: TrialSetting,
  asked: Asked,
  answers: ReadonlyMap<string, Answered>,
): Map<string, KnownTree> {
  const trees = new Map<string, KnownTree>();
  const { treeHash, baseline } = setting.baseline;
  if (treeHash !== null) trees.set(treeHash, { trial: setting.baselineTrial, verdict: baseline.verdict });
  if (asked.purpose === 'final') return trees;
  for (const { trial, result } of answers.values()) {
    if (result.treeHash !== null && result.answeredBy === 'trial') {
      trees.set(result.treeHash, { trial, verdict: result.verdict });
    }
  }
  return trees;
}

function trialFiles(execution: Execution, setting: TrialSetting, asked: Asked): TrialFiles {
  const { copy, lockfile } = setting.project;
  return {
    source: join(copy.repository, copy.prefix),
    trials: execution.folder.trials,
    evidence: execution.folder.evidence,
    manifestText: withRanges(setting.manifestText, asked.upgrades),
    // Only a lockfile the project keeps is a promise about its tree; otherwise every trial resolves from nothing.
    lockText: lockfile === null ? null : setting.baselineLock,
    confined: !execution.sandbox.confinement.unsafe,
  };
}

const questionOf = (setting: TrialSetting, asked: Asked): string =>
  [
    setting.project.copy.baseCommit,
    asked.purpose === 'final' ? 'final' : 'trial',
    withRanges(setting.manifestText, asked.upgrades),
    JSON.stringify(setting.baseline.steps),
    String(asked.greenRunsWanted),
  ].join('\u0000');

/** Sixteen characters of the question's hash: the same question has the same trial. */
export const trialId = (question: string): string => {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  const hash = createHash('sha256').update(question).digest();
  return [...hash.subarray(0, 16)].map((byte) => alphabet.charAt(byte & 31)).join('');
};

/** What a finished trial left in its evidence, or undefined when the journal does not call it finished. */
export async function recorded<Kept>(execution: Execution, trial: string): Promise<Kept | undefined> {
  const finished = execution.record.view().trials.some(({ id, state }) => id === trial && state === 'finished');
  if (!finished) return undefined;
  const text = await readFile(join(execution.folder.root, evidenceOf(trial), 'verdict.json'), 'utf8').catch(
    () => undefined,
  );
  return text === undefined ? undefined : (JSON.parse(text) as Kept);
}

export interface Conduct<Result> {
  readonly trial: string;
  readonly asked: Pick<Asked, 'purpose' | 'upgrades'>;
  readonly files: TrialFiles;
  readonly expectedMs: number | null;
  /** What the journal is told about the result. */
  told(result: Result): Omit<EventData<'trial-finished'>, 'trial' | 'evidence'>;
}

interface Judged {
  readonly levels: TrialResult['levels'];
  readonly tests: TrialResult['tests'];
  readonly resolver: TrialResult['resolver'];
  readonly wallMs: number;
}

/** The frame of every trial: a slot of the machine, a folder, the events before and after, the evidence. */
export async function conductTrial<Result extends Judged>(
  execution: Execution,
  conduct: Conduct<Result>,
  work: (ports: TrialPorts, folder: TrialFolder) => Promise<Result | null>,
): Promise<Result | null> {
  const { ports, record, signals } = execution;
  const { trial, asked } = conduct;
  const slot = await ports.work.slot('trial', ports.trialsAtOnce, signals.any);
  if (slot === undefined) return null;
  try {
    await record.emit('trial-started', {
      trial,
      number: numberOf(execution, trial),
      purpose: asked.purpose,
      upgrades: asked.upgrades.map(({ name }) => name),
      expectedMs: conduct.expectedMs,
    });
    const result = await withSandboxRetries(
      async () => {
        const folder = await openTrialFolder(trial, conduct.files);
        const outcome = await work(trialPorts(execution, trial), folder);
        if (outcome === null) return null;
        await refuseToBlame(execution, outcome);
        await folder.finish(outcome);
        return outcome;
      },
      join(execution.folder.trials, trial),
    );
    if (result !== null) {
      await record.emit('trial-finished', { trial, evidence: evidenceOf(trial), ...conduct.told(result) });
    }
    return result;
  } finally {
    await slot.release();
  }
}

/** A full disk or a silent registry is nobody's verdict: the run ends here and can be resumed. */
async function refuseToBlame(execution: Execution, result: Judged): Promise<void> {
  const fault = environmentFault(result.resolver, execution);
  if (fault !== undefined) throw fault;
  if (result.levels.every(({ ok }) => ok)) return;
  const disk = await statfs(execution.folder.root);
  if (disk.bavail * disk.bsize < FREE_BYTES_MIN) throw diskFull(execution.folder.root, undefined);
}

function trialPorts(execution: Execution, trial: string): TrialPorts {
  return {
    sandbox: execution.sandbox,
    clock: execution.ports.clock,
    signal: execution.signals.any,
    cache: cacheFolder(execution),
    onStep: (step, run) => execution.record.emit('trial-step', { trial, step, run }),
  };
}

function numberOf(execution: Execution, trial: string): number {
  const { trials } = execution.record.view();
  const before = trials.find(({ id }) => id === trial);
  return before?.number ?? trials.length + 1;
}

const told = (result: TrialResult): Omit<EventData<'trial-finished'>, 'trial' | 'evidence'> => ({
  verdict: result.verdict,
  level: reachedLevel(result),
  answeredBy: result.answeredBy,
  sameAs: result.sameAs,
  summary: result.summary,
  levels: [...result.levels],
  tests: result.tests,
  wallMs: result.wallMs,
});

/** The highest level below the first that failed. */
function reachedLevel(result: Judged): number {
  const failed = result.levels.filter(({ ok }) => !ok).map(({ level }) => level);
  const reached = result.levels.map(({ level }) => level).filter((level) => !failed.includes(level));
  return Math.max(0, ...reached);
}

const expectedMs = (setting: TrialSetting): number =>
  setting.baseline.installMs + setting.baseline.levels.slice(1).reduce((sum, { wallMs }) => sum + wallMs, 0) / 2;
