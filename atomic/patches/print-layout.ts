// The text of a file as people read it: alive bytes in order, and markers around what is in conflict.
// Rule: it depends on the layout and the patches' hashed headers alone, so every machine with the same set prints the same
// bytes. Markers are never content: they are pieces of their own, and longer than any such line of the text.
// Not here: reading an edited text back (record-text.ts), files without lines (versionsOf, below, prints those apart).

import { unreachable } from 'kernel/basics';

import type { History, PatchNumber, Position, Range } from './facts.ts';
import type { Item, Layout, Run } from './layout.ts';

/** A stretch of the printed text. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** The same bytes in each patch that wrote them; the first is printed. Empty: a marker. */
  readonly ranges: readonly Range[];
  /** Index of the innermost block it lies in, or -1. */
  readonly block: number;
}

export type ConflictKind = 'order' | 'cyclic' | 'contested';

/** A conflict in the printed text, its markers included. */
export interface Block {
  readonly kind: ConflictKind;
  readonly start: number;
  readonly end: number;
  /** Index of the block around it, or -1. */
  readonly parent: number;
  /** Patches of each side (order), of each member (cyclic), or who deleted around it (contested). */
  readonly sides: readonly (readonly PatchNumber[])[];
  /** What an insertion right before or after the whole block stands beside. */
  readonly firsts: readonly Position[];
  readonly lasts: readonly Position[];
}

/** What the recorder compares a working text with. */
export interface PrintedText {
  readonly bytes: Buffer;
  readonly blocks: readonly Block[];
  /** The pieces between two offsets, cut to them. */
  piecesIn(start: number, end: number): readonly Piece[];
}

/** What a marker says of a patch: from hashed data only. */
export type LabelOf = (patch: PatchNumber) => string;

const MARKER_LENGTH_MIN = 7;
const MARKER_LINE = /^(?:>{7,}|<{7,}|={7,})/gm;

export function printLayout(layout: Layout, history: History, labelOf: LabelOf): PrintedText {
  const printer = new Printer(history, labelOf, markerLengthFor(layout, history));
  printer.items(layout, -1);
  return printer.finish();
}

/** One more than the longest line start of the text that looks like a marker. */
function markerLengthFor(layout: Layout, history: History): number {
  if (layout.every(({ kind }) => kind === 'text' || kind === 'twins') && !layout.some(hasContested)) return 0;
  const text = Buffer.concat(runsOf(layout).map((run) => history.text(run))).toString('latin1');
  const longest = [...text.matchAll(MARKER_LINE)].map(([found]) => found.length + 1);
  return longest.reduce((a, b) => Math.max(a, b), MARKER_LENGTH_MIN);
}

const hasContested = (item: Item): boolean => item.kind === 'text' && item.run.contestedBy.length > 0;

/** Every run that is printed, in order. */
function runsOf(items: readonly Item[]): readonly Run[] {
  return items.flatMap((item): readonly Run[] => {
    switch (item.kind) {
      case 'text':
        return [item.run];
      case 'twins':
        return item.sides[0] ?? [];
      case 'order':
        return item.sides.flatMap(runsOf);
      case 'cyclic':
        return item.members;
      default:
        return unreachable(item);
    }
  });
}

class Printer {
  readonly #history: History;
  readonly #labelOf: LabelOf;
  readonly #markerLength: number;
  readonly #parts: Uint8Array[] = [];
  readonly #pieces: Piece[] = [];
  readonly #blocks: Block[] = [];
  #length = 0;

  constructor(history: History, labelOf: LabelOf, markerLength: number) {
    this.#history = history;
    this.#labelOf = labelOf;
    this.#markerLength = markerLength;
  }

  items(items: readonly Item[], block: number): void {
    for (let at = 0; at < items.length; at += 1) {
      const item = items[at];
      if (item === undefined) continue;
      if (item.kind !== 'text' || item.run.contestedBy.length === 0) this.#item(item, block);
      else at += this.#contested(items.slice(at), block) - 1;
    }
  }

