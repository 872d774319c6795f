// Asks trials and remembers their answers: the journal says which are finished, the evidence says what came of them.
// Rule: a question that was answered in this run is never run again, also not by another process after a crash.

import { join } from 'node:path';

import { seconds } from 'kernel/basics';

import { withUpgrades } from '../ecosystems/workspaces.ts';
import type { EventData } from '../protocol/index.ts';
import type { Pick as Chosen } from '../validating/search/seen.ts';
import type { TrialFiles } from '../validating/trial-folder.ts';
import type { TrialLimits } from '../validating/run-step.ts';
import { redRunsOf } from '../validating/judge-suite.ts';
import { runTrial, type KnownTree, type TrialResult } from '../validating/trial.ts';
import { affectedIn } from './affected-first.ts';
import { conductTrial, recorded } from './conduct-trial.ts';
import type { Execution } from './execution.ts';
import { installerOf } from './planner.ts';
import { isHint, lastingQuestion, questionOf, trialId, type Asked, type TrialSetting } from './trial-question.ts';

export interface Answered {
  readonly trial: string;
  readonly result: TrialResult;
}

export interface Trials {
  /** The answer given before, or undefined. */
  known(asked: Asked): Promise<Answered | undefined>;
  /** Runs the trial. Null when it was stopped, all of the run or this trial alone, by `pointless`. */
  ask(asked: Asked, pointless?: AbortSignal): Promise<Answered | null>;
  /** Every trial of the search that the journal calls finished. */
  finished(): Promise<readonly Finished[]>;
}

interface Finished {
  readonly purpose: Asked['purpose'];
  readonly picks: readonly Chosen[];
  readonly answered: Answered;
}

export function openTrials(execution: Execution, setting: TrialSetting): Trials {
  const answers = new Map<string, Answered>();
  const affected = affectedIn(setting);
  const idOf = (asked: Asked): string => trialId(questionOf(setting, asked));
  const known = async (asked: Asked): Promise<Answered | undefined> => {
    const trial = idOf(asked);
    const before = answers.get(trial) ?? (await recorded<TrialResult>(execution, trial));
    if (before === undefined) return undefined;
    const answered = 'trial' in before ? before : { trial, result: before };
    if (asked.rewrites === undefined) answers.set(trial, answered);
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
    async ask(asked, pointless) {
      const trial = idOf(asked);
      const files = trialFiles(execution, setting, asked);
      const cacheKey = lastingQuestion(execution, setting, asked);
      const { layered } = setting.baseline;
      const conduct = {
        trial,
        asked,
        files,
        expectedMs: expectedMs(setting),
        told,
        cacheKey,
        layered,
        ...(pointless === undefined ? {} : { pointless }),
      };
      const result = await conductTrial(execution, conduct, async (ports, folder, lanes) =>
        runTrial(ports, folder, {
          affected: await affected(asked, files.source),
          ...(asked.freshTrees === undefined ? {} : { fresh: { trees: asked.freshTrees, lanes } }),
          steps: setting.baseline.steps,
          steadiness: {
            wavering: new Set(setting.baseline.wavering),
            flaky: setting.baseline.baseline.kind === 'flaky',
            isHint: isHint(asked),
          },
          redByNow: () => redRunsOf([...answers.values()].map(({ result }) => result)),
          greenRunsWanted: asked.greenRunsWanted,
          purpose: asked.purpose,
          mayCut: setting.baseline.baseline.kind === 'green' && setting.baseline.marks?.length === 0,
          limits: asked.alone === true ? aloneLimits(setting.limits) : setting.limits,
          knownTrees: knownTrees(setting, asked, answers),
        }),
      );
      if (result === null) return null;
      const answered = { trial, result };
      // With other code the same tree has another verdict: it is lent to nobody.
      if (asked.rewrites === undefined) answers.set(trial, answered);
      return answered;
    },
  };
}

/** A suite that a limit ended is given more time when nothing runs beside it. */
const ALONE_STEP_MS_MIN = seconds(60);

const aloneLimits = (limits: TrialLimits): TrialLimits => ({
  ...limits,
  stepMs: Math.max(ALONE_STEP_MS_MIN, limits.stepMs),
});

/** A verdict is lent to an equal tree, except where the point is to prove it once more. */
function knownTrees(
  setting: TrialSetting,
  asked: Asked,
  answers: ReadonlyMap<string, Answered>,
): Map<string, KnownTree> {
  const trees = new Map<string, KnownTree>();
  if (asked.rewrites !== undefined) return trees;
  const { treeHash, baseline } = setting.baseline;
  if (treeHash !== null) trees.set(treeHash, { trial: setting.baselineTrial, verdict: baseline.verdict });
  if (asked.purpose === 'final') return trees;
  for (const { trial, result } of answers.values()) {
    const isOver = result.verdict.kind !== 'timed-out' && (result.isHint !== true || isHint(asked));
    if (result.treeHash !== null && result.answeredBy === 'trial' && isOver) {
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
    rewrites: asked.rewrites ?? [],
  };
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

const expectedMs = (setting: TrialSetting): number =>
  setting.baseline.installMs + setting.baseline.levels.slice(1).reduce((sum, { wallMs }) => sum + wallMs, 0) / 2;

/** The highest level below the first that failed. */
function reachedLevel(result: TrialResult): number {
  const failed = result.levels.filter(({ ok }) => !ok).map(({ level }) => level);
  const reached = result.levels.map(({ level }) => level).filter((level) => !failed.includes(level));
  return Math.max(0, ...reached);
}
