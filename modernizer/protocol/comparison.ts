// Two runs beside each other: what one kept and the other refused, in which versions, for how much time and money. Pure.

import * as z from 'zod/mini';

import { RunStatus } from 'kernel/protocol';

import type { ModernizationResult } from './result.ts';
import { Verdict } from './upgrade.ts';

const ComparedUpgrade = z.object({
  state: z.enum(['kept', 'refused']),
  from: z.nullable(z.string()),
  to: z.string(),
  verdict: Verdict,
  /** Null for what is kept. */
  cause: z.nullable(z.string()),
});
export type ComparedUpgrade = z.infer<typeof ComparedUpgrade>;

/**
 * `state`: kept in one, refused in the other. `version`: kept or refused in both, at other versions. `verdict`: the same
 * with another verdict. `only-one`: the other run did not plan it.
 */
const ComparedKind = z.enum(['state', 'only-one', 'version', 'verdict', 'same']);
export type ComparedKind = z.infer<typeof ComparedKind>;

const ComparedLine = z.object({
  name: z.string(),
  kind: ComparedKind,
  a: z.nullable(ComparedUpgrade),
  b: z.nullable(ComparedUpgrade),
});
export type ComparedLine = z.infer<typeof ComparedLine>;

const ComparedRun = z.object({
  run: z.string(),
  project: z.string(),
  status: RunStatus,
  reason: z.nullable(z.string()),
  startedAt: z.nullable(z.iso.datetime()),
  baseline: z.nullable(z.string()),
  kept: z.number(),
  refused: z.number(),
  trials: z.number(),
  trialsCached: z.number(),
  wallMs: z.number(),
  costMicroUsd: z.number(),
  versions: z.nullable(z.object({ tandem: z.string(), node: z.string(), npm: z.string() })),
});
export type ComparedRun = z.infer<typeof ComparedRun>;

/** GET /api/modernizer/comparison?a={run}&b={run} */
export const Comparison = z.object({
  a: ComparedRun,
  b: ComparedRun,
  sameProject: z.boolean(),
  /** What differs first, then by name. */
  upgrades: z.array(ComparedLine),
});
export type Comparison = z.infer<typeof Comparison>;

export function compareRuns(a: ModernizationResult, b: ModernizationResult): Comparison {
  const [ofA, ofB] = [upgradesOf(a), upgradesOf(b)];
  const names = [...new Set([...ofA.keys(), ...ofB.keys()])];
  const lines = names.map((name): ComparedLine => {
    const [one, other] = [ofA.get(name) ?? null, ofB.get(name) ?? null];
    return { name, kind: kindOf(one, other), a: one, b: other };
  });
  const order = ComparedKind.options;
  return {
    a: runOf(a),
    b: runOf(b),
    sameProject: a.project === b.project,
    upgrades: lines.toSorted(
      (x, y) => order.indexOf(x.kind) - order.indexOf(y.kind) || (x.name < y.name ? -1 : x.name > y.name ? 1 : 0),
    ),
  };
}

function kindOf(a: ComparedUpgrade | null, b: ComparedUpgrade | null): ComparedKind {
  if (a === null || b === null) return 'only-one';
  if (a.state !== b.state) return 'state';
  if (a.to !== b.to || a.from !== b.from) return 'version';
  return a.verdict.kind === b.verdict.kind ? 'same' : 'verdict';
}

function upgradesOf({ kept, refused }: ModernizationResult): ReadonlyMap<string, ComparedUpgrade> {
  const lines = [
    ...kept.map((upgrade) => ({ ...upgrade, state: 'kept' as const, cause: null })),
    ...refused.map((upgrade) => ({ ...upgrade, state: 'refused' as const })),
  ];
  return new Map(lines.map(({ name, state, from, to, verdict, cause }) => [name, { state, from, to, verdict, cause }]));
}

const runOf = ({ run, project, status, reason, startedAt, baseline, kept, refused, ...rest }: ModernizationResult) => ({
  run,
  project,
  status,
  reason,
  startedAt,
  baseline: baseline?.kind ?? null,
  kept: kept.length,
  refused: refused.length,
  trials: rest.trials,
  trialsCached: rest.trialsCached,
  wallMs: rest.wallMs,
  costMicroUsd: rest.costMicroUsd,
  versions: rest.versions ?? null,
});
