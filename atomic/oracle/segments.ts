// The segments of a file for one set of patches: maximal stretches of bytes that share one fate, with what comes before
// what, who deleted them, and who contests them. Research C2 and C6, word by word.
// Rule: everything is a union over the set, so nothing depends on an order of patches. Edges are never taken away by
// deletions: dead text still says what stands before what, it merely prints nothing.

import type { History, MergePolicy, PatchNumber, Position, Range, TextFacts, TextInsert } from '../patches/facts.ts';
import { factsDangling } from '../patches/faults.ts';

export interface Segment extends Range {
  /** Null: the beginning of the file, which is before everything, empty and alive. */
  readonly insert: TextInsert | null;
  readonly after: number[];
  readonly before: number[];
  /** Patches whose deletion of it nobody took back. */
  deleters: readonly PatchNumber[];
  contestedBy: readonly PatchNumber[];
}

export const ROOT = 0;
const ROOT_PATCH = -1;

export const isAlive = (segment: Segment): boolean => segment.deleters.length === 0;

export interface Segments {
  readonly all: readonly Segment[];
  endingAt(position: Position): number;
  startingAt(position: Position): number;
  /** The segments that make up a range, which is cut at its ends. */
  within(range: Range): readonly number[];
  /** The segments that have a byte of a range, wherever it is cut. */
  overlapping(range: Range): readonly number[];
}

export function segmentsOf(facts: readonly TextFacts[], history: History, policy: MergePolicy): Segments {
  const segments = cutText(facts);
  linkText(facts, segments);
  const cancelledDeletes = covered(
    facts.flatMap(({ undeletes }) => undeletes),
    segments,
  );
  for (const { patch, deletes } of facts) {
    for (const index of deletes.flatMap(segments.within)) {
      const segment = segments.all[index];
      if (segment === undefined || cancelledDeletes.has(`${index} ${patch}`)) continue;
      if (!segment.deleters.includes(patch)) segment.deleters = [...segment.deleters, patch];
    }
  }
  const acknowledged = covered(
    facts.flatMap(({ acknowledges }) => acknowledges),
    segments,
  );
  for (const [index, segment] of segments.all.entries()) {
    segment.deleters = [...segment.deleters].sort(history.compare);
    if (segment.insert === null) continue;
    const isForeign = (deleter: PatchNumber): boolean =>
      deleter !== segment.patch && !history.knows(deleter, segment.patch) && !acknowledged.has(`${index} ${deleter}`);
    segment.contestedBy = contesters(segment.insert, segments, isForeign, policy).sort(history.compare);
  }
  return segments;
}

/** Where each patch's text is cut: wherever a fact of the set begins or ends. Cutting more changes nothing. */
function cutsOf(facts: readonly TextFacts[]): ReadonlyMap<PatchNumber, ReadonlySet<number>> {
  const cuts = new Map<PatchNumber, Set<number>>();
  const cut = (patch: PatchNumber, offset: number): void => {
    cuts.set(patch, (cuts.get(patch) ?? new Set()).add(offset));
  };
  const cutRange = ({ patch, start, end }: Range): void => {
    cut(patch, start);
    cut(patch, end);
  };
  for (const each of facts) {
    for (const { up, down, replaces } of each.inserts) {
      for (const { patch, offset } of up) cut(patch, offset + 1);
      for (const { patch, offset } of down) cut(patch, offset);
      replaces.forEach(cutRange);
    }
    each.deletes.forEach(cutRange);
    for (const { range } of [...each.undeletes, ...each.acknowledges]) cutRange(range);
    for (const { from, to } of each.orders) {
      cut(from.patch, from.offset + 1);
      cut(to.patch, to.offset);
    }
  }
  return cuts;
}

