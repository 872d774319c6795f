// Contested text: alive text whose surroundings somebody deleted who did not know it. Research C6.
// Rule: it is detection only; it never changes what is alive or in which order.
// Who deletes the very bytes that a text replaces always contests it. Who deletes its neighbours does with `strict` where
// nothing is left on one side, with `clean` where nothing is left on either.

import type { History, MergePolicy, PatchNumber } from '../patches/facts.ts';
import { NONE } from './column.ts';
import { ACKNOWLEDGED } from './marks.ts';
import type { TextGraph } from './text-graph.ts';

type Slots = readonly number[];

/** Who deleted the surroundings of an insertion: its own patch too, but never that alone. */
interface Surroundings {
  /** Slot of the insertion's patch. */
  readonly owner: number;
  /** For each byte just before, each byte just after: its deleters. */
  readonly up: readonly Slots[];
  readonly down: readonly Slots[];
  readonly replaced: Slots;
}

export interface Contest {
  /** Whether anybody else deleted anything around the insertion, known or not. */
  isExposed(insert: number): boolean;
  /** Slots of those who contest an alive segment; those whom `isSettled` names are not asked for. */
  deletersAround(segment: number, isSettled: (deleter: number) => boolean): Slots;
}

/** Answers hold until the graph changes. */
export function contestOf(graph: TextGraph, history: History, policy: MergePolicy): Contest {
  const surroundings = surroundingsIn(graph);
  const { segments } = graph;
  return {
    isExposed(insert) {
      const { up, down, replaced } = surroundings(insert);
      return replaced.length > 0 || up.some((who) => who.length > 0) || down.some((who) => who.length > 0);
    },
    deletersAround(segment, isSettled) {
      const around = surroundings(segments.insert.get(segment));
      const knew = acknowledgedBy(graph, segment);
      const owner = segments.patchIn(around.owner);
      const isStranger = (deleter: number): boolean =>
        deleter !== around.owner && !knew.includes(deleter) && !history.knows(segments.patchIn(deleter), owner);
      const found: number[] = [];
      for (const who of [around.replaced, ...lostSides(around, isStranger, policy)])
        for (const deleter of who)
          if (!isSettled(deleter) && isStranger(deleter) && !found.includes(deleter)) found.push(deleter);
      return found;
    },
  };
}

/** Deleters of the neighbours, where too many of these are gone. The beginning and the end of a file are always there. */
function lostSides(
  { up, down }: Surroundings,
  isStranger: (deleter: number) => boolean,
  { adjacent }: MergePolicy,
): readonly Slots[] {
  // Of twins one is enough to hold on to.
  const isGone = (side: readonly Slots[]): boolean => side.length > 0 && side.every((who) => who.some(isStranger));
  const gone = [down, up].filter(isGone);
  return gone.length === 2 || adjacent === 'strict' ? gone.flat() : [];
}

function acknowledgedBy({ segments, marks }: TextGraph, segment: number): Slots {
  const found: number[] = [];
  for (let row = segments.marks.get(segment); row !== NONE; row = marks.next.get(row))
    if (marks.kind.get(row) === ACKNOWLEDGED) found.push(marks.subject.get(row));
  return found;
}

const NOTHING: Surroundings = { owner: NONE, up: [], down: [], replaced: [] };

function surroundingsIn(graph: TextGraph): (insert: number) => Surroundings {
  const { segments, marks } = graph;
  // Segments of one insertion are asked about one after another.
  let last: { readonly insert: number; readonly around: Surroundings } = { insert: NONE, around: NOTHING };
  const deleters = new Map<number, Slots>();
  const deletersOf = (segment: number, owner: number): Slots => {
    if (segments.alive.get(segment) === 1) return [];
    const found = deleters.get(segment) ?? marks.deletersOf(segments, segment);
    if (found.length > 1) deleters.set(segment, found);
    return found.length === 1 && found[0] === owner ? [] : found;
  };
  return (insert) => {
    if (last.insert === insert) return last.around;
    const fact = graph.insertion(insert);
    if (fact === undefined) return NOTHING;
    const owner = segments.slot.get(graph.head.get(insert));
    const replaced: Slots[] = [];
    for (const range of fact.replaces)
      for (const segment of segments.within(range)) {
        const who = deletersOf(segment, owner);
        if (who.length > 0) replaced.push(who);
      }
    const around = {
      owner,
      up: fact.up.map(({ patch, offset }) => deletersOf(segments.holding(patch, offset), owner)),
      down: fact.down.map(({ patch, offset }) => deletersOf(segments.holding(patch, offset), owner)),
      replaced: replaced.length > 1 ? [...new Set(replaced.flat())] : (replaced[0] ?? []),
    };
    last = { insert, around };
    return around;
  };
}

/** All contested alive segments, with the patches that contest them sorted by hash. */
export function contestedIn(
  graph: TextGraph,
  { history, policy }: { readonly history: History; readonly policy: MergePolicy },
  isSettled: (segment: number, deleter: number) => boolean,
): ReadonlyMap<number, readonly PatchNumber[]> {
  const contest = contestOf(graph, history, policy);
  const { segments } = graph;
  const found = new Map<number, readonly PatchNumber[]>();
  for (let insert = 0; insert < graph.insertions; insert += 1) {
    if (!contest.isExposed(insert)) continue;
    for (let segment = graph.head.get(insert); segment !== NONE; segment = segments.after.get(segment)) {
      if (segments.alive.get(segment) === 0) continue;
      const deleters = contest.deletersAround(segment, (deleter) => isSettled(segment, deleter));
      const patches = deleters.map((slot) => segments.patchIn(slot));
      if (patches.length > 0)
        found.set(
          segment,
          patches.sort((a, b) => history.compare(a, b)),
        );
    }
  }
  return found;
}
