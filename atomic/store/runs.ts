// A set of numbers as runs, first and last: how the audit log writes what came to a channel and what went.

import type { PatchNumber } from '../patches/facts.ts';
import type { NumberRun } from './audit-face.ts';

export function runsOf(numbers: Iterable<PatchNumber>): readonly NumberRun[] {
  const runs: [PatchNumber, PatchNumber][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] + 1 === number) last[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}

export function* numbersIn(runs: readonly NumberRun[]): Generator<PatchNumber> {
  for (const [first, last] of runs) for (let number = first; number <= last; number += 1) yield number;
}
