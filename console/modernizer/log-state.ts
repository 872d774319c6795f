// The log of a trial as it grows: what was read, cleaned of the codes of terminals, and searched.
// Rule: bounded. A test suite that prints without end fills the evidence folder's limit, never the browser.

import type { TrialLog } from 'modernizer/protocol';

export interface LogState {
  readonly text: string;
  /** Where to read on, in bytes. */
  readonly nextFrom: number;
  readonly complete: boolean;
  /** Whether the beginning was dropped to stay within the limit. */
  readonly cut: boolean;
}

export const EMPTY_LOG: LogState = { text: '', nextFrom: 0, complete: false, cut: false };

/** About ten thousand lines: more than anybody reads here, and quick to search. */
const CHARACTERS_MAX = 1_000_000;

export function appendLog(state: LogState, page: TrialLog): LogState {
  // An answer that was asked for twice (two ticks, one slow) is taken once.
  if (page.nextFrom < state.nextFrom) return state;
  const whole = page.nextFrom === state.nextFrom ? state.text : state.text + page.text;
  const over = whole.length - CHARACTERS_MAX;
  const text = over > 0 ? whole.slice(whole.indexOf('\n', over) + 1) : whole;
  return { text, nextFrom: page.nextFrom, complete: page.complete, cut: state.cut || over > 0 };
}

// CSI and OSC sequences, and single escapes, as terminals define them.
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** What a terminal would have left standing: no colours, and of a line that was written over, its last state. */
export const plainText = (text: string): string =>
  text
    .replace(ANSI, '')
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.slice(line.replace(/\r+$/, '').lastIndexOf('\r') + 1))
    .join('\n')
    .replaceAll('\r', '');

export interface LogPiece {
  readonly text: string;
  /** The number of the match, from 0; null for text between matches. */
  readonly match: number | null;
}

/** Marks drawn at most; a search for "e" must not stop the page. */
const MATCHES_MAX = 2_000;

/** The text cut at each match, upper and lower case alike. */
export function searchLog(text: string, wanted: string): readonly LogPiece[] {
  if (wanted === '') return [{ text, match: null }];
  const pieces: LogPiece[] = [];
  const lower = text.toLowerCase();
  const needle = wanted.toLowerCase();
  let from = 0;
  let matches = 0;
  while (matches < MATCHES_MAX) {
    const at = lower.indexOf(needle, from);
    if (at === -1) break;
    if (at > from) pieces.push({ text: text.slice(from, at), match: null });
    pieces.push({ text: text.slice(at, at + needle.length), match: matches });
    from = at + needle.length;
    matches += 1;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), match: null });
  return pieces;
}

export const matchesIn = (pieces: readonly LogPiece[]): number => pieces.filter((piece) => piece.match !== null).length;

/** The match after or before this one, round the end. */
export const nextMatch = (current: number, by: 1 | -1, count: number): number =>
  count === 0 ? 0 : (current + by + count) % count;

export const matchesText = (current: number, count: number): string =>
  count === 0 ? 'no match' : `${current + 1} of ${count >= MATCHES_MAX ? `${MATCHES_MAX} or more` : count}`;
