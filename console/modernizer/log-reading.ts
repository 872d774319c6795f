// Reads a trial's log until it is complete: at once while there is more, then with a pause, since it only grows
// as fast as the tests print. Rule: one request at a time, and none after the drawer is closed.

import type { Clock } from 'kernel/basics';
import type { TrialLog } from 'modernizer/protocol';

import { isAway } from '../requests/ask.ts';
import { appendLog, EMPTY_LOG, type LogState } from './log-state.ts';

/** Often enough to read along, seldom enough not to disturb the trial it tells of. */
const PAUSE_MS = 1_000;

export interface LogReading {
  readonly read: (from: number, signal: AbortSignal) => Promise<TrialLog>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tell: (state: LogState) => void;
}

/** Ends when the log is complete or the signal aborts. Throws what the server refused. */
export async function readLog({ read, clock, signal, tell }: LogReading): Promise<void> {
  let state = EMPTY_LOG;
  while (!signal.aborted) {
    const page = await read(state.nextFrom, signal).catch((thrown: unknown) => {
      if (isAway(thrown)) return undefined;
      throw thrown;
    });
    if (signal.aborted) return;
    const grew = page !== undefined && page.nextFrom > state.nextFrom;
    if (page !== undefined) {
      state = appendLog(state, page);
      tell(state);
      if (state.complete && !grew) return;
    }
    if (!grew) await clock.sleep(PAUSE_MS, signal);
  }
}
