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
  /** For each patch (by slot) with alive text in the conflict, the side it is on. Made when it is first asked for. */
  readonly sideOf: () => ReadonlyMap<number, number>;
  /** Index of the seat around the conflict, or NONE. */
  readonly around: number;
}

/** Whether an alive segment lies in a conflict of which the patch (a slot) is another side. */
export function seatsIn(
  graph: TextGraph,
  components: Components,
  conflicts: readonly Conflict[],
): (segment: number, patch: number) => boolean {
  const seats: Seat[] = [];
  /** The innermost seat of each node: conflicts come before those that are nested in them. */
  const seatOf = new Int32Array(components.count).fill(NONE);
  for (const conflict of conflicts) {
    const sideOf = once(() => sidesByPatch(graph, components, conflict));
    const around = seatOf[conflict.sides[0]?.nodes[0] ?? 0] ?? NONE;
    for (const [side, { nodes }] of conflict.sides.entries()) {
      for (const node of nodes) seatOf[node] = seats.length;
      seats.push({ side, sideOf, around });
    }
  }
  return (segment, patch) => {
    let seat = seats[seatOf[components.of[segment] ?? NONE] ?? NONE];
    for (; seat !== undefined; seat = seats[seat.around]) {
      const side = seat.sideOf().get(patch);
      if (side !== undefined && side !== seat.side) return true;
    }
    return false;
  };
}

function sidesByPatch(graph: TextGraph, components: Components, { sides }: Conflict): ReadonlyMap<number, number> {
  const sideOf = new Map<number, number>();
  for (const [side, { nodes }] of sides.entries())
    for (const node of nodes)
      for (const slot of slotsIn(graph, components, node))
        sideOf.set(slot, (sideOf.get(slot) ?? side) === side ? side : SEVERAL);
  return sideOf;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Slots of the patches that have alive text in a node. */
function* slotsIn({ segments }: TextGraph, { first, members }: Components, node: number): Generator<number> {
  for (let at = first[node] ?? 0; at < (first[node + 1] ?? 0); at += 1) {
    const segment = members[at] ?? NONE;
    if (segments.alive.get(segment) === 1) yield segments.slot.get(segment);
  }
}
