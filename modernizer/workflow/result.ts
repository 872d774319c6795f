// Folds a run into the JSON document that people and programs read.

import { join } from 'node:path';

import type { RunRecord } from 'kernel/journal';

import type {
  LevelResult,
  ModernizationResult,
  ModernizationView,
  StepSpent,
  UpgradeView,
  Verdict,
} from '../protocol/index.ts';

const NO_VERDICT: Verdict = { kind: 'broken', passed: 0, of: 0 };

interface ResultFiles {
  /** The run's folder: evidence is told as a path there. */
  readonly root: string;
  /** The report, or null while there is none. */
  readonly report: string | null;
}

export function resultOf(run: RunRecord, view: ModernizationView, { root, report }: ResultFiles): ModernizationResult {
  const finished = view.trials.filter(({ state }) => state === 'finished');
  const startedAt = view.startedAt;
  const completedAt = view.finishedAt;
  return {
    version: 1,
    run: run.id,
    // The last event is written before the row: who reads in between must not see a run that has ended and works.
    status: view.finishedAt === null ? run.status : view.status,
    // A finished run's own word: lists show a summary where it has none.
    reason: view.finishedAt === null ? run.reason : view.reason,
    next: view.next,
    project: view.started?.project ?? run.title,
    risk: view.plan?.risk ?? null,
    baseline: view.baseline && { ...view.baseline, steps: baselineSteps(view) },
    kept: view.upgrades.filter(({ state }) => state === 'kept').map((upgrade) => keptOf(upgrade, root)),
    proof: proofOf(view),
    refused: view.upgrades.filter(({ state }) => state === 'refused').map((upgrade) => refusedOf(upgrade, view, root)),
    leftAlone: view.plan?.leftAlone ?? [],
    signals: view.plan?.signals ?? null,
    warnings: view.plan?.warnings ?? [],
    decisions: view.decisions.map(({ id, question, options, defaultOption, answer }) => ({
      id,
      question,
      options,
      defaultOption,
      chosen: answer?.option ?? null,
    })),
    trials: finished.filter(({ answeredBy }) => answeredBy === 'trial').length,
    trialsCached: finished.filter(({ answeredBy }) => answeredBy !== 'trial').length,
    wallMs: startedAt === null || completedAt === null ? 0 : Date.parse(completedAt) - Date.parse(startedAt),
    costMicroUsd: run.costMicroUsd,
    versions: view.started?.versions ?? null,
    startedAt,
    completedAt,
    branch: view.deployment?.branch ?? null,
    repository: view.deployment?.repository ?? null,
    fetchLine: view.deployment?.fetchLine ?? null,
    report,
    prUrl: null,
    deploymentUrl: null,
  };
}

/** Of what is kept with a change of code, the proof is that with the change. */
const proofOf = ({ trials, upgrades }: ModernizationView): Verdict | null => {
  const mended = upgrades.findLast(({ state, rewrite }) => state === 'kept' && rewrite !== null);
  const proof =
    mended === undefined
      ? trials.findLast(({ purpose, state }) => purpose === 'final' && state === 'finished')
      : mended;
  return proof?.verdict ?? null;
};

const upgradedOf = ({ name, fromRange, toRange, from, to, verdict }: UpgradeView) => ({
  name,
  fromRange,
  toRange,
  from,
  to,
  verdict: verdict ?? NO_VERDICT,
});

const keptOf = (upgrade: UpgradeView, root: string): ModernizationResult['kept'][number] => ({
  ...upgradedOf(upgrade),
  raisesEngines: upgrade.raisesEngines,
  insteadOf:
    upgrade.insteadOf === null ? null : { ...upgrade.insteadOf, evidence: join(root, upgrade.insteadOf.evidence) },
  rewrite: upgrade.rewrite,
});

const refusedOf = (
  upgrade: UpgradeView,
  { trials }: ModernizationView,
  root: string,
): ModernizationResult['refused'][number] => ({
  ...upgradedOf(upgrade),
  cause: upgrade.cause ?? '',
  where: [...upgrade.where],
  evidence: upgrade.evidence === null ? null : join(root, upgrade.evidence),
  diagnosis: upgrade.diagnosis,
  attempts: [...upgrade.attempts],
  failedStep: failedStep(trials.find(({ id }) => id === upgrade.trial)?.levels ?? []),
});

const failedStep = (levels: readonly LevelResult[]): StepSpent | null => {
  const failed = levels.findLast(({ ok }) => !ok);
  return failed === undefined ? null : spentOf(failed);
};

const baselineSteps = ({ trials }: ModernizationView): StepSpent[] =>
  (trials.findLast(({ purpose }) => purpose === 'baseline')?.levels ?? []).map(spentOf);

const spentOf = ({ level, command, wallMs, limits, memoryBytesPeak }: LevelResult): StepSpent => ({
  level,
  command,
  wallMs,
  ...(limits && { limits, memoryBytesPeak: memoryBytesPeak ?? null }),
});