  finish(): PrintedText {
    const bytes = Buffer.concat(this.#parts);
    const pieces = this.#pieces;
    return { bytes, blocks: this.#blocks, piecesIn: (start, end) => cutPieces(pieces, start, end) };
  }

  #item(item: Item, block: number): void {
    switch (item.kind) {
      case 'text':
        return this.#text([item.run], block);
      case 'twins':
        for (const ranges of alignedRanges(item.sides)) this.#text(ranges, block);
        return;
      case 'order':
        return this.#open({ kind: 'order', sides: item.sides.map(patchesOf), parent: block }, [item], (own) => {
          for (const [index, side] of item.sides.entries()) {
            if (index > 0) this.#marker('=', own, patchesOf(side));
            this.items(side, own);
          }
        });
      case 'cyclic':
        return this.#open(cyclicBlock(item.members, block), [item], (own) => {
          for (const [index, member] of item.members.entries()) {
            if (index > 0) this.#marker('=', own, [member.patch]);
            this.#text([member], own);
          }
        });
      default:
        return unreachable(item);
    }
  }

  /** Neighbouring runs that the same patches contest are one block. Says how many items it took. */
  #contested(items: readonly Item[], block: number): number {
    const first = items[0];
    if (first?.kind !== 'text') return 1;
    const key = first.run.contestedBy.join();
    const end = items.findIndex((item) => item.kind !== 'text' || item.run.contestedBy.join() !== key);
    const taken = end === -1 ? items : items.slice(0, end);
    const sides = first.run.contestedBy.map((patch) => [patch]);
    this.#open({ kind: 'contested', sides, parent: block }, taken, (own) => {
      for (const item of taken) if (item.kind === 'text') this.#text([item.run], own);
    });
    return taken.length;
  }

  #open(opened: Pick<Block, 'kind' | 'sides' | 'parent'>, items: readonly Item[], inside: (own: number) => void): void {
    const { kind, sides } = opened;
    const own = this.#blocks.length;
    const start = this.#length;
    this.#blocks.push({ ...opened, start, end: start, ...endsOf(items) });
    this.#marker('>', own, kind === 'contested' ? sides.flat() : (sides[0] ?? []), kind);
    inside(own);
    this.#marker('<', own, []);
    const block = this.#blocks[own];
    if (block !== undefined) this.#blocks[own] = { ...block, end: this.#length };
  }

  #text(ranges: readonly Range[], block: number): void {
    const [first] = ranges;
    if (first === undefined) return;
    this.#push(this.#history.text(first), ranges, block);
  }

  #marker(sign: string, block: number, patches: readonly PatchNumber[], kind?: ConflictKind): void {
    const last = this.#parts.at(-1);
    const lead = last === undefined || last[last.length - 1] === 10 ? '' : '\n';
    const words = [sign.repeat(this.#markerLength), String(block + 1)];
    if (kind !== undefined) words.push(kind);
    if (patches.length > 0) words.push(`[${patches.map(this.#labelOf).join('; ')}]`);
    this.#push(Buffer.from(`${lead}${words.join(' ')}\n`), [], block);
  }

  #push(bytes: Uint8Array, ranges: readonly Range[], block: number): void {
    if (bytes.length === 0) return;
    this.#parts.push(bytes);
    this.#pieces.push({ start: this.#length, end: this.#length + bytes.length, ranges, block });
    this.#length += bytes.length;
  }
}

const cyclicBlock = (members: readonly Run[], parent: number): Pick<Block, 'kind' | 'sides' | 'parent'> => ({
  kind: 'cyclic',
  sides: members.map(({ patch }) => [patch]),
  parent,
});

const patchesOf = (items: readonly Item[]): readonly PatchNumber[] => [
  ...new Set(items.flatMap((item) => allRunsOf(item).map(({ patch }) => patch))),
];

function allRunsOf(item: Item): readonly Run[] {
  switch (item.kind) {
    case 'text':
      return [item.run];
    case 'twins':
      return item.sides.flat();
    case 'order':
      return item.sides.flat().flatMap(allRunsOf);
    case 'cyclic':
      return item.members;
    default:
      return unreachable(item);
  }
}

