// The reference oracle R: what a set of patches means for the text of one file. Research C5.
// Rule: slow, pure, and as close to the definition as it can be. The fast engine must give the same layout; where they
// differ, this one is read beside the research and believed first. It never keeps anything from one question to the next.

import type { FileText, Item, Layout, Run } from '../patches/layout.ts';
import type { History, MergePolicy, PatchNumber, TextFacts } from '../patches/facts.ts';
import { componentsOf } from './components.ts';
import { isAlive, ROOT, segmentsOf, type Segment } from './segments.ts';
import { settleSides } from './settle-sides.ts';
import { joinedRuns, touchingRunsJoined } from './touching-runs.ts';

export function layOut(facts: readonly TextFacts[], history: History, policy: MergePolicy): FileText {
  const segments = segmentsOf(facts, history, policy);
  const at = (index: number): Segment => segments.all[index] ?? missing(index);
  return {
    layout: layoutOf(segments.all, history, policy),
    // Asked about bytes: how the text is cut makes no difference.
    ownersBeside(ranges) {
      const owners = ranges.flatMap((range) =>
        segments.overlapping(range).flatMap((index) => {
          const segment = at(index);
          const before = range.start <= segment.start ? patchesOf(segment.before) : [segment.patch];
          const after = range.end >= segment.end ? patchesOf(segment.after) : [segment.patch];
          return [...before, ...after];
        }),
      );
      return [...new Set(owners)].sort((a, b) => a - b);
    },
    isLinked(last, first) {
      const [from] = segments.overlapping({ ...last, start: last.offset, end: last.offset + 1 });
      const [to] = segments.overlapping({ ...first, start: first.offset, end: first.offset + 1 });
      if (from === undefined || to === undefined) return false;
      if (last.patch === first.patch && last.offset + 1 === first.offset) return at(from).insert === at(to).insert;
      const areEnds = at(from).end === last.offset + 1 && at(to).start === first.offset;
      return areEnds && at(from).after.includes(to);
    },
    deadRuns: () => deadRunsOf(segments.all, history),
  };

  function patchesOf(indexes: readonly number[]): readonly PatchNumber[] {
    return indexes.filter((index) => index !== ROOT).map((index) => at(index).patch);
  }
}

/** By the hash of their patch, then by offset; what touches and has the same deleters is one. */
function deadRunsOf(all: readonly Segment[], { compare }: History): ReturnType<FileText['deadRuns']> {
  const dead = all
    .filter((segment) => !isAlive(segment))
    .map(({ patch, start, end, deleters }): Run => ({ patch, start, end, contestedBy: deleters }))
    .sort((a, b) => compare(a.patch, b.patch) || a.start - b.start);
  return joinedRuns(dead).map(({ contestedBy, ...range }) => ({ range, deletedBy: contestedBy }));
}

function layoutOf(all: readonly Segment[], history: History, policy: MergePolicy): Layout {
  const segment = (index: number): Segment => all[index] ?? missing(index);
  const compare = (a: number, b: number): number =>
    history.compare(segment(a).patch, segment(b).patch) || segment(a).start - segment(b).start;
  const { components, componentOf } = componentsOf(all.map(({ after }) => after));
  const aliveOf = components.map((members) =>
    members.filter((index) => index !== ROOT && isAlive(segment(index))).sort(compare),
  );
  // Components come last first; the beginning of the file is an item without text.
  const order = components.map((_, index) => index).reverse();
  const items = order.filter((index) => aliveOf[index]?.length !== 0 || index === componentOf[ROOT]);
  const after = components.map(
    (members, own) =>
      new Set(
        members.flatMap((index) => segment(index).after.map((to) => componentOf[to] ?? own)).filter((to) => to !== own),
      ),
  );
  const isItem = new Set(items);
  const keyOf = (item: number): number => aliveOf[item]?.[0] ?? ROOT;
  const runOf = (index: number): Run => {
    const { patch, start, end, contestedBy } = segment(index);
    return { patch, start, end, contestedBy };
  };
  // What touches is one stretch; a circle that a cut alone made is no conflict.
  const itemsOf = (item: number): readonly Item[] => {
    const runs = (aliveOf[item] ?? []).map(runOf);
    const isOneStretch = runs.every((run, at) => at === 0 || continues(runs[at - 1], run));
    return isOneStretch ? runs.map((run) => ({ kind: 'text', run })) : [{ kind: 'cyclic', members: joinedRuns(runs) }];
  };
  const least = (set: readonly number[]): number => set.map(keyOf).reduce((a, b) => (compare(a, b) <= 0 ? a : b));
  const part = (set: readonly number[], reaches: Reaches): readonly Item[] => {
    const [only, second] = set;
    if (only !== undefined && second === undefined) return only === componentOf[ROOT] ? [] : itemsOf(only);
    const sides = parallel(set, reaches) ?? chains(set, reaches, (a, b) => compare(keyOf(a), keyOf(b)));
    const sorted = [...sides].sort((a, b) => compare(least(a), least(b)));
    const laid = sorted.map((side) => splitSeries(side, reaches).flatMap((each) => part(each, reaches)));
    return settleSides(laid, history, policy);
  };
  return touchingRunsJoined(
    splitOrder(items, after).flatMap((region) => {
      const reaches = region.length === 1 ? () => false : reachability(region, after, isItem);
      return splitSeries(region, reaches).flatMap((each) => part(each, reaches));
    }),
  );
}

