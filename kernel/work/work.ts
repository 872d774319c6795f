// The face of work: who does what, by lease, and how many heavy things at once.
// Rule: a lease that was not renewed in time is lost, and its holder learns so by its signal; a higher epoch
// fences off everything the old holder still tries to write.

import type { Instant, RunId } from '../basics/index.ts';

export interface Lease {
  readonly run: RunId;
  readonly epoch: number;
  /** Aborts when the lease is lost to somebody else. */
  readonly lost: AbortSignal;
  /** Ends the lease; the status of the run stays as it is. */
  release(): Promise<void>;
}

export type Claim =
  | { readonly kind: 'claimed'; readonly lease: Lease }
  | { readonly kind: 'held'; readonly holder: string; readonly untilAt: Instant }
  | { readonly kind: 'no-such-run' };

export interface Slot {
  release(): Promise<void>;
}

export interface Work {
  /** Takes the run if nobody holds it, raises its epoch, and renews the lease until it is released. */
  claim(run: RunId, holder: string): Promise<Claim>;
  /** Runs that were `running` when their lease ended: marks each `interrupted` and returns their ids. */
  markInterrupted(): Promise<readonly RunId[]>;
  /** Waits for one of `limit` places with this name, shared by all processes on this store, in order of asking. */
  slot(name: string, limit: number, signal: AbortSignal): Promise<Slot | undefined>;
}