function cutText(facts: readonly TextFacts[]): Segments {
  const cuts = cutsOf(facts);
  const segment = (range: Range, insert: TextInsert | null): Segment => ({
    ...range,
    insert,
    after: [],
    before: [],
    deleters: [],
    contestedBy: [],
  });
  const all = [segment({ patch: ROOT_PATCH, start: 0, end: 0 }, null)];
  const starts = new Map<string, number>();
  const ends = new Map<string, number>();
  for (const { patch, inserts } of facts) {
    for (const insert of inserts) {
      const inside = [...(cuts.get(patch) ?? [])].filter((offset) => offset > insert.start && offset < insert.end);
      let start = insert.start;
      for (const end of [...inside.sort((a, b) => a - b), insert.end]) {
        starts.set(`${patch}@${start}`, all.length);
        ends.set(`${patch}@${end}`, all.length);
        all.push(segment({ patch, start, end }, insert));
        start = end;
      }
    }
  }
  const found = (index: number | undefined, patch: PatchNumber, offset: number): number => {
    if (index === undefined) throw factsDangling(patch, offset);
    return index;
  };
  const startingAt = ({ patch, offset }: Position): number => found(starts.get(`${patch}@${offset}`), patch, offset);
  const endingAt = ({ patch, offset }: Position): number => found(ends.get(`${patch}@${offset + 1}`), patch, offset);
  const within = ({ patch, start, end }: Range): readonly number[] => {
    const indexes: number[] = [];
    for (let offset = start; offset < end;) {
      const index = startingAt({ patch, offset });
      indexes.push(index);
      offset = all[index]?.end ?? end;
    }
    return indexes;
  };
  const overlapping = ({ patch, start, end }: Range): readonly number[] =>
    all.flatMap((each, index) => (each.patch === patch && each.start < end && start < each.end ? [index] : []));
  return { all, startingAt, endingAt, within, overlapping };
}

/** What comes before what: along an insertion, from its `up`, to its `down`, and where somebody said so. */
function linkText(facts: readonly TextFacts[], { all, startingAt, endingAt }: Segments): void {
  const link = (from: number, to: number): void => {
    all[from]?.after.push(to);
    all[to]?.before.push(from);
  };
  for (const [index, segment] of all.entries()) {
    if (segment.insert !== null && segment.start > segment.insert.start) link(index - 1, index);
  }
  const taken = new Set(
    facts.flatMap(({ unorders }) => unorders.map(({ from, to, by }) => `${by} ${textOf(from)} ${textOf(to)}`)),
  );
  for (const { patch, inserts, orders } of facts) {
    for (const { start, end, up, down } of inserts) {
      const first = startingAt({ patch, offset: start });
      const last = endingAt({ patch, offset: end - 1 });
      for (const from of up.length === 0 ? [ROOT] : up.map(endingAt)) link(from, first);
      for (const to of down.map(startingAt)) link(last, to);
    }
    for (const { from, to } of orders) {
      if (!taken.has(`${patch} ${textOf(from)} ${textOf(to)}`)) link(endingAt(from), startingAt(to));
    }
  }
}

const textOf = ({ patch, offset }: Position): string => `${patch}@${offset}`;

/** Which segment is covered against which patch, as `segment patch`. */
const covered = (
  facts: readonly { readonly range: Range; readonly by: PatchNumber }[],
  { within }: Segments,
): ReadonlySet<string> => new Set(facts.flatMap(({ range, by }) => within(range).map((index) => `${index} ${by}`)));

/** Who deleted what a text stood beside or in the place of, without the text's author having been known to them. */
function contesters(
  { up, down, replaces }: TextInsert,
  segments: Segments,
  isForeign: (deleter: PatchNumber) => boolean,
  policy: MergePolicy,
): PatchNumber[] {
  const foreign = (index: number): readonly PatchNumber[] => segments.all[index]?.deleters.filter(isForeign) ?? [];
  const sides = [up.map(segments.endingAt), down.map(segments.startingAt)].map((side) => side.map(foreign));
  // Of twins one is enough to hold on to; the beginning and the end of a file are always there.
  const isGone = (side: readonly (readonly PatchNumber[])[]): boolean =>
    side.length > 0 && side.every((deleters) => deleters.length > 0);
  const areSidesHit = policy.adjacent === 'strict' ? sides.some(isGone) : sides.every(isGone);
  const fromSides = areSidesHit ? sides.filter(isGone).flat(2) : [];
  const fromReplaced = replaces.flatMap(segments.within).flatMap(foreign);
  return [...new Set([...fromSides, ...fromReplaced])];
}
