// What the Modernizer says about a project: its upgrades, trials, verdicts and decisions.
// These are the shapes in the journal, in HTTP answers and in the console.

import * as z from 'zod/mini';

import { Diagnosis } from './diagnosis.ts';

export const Engines = z.enum(['declared', 'maintained', 'ignore']);
export type Engines = z.infer<typeof Engines>;

export const DependencyKind = z.enum(['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']);
export type DependencyKind = z.infer<typeof DependencyKind>;

export const Risk = z.enum(['low', 'medium', 'high']);
export type Risk = z.infer<typeof Risk>;

/**
 * `green`: everything passed at once. `flaky`: passed, but only after tests that waver were run again.
 * `broken`: tests, build, start or load failed. `resolver-conflict`: no tree satisfies every peer.
 * `resolver-stuck`: the resolver passed its limit. `registry-incomplete`: a needed version is not to be had.
 * `engines`: the declared Node releases forbid it. `timed-out`: a limit of the sandbox was passed.
 */
export const VerdictKind = z.enum([
  'green',
  'flaky',
  'broken',
  'resolver-conflict',
  'resolver-stuck',
  'registry-incomplete',
  'engines',
  'timed-out',
]);
export type VerdictKind = z.infer<typeof VerdictKind>;

/** `passed` of `of` runs of the suite were green. */
export const Verdict = z.object({ kind: VerdictKind, passed: z.number(), of: z.number() });
export type Verdict = z.infer<typeof Verdict>;
export const isKept = (verdict: Verdict): boolean => verdict.kind === 'green' || verdict.kind === 'flaky';

/** Which level a project could be judged at: 1 installs, 2 builds and loads, 3 starts and answers, 4 tests green. */
export const Level = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export type Level = z.infer<typeof Level>;

/** A change of one declared range that the planner proposes. */
export const PlannedUpgrade = z.object({
  name: z.string(),
  kind: DependencyKind,
  fromRange: z.string(),
  toRange: z.string(),
  /** Installed at the baseline; null when it was not installed. */
  from: z.nullable(z.string()),
  to: z.string(),
  step: z.enum(['major', 'minor', 'patch']),
  risk: Risk,
  /** Sentences: why this risk, why this place in the order. */
  reasons: z.array(z.string()),
  /** The new floor of `engines.node` when keeping the upgrade raises the declared one, else null. */
  raisesEngines: z.nullable(z.string()),
  /** Upgrades of the same plan that name it as a peer, or that it names. Absent in journals of before 0022. */
  partners: z.optional(z.array(z.string())),
  /** Of those: whose upgrade the declared peer ranges ask for, and whose they forbid. */
  needs: z.optional(z.array(z.string())),
  conflicts: z.optional(z.array(z.string())),
  /** Versions between `from` and `to` that are tried when `to` is refused, oldest first; absent as above. */
  older: z.optional(z.array(z.object({ to: z.string(), toRange: z.string(), raisesEngines: z.nullable(z.string()) }))),
  /** Every workspace that declares it ('' is the top) and as what; absent where a project has no workspaces. */
  places: z.optional(z.array(z.object({ place: z.string(), kind: DependencyKind, fromRange: z.string() }))),
});
export type PlannedUpgrade = z.infer<typeof PlannedUpgrade>;

/** The newest version, refused, in whose place an older one is kept. */
export const InsteadOf = z.object({
  to: z.string(),
  toRange: z.string(),
  verdict: Verdict,
  cause: z.string(),
  evidence: z.string(),
  /** The trial that refused it, and what was found out; absent in older journals. */
  trial: z.optional(z.nullable(z.string())),
  diagnosis: z.optional(z.nullable(Diagnosis)),
});
export type InsteadOf = z.infer<typeof InsteadOf>;

/** A change of the project's own code, made by rule, that goes with an upgrade; or install scripts that it wants. */
export const Rewrite = z.object({
  sentence: z.string(),
  /** None where a person allowed install scripts. Each with the places that were changed, as `file:line:column` before it. */
  files: z.array(z.object({ path: z.string(), places: z.array(z.string()) })),
});
export type Rewrite = z.infer<typeof Rewrite>;