/** The nearest item after each component and before it, with only dead text between, by place in the order. */
function nearestItems(
  after: readonly ReadonlySet<number>[],
  place: ReadonlyMap<number, number>,
): { readonly following: readonly number[]; readonly preceding: readonly number[] } {
  const following = after.map(() => Infinity);
  const preceding = after.map(() => -1);
  const placeOr = (component: number, through: readonly number[]): number =>
    place.get(component) ?? through[component] ?? missing(component);
  // A component is led to only by ones with larger indexes.
  for (const [component, targets] of after.entries()) {
    for (const to of targets) following[component] = Math.min(following[component] ?? 0, placeOr(to, following));
  }
  for (let component = after.length - 1; component >= 0; component -= 1) {
    const own = placeOr(component, preceding);
    for (const to of after[component] ?? []) preceding[to] = Math.max(preceding[to] ?? 0, own);
  }
  return { following, preceding };
}

/** The order of all items, cut at every item that nothing goes past: those are comparable with all others. */
function splitOrder(items: readonly number[], after: readonly ReadonlySet<number>[]): readonly (readonly number[])[] {
  const { following, preceding } = nearestItems(after, new Map(items.map((item, index) => [item, index])));
  const leastPreceding = [...items.map((item) => preceding[item] ?? -1), Infinity];
  for (let index = items.length - 1; index >= 0; index -= 1) {
    leastPreceding[index] = Math.min(leastPreceding[index] ?? 0, leastPreceding[index + 1] ?? 0);
  }
  let farthestFollowing = 0;
  const parts: (readonly number[])[] = [];
  let open: number[] = [];
  for (const [index, item] of items.entries()) {
    if (farthestFollowing <= index && (leastPreceding[index + 1] ?? 0) >= index) {
      if (open.length > 0) parts.push(open);
      parts.push([item]);
      open = [];
    } else open.push(item);
    farthestFollowing = Math.max(farthestFollowing, Math.min(following[item] ?? Infinity, items.length));
  }
  if (open.length > 0) parts.push(open);
  return parts;
}

type Reaches = (from: number, to: number) => boolean;

/** Which item of a region comes before which, through dead text or through other items of it. */
function reachability(
  region: readonly number[],
  after: readonly ReadonlySet<number>[],
  isItem: ReadonlySet<number>,
): Reaches {
  const inRegion = new Set(region);
  const reached = new Map<number, ReadonlySet<number>>();
  for (const item of [...region].reverse()) {
    const found = new Set<number>();
    const seen = new Set<number>();
    const way = [...(after[item] ?? [])];
    for (let component = way.pop(); component !== undefined; component = way.pop()) {
      if (seen.has(component)) continue;
      seen.add(component);
      if (!isItem.has(component)) way.push(...(after[component] ?? []));
      else if (inRegion.has(component)) {
        found.add(component);
        for (const further of reached.get(component) ?? []) found.add(further);
      }
    }
    reached.set(item, found);
  }
  return (from, to) => reached.get(from)?.has(to) === true;
}

/** A set, in topological order, cut wherever all before comes before all after: [[a], [b, c], [d, e]]. */
function splitSeries(set: readonly number[], reaches: Reaches): readonly (readonly number[])[] {
  const isComparable = (a: number, b: number): boolean => reaches(a, b) || reaches(b, a);
  return connected(set, (a, b) => !isComparable(a, b));
}

/** The parts of a set between which nothing is ordered, or null where everything hangs together. */
function parallel(set: readonly number[], reaches: Reaches): readonly (readonly number[])[] | null {
  const parts = connected(set, (a, b) => reaches(a, b) || reaches(b, a));
  return parts.length > 1 ? parts : null;
}

/** The parts of a set that hang together, each in the order of the set, by their first. */
function connected(
  set: readonly number[],
  isJoined: (a: number, b: number) => boolean,
): readonly (readonly number[])[] {
  const left = new Set(set);
  const parts: number[][] = [];
  for (const first of set) {
    if (!left.delete(first)) continue;
    const part = new Set([first]);
    for (const item of part) {
      for (const other of left) {
        if (!isJoined(item, other)) continue;
        left.delete(other);
        part.add(other);
      }
    }
    parts.push(set.filter((item) => part.has(item)));
  }
  return parts;
}

/** Neither series nor parallel: greedy chains, each begun and continued by the smallest key that nothing left precedes. */
function chains(
  set: readonly number[],
  reaches: Reaches,
  compare: (a: number, b: number) => number,
): readonly (readonly number[])[] {
  const left = new Set(set);
  const first = (candidates: readonly number[]): number | undefined =>
    candidates.filter((item) => ![...left].some((other) => reaches(other, item))).sort(compare)[0];
  const found: number[][] = [];
  while (left.size > 0) {
    const chain: number[] = [];
    for (let item = first([...left]); item !== undefined;) {
      const current: number = item;
      chain.push(current);
      left.delete(current);
      item = first([...left].filter((other) => reaches(current, other)));
    }
    found.push(chain);
  }
  return found;
}

const continues = (before: Run | undefined, run: Run): boolean =>
  before?.patch === run.patch && before.end === run.start;

function missing(index: number): never {
  throw new RangeError(`There is no segment ${index}.`);
}
