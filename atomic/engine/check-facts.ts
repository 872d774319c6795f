// Whether facts fit a graph, asked before anything is changed, so that a refusal changes nothing.

import type { Position, Range, TextFacts } from '../patches/facts.ts';
import { factsDangling } from '../patches/faults.ts';
import { NONE } from './column.ts';
import { factsOverlap, stillBuiltUpon } from './faults.ts';
import type { TextGraph } from './text-graph.ts';

/** @throws Fault ATOMIC_FACTS_DANGLING, ATOMIC_FACTS_OVERLAP */
export function checkFacts(graph: TextGraph, facts: TextFacts): void {
  checkOwnText(facts);
  for (const { up, down, replaces } of facts.inserts) {
    for (const position of [...up, ...down]) checkPosition(graph, facts, position);
    for (const range of replaces) checkRange(graph, facts, range);
  }
  for (const range of facts.deletes) checkRange(graph, facts, range);
  for (const { range } of facts.undeletes) checkRange(graph, facts, range);
  for (const { range } of facts.acknowledges) checkRange(graph, facts, range);
  for (const { from, to } of facts.orders) {
    checkPosition(graph, facts, from);
    checkPosition(graph, facts, to);
  }
}

function checkOwnText({ patch, inserts }: TextFacts): void {
  let free = 0;
  for (const { start, end } of [...inserts].sort((a, b) => a.start - b.start)) {
    if (start < free || start >= end) throw factsOverlap(patch, start);
    free = end;
  }
}

function checkPosition(graph: TextGraph, facts: TextFacts, { patch, offset }: Position): void {
  if (graph.segments.find(patch, offset) !== NONE) return;
  if (patch === facts.patch && ownTextAt(facts, offset) !== undefined) return;
  throw factsDangling(patch, offset);
}

function checkRange(graph: TextGraph, facts: TextFacts, range: Range): void {
  if (range.patch !== facts.patch) {
    graph.segments.within(range);
    return;
  }
  let offset = range.start;
  while (offset < range.end) {
    const own = ownTextAt(facts, offset);
    if (own === undefined) throw factsDangling(range.patch, offset);
    offset = own.end;
  }
}

const ownTextAt = ({ inserts }: TextFacts, offset: number): { readonly end: number } | undefined =>
  inserts.find(({ start, end }) => start <= offset && offset < end);

/** That no other patch speaks of this one's text. @throws Fault ATOMIC_FACTS_BUILT_UPON */
export function checkNotBuiltUpon(graph: TextGraph, { patch }: TextFacts): void {
  const { segments, edges, marks } = graph;
  const slot = segments.slotFor(patch);
  const check = (segment: number, owner: number): void => {
    if (owner !== slot) throw stillBuiltUpon(patch, segments.start.get(segment), segments.patchIn(owner));
  };
  for (const segment of segments.of(patch)) {
    for (let edge = segments.outs.get(segment); edge !== NONE; edge = edges.nextOut.get(edge))
      check(segment, edges.owner.get(edge));
    for (let edge = segments.ins.get(segment); edge !== NONE; edge = edges.nextIn.get(edge))
      check(segment, edges.owner.get(edge));
    for (let mark = segments.marks.get(segment); mark !== NONE; mark = marks.next.get(mark))
      check(segment, marks.owner.get(mark));
  }
}
