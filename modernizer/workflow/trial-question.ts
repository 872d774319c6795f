// What a trial asks, as text: everything its verdict depends on, so that equal questions have one answer. Pure.

import { createHash } from 'node:crypto';

import { installerNamed } from '../ecosystems/installers.ts';
import { questionText, withUpgrades, type ManifestFile } from '../ecosystems/workspaces.ts';
import type { EventData, PlannedUpgrade } from '../protocol/index.ts';
import type { BaselineRecord } from '../validating/baseline.ts';
import type { Expectation } from '../validating/search/seen.ts';
import type { TrialLimits } from '../validating/run-step.ts';
import type { Execution } from './execution.ts';
import type { ProjectRecord } from './state.ts';

export interface Asked {
  readonly purpose: EventData<'trial-started'>['purpose'];
  readonly upgrades: readonly PlannedUpgrade[];
  readonly greenRunsWanted: number;
  /** For the last proof: in how many fresh trees. */
  readonly freshTrees?: number;
  readonly expected?: Expectation | null;
  readonly why?: string;
  /** Once more, with more time and nothing beside it, because a limit ended it. */
  readonly alone?: boolean;
  /** Files of the project that are changed for it, each as a whole. */
  readonly rewrites?: readonly RewrittenFile[];
}

export interface RewrittenFile {
  /** From the project's folder, with `/`. */
  readonly path: string;
  readonly after: string;
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

const HINTS: ReadonlySet<string> = new Set<Asked['purpose']>(['all-at-once', 'part', 'older', 'mended']);
/** All at once or a part of the plan may be one upgrade alone; then its answer refuses it. */
const MAY_REFUSE: ReadonlySet<string> = new Set<Asked['purpose']>(['all-at-once', 'part']);

/** Nothing is refused by its answer: a red one may be had for less. */
export const isHint = ({ purpose, upgrades }: Pick<Asked, 'purpose' | 'upgrades'>): boolean =>
  HINTS.has(purpose) && (upgrades.length > 1 || !MAY_REFUSE.has(purpose));

/** What kind of answer is wanted: another kind is another question. */
const kindOf = (asked: Asked): string => (asked.purpose === 'final' ? 'final' : isHint(asked) ? 'hint' : 'trial');

/** The question as this run knows it. */
export const questionOf = (setting: TrialSetting, asked: Asked): string =>
  [
    setting.project.copy.baseCommit,
    kindOf(asked),
    questionText(withUpgrades(setting.manifests, asked.upgrades)),
    JSON.stringify(setting.baseline.steps),
    String(asked.greenRunsWanted),
    ...rewrittenIn(asked),
  ].join('\u0000');

/** In how many trees it is judged belongs to a question with rewrites: it is asked both ways. */
const rewrittenIn = ({ rewrites, freshTrees }: Asked): readonly string[] =>
  rewrites === undefined ? [] : [JSON.stringify([rewrites, freshTrees ?? 0])];

/** Everything that a verdict depends on, wherever it is asked. */
export function lastingQuestion(execution: Execution, setting: TrialSetting, asked: Asked): string {
  const { baseline, contents, limits } = setting;
  return [
    'trial',
    contents,
    questionText(withUpgrades(setting.manifests, asked.upgrades)),
    setting.project.lockfile === null ? '' : setting.baselineLock,
    JSON.stringify([
      baseline.steps,
      baseline.wavering,
      baseline.baseline.kind,
      baseline.layered,
      limits.memoryBytesMax,
    ]),
    `${kindOf(asked)} ${asked.greenRunsWanted} ${asked.freshTrees ?? 0}`,
    ...rewrittenIn(asked),
    environmentOf(execution, setting.project),
  ].join('\u0000');
}

/** What of this machine and its settings a verdict depends on. */
export function environmentOf(
  { ports, registry, sandbox, input }: Execution,
  { installer: name }: Pick<ProjectRecord, 'installer'>,
): string {
  const { tandem, node, npm } = ports.versions;
  const installer = installerNamed(name ?? 'npm');
  const { backEnd, memory, processes, network } = sandbox.confinement;
  const installs = [installer.name, installer.version ?? npm, input.options.allowScripts ?? []];
  const confined = [backEnd, memory, processes, network];
  return JSON.stringify([tandem, node, installs, process.arch, registry.url, confined]);
}

/** Sixteen characters of the question's hash: the same question has the same trial. */
export const trialId = (question: string): string => {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  const hash = createHash('sha256').update(question).digest();
  return [...hash.subarray(0, 16)].map((byte) => alphabet.charAt(byte & 31)).join('');
};
