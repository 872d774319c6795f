// What one writer changed between two texts, in bytes: whole lines, and within a line that was edited, not replaced,
// the words of it. Rule: work is bounded by the caps of `diffLines` and WORDS_MAX.

import { diff as myers } from 'fast-myers-diff';

import { diffLines } from '../patches/diff-lines.ts';

/** Bytes `oldStart`..`oldEnd` became `newStart`..`newEnd`. Never both empty. */
export interface Edit {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Words of one hunk on either side. Myers over 2,000 takes some milliseconds; more than that was rewritten. */
const WORDS_MAX = 2000;

/**
 * Edits in order. `claimed`: ranges of the older text that have a writer already; only where these are touched does it
 * matter which words of a line stayed.
 */
export function editsBetween(
  older: Buffer,
  newer: Buffer,
  claimed: readonly { readonly start: number; readonly end: number }[],
): readonly Edit[] {
  let next = 0;
  return diffLines(older, newer).flatMap((hunk) => {
    while (next < claimed.length && (claimed[next]?.end ?? 0) <= hunk.oldStart) next += 1;
    const isClaimed = (claimed[next]?.start ?? Infinity) < hunk.oldEnd;
    return isClaimed && hunk.newStart < hunk.newEnd ? wordEdits(older, newer, hunk) : [hunk];
  });
}

/** The words that changed, if at least half of the shorter side stayed; otherwise the whole hunk. */
function wordEdits(older: Buffer, newer: Buffer, hunk: Edit): readonly Edit[] {
  const before = wordStarts(older, hunk.oldStart, hunk.oldEnd);
  const after = wordStarts(newer, hunk.newStart, hunk.newEnd);
  if (before.length > WORDS_MAX || after.length > WORDS_MAX) return [hunk];
  const wordsOf = (text: Buffer, starts: readonly number[], end: number): readonly string[] =>
    starts.map((start, index) => text.toString('latin1', start, starts[index + 1] ?? end));
  const olderWords = wordsOf(older, before, hunk.oldEnd);
  const newerWords = wordsOf(newer, after, hunk.newEnd);
  const edits = [...myers(olderWords, newerWords)].map(([a0, a1, b0, b1]) => ({
    oldStart: before[a0] ?? hunk.oldEnd,
    oldEnd: before[a1] ?? hunk.oldEnd,
    newStart: after[b0] ?? hunk.newEnd,
    newEnd: after[b1] ?? hunk.newEnd,
  }));
  const lengths = [hunk.oldEnd - hunk.oldStart, hunk.newEnd - hunk.newStart] as const;
  const stayed = lengths[0] - edits.reduce((sum, edit) => sum + edit.oldEnd - edit.oldStart, 0);
  return stayed * 2 >= Math.min(...lengths) ? edits : [hunk];
}

/** Offsets at which a run of letters, a run of blanks, or another single byte begins. Bytes above 127 count as letters. */
function wordStarts(text: Buffer, from: number, to: number): readonly number[] {
  const starts: number[] = [];
  let last = OTHER;
  for (let at = from; at < to; at += 1) {
    const kind = kindOf(text[at] ?? 0);
    if (kind === OTHER || kind !== last) starts.push(at);
    last = kind;
  }
  return starts;
}

const LETTER = 0;
const BLANK = 1;
const OTHER = 2;

function kindOf(byte: number): number {
  if (byte === 32 || byte === 9) return BLANK;
  const isDigit = byte >= 48 && byte <= 57;
  const isLetter = (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 95 || byte > 127;
  return isDigit || isLetter ? LETTER : OTHER;
}
