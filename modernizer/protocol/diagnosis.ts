// What was found out about a refused upgrade, as facts: the symbol, what changed of it, and where the project uses it.
// Rule: what is not known is said in sentences of its own; a list that was cut says how long it was.

import * as z from 'zod/mini';

/** A place in the project that uses the package, or that a log points to. */
export const CallSite = z.object({
  file: z.string(),
  line: z.number(),
  column: z.nullable(z.number()),
  /** The line as it stands there, without its indent; null where it could not be read. */
  text: z.nullable(z.string()),
});
export type CallSite = z.infer<typeof CallSite>;

export const ApiChangeKind = z.enum([
  'removed',
  'renamed',
  'module-form',
  'no-longer-callable',
  'needs-new',
  'became-async',
  'parameter-required',
  'fewer-parameters',
  'signature',
  'es-module-only',
  'deep-import-blocked',
  'node-raised',
  'entry-moved',
  'command-gone',
  'rule',
  'behaviour',
]);
export type ApiChangeKind = z.infer<typeof ApiChangeKind>;

const change = {
  /** As a person would name it, such as `glob.sync`. */
  symbol: z.string(),
  change: ApiChangeKind,
  /** As it was and as it is; null where there is nothing, or nothing was read. */
  before: z.nullable(z.string()),
  after: z.nullable(z.string()),
  renamedTo: z.nullable(z.string()),
  sites: z.array(CallSite),
};

/** One changed thing of a package that the project uses. */
export const ApiChange = z.object({
  ...change,
  /** Places that use it, also those that `sites` has no room for. */
  uses: z.number(),
});
export type ApiChange = z.infer<typeof ApiChange>;

/**
 * How a cause is known. `log-and-difference`: what was printed and what changed name the same. `log`: what was printed
 * names it. `difference`: the log names nothing; the API changed exactly where it is used. `test`: the failing tests
 * use this of the package and nothing else.
 */
export const CauseProof = z.enum(['log-and-difference', 'log', 'difference', 'test']);
export type CauseProof = z.infer<typeof CauseProof>;

const DiagnosedCause = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('named'), ...change, proof: CauseProof, printed: z.nullable(z.string()) }),
  z.object({ kind: z.literal('not-known') }),
]);

export const Diagnosis = z.object({
  cause: DiagnosedCause,
  /** What changed of what the project uses; null where the two versions could not be compared (`unknown` says why). */
  difference: z.nullable(
    z.object({
      /** Whether declarations were compared, or what is there at run time. */
      source: z.enum(['types', 'run-time']),
      /** Names that changed, whether the project uses them or not. */
      changed: z.number(),
      used: z.array(ApiChange),
      usedInAll: z.number(),
    }),
  ),
  /** What changed about the package as a whole, in sentences. */
  package: z.array(z.string()),
  /** What its changelog says of breaks between the two versions. */
  changelog: z.nullable(z.object({ file: z.string(), text: z.string() })),
  /** Places of the project that use the package. */
  uses: z.number(),
  /** Places that the log of the trial points to. */
  logged: z.array(CallSite),
  /** What is not known and why, in sentences. */
  unknown: z.array(z.string()),
});
export type Diagnosis = z.infer<typeof Diagnosis>;
