// What one patch of a random history says. The text it is about is read as people see it: printed bytes in order, each
// with all the bytes (twins) it stands for.
// Rule: `up` is the last printed byte before, `down` the first byte of what is deleted or the first printed byte after.

import type { History, PatchNumber, Position, Range, TextFacts } from '../patches/facts.ts';
import type { FileText, Item, Layout, Run } from '../patches/layout.ts';

export interface Draft {
  readonly facts: TextFacts;
  readonly contents: Buffer;
}

type DraftKind = 'edit' | 'resolve' | 'oppose' | 'undelete' | 'unorder' | 'acknowledge' | 'repeat';

interface Scene {
  readonly text: FileText;
  /** The patch that is written. */
  readonly number: PatchNumber;
  readonly history: History;
  /** What the replica has. */
  readonly facts: readonly TextFacts[];
  /** Facts that the replica could write too: it has all that they refer to. */
  readonly others: readonly TextFacts[];
}

type Choices = readonly number[];
/** Bytes printed once; with twins, the same bytes in each of them. */
type Printed = readonly (readonly Run[])[];

/** What a patch says that says nothing. */
export const NO_FACTS = {
  inserts: [],
  deletes: [],
  undeletes: [],
  orders: [],
  unorders: [],
  acknowledges: [],
} as const;
/** Few, so that people write the same by chance. Some end without a newline. */
const LINES = ['a\n', 'b\n', 'c\n', 'dd\n', 'x', 'yy'] as const;

/** Undefined where there is nothing of the kind to do. */
export function draftFacts(kind: DraftKind, choices: Choices, scene: Scene): Draft | undefined {
  const { number, history, others } = scene;
  switch (kind) {
    case 'edit':
      return draftEdit(choices, scene);
    case 'repeat': {
      const other = pick(
        others.filter(({ inserts }) => inserts.length > 0),
        choices[0],
      );
      if (other === undefined) return undefined;
      const length = Math.max(...other.inserts.map(({ end }) => end));
      return {
        facts: { ...other, patch: number },
        contents: Buffer.from(history.text({ patch: other.patch, start: 0, end: length })),
      };
    }
    default: {
      const facts = draftMarks(kind, choices, scene);
      return facts === undefined
        ? undefined
        : { facts: { patch: number, ...NO_FACTS, ...facts }, contents: Buffer.alloc(0) };
    }
  }
}

function draftMarks(
  kind: Exclude<DraftKind, 'edit' | 'repeat'>,
  choices: Choices,
  { text, facts, others }: Scene,
): Partial<TextFacts> | undefined {
  switch (kind) {
    case 'resolve':
      return draftResolution(choices, text.layout) ?? draftAcknowledgement(choices, text.layout);
    case 'oppose': {
      const order = pick(
        others.flatMap(({ orders }) => orders),
        choices[0],
      );
      return order && { orders: [{ from: order.to, to: order.from }] };
    }
    case 'undelete': {
      const run = pick(text.deadRuns(), choices[0]);
      const by = pick(run?.deletedBy ?? [], choices[1]);
      if (run === undefined || by === undefined) return undefined;
      return { undeletes: [{ range: part(run.range, choices), by }] };
    }
    case 'unorder': {
      const all = facts.flatMap(({ patch, orders }) => orders.map((order) => ({ ...order, by: patch })));
      const order = pick(all, choices[0]);
      return order === undefined ? undefined : { unorders: [order] };
    }
    case 'acknowledge':
      return draftAcknowledgement(choices, text.layout);
  }
}

/** Keeps contested text: all of a run, or a part of it. */
function draftAcknowledgement(choices: Choices, layout: Layout): Partial<TextFacts> | undefined {
  const run = pick(
    runsOf(layout).filter(({ contestedBy }) => contestedBy.length > 0),
    choices[0],
  );
  return run && { acknowledges: run.contestedBy.map((by) => ({ range: part(bare(run), choices), by })) };
}

/** One or two hunks: lines (sometimes bytes) deleted, inserted, or replaced. */
function draftEdit(choices: Choices, { text, number, history }: Scene): Draft | undefined {
  const printed = printedBytes(text.layout);
  const [at = 0, removed = 0, written = 0, hunks = 0, grain = 0] = choices;
  const bytes = Buffer.from(printed.map(([first]) => byteAt(history, first)));
  const stops = grain % 4 === 0 ? [...bytes.keys(), bytes.length] : lineStops(bytes);
  const draft = { inserts: [] as TextFacts['inserts'][number][], deletes: [] as Range[], contents: '' };
  let from = 0;
  for (let hunk = 0; hunk <= hunks % 2; hunk += 1) {
    const first = from + ((at >> hunk) % Math.max(1, stops.length - from));
    const last = Math.min(stops.length - 1, first + ((removed >> hunk) % 3));
    const [start = 0, end = 0] = [stops[first], stops[last]];
    const lines = end === start ? 1 + ((written >> hunk) % 2) : (written >> hunk) % 3;
    const added = Array.from({ length: lines }, (_, line) => LINES[((written >> hunk) + line) % LINES.length]).join('');
    const replaces = rangesOf(printed.slice(start, end));
    draft.deletes.push(...replaces);
    if (added !== '') {
      const begin = draft.contents.length;
      draft.contents += `${added}\0`;
      const [up, down] = [printed[start - 1] ?? [], printed[start] ?? []];
      draft.inserts.push({ start: begin, end: begin + added.length, up, down, replaces, origins: [] });
    }
    from = last + 1;
    if (from >= stops.length) break;
  }
  const { inserts, deletes, contents } = draft;
  if (inserts.length + deletes.length === 0) return undefined;
  return { facts: { patch: number, ...NO_FACTS, inserts, deletes }, contents: Buffer.from(contents) };
}