/** What was tried to make a refused upgrade green, and what came of it. */
export const FixAttempt = z.object({ sentence: z.string(), verdict: Verdict, trial: z.nullable(z.string()) });
export type FixAttempt = z.infer<typeof FixAttempt>;

/** A dependency that was looked at and left as it is. */
export const LeftAlone = z.object({ name: z.string(), range: z.string(), reason: z.string() });
export type LeftAlone = z.infer<typeof LeftAlone>;

/** What the registry could tell, and what it could not: unknown is never shown as none. */
export const Signal = z.object({
  name: z.enum(['versions', 'engines', 'peers', 'deprecations', 'advisories']),
  state: z.enum(['available', 'unavailable']),
  reason: z.nullable(z.string()),
});
export type Signal = z.infer<typeof Signal>;

/** What the registry says against a version: its publisher deprecated it, or an advisory is about it. */
export const Warning = z.object({
  kind: z.enum(['deprecated', 'advisory']),
  name: z.string(),
  version: z.string(),
  text: z.string(),
  /** Of an advisory, in the registry's word. */
  severity: z.nullable(z.string()),
  /** An https address that describes it. */
  url: z.nullable(z.string()),
});
export type Warning = z.infer<typeof Warning>;

export const TestCounts = z.object({
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  /** Names of the tests that failed, in order. */
  failing: z.array(z.string()),
  /** Which output format the counts were read from, such as `mocha`; `exit-code` when only that was to be had. */
  runner: z.string(),
});
export type TestCounts = z.infer<typeof TestCounts>;

const HealthResult = z.object({
  url: z.string(),
  ok: z.boolean(),
  status: z.nullable(z.number()),
  detail: z.string(),
  waitedMs: z.number(),
});

/** What a step took, and how much it was allowed. */
const spent = {
  level: Level,
  /** What was run: `npm install`, `npm run build`, `npm start`, `npm test`… */
  command: z.string(),
  wallMs: z.number(),
  /** `memoryBytes` is null where nothing held it. Absent in older journals, and where nothing ran. */
  limits: z.optional(z.object({ wallMs: z.number(), memoryBytes: z.nullable(z.number()) })),
  /** Of all its processes together; null where the machine cannot tell, absent as above. */
  memoryBytesPeak: z.optional(z.nullable(z.number())),
};
export const StepSpent = z.object(spent);
export type StepSpent = z.infer<typeof StepSpent>;

/** One step of a trial at one level. */
export const LevelResult = z.object({
  ...spent,
  ok: z.boolean(),
  detail: z.string(),
  tests: z.nullable(TestCounts),
  health: z.array(HealthResult),
});
export type LevelResult = z.infer<typeof LevelResult>;

export const Baseline = z.object({
  kind: z.enum(['green', 'flaky', 'red', 'none']),
  level: z.union([z.literal(0), Level]),
  /** Tests that passed in some runs and failed in others. */
  flaky: z.array(z.string()),
  verdict: Verdict,
  /** What the level means for this project, such as "This project has no tests; it is judged by loading it." */
  label: z.string(),
});
export type Baseline = z.infer<typeof Baseline>;

const Option = z.object({ id: z.string(), label: z.string(), detail: z.string() });
export const Decision = z.object({
  id: z.string(),
  question: z.string(),
  /** The facts behind the question. */
  why: z.string(),
  options: z.array(Option),
  defaultOption: z.string(),
  /** Trials that the question rests on. */
  trials: z.array(z.string()),
  /** By option, the packages whose install scripts it lets run; absent where the question is about something else. */
  allows: z.optional(z.record(z.string(), z.array(z.string()))),
});
export type Decision = z.infer<typeof Decision>;

export const Commit = z.object({ hash: z.string(), subject: z.string(), upgrade: z.nullable(z.string()) });
export type Commit = z.infer<typeof Commit>;
