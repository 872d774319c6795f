// What differs between two texts, in whole lines: patience (lines that are unique on both sides) and Myers in the gaps.
// Rule: bytes are never decoded, `\r\n` is content, and a last line without its end is a line of another text. The work is
// bounded: a gap too large for Myers is one hunk.
// Not here: what the hunks mean (record-text.ts).

import { diff as myers } from 'fast-myers-diff';

/** Bytes `oldStart`..`oldEnd` of the old text became `newStart`..`newEnd` of the new. Never both empty. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Lines of one side times lines of the other: above it Myers takes longer than a person waits (0.1 s). */
const GAP_AREA_MAX = 4_000_000;
/** Bytes compared at once while looking for the first difference. */
const STRIDE = 4096;
const NEWLINE = 10;

/** Hunks in order, parted by at least one equal line (or touching nothing in between). */
export function diffLines(oldText: Buffer, newText: Buffer): readonly Hunk[] {
  const head = equalHead(oldText, newText);
  if (head === oldText.length && head === newText.length) return [];
  const tail = equalTail(oldText, newText, head);
  const oldLines = splitLines(oldText, head, oldText.length - tail);
  const newLines = splitLines(newText, head, newText.length - tail);
  const { before, after } = interned(oldText, oldLines, newText, newLines);
  const oldAt = (line: number): number => oldLines[line] ?? oldText.length - tail;
  const newAt = (line: number): number => newLines[line] ?? newText.length - tail;
  const hunks = hunksOf(before, after).map(([oldStart, oldEnd, newStart, newEnd]) => ({
    oldStart: oldAt(oldStart),
    oldEnd: oldAt(oldEnd),
    newStart: newAt(newStart),
    newEnd: newAt(newEnd),
  }));
  return slidDown(hunks, oldText, newText);
}

/**
 * Of the places where lines may have been put in or taken out with the same result, the last one, as git has it. So two
 * who add a block after the same one add it at the same end of it.
 */
function slidDown(hunks: readonly Hunk[], oldText: Buffer, newText: Buffer): readonly Hunk[] {
  return hunks.map((hunk, index) => {
    // A line stays between two hunks.
    const stop = (hunks[index + 1]?.oldStart ?? oldText.length + 1) - 1;
    const isInsertion = hunk.oldStart === hunk.oldEnd;
    if (!isInsertion && hunk.newStart !== hunk.newEnd) return hunk;
    const [text, start] = isInsertion ? [newText, hunk.newStart] : [oldText, hunk.oldStart];
    const length = isInsertion ? hunk.newEnd - hunk.newStart : hunk.oldEnd - hunk.oldStart;
    let slide = 0;
    for (;;) {
      // The line that follows in the old text, against the first one of the hunk, wherever that has come to.
      const next = hunk.oldEnd + slide;
      const end = lineEnd(oldText, next);
      if (end > stop || next === end) break;
      const at = start + slide;
      if (oldText.compare(text, at, at + end - next, next, end) !== 0 || at + end - next > start + slide + length)
        break;
      if (text[at + end - next - 1] !== NEWLINE) break;
      slide += end - next;
    }
    const { oldStart, oldEnd, newStart, newEnd } = hunk;
    return { oldStart: oldStart + slide, oldEnd: oldEnd + slide, newStart: newStart + slide, newEnd: newEnd + slide };
  });
}

const lineEnd = (text: Buffer, from: number): number => {
  const found = text.indexOf(NEWLINE, from);
  return found === -1 ? text.length : found + 1;
};

/** Bytes of whole lines that both texts begin with. */
function equalHead(a: Buffer, b: Buffer): number {
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at + STRIDE <= shorter && a.compare(b, at, at + STRIDE, at, at + STRIDE) === 0) at += STRIDE;
  while (at < shorter && a[at] === b[at]) at += 1;
  if (at === a.length && at === b.length) return at;
  return at === 0 ? 0 : a.lastIndexOf(NEWLINE, at - 1) + 1;
}

/** Bytes of whole lines that both texts end with, after the equal head. */
function equalTail(a: Buffer, b: Buffer, head: number): number {
  const most = Math.min(a.length, b.length) - head;
  let length = 0;
  while (length + STRIDE <= most) {
    const [atA, atB] = [a.length - length - STRIDE, b.length - length - STRIDE];
    if (a.compare(b, atB, atB + STRIDE, atA, atA + STRIDE) !== 0) break;
    length += STRIDE;
  }
  while (length < most && a[a.length - 1 - length] === b[b.length - 1 - length]) length += 1;
  const isLineStart = (text: Buffer): boolean => {
    const at = text.length - length;
    return at === head || text[at - 1] === NEWLINE;
  };
  if (length > 0 && isLineStart(a) && isLineStart(b)) return length;
  const found = a.indexOf(NEWLINE, a.length - length);
  return found === -1 ? 0 : a.length - found - 1;
}

