import { systemClock, toFault, type Fault } from 'kernel/basics';
import { useEffect, useState } from 'react';

import { readTrialLog, type TrialAsked } from '../requests/queries.ts';
import { readLog } from './log-reading.ts';
import { EMPTY_LOG, type LogState } from './log-state.ts';

export interface Log {
  readonly log: LogState;
  readonly fault: Fault | null;
}

/** Reads the log of a trial for as long as it is shown. Another trial is another component (give it a key). */
export function useLog({ run, trial }: TrialAsked): Log {
  const [log, setLog] = useState<LogState>(EMPTY_LOG);
  const [fault, setFault] = useState<Fault | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    readLog({
      read: (from, signal) => readTrialLog({ run, trial }, from, signal),
      clock: systemClock,
      signal: stop.signal,
      tell: setLog,
    }).catch((thrown: unknown) => !stop.signal.aborted && setFault(toFault(thrown, 'Reading the log')));
    return () => stop.abort();
  }, [run, trial]);
  return { log, fault };
}
