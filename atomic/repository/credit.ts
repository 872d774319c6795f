// Who wrote each byte of a file: derived from the patches, never stored, so it cannot go wrong.
// Rule: credit follows the byte. Where a patch wrote text anew that was there before (a squash, a settled cycle), credit
// goes to where it came from; text that several wrote at one place is credited to all of them.

import type { PatchNumber, Range } from '../patches/facts.ts';
import type { InodeNumber } from '../patches/file-tree.ts';
import type { OpenText } from './open-text.ts';
import type { View } from './view.ts';

export interface LineCredit {
  /** From 1. */
  readonly line: number;
  readonly text: string;
  readonly credits: readonly ByteCredit[];
}

export interface ByteCredit {
  readonly patch: PatchNumber;
  readonly bytes: number;
  /** Without spaces and line ends: what the class of a line is decided by. */
  readonly inkBytes: number;
}

/** A chain of origins longer than this goes round in a circle: a mistake in a patch. */
const ORIGINS_MAX = 64;

/** Credit of a range: pieces of it, each with the bytes that wrote it first. */
export class Origins {
  readonly #text: Pick<OpenText, 'repeatingOf'>;

  constructor(text: Pick<OpenText, 'repeatingOf'>) {
    this.#text = text;
  }

  of(range: Range): readonly Range[] {
    let open: readonly Range[] = [range];
    for (let depth = 0; depth < ORIGINS_MAX; depth += 1) {
      if (open.every(({ patch }) => this.#text.repeatingOf(patch).length === 0)) return open;
      const next = open.flatMap((each) => this.#step(each));
      if (next.length === open.length && next.every((each, index) => each === open[index])) return next;
      open = next;
    }
    return open;
  }

  #step(range: Range): readonly Range[] {
    const insert = this.#text
      .repeatingOf(range.patch)
      .find(({ start, end }) => start <= range.start && range.end <= end);
    if (insert === undefined || insert.origins.length === 0) return [range];
    const parts: Range[] = [];
    let at = range.start;
    for (const { at: start, from } of [...insert.origins].sort((a, b) => a.at - b.at)) {
      const end = start + from.end - from.start;
      const [first, last] = [Math.max(at, start), Math.min(range.end, end)];
      if (first >= last) continue;
      if (first > at) parts.push({ patch: range.patch, start: at, end: first });
      parts.push({ patch: from.patch, start: from.start + first - start, end: from.start + last - start });
      at = last;
    }
    if (parts.length === 0) return [range];
    if (at < range.end) parts.push({ patch: range.patch, start: at, end: range.end });
    return parts;
  }
}

/** Bytes of the printed text and who is credited with each, in order; markers are nobody's. */
export function creditedRuns(
  view: View,
  inode: InodeNumber,
): readonly { readonly start: number; readonly end: number; readonly patches: readonly PatchNumber[] }[] {
  const text = view.text(inode);
  const printed = text.printed();
  const origins = new Origins(text);
  const runs: { start: number; end: number; patches: readonly PatchNumber[] }[] = [];
  for (const piece of printed.piecesIn(0, printed.bytes.length)) {
    if (piece.ranges.length === 0) continue;
    const [first] = piece.ranges;
    const alone = piece.ranges.length === 1 && first !== undefined;
    if (alone) {
      let at = piece.start;
      for (const { patch, start, end } of origins.of(first)) {
        runs.push({ start: at, end: at + end - start, patches: [patch] });
        at += end - start;
      }
    } else {
      const patches = [...new Set(piece.ranges.flatMap((range) => origins.of(range).map(({ patch }) => patch)))];
      runs.push({ start: piece.start, end: piece.end, patches });
    }
  }
  return runs;
}

export function creditLines(view: View, inode: InodeNumber): readonly LineCredit[] {
  const { bytes } = view.text(inode).printed();
  const runs = creditedRuns(view, inode);
  const lines: LineCredit[] = [];
  let run = 0;
  for (let start = 0, line = 1; start < bytes.length; line += 1) {
    const found = bytes.indexOf(10, start);
    const end = found === -1 ? bytes.length : found + 1;
    const credits: { patch: PatchNumber; bytes: number; inkBytes: number }[] = [];
    for (; run < runs.length; run += 1) {
      const each = runs[run];
      if (each === undefined || each.start >= end) break;
      const [from, to] = [Math.max(start, each.start), Math.min(end, each.end)];
      if (from < to) {
        const ink = inkIn(bytes, from, to);
        for (const patch of each.patches) addCredit(credits, patch, { bytes: to - from, ink });
      }
      if (each.end > end) break;
    }
    lines.push({
      line,
      text: bytes.toString('utf8', start, found === -1 ? end : end - 1),
      credits,
    });
    start = end;
  }
  return lines;
}

function addCredit(
  credits: { patch: PatchNumber; bytes: number; inkBytes: number }[],
  patch: PatchNumber,
  { bytes, ink }: { readonly bytes: number; readonly ink: number },
): void {
  const known = credits.find((credit) => credit.patch === patch);
  if (known === undefined) credits.push({ patch, bytes, inkBytes: ink });
  else {
    known.bytes += bytes;
    known.inkBytes += ink;
  }
}

function inkIn(bytes: Buffer, from: number, to: number): number {
  let ink = 0;
  for (let at = from; at < to; at += 1) if ((bytes[at] ?? 0) > 32) ink += 1;
  return ink;
}
