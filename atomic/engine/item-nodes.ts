// Components as items of a text: their alive segments in canonical order. Research C5.6, C5.7.

import type { History } from '../patches/facts.ts';
import { NONE } from './column.ts';
import type { Components } from './strong-components.ts';
import type { TextGraph } from './text-graph.ts';

export interface ItemNodes {
  /** Alive segments of a component: by the bytes of their patches' hashes, then by offset. */
  alive(node: number): readonly number[];
  /** The canonical order of items: that of their first bytes. */
  compare(a: number, b: number): number;
  /** Whether any item is more than one stretch of text: nobody can say what of it comes first. */
  readonly someInCircle: boolean;
}

export function itemNodes(graph: TextGraph, components: Components, history: History): ItemNodes {
  const { segments } = graph;
  const compareSegments = (a: number, b: number): number =>
    (segments.slot.get(a) === segments.slot.get(b) ? 0 : history.compare(segments.patchOf(a), segments.patchOf(b))) ||
    segments.start.get(a) - segments.start.get(b);
  const circles = new Map<number, readonly number[]>();
  const single = new Int32Array(components.count).fill(NONE);
  for (const segment of components.members) {
    if (segments.alive.get(segment) === 0) continue;
    const node = components.of[segment] ?? NONE;
    if (single[node] === NONE) single[node] = segment;
    else circles.set(node, []);
  }
  for (const node of circles.keys()) {
    const alive = aliveIn(graph, components, node).sort(compareSegments);
    circles.set(node, alive);
    single[node] = alive[0] ?? NONE;
  }
  for (const [node, alive] of circles) lineUp(components, node, alive);
  return {
    alive: (node) => circles.get(node) ?? [single[node] ?? NONE],
    compare: (a, b) => compareSegments(single[a] ?? NONE, single[b] ?? NONE),
    someInCircle: [...circles.values()].some((alive) => !isOneStretch(graph, alive)),
  };
}

function aliveIn({ segments }: TextGraph, { first, members }: Components, node: number): number[] {
  const found: number[] = [];
  for (let at = first[node] ?? 0; at < (first[node + 1] ?? 0); at += 1) {
    const segment = members[at] ?? NONE;
    if (segments.alive.get(segment) === 1) found.push(segment);
  }
  return found;
}

/** Puts the alive members of a circle before its dead ones, in canonical order. */
function lineUp({ first, members }: Components, node: number, alive: readonly number[]): void {
  const from = first[node] ?? 0;
  const all = members.slice(from, first[node + 1] ?? from);
  const isAlive = new Set(alive);
  members.set([...alive, ...all.filter((segment) => !isAlive.has(segment))], from);
}

/** A cut alone makes no conflict: one stretch of text in a circle with itself, or with dead text, reads as it stands. */
const isOneStretch = ({ segments }: TextGraph, alive: readonly number[]): boolean =>
  alive.every((segment, at) => at === 0 || segments.before.get(segment) === alive[at - 1]);
