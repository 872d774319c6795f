// How far a run is, and how long it will take at most as it looks now.

import type { Execution } from './execution.ts';

interface Progress {
  readonly phase: string;
  /** Trials still to come, at most. */
  readonly ahead: number;
  readonly known: number;
}

interface Telling {
  readonly record: Execution['record'];
}

export async function tellProgress({ record }: Telling, { phase, ahead, known }: Progress): Promise<void> {
  const finished = record.view().trials.filter(({ wallMs }) => wallMs !== null);
  const spentMs = finished.reduce((sum, { wallMs }) => sum + (wallMs ?? 0), 0);
  await record.emit('progress', {
    phase,
    trialsDone: finished.length,
    trialsExpected: Math.max(known, finished.length) + ahead,
    remainingMs: finished.length === 0 ? null : Math.round((spentMs / finished.length) * ahead),
  });
}
