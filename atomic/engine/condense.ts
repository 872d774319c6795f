// The order graph with each strong component as one node: what an arrangement is made of.

import type { Dag } from './arrange.ts';
import { forEachNext, type Components } from './strong-components.ts';
import type { TextGraph } from './text-graph.ts';

/** A node is an item where any of its segments is alive. */
export function condense(graph: TextGraph, components: Components): Dag {
  const { count, members } = components;
  const first = new Int32Array(count + 1);
  const isItem = new Uint8Array(count);
  for (const segment of members) {
    const node = components.of[segment] ?? 0;
    if (graph.segments.alive.get(segment) === 1) isItem[node] = 1;
    forEachNext(graph, segment, (next) => {
      if (components.of[next] !== node) first[node + 1] = (first[node + 1] ?? 0) + 1;
    });
  }
  for (let node = 0; node < count; node += 1) first[node + 1] = (first[node + 1] ?? 0) + (first[node] ?? 0);
  const next = new Int32Array(first[count] ?? 0);
  const filled = first.slice();
  for (const segment of members) {
    const node = components.of[segment] ?? 0;
    forEachNext(graph, segment, (other) => {
      const to = components.of[other] ?? 0;
      if (to === node) return;
      next[filled[node] ?? 0] = to;
      filled[node] = (filled[node] ?? 0) + 1;
    });
  }
  return { count, first, next, isItem };
}

/** Whether every item has a path to the one after it: then nothing is in conflict about order. Research C5.3. */
export function isTotal({ count, first, next, isItem }: Dag): boolean {
  /** Lowest item that each node leads to through dead text; items have higher numbers the later they come. */
  const soonest = new Int32Array(count);
  let following = count;
  for (let node = count - 1; node >= 0; node -= 1) {
    let lowest = count;
    for (let at = first[node] ?? 0; at < (first[node + 1] ?? 0); at += 1) {
      const to = next[at] ?? 0;
      lowest = Math.min(lowest, isItem[to] === 1 ? to : (soonest[to] ?? count));
    }
    soonest[node] = lowest;
    if (isItem[node] === 0) continue;
    if (lowest !== following) return false;
    following = node;
  }
  return true;
}