/** Puts the sides of a conflict in order (or the other way round), or deletes all but one. */
function draftResolution(choices: Choices, layout: Layout): Partial<TextFacts> | undefined {
  const conflict = pick(conflictsOf(layout), choices[0]);
  if (conflict === undefined) return undefined;
  const sides = conflict.kind === 'cyclic' ? conflict.members.map((run) => [run]) : conflict.sides.map(runsOf);
  const texts = sides.filter((side) => side.length > 0);
  const [how = 0, which = 0] = choices.slice(1);
  if (how % 3 === 0 || conflict.kind === 'cyclic')
    return { deletes: texts.filter((_, at) => at !== which % texts.length).flatMap((side) => side.map(bare)) };
  const ordered = how % 3 === 1 ? texts : texts.reverse();
  const orders = ordered.flatMap((side, at) => {
    const [last, first] = [side.at(-1), ordered[at + 1]?.[0]];
    return last === undefined || first === undefined ? [] : [{ from: lastOf(last), to: firstOf(first) }];
  });
  return { orders };
}

/** Every printed byte in order, with all the bytes it stands for. */
function printedBytes(layout: Layout): readonly (readonly Position[])[] {
  return printedText(layout).flatMap((sides) => {
    const bytes = sides.map((side) => side.flatMap(positionsOf));
    return (bytes[0] ?? []).map((_, at) => bytes.flatMap((side) => side[at] ?? []));
  });
}

function printedText(items: readonly Item[]): readonly Printed[] {
  return items.flatMap((item): readonly Printed[] => {
    switch (item.kind) {
      case 'text':
        return [[[item.run]]];
      case 'twins':
        return [item.sides];
      case 'cyclic':
        return item.members.map((run) => [[run]]);
      case 'order':
        return item.sides.flatMap(printedText);
    }
  });
}

const conflictsOf = (items: readonly Item[]): readonly (Item & { kind: 'order' | 'cyclic' })[] =>
  items.flatMap((item) => {
    if (item.kind === 'cyclic') return [item];
    return item.kind === 'order' ? [item, ...item.sides.flatMap(conflictsOf)] : [];
  });

/** Every alive run, those of twins included. */
export const runsOf = (items: readonly Item[]): readonly Run[] => printedText(items).flat(2);

const positionsOf = ({ patch, start, end }: Range): readonly Position[] =>
  Array.from({ length: end - start }, (_, at) => ({ patch, offset: start + at }));

/** The bytes as ranges, each as long as it can be within one patch; every twin in a range of its own. */
function rangesOf(printed: readonly (readonly Position[])[]): readonly Range[] {
  const ranges: Range[] = [];
  const all = printed.flat().toSorted((a, b) => a.patch - b.patch || a.offset - b.offset);
  for (const { patch, offset } of all) {
    const last = ranges.at(-1);
    if (last?.patch === patch && last.end === offset) ranges[ranges.length - 1] = { ...last, end: offset + 1 };
    else ranges.push({ patch, start: offset, end: offset + 1 });
  }
  return ranges;
}

function lineStops(bytes: Buffer): readonly number[] {
  const stops = [0];
  for (const [at, byte] of bytes.entries()) if (byte === 0x0a || at === bytes.length - 1) stops.push(at + 1);
  return stops;
}

/** The whole range, or a part of it. */
function part({ patch, start, end }: Range, choices: Choices): Range {
  const [from = 0, length = 0, whole = 0] = choices.slice(2);
  if (whole % 2 === 0) return { patch, start, end };
  const first = start + (from % (end - start));
  return { patch, start: first, end: first + 1 + (length % (end - first)) };
}

const pick = <T>(list: readonly T[], choice = 0): T | undefined => list[choice % Math.max(1, list.length)];
const bare = ({ patch, start, end }: Range): Range => ({ patch, start, end });
const firstOf = ({ patch, start }: Range): Position => ({ patch, offset: start });
const lastOf = ({ patch, end }: Range): Position => ({ patch, offset: end - 1 });
const byteAt = (history: History, position: Position | undefined): number =>
  position === undefined
    ? 0
    : (history.text({ patch: position.patch, start: position.offset, end: position.offset + 1 })[0] ?? 0);
