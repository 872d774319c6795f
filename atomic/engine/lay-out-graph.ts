// The layout of a whole graph: what is alive, in which order, what is in conflict, contested or a twin. Research C5, C6.
// Rule: one pass over segments and edges; nothing of an earlier layout is used. Where all is clean there is no layout but
// a line of segments: whoever wants items makes them from it.

import type { History, MergePolicy } from '../patches/facts.ts';
import type { Layout, Run } from '../patches/layout.ts';
import { arrange, type Arranged, type Dag } from './arrange.ts';
import { condense, isTotal } from './condense.ts';
import { contestedIn, contestOf } from './contested.ts';
import { itemsOf } from './items-of.ts';
import { itemNodes } from './item-nodes.ts';
import { seatsIn } from './seats.ts';
import { settleOrders } from './settle-orders.ts';
import { componentsOf } from './strong-components.ts';
import type { TextGraph } from './text-graph.ts';

export type GraphLayout =
  /** All segments in order; `isLinear` unless some of them stand in a circle that nobody sees. */
  | { readonly kind: 'line'; readonly line: Int32Array; readonly isLinear: boolean }
  | { readonly kind: 'layout'; readonly layout: Layout };

export function layOutGraph(graph: TextGraph, history: History, policy: MergePolicy): GraphLayout {
  settleOrders(graph);
  const components = componentsOf(graph);
  const dag = condense(graph, components);
  const nodes = itemNodes(graph, components, history);
  const arranged = isTotal(dag) ? undefined : arrange(dag, nodes.compare);
  const contestedBy = contestedIn(graph, { history, policy }, seatsIn(graph, components, arranged?.conflicts ?? []));
  if (arranged === undefined && contestedBy.size === 0 && !nodes.someInCircle) {
    const isLinear = components.count === components.members.length && !components.hasLoop;
    return { kind: 'line', line: components.members, isLinear };
  }
  const runsOf = (node: number) =>
    nodes.alive(node).map((segment) => ({
      patch: graph.segments.patchOf(segment),
      start: graph.segments.start.get(segment),
      end: graph.segments.end.get(segment),
      contestedBy: contestedBy.get(segment) ?? [],
    }));
  const contest = contestOf(graph, history, policy);
  const isContested = (run: Run): boolean =>
    graph.segments.within(run).some((segment) => contest.deletersAround(segment, () => false).length > 0);
  return { kind: 'layout', layout: itemsOf(arranged ?? inSeries(dag), { runsOf, isContested, history, policy }) };
}

/** One item after another, as they are numbered. */
const inSeries = ({ isItem }: Dag): Arranged => ({
  pieces: [...isItem.keys()].filter((node) => isItem[node] === 1).map((node) => ({ kind: 'item', node })),
  conflicts: [],
});
