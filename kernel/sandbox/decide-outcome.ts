// Decides how a job ended. Pure.

import { constants } from 'node:os';
import { unreachable } from '../basics/index.ts';
import type { Finished, Limits, Outcome } from './sandbox.ts';
import { diskLimits } from './watch-disk.ts';

/** Why Tandem itself ended a job; null when it did not. */
export type Stop = 'timed-out' | 'too-much-output' | 'out-of-memory' | 'too-much-disk' | 'stopped' | null;

export interface Ending {
  readonly stop: Stop;
  readonly code: number | null;
  readonly signal: string | null;
  readonly outOfMemoryKills: number;
}

/** How shells and bubblewrap tell a signal: this plus its number. */
const SIGNAL_BASE = 128;
const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

export function decideOutcome(ending: Ending, limits: Limits, finished: Finished): Outcome {
  // The kernel's word comes first: a job that it ended half-way hangs often enough until its time is over.
  if (ending.outOfMemoryKills > 0) return { kind: 'out-of-memory', limitBytes: limits.memoryBytesMax, ...finished };
  switch (ending.stop) {
    case 'timed-out':
      return { kind: 'timed-out', limitMs: limits.wallMs, ...finished };
    case 'too-much-output':
      return { kind: 'too-much-output', limitBytes: limits.outputBytesMax, ...finished };
    case 'out-of-memory':
      return { kind: 'out-of-memory', limitBytes: limits.memoryBytesMax, ...finished };
    case 'too-much-disk':
      return { kind: 'too-much-disk', ...diskLimits(limits), ...finished };
    case 'stopped':
      return { kind: 'stopped', ...finished };
    case null:
      return endedItself(ending, finished);
    default:
      return unreachable(ending.stop);
  }
}

function endedItself({ code, signal }: Ending, finished: Finished): Outcome {
  if (code === null) return { kind: 'killed', signal: signal ?? 'SIGKILL', ...finished };
  const told = code > SIGNAL_BASE ? signalNames.get(code - SIGNAL_BASE) : undefined;
  return told === undefined ? { kind: 'exited', code, ...finished } : { kind: 'killed', signal: told, ...finished };
}
