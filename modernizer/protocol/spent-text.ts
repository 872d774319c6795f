// What a step took of what it was allowed, in the words that the console and the report share.

import { bytesText, durationText } from 'kernel/basics';

import type { StepSpent } from './upgrade.ts';

/** Null where the limits were not written down, or nothing ran. */
export function spentText({ wallMs, limits, memoryBytesPeak }: StepSpent): string | null {
  if (limits === undefined) return null;
  const peak = memoryBytesPeak == null ? null : bytesText(memoryBytesPeak);
  const most = limits.memoryBytes === null ? null : bytesText(limits.memoryBytes);
  const memory =
    most === null ? `${peak ?? 'unknown'} of memory, without a limit` : `${peak ?? 'unknown'} of ${most} of memory`;
  return `${durationText(wallMs)} of ${durationText(limits.wallMs)}, ${memory}`;
}
