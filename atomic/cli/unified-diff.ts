// Differences of files as text that people and `patch -p1` read, and as data.
// Rule: lines are told apart by bytes; a file that is not text is only named. On a terminal nothing in a line moves the
// cursor; elsewhere lines stay as they are, so that `patch` can read them.

import { diffLines, type Hunk } from '../patches/diff-lines.ts';
import type { FileDelta, FileSide } from '../repository/file-deltas.ts';
import type { Paint } from './paint.ts';

/** Lines around a change, as everywhere. */
const CONTEXT = 3;
const NEWLINE = 10;
const EMPTY: Buffer = Buffer.alloc(0);

type DeltaKind = 'added' | 'deleted' | 'moved' | 'changed';

function kindOfDelta({ before, after }: FileDelta): DeltaKind {
  if (before === null) return 'added';
  if (after === null) return 'deleted';
  return before.path === after.path ? 'changed' : 'moved';
}

const pathOfDelta = ({ before, after }: FileDelta): string => (after ?? before)?.path ?? '';

/** A group of changed lines with the lines around them; numbers count from 1. */
export interface DiffGroup {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  /** Each with its sign: ' ', '-' or '+', without its line end. `\` says that the line before has none. */
  readonly lines: readonly string[];
}

const isText = (side: FileSide | null): boolean => side === null || side.kind === 'text' || side.kind === 'symlink';

/** Null: not text. */
export function diffGroups({ before, after }: FileDelta): readonly DiffGroup[] | null {
  if (!isText(before) || !isText(after)) return null;
  const [older, newer] = [before?.bytes ?? EMPTY, after?.bytes ?? EMPTY];
  const oldLines = lineStarts(older);
  const newLines = lineStarts(newer);
  const groups: DiffGroup[] = [];
  for (const hunks of near(diffLines(older, newer), oldLines)) {
    groups.push(groupOf(hunks, { older, newer, oldLines, newLines }));
  }
  return groups;
}

/** Offsets at which lines begin, and the end. */
function lineStarts(text: Buffer): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf(NEWLINE); at !== -1; at = text.indexOf(NEWLINE, at + 1)) starts.push(at + 1);
  if (starts.at(-1) !== text.length) starts.push(text.length);
  return starts;
}

/** The number of the line, from 0, that begins at an offset. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Hunks whose context would meet are one group. */
function near(hunks: readonly Hunk[], oldLines: readonly number[]): readonly (readonly Hunk[])[] {
  const groups: Hunk[][] = [];
  let end = -Infinity;
  for (const hunk of hunks) {
    const start = lineAt(oldLines, hunk.oldStart);
    if (start - end <= 2 * CONTEXT) groups.at(-1)?.push(hunk);
    else groups.push([hunk]);
    end = lineAt(oldLines, hunk.oldEnd);
  }
  return groups;
}

interface Texts {
  readonly older: Buffer;
  readonly newer: Buffer;
  readonly oldLines: readonly number[];
  readonly newLines: readonly number[];
}

function groupOf(hunks: readonly Hunk[], { older, newer, oldLines, newLines }: Texts): DiffGroup {
  const lines: string[] = [];
  const show = (sign: ' ' | '-' | '+', from: number, to: number): void => {
    const [text, starts] = sign === '+' ? [newer, newLines] : [older, oldLines];
    for (let line = from; line < to; line += 1) {
      const [start, end] = [starts[line] ?? 0, starts[line + 1] ?? text.length];
      const hasEnd = text[end - 1] === NEWLINE;
      lines.push(sign + text.toString('utf8', start, hasEnd ? end - 1 : end));
      if (!hasEnd) lines.push('\\ No newline at end of file');
    }
  };
  const first = hunks[0];
  const from = Math.max(0, lineAt(oldLines, first?.oldStart ?? 0) - CONTEXT);
  const newFrom = lineAt(newLines, first?.newStart ?? 0) - (lineAt(oldLines, first?.oldStart ?? 0) - from);
  let [oldAt, newAt] = [from, newFrom];
  for (const hunk of hunks) {
    const start = lineAt(oldLines, hunk.oldStart);
    show(' ', oldAt, start);
    show('-', start, lineAt(oldLines, hunk.oldEnd));
    show('+', lineAt(newLines, hunk.newStart), lineAt(newLines, hunk.newEnd));
    [oldAt, newAt] = [lineAt(oldLines, hunk.oldEnd), lineAt(newLines, hunk.newEnd)];
  }
  const until = Math.min(oldLines.length - 1, oldAt + CONTEXT);
  show(' ', oldAt, until);
  const oldCount = until - from;
  const newCount = newAt + until - oldAt - newFrom;
  return {
    // Of no lines, the number is that of the line before.
    oldStart: oldCount === 0 ? from : from + 1,
    oldLines: oldCount,
    newStart: newCount === 0 ? newFrom : newFrom + 1,
    newLines: newCount,
    lines,
  };
}

