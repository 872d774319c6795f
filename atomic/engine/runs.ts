// Alive runs of a text whose order is total, read off its line without an object for each.

import type { Range } from '../patches/facts.ts';
import { Column, NONE } from './column.ts';
import type { FlatOrder } from './flat-order.ts';
import type { TextGraph } from './text-graph.ts';

/** Patch, start and end of each run, in order; runs of one patch whose bytes touch are one. */
export function runsIn({ segments }: TextGraph, order: FlatOrder): Int32Array {
  const runs = new Column();
  for (const segment of order.after(NONE)) {
    if (segments.alive.get(segment) === 0) continue;
    const [patch, start] = [segments.patchOf(segment), segments.start.get(segment)];
    const last = runs.length - 3;
    if (last < 0 || runs.get(last) !== patch || runs.get(last + 2) !== start) {
      runs.push(patch);
      runs.push(start);
      runs.push(start);
    }
    runs.set(runs.length - 1, segments.end.get(segment));
  }
  return runs.cells();
}

/** The runs at offsets `from` up to, without, `to` of the text. O(log n + k), the search counted in blocks. */
export function runsAtIn({ segments }: TextGraph, order: FlatOrder, from: number, to: number): readonly Range[] {
  const runs: Range[] = [];
  const found = from < to ? order.at(Math.max(0, from)) : undefined;
  if (found === undefined) return runs;
  let offset = found.start;
  const take = (segment: number): void => {
    const [patch, first] = [segments.patchOf(segment), segments.start.get(segment)];
    const start = first + Math.max(0, from - offset);
    const end = Math.min(segments.end.get(segment), first + to - offset);
    const last = runs.at(-1);
    if (last?.patch === patch && last.end === start) runs[runs.length - 1] = { ...last, end };
    else runs.push({ patch, start, end });
    offset += segments.bytes(segment);
  };
  take(found.segment);
  for (const segment of order.after(found.segment)) {
    if (offset >= to) break;
    if (segments.alive.get(segment) === 1) take(segment);
  }
  return runs;
}