/** The bytes that a series of items begins and ends with, on every side. */
function endsOf(items: readonly Item[]): { readonly firsts: readonly Position[]; readonly lasts: readonly Position[] } {
  return { firsts: positionsAt(items, 'first'), lasts: positionsAt(items, 'last') };
}

function positionsAt(items: readonly Item[], end: 'first' | 'last'): readonly Position[] {
  const item = items.at(end === 'first' ? 0 : -1);
  if (item === undefined) return [];
  const of = (runs: readonly Range[]): readonly Position[] => {
    const run = runs.at(end === 'first' ? 0 : -1);
    return run === undefined ? [] : [{ patch: run.patch, offset: end === 'first' ? run.start : run.end - 1 }];
  };
  switch (item.kind) {
    case 'text':
      return of([item.run]);
    case 'twins':
      return item.sides.flatMap(of);
    case 'order':
      return item.sides.flatMap((side) => positionsAt(side, end));
    case 'cyclic':
      return item.members.flatMap((member) => of([member]));
    default:
      return unreachable(item);
  }
}

/** Twins cut at the ends of all their runs, so that each part is one range of every twin. */
function alignedRanges(sides: readonly (readonly Range[])[]): readonly (readonly Range[])[] {
  const cuts = new Set<number>();
  for (const side of sides) {
    let at = 0;
    for (const { start, end } of side) cuts.add((at += end - start));
  }
  let from = 0;
  return [...cuts]
    .sort((a, b) => a - b)
    .map((to) => {
      const part = sides.flatMap((side) => cutRanges(side, from, to));
      from = to;
      return part;
    });
}

/** The bytes `from` up to `to` of the text that ranges make up. */
export function cutRanges(ranges: readonly Range[], from: number, to: number): readonly Range[] {
  const cut: Range[] = [];
  let at = 0;
  for (const { patch, start, end } of ranges) {
    const first = start + Math.max(0, from - at);
    const last = end - Math.max(0, at + end - start - to);
    if (first < last) cut.push({ patch, start: first, end: last });
    at += end - start;
  }
  return cut;
}

/** The pieces of a sorted list between two offsets, found by halving and cut to them; none between equal offsets. */
function cutPieces(pieces: readonly Piece[], start: number, end: number): readonly Piece[] {
  if (start >= end) return [];
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.end ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  const found: Piece[] = [];
  for (let at = low; at < pieces.length; at += 1) {
    const piece = pieces[at];
    if (piece === undefined || piece.start >= end) break;
    const [from, to] = [Math.max(start, piece.start), Math.min(end, piece.end)];
    const ranges = piece.ranges.map((range) => ({
      patch: range.patch,
      start: range.start + from - piece.start,
      end: range.end - (piece.end - to),
    }));
    found.push({ start: from, end: to, ranges, block: piece.block });
  }
  return found;
}

/**
 * A file without lines (binary, a link) is in conflict as a whole: one version for each side, none with markers. The first
 * stands at the file's name. Each version is named by the patch that its first choice is made by.
 */
export function versionsOf(
  layout: Layout,
  history: History,
): readonly { readonly by: PatchNumber | null; readonly bytes: Buffer }[] {
  const sidesOf = (item: Item): readonly (readonly Item[])[] | null => {
    if (item.kind === 'order') return item.sides;
    if (item.kind === 'cyclic') return item.members.map((run) => [{ kind: 'text', run }]);
    return null;
  };
  const widest = layout.map((item) => sidesOf(item)?.length ?? 1).reduce((a, b) => Math.max(a, b), 1);
  const pick = (items: readonly Item[], version: number): readonly Item[] =>
    items.flatMap((item) => {
      const sides = sidesOf(item);
      return sides === null ? [item] : pick(sides[Math.min(version, sides.length - 1)] ?? [], version);
    });
  return Array.from({ length: widest }, (_, version) => {
    const chosen = layout.find((item) => sidesOf(item) !== null);
    const by = chosen === undefined ? null : (patchesOf(pick([chosen], version))[0] ?? null);
    return { by, bytes: Buffer.concat(runsOf(pick(layout, version)).map((run) => history.text(run))) };
  });
}
