// Strong components of the order graph, and the graph of those components without its cycles. Research C5.1.
// Rule: no recursion (a text of 10,000 lines is a path of 10,000 segments); linear in segments and edges.

import { Column, NONE } from './column.ts';
import type { TextGraph } from './text-graph.ts';

/** Components are numbered in an order that follows all edges. */
export interface Components {
  readonly count: number;
  /** Component of each segment, NONE for rows of withdrawn text. */
  readonly of: Int32Array;
  /** Segments by component; those of component c are at `first[c]` up to, without, `first[c + 1]`. */
  readonly members: Int32Array;
  readonly first: Int32Array;
  /** Whether an edge leads from a segment to itself: harmless here, but a cut through it would make a cycle. */
  readonly hasLoop: boolean;
}

/** Calls back with each segment that one leads to directly. Cancelled orders lead nowhere. */
export function forEachNext({ segments, edges }: TextGraph, segment: number, visit: (next: number) => void): void {
  const after = segments.after.get(segment);
  if (after !== NONE) visit(after);
  for (let edge = segments.outs.get(segment); edge !== NONE; edge = edges.nextOut.get(edge))
    if (edges.cancelled.get(edge) === 0) visit(edges.to.get(edge));
}

/** Tarjan's algorithm with a stack of its own. */
export function componentsOf(graph: TextGraph): Components {
  const search = new Search(graph);
  for (let segment = 0; segment < graph.segments.count; segment += 1)
    if (graph.segments.insert.get(segment) !== NONE) search.from(segment);
  return search.result();
}

/** Where the search stands in a segment's successors: before the neighbour, or at an edge. */
const AT_NEIGHBOUR = -2;

class Search {
  readonly #graph: TextGraph;
  readonly #index: Int32Array;
  readonly #low: Int32Array;
  readonly #of: Int32Array;
  readonly #cursor: Int32Array;
  readonly #open = new Column();
  readonly #path = new Column();
  /** Components as they are found: the last in order comes first. */
  readonly #found = new Column();
  readonly #starts = new Column();
  #opened = 0;
  #openDepth = 0;
  #pathDepth = 0;
  #hasLoop = false;

  constructor(graph: TextGraph) {
    const { count } = graph.segments;
    this.#graph = graph;
    this.#index = new Int32Array(count).fill(NONE);
    this.#low = new Int32Array(count);
    this.#of = new Int32Array(count).fill(NONE);
    this.#cursor = new Int32Array(count).fill(AT_NEIGHBOUR);
    for (const stack of [this.#open, this.#path]) stack.extend(count);
  }

  from(segment: number): void {
    if (this.#at(this.#index, segment) !== NONE) return;
    this.#enter(segment);
    while (this.#pathDepth > 0) {
      const here = this.#path.get(this.#pathDepth - 1);
      const next = this.#advance(here);
      if (next === NONE) this.#leave(here);
      else if (this.#at(this.#index, next) === NONE) this.#enter(next);
      else if (next === here) this.#hasLoop = true;
      else if (this.#at(this.#of, next) === NONE) this.#lower(here, this.#at(this.#index, next));
    }
  }

  /** The components turned round, so that edges lead from lower to higher numbers. */
  result(): Components {
    const count = this.#starts.length;
    const total = this.#found.length;
    const members = new Int32Array(total);
    for (let at = 0; at < total; at += 1) members[at] = this.#found.get(total - 1 - at);
    const first = new Int32Array(count + 1);
    for (let component = 0; component < count; component += 1)
      first[count - component] = total - this.#starts.get(component);
    const of = this.#of.map((component) => (component === NONE ? NONE : count - 1 - component));
    return { count, of, members, first, hasLoop: this.#hasLoop };
  }

  #at(column: Int32Array, segment: number): number {
    return column[segment] ?? NONE;
  }

  #enter(segment: number): void {
    this.#index[segment] = this.#opened;
    this.#low[segment] = this.#opened;
    this.#opened += 1;
    this.#open.set(this.#openDepth, segment);
    this.#openDepth += 1;
    this.#path.set(this.#pathDepth, segment);
    this.#pathDepth += 1;
  }

  /** The next segment that this one leads to, or NONE when all have been seen. */
  #advance(segment: number): number {
    const { segments, edges } = this.#graph;
    let edge = this.#at(this.#cursor, segment);
    if (edge === AT_NEIGHBOUR) {
      edge = segments.outs.get(segment);
      this.#cursor[segment] = edge;
      const after = segments.after.get(segment);
      if (after !== NONE) return after;
    }
    while (edge !== NONE && edges.cancelled.get(edge) === 1) edge = edges.nextOut.get(edge);
    if (edge === NONE) return NONE;
    this.#cursor[segment] = edges.nextOut.get(edge);
    return edges.to.get(edge);
  }

  #leave(segment: number): void {
    this.#pathDepth -= 1;
    if (this.#at(this.#low, segment) === this.#at(this.#index, segment)) this.#close(segment);
    if (this.#pathDepth > 0) this.#lower(this.#path.get(this.#pathDepth - 1), this.#at(this.#low, segment));
  }

  #lower(segment: number, low: number): void {
    this.#low[segment] = Math.min(this.#at(this.#low, segment), low);
  }

  /** Everything that was entered since is one component. */
  #close(root: number): void {
    const component = this.#starts.push(this.#found.length);
    for (let member = NONE; member !== root;) {
      this.#openDepth -= 1;
      member = this.#open.get(this.#openDepth);
      this.#of[member] = component;
      this.#found.push(member);
    }
  }
}
