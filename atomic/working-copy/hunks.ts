// Some hunks of a changed text: what is recorded when a person takes only a part of it.
// Rule: taking every hunk is the text now, taking none is the text before; what is left out stays a change.

import { splitLines, type Hunk } from '../patches/diff-lines.ts';

/** The older text with the hunks at these places taken over from the newer. */
export function textWithHunks(
  older: Buffer,
  newer: Buffer,
  hunks: readonly Hunk[],
  isTaken: (index: number) => boolean,
): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const [index, hunk] of hunks.entries()) {
    parts.push(older.subarray(at, hunk.oldStart));
    parts.push(
      isTaken(index) ? newer.subarray(hunk.newStart, hunk.newEnd) : older.subarray(hunk.oldStart, hunk.oldEnd),
    );
    at = hunk.oldEnd;
  }
  parts.push(older.subarray(at));
  return Buffer.concat(parts);
}

/** A hunk line by line: the first old line becomes the first new one, and so on; what is left over comes or goes last. */
export function splitHunk(older: Buffer, newer: Buffer, hunk: Hunk): readonly Hunk[] {
  const oldLines = [...splitLines(older, hunk.oldStart, hunk.oldEnd), hunk.oldEnd];
  const newLines = [...splitLines(newer, hunk.newStart, hunk.newEnd), hunk.newEnd];
  const count = Math.max(oldLines.length, newLines.length) - 1;
  return Array.from({ length: count }, (_, line) => ({
    oldStart: oldLines[line] ?? hunk.oldEnd,
    oldEnd: oldLines[line + 1] ?? hunk.oldEnd,
    newStart: newLines[line] ?? hunk.newEnd,
    newEnd: newLines[line + 1] ?? hunk.newEnd,
  }));
}
