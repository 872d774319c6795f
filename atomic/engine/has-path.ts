// Whether a path leads from one segment to another through dead text alone.
// Rule: bounded. Where the answer would take too many steps it is “not certain”, which is false.

import { forEachNext } from './strong-components.ts';
import type { TextGraph } from './text-graph.ts';

/** Edges looked at before giving up: about what laying out a file of 1,000 lines anew looks at. */
export const EDGES_MAX = 10_000;

export function hasPath(graph: TextGraph, from: number, to: number): boolean {
  const { segments, visits } = graph;
  const open = [from];
  const search = { isFound: false, looked: 0 };
  visits.begin(segments.count);
  const look = (next: number): void => {
    search.looked += 1;
    if (next === to) search.isFound = true;
    if (search.isFound || segments.alive.get(next) === 1 || !visits.isFirst(next)) return;
    open.push(next);
  };
  for (let segment = open.pop(); segment !== undefined; segment = open.pop()) {
    forEachNext(graph, segment, look);
    if (search.isFound || search.looked > EDGES_MAX) break;
  }
  return search.isFound;
}
