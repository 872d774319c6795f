// The list of runs: its filters, and what a line says.

import { durationText } from 'kernel/basics';
import { RunStatus, type RunPage, type RunSummary } from 'kernel/protocol';

export const RUN_FILTERS = ['all', 'running', 'needs-person', 'interrupted', 'done', 'stopped', 'failed'] as const;
export type RunFilter = (typeof RUN_FILTERS)[number];

/** The filter in the address, or all where it says nothing we know. */
export const parseRunFilter = (text: unknown): RunFilter => RUN_FILTERS.find((filter) => filter === text) ?? 'all';

export function statusOf(filter: RunFilter): RunStatus | undefined {
  const status = RunStatus.safeParse(filter);
  return status.success ? status.data : undefined;
}

/** Pages of a list that grows at its head may overlap: each run once, where it stands newest. */
export function runsOf(pages: readonly RunPage[]): readonly RunSummary[] {
  const seen = new Set<string>();
  return pages.flatMap((page) => page.runs).filter((run) => !seen.has(run.id) && seen.add(run.id).has(run.id));
}

/** How long it took, or null for one that has not ended: how long that took nobody knows. */
export const tookText = (run: Pick<RunSummary, 'startedAt' | 'completedAt'>): string | null =>
  run.completedAt === null ? null : durationText(Date.parse(run.completedAt) - Date.parse(run.startedAt));
