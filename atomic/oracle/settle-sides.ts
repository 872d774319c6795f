// What is left of a conflict between sides once those that say the same are seen as one. Research C5.8.
// Rule: whoever deleted something is not held against the text of another side: the conflict says it already. Identical
// sides print once, and lines that all sides begin or end with stand outside the conflict; all of them keep their authors.
// Text that later patches wrote beside a twin that others wrote too, and that nobody contests, is in conflict with nothing.

import type { History, MergePolicy, PatchNumber } from '../patches/facts.ts';
import type { Item, Run } from '../patches/layout.ts';
import { joinedRuns } from './touching-runs.ts';

type Side = readonly Item[];
/** Sides that are byte-identical; the first is printed. Simple: made of nothing but runs. */
interface Group {
  readonly text: Buffer | null;
  readonly simple: readonly (readonly Run[])[];
  readonly side: Side;
}

export function settleSides(sides: readonly Side[], history: History, policy: MergePolicy): readonly Item[] {
  const quiet = sides.map((side, index) => {
    const others = new Set(sides.filter((_, at) => at !== index).flatMap((other) => other.flatMap(ownersOf)));
    return side.map((item) => withoutContesters(item, others));
  });
  if (policy.identical === 'conflict') return [{ kind: 'order', sides: quiet }];
  const groups = grouped(quiet, history);
  const [only, second] = groups;
  if (only !== undefined && second === undefined) return asItems(only.simple, history);
  if (groups.some(({ text }) => text === null))
    return [{ kind: 'order', sides: groups.map((group) => sideOf(group, history)) }];
  return aroundMiddle(groups, history, contestedIn(sides));
}

/** Whether anybody contests any byte of a run, whoever it is. */
function contestedIn(sides: readonly Side[]): (run: Run) => boolean {
  const contested = sides.flat().flatMap((item) => (item.kind === 'text' ? [item.run] : []));
  return ({ patch, start, end }) =>
    contested.some((run) => run.contestedBy.length > 0 && run.patch === patch && run.start < end && start < run.end);
}

const sideOf = ({ simple, side }: Group, history: History): Side =>
  simple.length > 1 ? asItems(simple, history) : side;

function grouped(sides: readonly Side[], history: History): readonly Group[] {
  const groups: { text: Buffer | null; simple: (readonly Run[])[]; side: Side }[] = [];
  for (const side of sides) {
    const runs = runsOf(side);
    const text = runs === null ? null : textOf(runs, history);
    const same = text === null ? undefined : groups.find((group) => group.text?.equals(text));
    if (same !== undefined && runs !== null) same.simple.push(runs);
    else groups.push({ text, simple: runs === null ? [] : [runs], side });
  }
  return groups;
}

/** The runs of a side that is nothing but text; null for one with conflicts or twins in it. */
function runsOf(side: Side): readonly Run[] | null {
  const runs: Run[] = [];
  for (const item of side) {
    if (item.kind !== 'text') return null;
    runs.push(item.run);
  }
  return joinedRuns(runs);
}

const textOf = (runs: readonly Run[], history: History): Buffer => Buffer.concat(runs.map((run) => history.text(run)));

/** Twins stand in the order of their first bytes. */
function asItems(sides: readonly (readonly Run[])[], { compare }: History): readonly Item[] {
  const [only, second] = sides;
  if (only === undefined || only.length === 0) return [];
  if (second === undefined) return only.map((run) => ({ kind: 'text', run }));
  const sorted = [...sides].sort(([a], [b]) =>
    a === undefined || b === undefined ? 0 : compare(a.patch, b.patch) || a.start - b.start,
  );
  return [{ kind: 'twins', sides: sorted }];
}

