// Two texts as unified hunks: what went, what came, and a few lines around them.
// Rule: pure; lines are counted from 1 and shown without their line feed. A text too long is cut at a hunk's line, and said to be.

import { diffLines, splitLines } from '../patches/diff-lines.ts';
import type { DiffHunk, DiffLine } from '../protocol/index.ts';

/** As every tool shows it. */
const LINES_AROUND = 3;

export interface Unified {
  readonly hunks: DiffHunk[];
  readonly added: number;
  readonly removed: number;
  readonly isCut: boolean;
}

/** Who wrote a line, counted from 0, of the old or of the text now. */
export interface LineCredits {
  readonly old: (line: number) => number | null;
  readonly now: (line: number) => number | null;
}

interface Change {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

export function unified(before: Buffer, after: Buffer, credits: LineCredits, linesMax: number): Unified {
  const old = linesOf(before);
  const now = linesOf(after);
  const changes = diffLines(before, after).map((hunk) => ({
    oldStart: old.at(hunk.oldStart),
    oldEnd: old.at(hunk.oldEnd),
    newStart: now.at(hunk.newStart),
    newEnd: now.at(hunk.newEnd),
  }));
  let added = 0;
  let removed = 0;
  for (const { oldStart, oldEnd, newStart, newEnd } of changes) {
    added += newEnd - newStart;
    removed += oldEnd - oldStart;
  }
  const hunks: DiffHunk[] = [];
  let left = linesMax;
  for (const group of grouped(changes)) {
    if (left <= 0) return { hunks, added, removed, isCut: true };
    const hunk = hunkOf(group, { old, now, credits });
    const isCut = hunk.lines.length > left;
    hunks.push(isCut ? { ...hunk, lines: hunk.lines.slice(0, left) } : hunk);
    left -= hunk.lines.length;
    if (isCut) return { hunks, added, removed, isCut };
  }
  return { hunks, added, removed, isCut: false };
}

interface Lines {
  readonly count: number;
  /** The line that begins at an offset; the number of lines for the end. */
  at(offset: number): number;
  text(line: number): string;
}

function linesOf(bytes: Buffer): Lines {
  const starts = splitLines(bytes);
  return {
    count: starts.length,
    at(offset) {
      let low = 0;
      let high = starts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((starts[middle] ?? 0) < offset) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    text: (line) => lineText(bytes, starts[line] ?? 0, starts[line + 1] ?? bytes.length),
  };
}

/** A line longer than this is no line that anybody reads: minified code, or data. */
const LINE_LENGTH_MAX = 2000;

/** Without its line feed; the carriage return before it is content that nobody sees. */
export function lineText(bytes: Buffer, start: number, end: number): string {
  const last = bytes[end - 1] === 10 ? end - 1 : end;
  const text = bytes.toString('utf8', start, Math.min(last, start + LINE_LENGTH_MAX * 4)).replace(/\r$/, '');
  return text.length > LINE_LENGTH_MAX ? `${text.slice(0, LINE_LENGTH_MAX)}…` : text;
}

/** Changes whose lines around them touch are one hunk. */
function grouped(changes: readonly Change[]): readonly (readonly [Change, ...Change[]])[] {
  const groups: [Change, ...Change[]][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group !== undefined && last !== undefined && change.oldStart - last.oldEnd <= 2 * LINES_AROUND)
      group.push(change);
    else groups.push([change]);
  }
  return groups;
}

interface Sides {
  readonly old: Lines;
  readonly now: Lines;
  readonly credits: LineCredits;
}

function hunkOf(changes: readonly [Change, ...Change[]], { old, now, credits }: Sides): DiffHunk {
  const [first] = changes;
  const last = changes.at(-1) ?? first;
  const oldFrom = Math.max(0, first.oldStart - LINES_AROUND);
  const newFrom = first.newStart - (first.oldStart - oldFrom);
  const oldTo = Math.min(old.count, last.oldEnd + LINES_AROUND);
  const newTo = last.newEnd + (oldTo - last.oldEnd);
  const lines: DiffLine[] = [];
  let oldAt = oldFrom;
  let newAt = newFrom;
  const same = (until: number): void => {
    for (; oldAt < until; oldAt += 1, newAt += 1) {
      const credit = credits.now(newAt);
      lines.push({ sign: ' ', old: oldAt + 1, now: newAt + 1, text: now.text(newAt), credit });
    }
  };
  for (const { oldStart, oldEnd, newEnd } of changes) {
    same(oldStart);
    for (; oldAt < oldEnd; oldAt += 1) {
      lines.push({ sign: '-', old: oldAt + 1, now: null, text: old.text(oldAt), credit: credits.old(oldAt) });
    }
    for (; newAt < newEnd; newAt += 1) {
      lines.push({ sign: '+', old: null, now: newAt + 1, text: now.text(newAt), credit: credits.now(newAt) });
    }
  }
  same(oldTo);
  const [oldLines, newLines] = [oldTo - oldFrom, newTo - newFrom];
  return {
    oldStart: oldLines === 0 ? oldFrom : oldFrom + 1,
    oldLines,
    newStart: newLines === 0 ? newFrom : newFrom + 1,
    newLines,
    lines,
  };
}
