// Every kind of event a modernization writes into its journal, with the shape of its data.
// Rule: whatever a screen, a report or the JSON result shows is folded from these (view.ts), so a reload,
// a restart or another browser shows the same.

import * as z from 'zod/mini';

import { Diagnosis } from './diagnosis.ts';
import {
  Baseline,
  Commit,
  Decision,
  FixAttempt,
  InsteadOf,
  LeftAlone,
  LevelResult,
  PlannedUpgrade,
  Rewrite,
  Risk,
  Signal,
  TestCounts,
  Verdict,
  Warning,
} from './upgrade.ts';
import { ModernizeOptions } from './request.ts';

export const Agent = z.enum(['planner', 'validator', 'analyzer', 'human-gate', 'deployer']);
export type Agent = z.infer<typeof Agent>;

/**
 * What a trial is for: the project as it is, everything at once, the part that promises most, one upgrade on top of
 * what is kept, an older version of what is refused, another choice for a person, a refused one with a change of code,
 * the last proof.
 */
export const TrialPurpose = z.enum([
  'baseline',
  'all-at-once',
  'part',
  'one-more',
  'older',
  'alone',
  'instead',
  'mended',
  'final',
]);

/** Why a set was tried before others: what it promised for its time. */
const Expectation = z.object({
  /** How likely it was green, from 0 to 1. */
  chance: z.number(),
  /** Upgrades that it would keep more than were kept then. */
  gain: z.number(),
  costMs: z.number(),
});

const kinds = {
  'run-started': z.object({
    project: z.string(),
    name: z.string(),
    /** `path` or the sample's spec, such as `csv-write-stream@2.0.0`. */
    origin: z.string(),
    options: ModernizeOptions,
    sandbox: z.object({ backEnd: z.string(), unsafe: z.boolean(), detail: z.string() }),
    versions: z.object({ tandem: z.string(), node: z.string(), npm: z.string() }),
    /** Set where a schedule began it, and for which time. */
    schedule: z.optional(z.object({ id: z.string(), dueAt: z.string() })),
    /** What else verdicts depend on; absent in older journals. */
    environment: z.optional(z.object({ architecture: z.string(), registry: z.string() })),
  }),
  'run-resumed': z.object({ trialsKnown: z.number() }),
  'run-interrupted': z.object({ reason: z.string() }),
  'agent-started': z.object({ agent: Agent }),
  agent_completed: z.object({ agent: Agent, summary: z.string() }),
  progress: z.object({
    phase: z.string(),
    trialsDone: z.number(),
    trialsExpected: z.number(),
    /** Null while there is nothing to reckon from. */
    remainingMs: z.nullable(z.number()),
  }),
  'baseline-judged': Baseline,
  'plan-made': z.object({
    upgrades: z.array(PlannedUpgrade),
    leftAlone: z.array(LeftAlone),
    risk: Risk,
    signals: z.array(Signal),
    /** About installed and proposed versions; absent in older journals, which asked for none. */
    warnings: z.optional(z.array(Warning)),
  }),
  'trial-started': z.object({
    trial: z.string(),
    number: z.number(),
    purpose: TrialPurpose,
    upgrades: z.array(z.string()),
    expectedMs: z.nullable(z.number()),
    /** The version of each of `upgrades`, in their order; absent in journals of before 0022, and so are the next two. */
    versions: z.optional(z.array(z.string())),
    expected: z.optional(z.nullable(Expectation)),
    /** A sentence for people: why this set, at this moment. */
    why: z.optional(z.string()),
  }),
  /** A step of a trial began: resolve, install, build, load, start, test. */
  'trial-step': z.object({ trial: z.string(), step: z.string(), run: z.number() }),
  /** It was stopped before it had a verdict, because none of it mattered any more. */
  'trial-stopped': z.object({ trial: z.string(), why: z.string() }),
  'trial-finished': z.object({
    trial: z.string(),
    verdict: Verdict,
    level: z.number(),
    /** `trial`: ran. `same-tree`: the resolved tree equals one already judged. `known`: the very question was answered before. */
    answeredBy: z.enum(['trial', 'same-tree', 'known']),
    sameAs: z.nullable(z.string()),
    /** Tests that failed in no decisive way: they wavered before or in between, and are named, not counted. */
    quarantined: z.optional(z.array(z.string())),
    summary: z.string(),
    levels: z.array(LevelResult),
    tests: z.nullable(TestCounts),
    wallMs: z.number(),
    /** The folder of evidence, relative to the run's folder. */
    evidence: z.string(),
  }),
  'upgrade-kept': z.object({
    name: z.string(),
    /** An older version than planned where the planned one was refused. */
    to: z.string(),
    verdict: Verdict,
    trial: z.string(),
    /** What was refused, when an older version is kept in its place. */
    insteadOf: z.optional(z.nullable(InsteadOf)),
    /** The change of code without which it is red; absent where none was needed. */
    rewrite: z.optional(z.nullable(Rewrite)),
  }),
  'upgrade-refused': z.object({
    name: z.string(),
    to: z.string(),
    verdict: Verdict,
    cause: z.string(),
    /** `file:line` where known. */
    where: z.array(z.string()),
    trial: z.nullable(z.string()),
    evidence: z.string(),
    /** Null where nothing of the package was looked into; absent in older journals. */
    diagnosis: z.optional(z.nullable(Diagnosis)),
    /** What was tried to make it green all the same. */
    attempts: z.optional(z.array(FixAttempt)),
  }),
  'decision-asked': Decision,
  'decision-made': z.object({ id: z.string(), option: z.string(), by: z.string() }),
  deployment_complete: z.object({
    branch: z.string(),
    repository: z.string(),
    commits: z.array(Commit),
    /** The line that brings the result home, run in the person's own project; null where that is no git repository. */
    fetchLine: z.nullable(z.string()),
    report: z.string(),
  }),
  'run-finished': z.object({
    status: z.enum(['done', 'stopped', 'failed']),
    reason: z.nullable(z.string()),
    next: z.nullable(z.string()),
  }),
} as const;

export type EventKind = keyof typeof kinds;
export type EventData<Kind extends EventKind> = z.infer<(typeof kinds)[Kind]>;
export type ModernizerEvent = {
  [Kind in EventKind]: { readonly kind: Kind; readonly data: EventData<Kind> };
}[EventKind];

/** A journal line as one of ours, or undefined when it is none (an older or newer Tandem wrote it). */
export function parseEvent(kind: string, data: unknown): ModernizerEvent | undefined {
  if (!Object.hasOwn(kinds, kind)) return undefined;
  const known = kind as EventKind;
  const parsed = kinds[known].safeParse(data);
  return parsed.success ? ({ kind: known, data: parsed.data } as ModernizerEvent) : undefined;
}