/** The lines that all groups begin with, the conflict on what differs, and the lines that all end with. */
function aroundMiddle(groups: readonly Group[], history: History, isContested: (run: Run) => boolean): readonly Item[] {
  const lines = groups.map(({ text }) => linesOf(text ?? Buffer.alloc(0)));
  const shortest = Math.min(...lines.map((each) => each.length));
  const areSame = (pick: (each: readonly Buffer[]) => Buffer | undefined): boolean => {
    const first = pick(lines[0] ?? []);
    return first !== undefined && lines.every((each) => pick(each)?.equals(first));
  };
  let head = 0;
  while (head < shortest && areSame((each) => each[head])) head += 1;
  let tail = 0;
  while (tail < shortest - head && areSame((each) => each[each.length - 1 - tail])) tail += 1;

  const lengthOf = (part: readonly Buffer[]): number => part.reduce((sum, line) => sum + line.length, 0);
  const first = lines[0] ?? [];
  const headLength = lengthOf(first.slice(0, head));
  const tailLength = lengthOf(first.slice(first.length - tail));
  const part = (from: number, fromEnd: number): readonly (readonly (readonly Run[])[])[] =>
    groups.map(({ simple, text }) => simple.map((runs) => cutRuns(runs, from, (text?.length ?? 0) - fromEnd)));
  const heads = groups.flatMap(({ simple }) => simple.map((runs) => cutRuns(runs, 0, headLength)));
  const tails = groups.flatMap(({ simple, text }) =>
    simple.map((runs) => cutRuns(runs, (text?.length ?? 0) - tailLength, text?.length ?? 0)),
  );
  const middles = part(headLength, tailLength);
  const items = (part: readonly (readonly Run[])[]): readonly Item[] => asItems(part, history);
  const lone = loneMiddle(middles, { twins: [...heads, ...tails].flat(), isContested });
  const middle: readonly Item[] = lone === null ? [{ kind: 'order', sides: middles.map(items) }] : items(lone);
  return [...items(heads), ...middle, ...items(tails)];
}

/** What one side has beside the twins while all others have nothing: where other patches wrote it, and nobody contests it. */
function loneMiddle(
  middles: readonly (readonly (readonly Run[])[])[],
  { twins, isContested }: { readonly twins: readonly Run[]; readonly isContested: (run: Run) => boolean },
): readonly (readonly Run[])[] | null {
  const [only, second] = middles.filter((middle) => middle.some((runs) => runs.length > 0));
  if (only === undefined || second !== undefined) return null;
  const wroteTwins = new Set(twins.map(({ patch }) => patch));
  return only.flat().some((run) => wroteTwins.has(run.patch) || isContested(run)) ? null : only;
}

/** Lines with their ends; the last may have none. */
function linesOf(text: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < text.length;) {
    const found = text.indexOf(10, start);
    const end = found === -1 ? text.length : found + 1;
    lines.push(text.subarray(start, end));
    start = end;
  }
  return lines;
}

/** The bytes `from` up to `to` of the text that the runs make up. */
function cutRuns(runs: readonly Run[], from: number, to: number): readonly Run[] {
  const cut: Run[] = [];
  let at = 0;
  for (const run of runs) {
    const start = run.start + Math.max(0, from - at);
    const end = run.end - Math.max(0, at + run.end - run.start - to);
    if (start < end) cut.push({ ...run, start, end });
    at += run.end - run.start;
  }
  return cut;
}

function ownersOf(item: Item): readonly PatchNumber[] {
  switch (item.kind) {
    case 'text':
      return [item.run.patch];
    case 'twins':
      return item.sides.flat().map(({ patch }) => patch);
    case 'order':
      return item.sides.flat().flatMap(ownersOf);
    case 'cyclic':
      return item.members.map(({ patch }) => patch);
  }
}

function withoutContesters(item: Item, patches: ReadonlySet<PatchNumber>): Item {
  const quiet = (run: Run): Run => ({ ...run, contestedBy: run.contestedBy.filter((patch) => !patches.has(patch)) });
  switch (item.kind) {
    case 'text':
      return { kind: 'text', run: quiet(item.run) };
    case 'twins':
      return { kind: 'twins', sides: item.sides.map((side) => side.map(quiet)) };
    case 'order':
      return { kind: 'order', sides: item.sides.map((side) => side.map((each) => withoutContesters(each, patches))) };
    case 'cyclic':
      return { kind: 'cyclic', members: item.members.map(quiet) };
  }
}
