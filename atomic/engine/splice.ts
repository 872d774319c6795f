// The fast path: a patch put into a text whose order is total, or taken out of it, without laying the text out anew.
// Rule: the line of segments stays a linear extension of the graph, and every two neighbours alive in it have a path
// between them; so the order stays total. Whatever is not certain within a few steps is answered with false, and the
// caller forgets the line. Deletions alone never break an order: paths lead through dead text.

import type { History, MergePolicy, TextFacts, TextInsert } from '../patches/facts.ts';
import { NONE } from './column.ts';
import { contestOf } from './contested.ts';
import { DOWN, UP } from './edges.ts';
import type { FlatOrder } from './flat-order.ts';
import { EDGES_MAX, hasPath } from './has-path.ts';
import { REPLACED } from './marks.ts';
import type { TextGraph } from './text-graph.ts';

export interface Rules {
  readonly history: History;
  readonly policy: MergePolicy;
}

/** A graph whose line holds. */
export interface Lined {
  readonly graph: TextGraph;
  readonly order: FlatOrder;
}

/** Adds a checked patch to the graph. False: it is added, but the line no longer holds. */
export function spliceIn({ graph, order }: Lined, facts: TextFacts, rules: Rules): boolean {
  graph.addText(facts);
  graph.linkInserts(facts);
  const isPlaced = isPlain(facts) && facts.inserts.every((fact) => placeInsertion({ graph, order }, facts, fact));
  graph.markText(facts);
  if (!isPlaced) return false;
  const inserts = new Set(facts.inserts.map(({ start }) => insertAt(graph, facts.patch, start)));
  for (const range of facts.deletes)
    for (const segment of graph.segments.within(range)) addNeighbours(graph, segment, inserts);
  return isUncontested(graph, inserts, rules);
}

/** Takes a patch out of the graph that nothing builds upon. False: it is out, but the line no longer holds. */
export function spliceOut({ graph, order }: Lined, facts: TextFacts, rules: Rules): boolean {
  const own = new Set(graph.segments.of(facts.patch));
  const gaps = new Set<number>();
  for (const segment of own)
    for (const before of order.before(segment)) {
      if (own.has(before)) continue;
      gaps.add(before);
      break;
    }
  const revived = graph.unmarkText(facts);
  graph.removeText(facts);
  if (!isPlain(facts)) return false;
  const inserts = new Set(revived.map((segment) => graph.segments.insert.get(segment)));
  return (
    [...gaps].every((segment) => isJoined({ graph, order }, segment)) &&
    revived.every((segment) => isJoined({ graph, order }, segment) && isJoinedBefore({ graph, order }, segment)) &&
    isUncontested(graph, inserts, rules)
  );
}

const isPlain = ({ orders, unorders, undeletes, acknowledges }: TextFacts): boolean =>
  [orders, unorders, undeletes, acknowledges].every(({ length }) => length === 0);

const insertAt = ({ segments }: TextGraph, patch: number, offset: number): number =>
  segments.insert.get(segments.holding(patch, offset));

/** Puts an insertion into the line where it says it belongs, if nothing alive is in between. */
function placeInsertion({ graph, order }: Lined, { patch }: TextFacts, { start, end, up, down }: TextInsert): boolean {
  const { segments } = graph;
  if (up.length > 1 || down.length > 1) return false;
  const [above, below] = [up[0], down[0]];
  const before = above === undefined ? NONE : graph.endingAt(above);
  const after = below === undefined ? NONE : graph.startingAt(below);
  const text = segments.holding(patch, start);
  if (segments.end.get(text) !== end) return false;
  if ([before, after].some((segment) => segment !== NONE && !order.has(segment))) return false;
  if (!isAllDead({ graph, order }, before, after)) return false;
  if (before !== NONE && segments.alive.get(before) === 0 && !isJoinedBefore({ graph, order }, before)) return false;
  if (after !== NONE && segments.alive.get(after) === 0 && !isJoinedAfter({ graph, order }, after)) return false;
  order.insertAfter(before, text);
  return true;
}

/** Whether one segment comes before the other, and all between them is dead. NONE: the beginning, the end. */
function isAllDead({ graph, order }: Lined, from: number, to: number): boolean {
  let left = EDGES_MAX;
  for (const segment of order.after(from)) {
    if (segment === to) return true;
    left -= 1;
    if (left === 0 || graph.segments.alive.get(segment) === 1) return false;
  }
  return to === NONE;
}

/** There is nothing alive that way. */
const END = NONE;
/** There may be, further away than one looks. */
const FAR = -2;

function firstAlive(graph: TextGraph, segments: Iterable<number>): number {
  let left = EDGES_MAX;
  for (const segment of segments) {
    if (graph.segments.alive.get(segment) === 1) return segment;
    left -= 1;
    if (left === 0) return FAR;
  }
  return END;
}

/** Whether the last alive segment up to this one, if there is any, leads to the first alive one after it. */
function isJoined({ graph, order }: Lined, segment: number): boolean {
  const isAlive = graph.segments.alive.get(segment) === 1;
  const before = isAlive ? segment : firstAlive(graph, order.before(segment));
  const after = firstAlive(graph, order.after(segment));
  return before === END || after === END || isCertain(graph, before, after);
}

function isJoinedBefore({ graph, order }: Lined, segment: number): boolean {
  const before = firstAlive(graph, order.before(segment));
  return before === END || isCertain(graph, before, segment);
}

function isJoinedAfter({ graph, order }: Lined, segment: number): boolean {
  const after = firstAlive(graph, order.after(segment));
  return after === END || isCertain(graph, segment, after);
}

const isCertain = (graph: TextGraph, from: number, to: number): boolean =>
  from !== FAR && to !== FAR && hasPath(graph, from, to);

/** Insertions that a deletion of this segment may concern: they begin or end beside it, or replace it. */
function addNeighbours({ segments, edges, marks }: TextGraph, segment: number, into: Set<number>): void {
  for (let edge = segments.outs.get(segment); edge !== NONE; edge = edges.nextOut.get(edge))
    if (edges.kind.get(edge) === UP) into.add(segments.insert.get(edges.to.get(edge)));
  for (let edge = segments.ins.get(segment); edge !== NONE; edge = edges.nextIn.get(edge))
    if (edges.kind.get(edge) === DOWN) into.add(segments.insert.get(edges.from.get(edge)));
  for (let row = segments.marks.get(segment); row !== NONE; row = marks.next.get(row))
    if (marks.kind.get(row) === REPLACED) into.add(marks.subject.get(row));
}

function isUncontested(graph: TextGraph, inserts: ReadonlySet<number>, { history, policy }: Rules): boolean {
  const { segments } = graph;
  const contest = contestOf(graph, history, policy);
  for (const insert of inserts) {
    if (!contest.isExposed(insert)) continue;
    for (let segment = graph.head.get(insert); segment !== NONE; segment = segments.after.get(segment))
      if (segments.alive.get(segment) === 1 && contest.deletersAround(segment, () => false).length > 0) return false;
  }
  return true;
}
