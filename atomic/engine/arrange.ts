// How the items of a graph without cycles lie: one after another where everybody agrees, side by side where nobody said.
// Research C5.2–5.6. Rule: the answer depends on which item is reachable from which, and on the canonical order of items;
// never on the numbers of nodes. Linear in nodes and edges for each level of nesting; no recursion.
// Nodes that are no items are dead text: they print nothing, but paths lead through them.

import { chainsOf } from './chains.ts';

export interface Dag {
  readonly count: number;
  /** Edges out of node n are `next[first[n]]` up to, without, `next[first[n + 1]]`. They lead to higher numbers. */
  readonly first: Int32Array;
  readonly next: Int32Array;
  /** 1 or 0. */
  readonly isItem: Uint8Array;
}

export type Piece = { readonly kind: 'item'; readonly node: number } | Conflict;

export interface Conflict {
  readonly kind: 'conflict';
  /** In the canonical order of the smallest item of each. */
  readonly sides: readonly Side[];
}

interface Side {
  /** All items of it, and dead nodes among them. */
  readonly nodes: readonly number[];
  readonly pieces: readonly Piece[];
}

export interface Arranged {
  readonly pieces: readonly Piece[];
  /** All of them, each before those that are nested in it. */
  readonly conflicts: readonly Conflict[];
}

/** `compare` is the canonical order of items. */
export function arrange(dag: Dag, compare: (a: number, b: number) => number): Arranged {
  return new Arrangement(dag, compare);
}

/** Its columns say what a node is to the set it is in at this moment. */
class Arrangement {
  readonly pieces: Piece[] = [];
  readonly conflicts: Conflict[] = [];
  readonly #dag: Dag;
  readonly #compare: (a: number, b: number) => number;
  /** The set a node belongs to; sets are numbered as they are made. */
  readonly #set: Int32Array;
  readonly #rank: Int32Array;
  readonly #soonest: Int32Array;
  readonly #latest: Int32Array;
  #sets = 0;