/** Offsets at which lines begin, from `from` to `to`. */
export function splitLines(text: Buffer, from = 0, to = text.length): readonly number[] {
  const starts: number[] = [];
  for (let at = from; at < to;) {
    starts.push(at);
    const found = text.indexOf(NEWLINE, at);
    at = found === -1 || found >= to ? to : found + 1;
  }
  return starts;
}

/** Equal lines get equal numbers. */
function interned(
  oldText: Buffer,
  oldLines: readonly number[],
  newText: Buffer,
  newLines: readonly number[],
): { readonly before: Int32Array; readonly after: Int32Array } {
  const numbers = new Map<string, number>();
  const numbered = (text: Buffer, lines: readonly number[], end: number): Int32Array => {
    const found = new Int32Array(lines.length);
    for (const [index, start] of lines.entries()) {
      const line = text.toString('latin1', start, lines[index + 1] ?? end);
      const number = numbers.get(line) ?? numbers.size;
      numbers.set(line, number);
      found[index] = number;
    }
    return found;
  };
  const endOf = (text: Buffer, lines: readonly number[]): number => {
    const last = lines.at(-1);
    const found = last === undefined ? -1 : text.indexOf(NEWLINE, last);
    return found === -1 ? text.length : found + 1;
  };
  return {
    before: numbered(oldText, oldLines, endOf(oldText, oldLines)),
    after: numbered(newText, newLines, endOf(newText, newLines)),
  };
}

type Gap = readonly [oldStart: number, oldEnd: number, newStart: number, newEnd: number];

/** Hunks in lines. A stack instead of recursion: a text may have a gap for each of its lines. */
function hunksOf(before: Int32Array, after: Int32Array): readonly Gap[] {
  const hunks: Gap[] = [];
  const open: Gap[] = [[0, before.length, 0, after.length]];
  for (let gap = open.pop(); gap !== undefined; gap = open.pop()) {
    const [oldStart, oldEnd, newStart, newEnd] = trimmed(before, after, gap);
    if (oldStart === oldEnd && newStart === newEnd) continue;
    const anchors = anchorsIn(before, after, [oldStart, oldEnd, newStart, newEnd]);
    if (oldStart === oldEnd || newStart === newEnd) hunks.push([oldStart, oldEnd, newStart, newEnd]);
    else if (anchors.length > 0) {
      const gaps: Gap[] = [];
      let [oldAt, newAt] = [oldStart, newStart];
      for (const [oldLine, newLine] of anchors) {
        gaps.push([oldAt, oldLine, newAt, newLine]);
        [oldAt, newAt] = [oldLine + 1, newLine + 1];
      }
      gaps.push([oldAt, oldEnd, newAt, newEnd]);
      open.push(...gaps.reverse());
    } else if ((oldEnd - oldStart) * (newEnd - newStart) > GAP_AREA_MAX) {
      hunks.push([oldStart, oldEnd, newStart, newEnd]);
    } else {
      for (const [a0, a1, b0, b1] of myers(before.subarray(oldStart, oldEnd), after.subarray(newStart, newEnd))) {
        hunks.push([oldStart + a0, oldStart + a1, newStart + b0, newStart + b1]);
      }
    }
  }
  return hunks;
}

function trimmed(before: Int32Array, after: Int32Array, [a0, a1, b0, b1]: Gap): Gap {
  let [oldStart, oldEnd, newStart, newEnd] = [a0, a1, b0, b1];
  while (oldStart < oldEnd && newStart < newEnd && before[oldStart] === after[newStart]) {
    oldStart += 1;
    newStart += 1;
  }
  while (oldStart < oldEnd && newStart < newEnd && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd -= 1;
    newEnd -= 1;
  }
  return [oldStart, oldEnd, newStart, newEnd];
}

/** Pairs of lines that are unique on both sides, the longest series of them that grows on both. */
function anchorsIn(before: Int32Array, after: Int32Array, gap: Gap): readonly (readonly [number, number])[] {
  const [oldStart, oldEnd, newStart, newEnd] = gap;
  const inOld = uniqueIn(before, oldStart, oldEnd);
  const inNew = uniqueIn(after, newStart, newEnd);
  const pairs: (readonly [number, number])[] = [];
  for (const [line, at] of inOld) {
    const other = at < 0 ? undefined : inNew.get(line);
    if (other !== undefined && other >= 0) pairs.push([at, other]);
  }
  return longestGrowing(pairs);
}

/** Where each line stands, in the order of lines; -1 for one that stands more than once. */
function uniqueIn(lines: Int32Array, start: number, end: number): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (let at = start; at < end; at += 1) {
    const line = lines[at] ?? 0;
    found.set(line, found.has(line) ? -1 : at);
  }
  return found;
}

function longestGrowing(pairs: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const tails: number[] = [];
  const previous = new Int32Array(pairs.length).fill(-1);
  for (const [index, [, value]] of pairs.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] ?? 0]?.[1] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? (tails[low - 1] ?? -1) : -1;
    tails[low] = index;
  }
  const chosen: (readonly [number, number])[] = [];
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) {
    const pair = pairs[index];
    if (pair !== undefined) chosen.push(pair);
  }
  return chosen.reverse();
}
