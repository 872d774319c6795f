// The lines of a file as it is printed, each with who wrote how much of it.
// Rule: credit follows the byte to where it came from, and to each hand of a patch of several; markers are nobody's.

import { actorOfLine, isBlankByte } from '../attribution/credit-lines.ts';
import type { Actor } from '../attribution/attribution.ts';
import { splitLines } from '../patches/diff-lines.ts';
import type { InodeNumber } from '../patches/file-tree.ts';
import { Origins } from '../repository/credit.ts';
import type { View } from '../repository/view.ts';
import type { Credits } from './credits.ts';

export interface CreditedText {
  readonly bytes: Buffer;
  /** Where lines begin. */
  readonly starts: readonly number[];
  readonly runs: readonly CreditedRun[];
}

/** Bytes of the printed text, and who wrote them: several where the same text was written twice. */
interface CreditedRun {
  readonly start: number;
  readonly end: number;
  readonly credits: readonly number[];
}

export function creditedText(view: View, inode: InodeNumber, credits: Credits): CreditedText {
  const text = view.text(inode);
  const { bytes, piecesIn } = text.printed();
  const origins = new Origins(text);
  const runs: CreditedRun[] = [];
  for (const piece of piecesIn(0, bytes.length)) {
    const [first] = piece.ranges;
    if (first === undefined) continue;
    const hands = piece.ranges.map((range) => origins.of(range).flatMap((each) => credits.cut(each)));
    const [own = []] = hands;
    if (hands.length > 1) {
      const all = [...new Set(hands.flat().map(({ credit }) => credit))];
      runs.push({ start: piece.start, end: piece.end, credits: all });
      continue;
    }
    let at = piece.start;
    for (const { start, end, credit } of own) {
      runs.push({ start: at, end: at + end - start, credits: [credit] });
      at += end - start;
    }
  }
  return { bytes, starts: splitLines(bytes), runs };
}

export interface CreditedLine {
  readonly actor: Actor;
  /** Most bytes first. */
  readonly credits: { readonly credit: number; readonly bytes: number }[];
}

/** Lines `from` up to, without, `to`, counted from 0. */
export function creditedLines(
  { bytes, starts, runs }: CreditedText,
  credits: Credits,
  [from, to]: readonly [from: number, to: number] = [0, starts.length],
): readonly CreditedLine[] {
  const lines: CreditedLine[] = [];
  let run = firstRunAfter(runs, starts[from] ?? 0);
  for (let line = from; line < Math.min(to, starts.length); line += 1) {
    const [start, end] = [starts[line] ?? 0, starts[line + 1] ?? bytes.length];
    const found = new Map<number, { bytes: number; nonBlankBytes: number }>();
    for (; run < runs.length; run += 1) {
      const each = runs[run];
      if (each === undefined || each.start >= end) break;
      addRun(found, bytes, { ...each, start: Math.max(start, each.start), end: Math.min(end, each.end) });
      if (each.end > end) break;
    }
    lines.push(lineOf(found, credits));
  }
  return lines;
}

/** Who wrote most of a line; null for a marker. */
export const mainCredit = (line: CreditedLine | undefined): number | null => line?.credits[0]?.credit ?? null;

function lineOf(
  found: ReadonlyMap<number, { readonly bytes: number; readonly nonBlankBytes: number }>,
  credits: Credits,
): CreditedLine {
  const all = [...found].map(([credit, sizes]) => ({
    credit,
    ...sizes,
    patch: String(credit),
    actor: credits.handOf(credit).actor,
  }));
  return {
    actor: actorOfLine(all),
    credits: all
      .sort((a, b) => b.nonBlankBytes - a.nonBlankBytes || b.bytes - a.bytes || a.credit - b.credit)
      .map(({ credit, bytes }) => ({ credit, bytes })),
  };
}

function addRun(
  found: Map<number, { bytes: number; nonBlankBytes: number }>,
  bytes: Buffer,
  { start, end, credits }: CreditedRun,
): void {
  let nonBlank = 0;
  for (let at = start; at < end; at += 1) if (!isBlankByte(bytes[at] ?? 0)) nonBlank += 1;
  for (const credit of credits) {
    const sizes = found.get(credit) ?? { bytes: 0, nonBlankBytes: 0 };
    sizes.bytes += end - start;
    sizes.nonBlankBytes += nonBlank;
    found.set(credit, sizes);
  }
}

function firstRunAfter(runs: readonly CreditedRun[], offset: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
