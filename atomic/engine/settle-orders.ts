// Which orders a later patch cancels. Research C2.2: edges are never removed; a cancelled one leads nowhere while the
// patch that cancels it is in the set.

import { ORDER } from './edges.ts';
import type { TextGraph } from './text-graph.ts';

export function settleOrders(graph: TextGraph): void {
  const cancelled = new Set<string>();
  for (const { unorders } of graph.allFacts())
    for (const { from, to, by } of unorders)
      cancelled.add([by, from.patch, from.offset, to.patch, to.offset].join(' '));
  if (cancelled.size === 0 && !graph.hasCancelled) return;
  const { edges, segments } = graph;
  for (let edge = 0; edge < edges.count; edge += 1) {
    if (edges.kind.get(edge) !== ORDER) continue;
    const [from, to] = [edges.from.get(edge), edges.to.get(edge)];
    const key = [
      segments.patchIn(edges.owner.get(edge)),
      segments.patchOf(from),
      segments.end.get(from) - 1,
      segments.patchOf(to),
      segments.start.get(to),
    ].join(' ');
    edges.cancelled.set(edge, cancelled.has(key) ? 1 : 0);
  }
  graph.hasCancelled = cancelled.size > 0;
}
