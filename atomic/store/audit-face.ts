// One line of the audit log for each command that changes something, each chained to the one before by its hash.
// Rule: a line holds what is needed to take the command back: every channel's change as what came and what went.

import type { Instant } from 'kernel/basics';

import type { PatchNumber } from '../patches/facts.ts';

/** What a command says of itself. */
export interface AuditEntry {
  /** The command: `record`, `unrecord`, `apply`, `pull`. */
  readonly op: string;
  /** Its arguments, as JSON; never a secret. */
  readonly args: unknown;
  /** Who did it, as people read it. */
  readonly actor: string;
}

/** Local numbers `first` up to, with, `last`. */
export type NumberRun = readonly [first: PatchNumber, last: PatchNumber];

/** What happened to one channel. */
export type ChannelChange =
  | { readonly kind: 'created'; readonly channel: string; readonly from: string | null }
  | { readonly kind: 'deleted'; readonly channel: string; readonly patches: readonly NumberRun[] }
  | { readonly kind: 'renamed'; readonly channel: string; readonly to: string }
  | { readonly kind: 'switched'; readonly channel: string; readonly to: string }
  | {
      readonly kind: 'patches';
      readonly channel: string;
      readonly added: readonly NumberRun[];
      readonly removed: readonly NumberRun[];
    };

export interface AuditLine extends AuditEntry {
  /** From 1, without gaps. */
  readonly n: number;
  readonly at: Instant;
  /** The channel that `rootBefore` and `rootAfter` speak of: the changed one, or the current one. */
  readonly channel: string;
  readonly rootBefore: Uint8Array;
  readonly rootAfter: Uint8Array;
  /** In the order in which they happened. */
  readonly changes: readonly ChannelChange[];
  readonly previousHash: Uint8Array;
  readonly hash: Uint8Array;
}

export type AuditVerdict =
  | { readonly kind: 'whole'; readonly lines: number }
  | { readonly kind: 'broken'; readonly n: number; readonly why: string };
