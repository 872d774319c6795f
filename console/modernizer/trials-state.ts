// The trials of a run as lines of a timeline.

import type { TrialView } from 'modernizer/protocol';

import { elapsedText } from '../components/words.ts';

const PURPOSES: Readonly<Record<TrialView['purpose'], string>> = {
  baseline: 'As it is',
  'all-at-once': 'All at once',
  part: 'The part that promises most',
  'one-more': 'One more',
  older: 'An older version',
  alone: 'Alone',
  instead: 'Instead',
  mended: 'With a change of code',
  final: 'Final check',
};
export const purposeWord = (purpose: TrialView['purpose']): string => PURPOSES[purpose];

/** What was tried; with versions where they are known and few enough to be read. */
export const namesOf = ({ upgrades, versions }: Pick<TrialView, 'upgrades' | 'versions'>): readonly string[] =>
  upgrades.length > NAMES_SHOWN ? upgrades : upgrades.map((name, at) => [name, versions[at]].filter(Boolean).join(' '));

/** Names shown before the rest is counted: more do not fit in a line. */
const NAMES_SHOWN = 3;

export function upgradesText(names: readonly string[]): string {
  if (names.length === 0) return 'nothing changed';
  const rest = names.length - NAMES_SHOWN;
  return rest > 0 ? `${names.slice(0, NAMES_SHOWN).join(', ')} and ${rest} more` : names.join(', ');
}

/** Whether it was run at all, and if not, why it is known. Null for one that was run. */
export function answeredText(trial: TrialView, trials: readonly TrialView[]): string | null {
  const same = trials.find((other) => other.id === trial.sameAs);
  const of = same === undefined ? 'an earlier trial' : `trial ${same.number}`;
  if (trial.answeredBy === 'same-tree') return `same tree as ${of}`;
  if (trial.answeredBy === 'known') return same === undefined ? 'known from an earlier run' : `known from ${of}`;
  return null;
}

export interface TrialBar {
  /** From 0 to 1, relative to the longest. */
  readonly share: number;
  readonly text: string;
}

/**
 * The length of the longest trial that has ended or is expected, against which the others are drawn. It does not grow
 * with the clock: what has ended is not drawn anew each second.
 */
export const longestMs = (trials: readonly TrialView[]): number =>
  Math.max(1, ...trials.map(({ wallMs, expectedMs }) => wallMs ?? expectedMs ?? 0));

/** How long a trial took beside the longest; one that runs grows with the time. */
export function trialBar(trial: TrialView, longest: number, nowMs: number): TrialBar {
  const length = lengthOf(trial, nowMs);
  const expected =
    trial.state === 'running' && trial.expectedMs !== null ? ` of ~${elapsedText(trial.expectedMs)}` : '';
  return { share: Math.min(1, length / longest), text: `${elapsedText(length)}${expected}` };
}

const lengthOf = (trial: TrialView, nowMs: number): number =>
  trial.wallMs ?? Math.max(0, nowMs - Date.parse(trial.startedAt));

export const trialTitle = (trial: TrialView): string =>
  `Trial ${trial.number}: ${purposeWord(trial.purpose).toLowerCase()}`;
