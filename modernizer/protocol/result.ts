// The result of a run as one JSON document: what `tandem modernize --json` prints and the API answers.

import * as z from 'zod/mini';

import { RunStatus } from 'kernel/protocol';

import { Diagnosis } from './diagnosis.ts';
import { FixAttempt, InsteadOf, Level, Rewrite, Risk, Signal, StepSpent, Verdict, Warning } from './upgrade.ts';

const upgraded = {
  name: z.string(),
  fromRange: z.string(),
  toRange: z.string(),
  from: z.nullable(z.string()),
  to: z.string(),
  verdict: Verdict,
};

export const ModernizationResult = z.object({
  version: z.literal(1),
  run: z.string(),
  status: RunStatus,
  reason: z.nullable(z.string()),
  next: z.nullable(z.string()),
  project: z.string(),
  risk: z.nullable(Risk),
  baseline: z.nullable(
    z.object({
      kind: z.enum(['green', 'flaky', 'red', 'none']),
      level: z.union([z.literal(0), Level]),
      flaky: z.array(z.string()),
      verdict: Verdict,
      label: z.string(),
      /** What each step of the project as it is took, and was allowed. */
      steps: z.optional(z.array(StepSpent)),
    }),
  ),
  kept: z.array(
    z.object({
      ...upgraded,
      raisesEngines: z.nullable(z.string()),
      insteadOf: z.optional(z.nullable(InsteadOf)),
      rewrite: z.optional(z.nullable(Rewrite)),
    }),
  ),
  /** How the kept set was proven in the end: `passed` of `of` fresh trees; null when nothing is kept. */
  proof: z.optional(z.nullable(Verdict)),
  refused: z.array(
    z.object({
      ...upgraded,
      cause: z.string(),
      where: z.array(z.string()),
      evidence: z.nullable(z.string()),
      diagnosis: z.optional(z.nullable(Diagnosis)),
      attempts: z.optional(z.array(FixAttempt)),
      /** The step of its trial that was red, with what it took and was allowed; null where none was. */
      failedStep: z.optional(z.nullable(StepSpent)),
    }),
  ),
  leftAlone: z.array(z.object({ name: z.string(), range: z.string(), reason: z.string() })),
  /** What the registry told, and what it did not; null while nothing was asked. */
  signals: z.optional(z.nullable(z.array(Signal))),
  warnings: z.optional(z.array(Warning)),
  decisions: z.array(
    z.object({
      id: z.string(),
      question: z.string(),
      options: z.array(z.object({ id: z.string(), label: z.string(), detail: z.string() })),
      defaultOption: z.string(),
      chosen: z.nullable(z.string()),
    }),
  ),
  trials: z.number(),
  trialsCached: z.number(),
  wallMs: z.number(),
  costMicroUsd: z.number(),
  /** What it ran with; null before it began. */
  versions: z.optional(z.nullable(z.object({ tandem: z.string(), node: z.string(), npm: z.string() }))),
  startedAt: z.nullable(z.iso.datetime()),
  completedAt: z.nullable(z.iso.datetime()),
  branch: z.nullable(z.string()),
  repository: z.nullable(z.string()),
  fetchLine: z.nullable(z.string()),
  report: z.nullable(z.string()),
  prUrl: z.nullable(z.string()),
  deploymentUrl: z.nullable(z.string()),
});
export type ModernizationResult = z.infer<typeof ModernizationResult>;
