// Looks again and again for schedules that are due, as long as a server lives.

import type { Clock, RunId } from 'kernel/basics';

import type { Schedules } from './schedules.ts';

/** A schedule counts in minutes; a look costs one read of an index. */
const LOOK_MS = 10_000;

export interface Watching {
  readonly schedules: Pick<Schedules, 'startDue'>;
  readonly clock: Clock;
  readonly down: AbortSignal;
  /** Works on a run that was begun here. */
  launch(run: RunId): void;
  /** A look that failed; the next one may succeed. */
  failed(error: unknown): void;
}

/** Resolves when it looks no more. */
export async function watchSchedules({ schedules, clock, down, launch, failed }: Watching): Promise<void> {
  while (!down.aborted) {
    try {
      for (const run of await schedules.startDue()) launch(run);
    } catch (error) {
      failed(error);
    }
    await clock.sleep(LOOK_MS, down);
  }
}
