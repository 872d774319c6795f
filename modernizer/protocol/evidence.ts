// What a trial left behind, beside its log: where it ran, and what it installed that the project as it is does not.

import * as z from 'zod/mini';

const Available = <Kind extends z.ZodMiniType>(shape: Kind) =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('available'), value: shape }),
    z.object({ kind: z.literal('unavailable'), reason: z.string() }),
  ]);

export const LockedChange = z.object({
  name: z.string(),
  /** Where it lies in the tree; '' where a lockfile names versions and no places, as those of pnpm and Yarn do. */
  place: z.string(),
  /** Null where it is not installed. */
  from: z.nullable(z.string()),
  to: z.nullable(z.string()),
  /** True for a dependency of the project itself that this trial changes. */
  asked: z.boolean(),
});
export type LockedChange = z.infer<typeof LockedChange>;

export const LockfileDifference = z.object({
  /** At most so many that a person reads; the counts are of all. */
  changes: z.array(LockedChange),
  added: z.number(),
  removed: z.number(),
  changed: z.number(),
  same: z.number(),
});
export type LockfileDifference = z.infer<typeof LockfileDifference>;

/** GET /api/modernizer/runs/{run}/trials/{trial}/evidence */
export const TrialEvidence = z.object({
  /** Names that can be asked for one by one. */
  files: z.array(z.string()),
  /** sha256 over what was installed where; null where nothing was resolved. */
  treeHash: z.nullable(z.string()),
  lockfile: Available(LockfileDifference),
  environment: Available(
    z.object({
      /** sha256 over all of the below: trials with equal hashes ran in equal environments. */
      hash: z.string(),
      tandem: z.string(),
      node: z.string(),
      npm: z.string(),
      architecture: z.nullable(z.string()),
      registry: z.nullable(z.string()),
      sandbox: z.object({ backEnd: z.string(), unsafe: z.boolean(), limits: z.array(z.string()) }),
    }),
  ),
});
export type TrialEvidence = z.infer<typeof TrialEvidence>;
