// Asks trials and remembers their answers: the journal says which are finished, the evidence says what came of them.
// Rule: a question that was answered in this run is never run again, also not by another process after a crash.

import { createHash } from 'node:crypto';
import { mkdir, readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';

import { diskFull } from '../faults.ts';
import { questionText, withUpgrades, type ManifestFile } from '../ecosystems/workspaces.ts';
import type { EventData, PlannedUpgrade } from '../protocol/index.ts';
import type { BaselineRecord } from '../validating/baseline.ts';
import type { TrialLimits } from '../validating/run-step.ts';
import { openTrialFolder, type TrialFiles, type TrialFolder } from '../validating/trial-folder.ts';
import type { TrialPorts } from '../validating/take-step.ts';
import { runTrial, type KnownTree, type TrialResult } from '../validating/trial.ts';
import type { Expectation, Pick as Chosen } from '../validating/search/seen.ts';
import { environmentFault, withSandboxRetries, type Execution } from './execution.ts';
import { cacheFolder, installerOf } from './planner.ts';
import { evidenceOf } from './run-folder.ts';
import type { ProjectRecord } from './state.ts';
import { isLasting, openVerdictCache, type VerdictCache } from './verdict-cache.ts';

type TrialPurpose = EventData<'trial-started'>['purpose'];

interface Asked {
  readonly purpose: TrialPurpose;
  readonly upgrades: readonly PlannedUpgrade[];
  readonly greenRunsWanted: number;
  /** For the last proof: in how many fresh trees. */
  readonly freshTrees?: number;
  readonly expected?: Expectation | null;
  readonly why?: string;
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
  /** Every trial of the search that the journal calls finished. */
  finished(): Promise<readonly Finished[]>;
}

interface Finished {
  readonly purpose: TrialPurpose;
  readonly picks: readonly Chosen[];
  readonly answered: Answered;
}

export interface TrialSetting {
  readonly project: ProjectRecord;
  /** The top's, then those of the workspaces. */
  readonly manifests: readonly ManifestFile[];
  readonly baselineLock: string;
  readonly baseline: BaselineRecord;
  readonly baselineTrial: string;
  readonly limits: TrialLimits;
  /** The hash of the project's files as git names it: equal for equal content. */
  readonly contents: string;
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
    async finished() {
      const trials = execution.record.view().trials.filter(({ state }) => state === 'finished');
      const found = trials.map(async ({ id, purpose, upgrades, versions }) => {
        const result = await recorded<TrialResult>(execution, id);
        const picks = upgrades.map((name, place) => ({ name, to: versions[place] ?? '' }));
        return result === undefined ? [] : [{ purpose, picks, answered: { trial: id, result } }];
      });
      return (await Promise.all(found)).flat();
    },
    async ask(asked) {
      const trial = idOf(asked);
      const files = trialFiles(execution, setting, asked);
      const cacheKey = lastingQuestion(execution, setting, asked);
      const conduct = { trial, asked, files, expectedMs: expectedMs(setting), told, cacheKey };
      const result = await conductTrial(execution, conduct, async (ports, folder, lanes) =>
        runTrial(ports, folder, {
          ...(asked.freshTrees === undefined ? {} : { fresh: { trees: asked.freshTrees, lanes } }),
          steps: setting.baseline.steps,
          steadiness: {
            wavering: new Set(setting.baseline.wavering),
            flaky: setting.baseline.baseline.kind === 'flaky',
            broken: brokenTests(answers),
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

/** Tests that failed in every run of a trial that was judged by five of them and more. */
function brokenTests(answers: ReadonlyMap<string, Answered>): ReadonlySet<string> {
  const firm = [...answers.values()].filter(
    ({ result }) => result.verdict.kind === 'broken' && result.verdict.of >= FIRM_RUNS,
  );
  return new Set(firm.flatMap(({ result }) => result.tests?.failing ?? []));
}

const FIRM_RUNS = 5;

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
    installer: installerOf(setting.project),
    allowedScripts: execution.input.options.allowScripts ?? [],
    registry: execution.registry.url,
    manifests: withUpgrades(setting.manifests, asked.upgrades),
    // Only a lockfile the project keeps is a promise about its tree; otherwise every trial resolves from nothing.
    lockText: lockfile === null ? null : setting.baselineLock,
    confined: !execution.sandbox.confinement.unsafe,
  };
}

const questionOf = (setting: TrialSetting, asked: Asked): string =>
  [
    setting.project.copy.baseCommit,
    asked.purpose === 'final' ? 'final' : 'trial',
    questionText(withUpgrades(setting.manifests, asked.upgrades)),
    JSON.stringify(setting.baseline.steps),
    String(asked.greenRunsWanted),
  ].join('\u0000');

/** Everything that a verdict depends on, wherever it is asked. */
function lastingQuestion(execution: Execution, setting: TrialSetting, asked: Asked): string {
  const { baseline, contents, limits } = setting;
  return [
    'trial',
    contents,
    questionText(withUpgrades(setting.manifests, asked.upgrades)),
    setting.project.lockfile === null ? '' : setting.baselineLock,
    JSON.stringify([baseline.steps, baseline.wavering, baseline.baseline.kind, limits.memoryBytesMax]),
    `${asked.greenRunsWanted} ${asked.freshTrees ?? 0}`,
    environmentOf(execution, setting.project),
  ].join('\u0000');
}

/** What of this machine and its settings a verdict depends on. */
export function environmentOf({ ports, registry, sandbox, input }: Execution, project: ProjectRecord): string {
  const { tandem, node } = ports.versions;
  const installer = installerOf(project);
  const installs = `${installer.name} ${installer.version ?? ports.versions.npm}`;
  const { backEnd, memory, processes, network } = sandbox.confinement;
  const scripts = input.options.allowScripts ?? [];
  return JSON.stringify([
    scripts,
    tandem,
    node,
    installs,
    process.arch,
    registry.url,
    backEnd,
    memory,
    processes,
    network,
  ]);
}

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
  readonly asked: Pick<Asked, 'purpose' | 'upgrades' | 'freshTrees' | 'expected' | 'why'>;
  /** The question as it is kept for other runs. */
  readonly cacheKey: string;
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
  const { ports, signals } = execution;
  const slot = await ports.work.slot('trial', ports.trialsAtOnce, signals.any);
  if (slot === undefined) return null;
  // A second place only if one is free this moment: who holds one and waits for another may wait for ever.
  const wantsMore = (conduct.asked.freshTrees ?? 1) > 1 && ports.trialsAtOnce > 1;
  const more = wantsMore
    ? await ports.work.slot('trial', ports.trialsAtOnce, AbortSignal.timeout(SPARE_MS))
    : undefined;
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
  { trial, files, told, cacheKey }: Conduct<Result>,
  work: (ports: TrialPorts, folder: TrialFolder) => Promise<Result | null>,
): Promise<Result | null> {
  const result = await withSandboxRetries(
    async () => {
      const folder = await openTrialFolder(trial, files);
      const outcome = await work(trialPorts(execution, trial, files), folder);
      if (outcome === null) return null;
      await refuseToBlame(execution, outcome);
      await folder.finish(outcome);
      return outcome;
    },
    join(execution.folder.trials, trial),
  );
  if (result === null) return null;
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

function trialPorts(execution: Execution, trial: string, { installer }: TrialFiles): TrialPorts {
  return {
    sandbox: execution.sandbox,
    clock: execution.ports.clock,
    signal: execution.signals.any,
    cache: cacheFolder(execution, installer),
    onStep: (step, run) => execution.record.emit('trial-step', { trial, step, run }),
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

const told = (result: TrialResult): Omit<EventData<'trial-finished'>, 'trial' | 'evidence'> => ({
  verdict: result.verdict,
  level: reachedLevel(result),
  answeredBy: result.answeredBy,
  sameAs: result.sameAs,
  summary: result.summary,
  levels: [...result.levels],
  tests: result.tests,
  quarantined: [...(result.quarantined ?? [])],
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
