// The same text written several times at one place is printed once, and credited to all. Research C5.8.
// Rule: sides are compared by their bytes, whole lines only, and only where all of a side is plain text. Lines that all
// sides begin or end with are twins beside the conflict; sides that are alike as a whole are one side of it. Text that later
// patches wrote beside twins, and that nobody contests, is in conflict with nothing.
// Twins never decide what is alive or in which order: they are printed once, and that is all.

import type { History } from '../patches/facts.ts';
import type { Item, Run } from '../patches/layout.ts';
import { addRun } from './series.ts';

const NEWLINE = 0x0a;

/** A side that is plain text. */
interface Plain {
  readonly runs: readonly Run[];
  readonly bytes: Buffer;
}

/** What is left of an order conflict whose sides are sorted. `isContested`: by anybody, in any of its bytes. */
export function collapseTwins(
  sides: readonly (readonly Item[])[],
  history: History,
  isContested: (run: Run) => boolean,
): readonly Item[] {
  const groups = groupAlike(sides.map((side) => ({ side, plain: plainOf(side, history) })));
  const trimmed = trimCommon(groups);
  const rest = trimmed.rest.map(({ side, alike }) =>
    alike.length > 1
      ? twins(
          alike.map(({ runs }) => runs),
          history,
        )
      : side,
  );
  const before = twins(trimmed.before, history);
  const after = twins(trimmed.after, history);
  const isOne = rest.length === 1 || isLone(trimmed, isContested);
  return isOne ? [...before, ...rest.flat(), ...after] : [...before, { kind: 'order', sides: rest }, ...after];
}

/** Whether one side alone has anything beside the twins: written by other patches than these, and contested by nobody. */
function isLone({ before, after, rest }: Trimmed, isContested: (run: Run) => boolean): boolean {
  const [only, second] = rest.filter(({ side }) => side.length > 0);
  if (only === undefined || second !== undefined) return false;
  const wroteTwins = new Set([...before, ...after].flat().map(({ patch }) => patch));
  const runs = only.alike.flatMap((plain) => plain.runs);
  return runs.length > 0 && !runs.some((run) => wroteTwins.has(run.patch) || isContested(run));
}

/** A side, and all that have the same bytes if it is plain: itself among them. */
interface Group {
  readonly side: readonly Item[];
  readonly alike: readonly Plain[];
}

function groupAlike(sides: readonly { side: readonly Item[]; plain: Plain | undefined }[]): readonly Group[] {
  const groups: { side: readonly Item[]; alike: Plain[] }[] = [];
  const byBytes = new Map<string, Plain[]>();
  for (const { side, plain } of sides) {
    const key = plain?.bytes.toString('latin1') ?? '';
    const alike = byBytes.get(key);
    if (plain !== undefined && alike !== undefined) {
      alike.push(plain);
      continue;
    }
    const group = { side, alike: plain === undefined ? [] : [plain] };
    groups.push(group);
    if (plain !== undefined) byBytes.set(key, group.alike);
  }
  return groups;
}

function plainOf(side: readonly Item[], history: History): Plain | undefined {
  const runs = side.flatMap((item) => (item.kind === 'text' ? [item.run] : []));
  return runs.length < side.length ? undefined : { runs, bytes: Buffer.concat(runs.map((run) => history.text(run))) };
}

interface Trimmed {
  readonly before: readonly (readonly Run[])[];
  readonly after: readonly (readonly Run[])[];
  readonly rest: readonly Group[];
}

/** Takes the lines off that all groups begin or end with. */
function trimCommon(groups: readonly Group[]): Trimmed {
  const bytes = groups.flatMap(({ alike }) => alike.slice(0, 1).map((plain) => plain.bytes));
  if (groups.length < 2 || bytes.length < groups.length) return { before: [], after: [], rest: groups };
  const head = commonHead(bytes);
  const tail = commonTail(bytes.map((one) => one.subarray(head)));
  const all = groups.flatMap(({ alike }) => alike);
  const rest = groups.map(({ alike }) => {
    const middles = alike.map(({ runs, bytes }) => ({
      runs: cut(runs, head, bytes.length - tail),
      bytes: bytes.subarray(head, bytes.length - tail),
    }));
    const side = (middles[0]?.runs ?? []).map((run): Item => ({ kind: 'text', run }));
    return { side, alike: side.length === 0 ? [] : middles };
  });
  return {
    before: head === 0 ? [] : all.map(({ runs }) => cut(runs, 0, head)),
    after: tail === 0 ? [] : all.map(({ runs, bytes }) => cut(runs, bytes.length - tail, bytes.length)),
    rest,
  };
}

/** Sorted by the canonical key of their first bytes. */
function twins(sides: readonly (readonly Run[])[], { compare }: History): readonly Item[] {
  if (sides.length === 0) return [];
  const sorted = [...sides].sort(([a], [b]) => {
    if (a === undefined || b === undefined) return 0;
    return compare(a.patch, b.patch) || a.start - b.start;
  });
  return [{ kind: 'twins', sides: sorted }];
}

/** Length of the whole lines that all texts begin with. */
function commonHead(texts: readonly Buffer[]): number {
  const [one = Buffer.alloc(0), ...others] = texts;
  let length = 0;
  for (let at = 0; at < one.length && others.every((other) => other[at] === one[at]); at += 1)
    if (one[at] === NEWLINE) length = at + 1;
  return length;
}

/** Length of the whole lines that all texts end with. */
function commonTail(texts: readonly Buffer[]): number {
  const [one = Buffer.alloc(0), ...others] = texts;
  let length = 0;
  for (let at = 1; at <= one.length && others.every((other) => other.at(-at) === one.at(-at)); at += 1)
    if (texts.every((text) => text.length === at || text.at(-at - 1) === NEWLINE)) length = at;
  return length;
}

/** The bytes `from` up to, without, `to` of runs that follow each other. */
function cut(runs: readonly Run[], from: number, to: number): readonly Run[] {
  const kept: Run[] = [];
  let at = 0;
  for (const run of runs) {
    const start = run.start + Math.max(0, from - at);
    const end = Math.min(run.end, run.start + to - at);
    if (start < end) addRun(kept, { ...run, start, end });
    at += run.end - run.start;
  }
  return kept;
}
