// A graph from many patches at once: all cuts are known before the first segment is made, so none is made twice.
// Cost: one sort of all cuts, then one search for each fact.

import type { PatchNumber, Position, Range, TextFacts, TextInsert } from '../patches/facts.ts';
import { factsOverlap } from './faults.ts';
import { TextGraph } from './text-graph.ts';

/** Offsets are below this: a patch's contents are less than 4 GiB. */
const OFFSETS = 2 ** 32;

/** @throws Fault ATOMIC_FACTS_DANGLING, ATOMIC_FACTS_OVERLAP */
export function openGraph(facts: Iterable<TextFacts>): TextGraph {
  const graph = new TextGraph();
  const once = new Map<PatchNumber, TextFacts>();
  for (const one of facts) once.set(one.patch, one);
  const all = [...once.values()];
  const cuts = new Cuts(graph);
  for (const one of all) noteCuts(one, cuts);
  const sorted = cuts.sorted();
  // About as many of each are made as there are cuts; columns that have room for them are not copied as they grow.
  graph.reserve(sorted.length);
  placeText(graph, all, sorted);
  for (const one of all) graph.linkInserts(one);
  for (const one of all) graph.markText(one);
  return graph;
}

/** Cuts as numbers that sort by patch, then by offset. */
class Cuts {
  readonly #graph: TextGraph;
  readonly #keys: number[] = [];

  constructor(graph: TextGraph) {
    this.#graph = graph;
  }

  before({ patch, offset }: Position): void {
    this.#keys.push(keyOf(this.#graph, patch, offset));
  }

  after({ patch, offset }: Position): void {
    this.#keys.push(keyOf(this.#graph, patch, offset + 1));
  }

  around({ patch, start, end }: Range): void {
    this.#keys.push(keyOf(this.#graph, patch, start), keyOf(this.#graph, patch, end));
  }

  sorted(): Float64Array {
    return new Float64Array(this.#keys).sort();
  }
}

const keyOf = (graph: TextGraph, patch: number, offset: number): number =>
  graph.segments.slotFor(patch) * OFFSETS + offset;

function noteCuts(facts: TextFacts, cuts: Cuts): void {
  for (const { up, down, replaces } of facts.inserts) {
    for (const position of up) cuts.after(position);
    for (const position of down) cuts.before(position);
    for (const range of replaces) cuts.around(range);
  }
  for (const range of facts.deletes) cuts.around(range);
  for (const { range } of facts.undeletes) cuts.around(range);
  for (const { range } of facts.acknowledges) cuts.around(range);
  for (const { from, to } of facts.orders) {
    cuts.after(from);
    cuts.before(to);
  }
}

function placeText(graph: TextGraph, all: readonly TextFacts[], cuts: Float64Array): void {
  const texts: { readonly facts: TextFacts; readonly fact: TextInsert; readonly key: number }[] = [];
  for (const facts of all)
    for (const fact of facts.inserts) texts.push({ facts, fact, key: keyOf(graph, facts.patch, fact.start) });
  texts.sort((a, b) => a.key - b.key);
  let cut = 0;
  let free = 0;
  for (const { facts, fact, key } of texts) {
    if (fact.start < 0 || fact.start >= fact.end || key < free) throw factsOverlap(facts.patch, fact.start);
    const offset = key - fact.start;
    free = offset + fact.end;
    while ((cuts[cut] ?? Infinity) <= key) cut += 1;
    const within: number[] = [];
    for (; (cuts[cut] ?? Infinity) < free; cut += 1)
      if ((cuts[cut] ?? 0) - offset !== within.at(-1)) within.push((cuts[cut] ?? 0) - offset);
    placeInsertion(graph, { facts, fact }, within);
  }
}

function placeInsertion(
  graph: TextGraph,
  { facts, fact }: { facts: TextFacts; fact: TextInsert },
  cuts: readonly number[],
): void {
  const { segments } = graph;
  const slot = segments.slotFor(facts.patch);
  const insert = graph.openInsertion(facts, fact);
  let previous: number | undefined;
  let start = fact.start;
  for (const end of [...cuts, fact.end]) {
    const segment = segments.append(slot, start, end, insert);
    if (previous !== undefined) segments.join(previous, segment);
    previous = segment;
    start = end;
  }
}