  constructor(dag: Dag, compare: (a: number, b: number) => number) {
    this.#dag = dag;
    this.#compare = compare;
    this.#set = new Int32Array(dag.count).fill(-1);
    this.#rank = new Int32Array(dag.count);
    this.#soonest = new Int32Array(dag.count);
    this.#latest = new Int32Array(dag.count);
    const all = Array.from({ length: dag.count }, (_, node) => node);
    const waiting: { nodes: readonly number[]; into: Piece[] }[] = [{ nodes: all, into: this.pieces }];
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop())
      this.#inSeries(one.nodes, one.into, (nodes, into) => waiting.push({ nodes, into }));
  }

  /** Items that everything else is before or after stand alone; what lies between two such cuts is in conflict. */
  #inSeries(nodes: readonly number[], into: Piece[], later: (nodes: readonly number[], into: Piece[]) => void): void {
    const items = nodes.filter((node) => this.#isItem(node));
    this.#measure(nodes, items);
    const blockOf = this.#blocks(items);
    const blocks: number[][] = [];
    for (const node of nodes) {
      const block = this.#isItem(node) ? blockOf[this.#at(this.#rank, node)] : this.#blockThrough(node, blockOf);
      if (block === undefined || block < 0) continue;
      (blocks[block] ??= []).push(node);
    }
    let placed = -1;
    for (const [rank, node] of items.entries()) {
      const block = blockOf[rank] ?? -1;
      if (block < 0) into.push({ kind: 'item', node });
      else if (block > placed) {
        placed = block;
        const conflict = this.#inConflict(blocks[block] ?? [], later);
        this.conflicts.push(conflict);
        into.push(conflict);
      }
    }
  }

  #inConflict(nodes: readonly number[], later: (nodes: readonly number[], into: Piece[]) => void): Conflict {
    const parts = this.#parts(nodes);
    if (parts.length > 1) {
      const sides = this.#sorted(parts).map((part) => {
        const pieces: Piece[] = [];
        later(part, pieces);
        return { nodes: part, pieces };
      });
      return { kind: 'conflict', sides };
    }
    this.#claim(nodes);
    const chains = chainsOf(this.#dag, nodes, { isMember: (node) => this.#isHere(node), compare: this.#compare });
    const sides = this.#sorted(chains).map((chain) => ({
      nodes: chain,
      pieces: chain.map((node): Piece => ({ kind: 'item', node })),
    }));
    return { kind: 'conflict', sides };
  }

  #sorted(sides: readonly (readonly number[])[]): readonly (readonly number[])[] {
    const smallestOf = (nodes: readonly number[]): number =>
      nodes
        .filter((node) => this.#isItem(node))
        .reduce((smallest, node) => (this.#compare(node, smallest) < 0 ? node : smallest));
    return sides
      .map((nodes) => ({ nodes, smallest: smallestOf(nodes) }))
      .sort((a, b) => this.#compare(a.smallest, b.smallest))
      .map(({ nodes }) => nodes);
  }

  /** For each node the first item after it and the last before it, on paths through dead text, among these nodes. */
  #measure(nodes: readonly number[], items: readonly number[]): void {
    this.#claim(nodes);
    for (const [rank, item] of items.entries()) this.#rank[item] = rank;
    for (const node of nodes) {
      this.#latest[node] = -1;
      this.#soonest[node] = items.length;
    }
    for (const node of nodes) {
      const here = this.#isItem(node) ? this.#at(this.#rank, node) : this.#at(this.#latest, node);
      this.#forNext(node, (next) => {
        if (this.#at(this.#latest, next) < here) this.#latest[next] = here;
      });
    }
    for (let at = nodes.length - 1; at >= 0; at -= 1) {
      const node = nodes[at] ?? 0;
      let soonest = items.length;
      this.#forNext(node, (next) => {
        soonest = Math.min(soonest, this.#at(this.#isItem(next) ? this.#rank : this.#soonest, next));
      });
      this.#soonest[node] = soonest;
    }
  }

  /** By rank: the block an item lies in, or -1 for an item that everything is comparable with. Blocks come one after another. */
  #blocks(items: readonly number[]): readonly number[] {
    const latestAfter = new Int32Array(items.length + 1).fill(items.length);
    for (let rank = items.length - 1; rank >= 0; rank -= 1)
      latestAfter[rank] = Math.min(this.#at(latestAfter, rank + 1), this.#at(this.#latest, items[rank] ?? 0));
    const lasts = once(() => Map.groupBy(items, (item) => this.#at(this.#soonest, item)));
    const firsts = once(() => Map.groupBy(items, (item) => this.#at(this.#latest, item)));
    let soonestBefore = 0;
    let block = -1;
    let isInside = false;
    return items.map((item, rank) => {
      const isComparable = soonestBefore <= rank && this.#at(latestAfter, rank + 1) >= rank;
      // Of the items before here none leads past this one, and those from here on are led to by the one before or later ones.
      const mayBeCut = isInside && soonestBefore === rank && this.#at(latestAfter, rank) === rank - 1;
      const isCut = mayBeCut && this.#isCut(lasts().get(rank) ?? [], firsts().get(rank - 1) ?? []);
      soonestBefore = Math.max(soonestBefore, this.#at(this.#soonest, item));
      if (!isComparable && (!isInside || isCut)) block += 1;
      isInside = !isComparable;
      return isComparable ? -1 : block;
    });
  }

  /** Whether each of the last items before a cut leads to each of the first after it: then all before is before all after. */
  #isCut(lasts: readonly number[], firsts: readonly number[]): boolean {
    return lasts.every((last) => {
      const next = this.#nextItems(last);
      return firsts.every((first) => next.has(first));
    });
  }

  /** The items that a node leads to, through dead text. */
  #nextItems(node: number): ReadonlySet<number> {
    const found = new Set<number>();
    const seen = new Set<number>();
    const open = [node];
    for (let at = open.pop(); at !== undefined; at = open.pop())
      this.#forNext(at, (next) => {
        if (this.#isItem(next)) found.add(next);
        else if (!seen.has(next)) {
          seen.add(next);
          open.push(next);
        }
      });
    return found;
  }

  /** The block that a dead node leads through: from an item of it to another. */
  #blockThrough(node: number, blockOf: readonly number[]): number {
    const before = blockOf[this.#at(this.#latest, node)] ?? -1;
    return before === blockOf[this.#at(this.#soonest, node)] ? before : -1;
  }

  /** Nodes by which of them are connected by paths, whichever way these lead. */
  #parts(nodes: readonly number[]): readonly (readonly number[])[] {
    this.#claim(nodes);
    const parent = this.#rank;
    for (const node of nodes) parent[node] = node;
    const root = (node: number): number => {
      let top = node;
      while (this.#at(parent, top) !== top) {
        parent[top] = this.#at(parent, this.#at(parent, top));
        top = this.#at(parent, top);
      }
      return top;
    };
    for (const node of nodes) this.#forNext(node, (next) => (parent[root(next)] = root(node)));
    const parts = new Map<number, number[]>();
    for (const node of nodes) {
      const top = root(node);
      const part = parts.get(top);
      if (part === undefined) parts.set(top, [node]);
      else part.push(node);
    }
    return [...parts.values()];
  }

  #claim(nodes: readonly number[]): void {
    this.#sets += 1;
    for (const node of nodes) this.#set[node] = this.#sets;
  }

  #isHere(node: number): boolean {
    return this.#at(this.#set, node) === this.#sets;
  }

  #isItem(node: number): boolean {
    return this.#dag.isItem[node] === 1;
  }

  #forNext(node: number, visit: (next: number) => void): void {
    const end = this.#at(this.#dag.first, node + 1);
    for (let at = this.#at(this.#dag.first, node); at < end; at += 1) {
      const next = this.#at(this.#dag.next, at);
      if (this.#isHere(next)) visit(next);
    }
  }

  #at(column: Int32Array, node: number): number {
    return column[node] ?? 0;
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}