export const groupHead = ({ oldStart, oldLines, newStart, newLines }: DiffGroup): string =>
  `@@ -${rangeText(oldStart, oldLines)} +${rangeText(newStart, newLines)} @@`;

const rangeText = (start: number, count: number): string => (count === 1 ? String(start) : `${start},${count}`);

export interface DiffLook {
  readonly paint: Paint;
  /** How text of files is shown: as it is for programs, `printable` on a terminal. */
  readonly shown: (text: string) => string;
}

/** The lines of a unified diff. */
export function* unifiedLines(delta: FileDelta, { paint, shown }: DiffLook): Generator<string> {
  const { before, after } = delta;
  const head = (text: string): string => paint('bold', text);
  yield head(`diff ${shown(`a/${(before ?? after)?.path ?? ''} b/${pathOfDelta(delta)}`)}`);
  if (before === null && after !== null) yield head(`new file mode ${modeOf(after)}`);
  if (after === null && before !== null) yield head(`deleted file mode ${modeOf(before)}`);
  if (before !== null && after !== null) {
    if (modeOf(before) !== modeOf(after)) {
      yield head(`old mode ${modeOf(before)}`);
      yield head(`new mode ${modeOf(after)}`);
    }
    if (before.path !== after.path) {
      yield head(`rename from ${shown(before.path)}`);
      yield head(`rename to ${shown(after.path)}`);
    }
  }
  const groups = diffGroups(delta);
  if (groups === null) {
    const sizes = `${before?.bytes.length ?? 0} to ${after?.bytes.length ?? 0} bytes`;
    yield `Binary file ${shown(pathOfDelta(delta))} differs (${sizes})`;
    return;
  }
  if (groups.length === 0) return;
  yield head(`--- ${before === null ? '/dev/null' : `a/${shown(before.path)}`}`);
  yield head(`+++ ${after === null ? '/dev/null' : `b/${shown(after.path)}`}`);
  for (const group of groups) {
    yield paint('cyan', groupHead(group));
    for (const line of group.lines) yield paintedLine(shown(line), paint);
  }
}

export function paintedLine(line: string, paint: Paint): string {
  if (line.startsWith('+')) return paint('green', line);
  if (line.startsWith('-')) return paint('red', line);
  return line;
}

const MODES = { text: '100644', binary: '100644', symlink: '120000', directory: '040000', gitlink: '160000' } as const;
const modeOf = ({ kind, isExecutable }: FileSide): string => (isExecutable ? '100755' : MODES[kind]);

export function deltaDocument(delta: FileDelta): Readonly<Record<string, unknown>> {
  const { before, after } = delta;
  const kind = kindOfDelta(delta);
  const hunks = diffGroups(delta);
  return {
    path: pathOfDelta(delta),
    kind,
    ...(kind === 'moved' ? { from: before?.path } : {}),
    ...(before === null ? {} : { oldMode: modeOf(before) }),
    ...(after === null ? {} : { newMode: modeOf(after) }),
    binary: hunks === null,
    hunks: hunks ?? [],
  };
}
