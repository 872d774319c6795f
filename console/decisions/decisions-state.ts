import type { RunSummary } from 'kernel/protocol';

export const longestWaitingFirst = (runs: readonly RunSummary[]): readonly RunSummary[] =>
  runs.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
