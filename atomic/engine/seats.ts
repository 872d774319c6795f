// Where text sits in order conflicts: on which side of each that is around it. Research C6: a deletion is no news inside a
// conflict with the very patch that deleted.

import type { Conflict } from './arrange.ts';
import { NONE } from './column.ts';
import type { Components } from './strong-components.ts';
import type { TextGraph } from './text-graph.ts';

/** Text of a patch is on more sides than one. */
const SEVERAL = -2;

interface Seat {
  readonly side: number;
  /** For each patch (by slot) with alive text in the conflict, the side it is on. */
  readonly sideOf: ReadonlyMap<number, number>;
  readonly around: Seat | undefined;
}

/** Whether an alive segment lies in a conflict of which the patch (a slot) is another side. */
export function seatsIn(
  graph: TextGraph,
  components: Components,
  conflicts: readonly Conflict[],
): (segment: number, patch: number) => boolean {
  /** The innermost seat of each node. */
  const seats = new Map<number, Seat>();
  for (const { sides } of conflicts) {
    const sideOf = new Map<number, number>();
    for (const [side, { nodes }] of sides.entries())
      for (const node of nodes)
        for (const slot of slotsIn(graph, components, node))
          sideOf.set(slot, (sideOf.get(slot) ?? side) === side ? side : SEVERAL);
    const around = seats.get(sides[0]?.nodes[0] ?? NONE);
    for (const [side, { nodes }] of sides.entries()) {
      const seat = { side, sideOf, around };
      for (const node of nodes) seats.set(node, seat);
    }
  }
  return (segment, patch) => {
    for (let seat = seats.get(components.of[segment] ?? NONE); seat !== undefined; seat = seat.around) {
      const side = seat.sideOf.get(patch);
      if (side !== undefined && side !== seat.side) return true;
    }
    return false;
  };
}

/** Slots of the patches that have alive text in a node. */
function* slotsIn({ segments }: TextGraph, { first, members }: Components, node: number): Generator<number> {
  for (let at = first[node] ?? 0; at < (first[node + 1] ?? 0); at += 1) {
    const segment = members[at] ?? NONE;
    if (segments.alive.get(segment) === 1) yield segments.slot.get(segment);
  }
}
