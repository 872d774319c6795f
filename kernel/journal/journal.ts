// The face of the journal: the runs of every product and their append-only events.
// Rule: `seq` is taken from the run row in the transaction that appends, so a reader never sees it out of order;
// an append that names an older epoch than the run row's is refused: its writer has lost the run.

import type { Instant, RunId } from '../basics/index.ts';
import type { RunEvent, RunStatus, RunSummary } from '../protocol/index.ts';

export interface NewRun {
  readonly product: string;
  readonly title: string;
  readonly source: string;
  /** Whose it is; readers who are neither its owner nor an owner of the workbench do not see it. */
  readonly owner: string;
  /** What the run was asked to do, as JSON that its product understands. Never a secret. */
  readonly input: unknown;
  /** At most one unfinished run exists for each key: the second is answered with the first. */
  readonly exclusiveKey?: string;
}

export interface RunRecord {
  readonly id: RunId;
  readonly product: string;
  readonly title: string;
  readonly source: string;
  readonly owner: string;
  readonly input: unknown;
  readonly status: RunStatus;
  readonly reason: string | null;
  readonly costMicroUsd: number;
  readonly createdAt: Instant;
  readonly completedAt: Instant | null;
  readonly lastSeq: number;
  /** Counts the claims of this run; the fence of every write. */
  readonly epoch: number;
}

export type RunStart =
  { readonly kind: 'started'; readonly run: RunRecord } | { readonly kind: 'already-running'; readonly run: RunRecord };

export type Append = { readonly kind: 'appended'; readonly event: RunEvent } | { readonly kind: 'fenced-off' };

export interface RunFilter {
  readonly product?: string;
  /** Every product but these. */
  readonly exceptProducts?: readonly string[];
  readonly statuses?: readonly RunStatus[];
  readonly owner?: string;
  readonly limit: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string;
}

export interface Journal {
  start(run: NewRun): Promise<RunStart>;
  get(id: RunId): Promise<RunRecord | undefined>;
  /** Newest first, by keyset. */
  list(filter: RunFilter): Promise<{ readonly runs: readonly RunRecord[]; readonly nextCursor: string | null }>;
  /** Every id that starts with the prefix, at most 20. */
  idsWithPrefix(prefix: string): Promise<readonly RunId[]>;
  /** Appends one event, fenced by the epoch of the writer's lease (null: a person or the server, not a worker). */
  append(run: RunId, epoch: number | null, kind: string, data: unknown): Promise<Append>;
  /** Sets the status, fenced likewise; a final status also sets `completedAt` and frees the exclusive key. */
  setStatus(run: RunId, epoch: number | null, status: RunStatus, reason: string | null): Promise<boolean>;
  /** What the run has cost up to now, as the ledger says. */
  setCost(run: RunId, costMicroUsd: number): Promise<void>;
  /** Events after `afterSeq`, in order. */
  read(run: RunId, afterSeq: number, limit: number): Promise<readonly RunEvent[]>;
  /** Events after `afterSeq`, then every new one, without loss or repeat, until the signal aborts or the run is final and read to its end. */
  tail(run: RunId, afterSeq: number, signal: AbortSignal): AsyncIterable<RunEvent>;
}

export const summaryOf = (run: RunRecord): RunSummary => ({
  id: run.id,
  product: run.product,
  title: run.title,
  status: run.status,
  reason: run.reason,
  source: run.source,
  costMicroUsd: run.costMicroUsd,
  startedAt: new Date(run.createdAt).toISOString(),
  completedAt: run.completedAt === null ? null : new Date(run.completedAt).toISOString(),
  lastSeq: run.lastSeq,
});
