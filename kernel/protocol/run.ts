// A run is anything an AI or an agent does. It is owned by the server, or by the command that started it,
// never by a request. These are the shapes in which runs travel over HTTP and into the console.

import * as z from 'zod/mini';

/**
 * `queued`: accepted, nobody works on it yet. `running`: somebody holds its lease.
 * `interrupted`: its owner is gone; it can be resumed. `needs-person`: a decision is open.
 * `done`, `stopped` (by a person, or because it was right not to go on) and `failed` are final.
 */
export const RunStatus = z.enum(['queued', 'running', 'interrupted', 'needs-person', 'done', 'stopped', 'failed']);
export type RunStatus = z.infer<typeof RunStatus>;

export const FINAL_STATUSES: readonly RunStatus[] = ['done', 'stopped', 'failed'];
export const isFinal = (status: RunStatus): boolean => FINAL_STATUSES.includes(status);

export const RunSummary = z.object({
  id: z.string(),
  /** Which product the run belongs to, such as `modernizer`. */
  product: z.string(),
  title: z.string(),
  status: RunStatus,
  /** Why it has that status, in a sentence, or null where the status says it all. */
  reason: z.nullable(z.string()),
  /** Who does the work: `built-in rules`, or provider and model. */
  source: z.string(),
  costMicroUsd: z.number(),
  startedAt: z.iso.datetime(),
  completedAt: z.nullable(z.iso.datetime()),
  /** The number of the run's newest event; 0 before the first. */
  lastSeq: z.number(),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** One line of a run's journal. `seq` counts from 1 within the run, without gaps. */
export const RunEvent = z.object({
  run: z.string(),
  seq: z.number(),
  at: z.iso.datetime(),
  kind: z.string(),
  data: z.unknown(),
});
export type RunEvent = z.infer<typeof RunEvent>;

export const RunPage = z.object({
  runs: z.array(RunSummary),
  /** Give it as `cursor` to read on; null at the end. */
  nextCursor: z.nullable(z.string()),
});
export type RunPage = z.infer<typeof RunPage>;
