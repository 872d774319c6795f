// Taking patches into a channel and leaving them out of it, with all that comes along explained before it is done.

import * as z from 'zod/mini';

import { PatchLine } from './patch.ts';

/** As many as an answer names, so that it can be taken back; more are chosen by an expression. */
export const MOVED_PATCHES_MAX = 5000;
const EXPRESSION_LENGTH_MAX = 4096;

export const Direction = z.enum(['take', 'leave']);
export type Direction = z.infer<typeof Direction>;

/** POST …/channels/{channel}/take and …/leave. At least one of `patches` and `expr`. */
export const MovementAsked = z.object({
  patches: z._default(z.array(z.string().check(z.regex(/^[a-z2-7]{1,52}$/))).check(z.maxLength(MOVED_PATCHES_MAX)), []),
  expr: z.optional(z.string().check(z.minLength(1), z.maxLength(EXPRESSION_LENGTH_MAX))),
  /** Says what would happen, and does nothing. */
  dryRun: z._default(z.boolean(), false),
  /** Leaves also what builds on the patches. Without it nothing is left where something does. */
  withDependents: z._default(z.boolean(), false),
});
export type MovementAsked = z.input<typeof MovementAsked>;

/** Why a patch comes along. */
export const Reason = z.object({
  /** Of a patch that is taken or left too. */
  hash: z.string(),
  message: z.string(),
  /** Files of which both say something. */
  paths: z.array(z.string()),
});
export type Reason = z.infer<typeof Reason>;

export const Movement = z.object({
  direction: Direction,
  channel: z.string(),
  outcome: z.enum(['done', 'planned', 'needs-dependents', 'nothing']),
  /** What was asked for, the first of them. */
  asked: z.array(PatchLine),
  askedInAll: z.number(),
  /** What comes along, the first of them, and why. */
  also: z.array(z.object({ patch: PatchLine, because: z.array(Reason) })),
  alsoInAll: z.number(),
  /** All that is moved: what undoes it. */
  hashes: z.array(z.string()),
  /** Of the files that are concerned, the first. */
  paths: z.array(z.string()),
  pathsInAll: z.number(),
  /** Whether the files on the disk follow: it is the current channel. */
  isCurrent: z.boolean(),
  /** Conflicts of the channel before, and after it (for a plan: as it would be). */
  conflictsBefore: z.number(),
  conflictsAfter: z.number(),
  /** The channel's state now. */
  root: z.string(),
});
export type Movement = z.infer<typeof Movement>;
