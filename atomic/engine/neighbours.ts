// What stands directly beside bytes of a text, by the edges of its graph; what goes on in the same insertion counts too.
// Rule: answers are about bytes; how the text is cut makes no difference.

import type { PatchNumber, Position, Range } from '../patches/facts.ts';
import { NONE } from './column.ts';
import type { TextGraph } from './text-graph.ts';

export function ownersBesideIn({ segments, edges }: TextGraph, ranges: readonly Range[]): readonly PatchNumber[] {
  const owners = new Set<PatchNumber>();
  for (const range of ranges)
    for (const segment of segments.within(range)) {
      const [start, end] = [segments.start.get(segment), segments.end.get(segment)];
      // The first and the last byte of the range may go on in the same insertion.
      if (range.start > start || (range.start === start && segments.before.get(segment) !== NONE))
        owners.add(range.patch);
      if (range.end < end || (range.end === end && segments.after.get(segment) !== NONE)) owners.add(range.patch);
      if (range.start <= start)
        for (let edge = segments.ins.get(segment); edge !== NONE; edge = edges.nextIn.get(edge))
          if (edges.cancelled.get(edge) === 0) owners.add(segments.patchOf(edges.from.get(edge)));
      if (range.end >= end)
        for (let edge = segments.outs.get(segment); edge !== NONE; edge = edges.nextOut.get(edge))
          if (edges.cancelled.get(edge) === 0) owners.add(segments.patchOf(edges.to.get(edge)));
    }
  return [...owners].sort((a, b) => a - b);
}

export function isLinkedIn({ segments, edges }: TextGraph, last: Position, first: Position): boolean {
  const [from, to] = [segments.find(last.patch, last.offset), segments.find(first.patch, first.offset)];
  if (from === NONE || to === NONE) return false;
  if (last.patch === first.patch && last.offset + 1 === first.offset)
    return segments.insert.get(from) === segments.insert.get(to);
  if (segments.end.get(from) !== last.offset + 1 || segments.start.get(to) !== first.offset) return false;
  for (let edge = segments.outs.get(from); edge !== NONE; edge = edges.nextOut.get(edge))
    if (edges.to.get(edge) === to && edges.cancelled.get(edge) === 0) return true;
  return false;
}
