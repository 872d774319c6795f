// Taking patches into a channel and leaving them out: what is chosen, and what is said before and after.

import type { Direction, Movement } from 'atomic/protocol';

import { conflictsText, patchesText, titleOf } from './words.ts';

/** Which patches are listed: those the channel has, or those it lacks. */
export type Side = 'in' | 'out';

export const parseSide = (text: string | undefined): Side => (text === 'out' ? 'out' : 'in');
export const directionOf = (side: Side): Direction => (side === 'in' ? 'leave' : 'take');

export interface Chosen {
  readonly patches: readonly string[];
  readonly expr?: string;
}

/** One more or one fewer. */
export const toggled = (chosen: ReadonlySet<string>, hash: string): ReadonlySet<string> =>
  chosen.has(hash) ? new Set([...chosen].filter((each) => each !== hash)) : new Set([...chosen, hash]);

export const chosenText = (count: number, direction: Direction): string =>
  `${patchesText(count)} to ${direction === 'take' ? 'take' : 'leave'}`;

export interface MovementWords {
  readonly title: string;
  readonly asked: string;
  readonly also: string;
  readonly why: string;
  readonly order: string;
}

/** What a plan comes to, in words. */
export function movementWords({ direction, channel, askedInAll, alsoInAll }: Movement): MovementWords {
  const isTaking = direction === 'take';
  const all = askedInAll + alsoInAll;
  return {
    title: isTaking ? `Take into ${channel}` : `Leave out of ${channel}`,
    asked: `${isTaking ? 'Takes' : 'Leaves'}: ${patchesText(askedInAll)}`,
    also: isTaking
      ? `Also takes: ${patchesText(alsoInAll)} that ${askedInAll === 1 ? 'it builds' : 'they build'} on`
      : `Also leaves: ${patchesText(alsoInAll)} that ${alsoInAll === 1 ? 'builds' : 'build'} on ${askedInAll === 1 ? 'it' : 'them'}`,
    why: isTaking ? 'Needed by' : 'Because it builds on',
    order: `${isTaking ? 'Take' : 'Leave'} ${patchesText(all)}`,
  };
}

type Also = Movement['also'][number];

/** `“Add a cart”, in cart.js`, for each. */
export const reasonsText = ({ because }: Pick<Also, 'because'>): string =>
  because
    .map(({ message, paths }) => `“${titleOf(message)}”${paths.length === 0 ? '' : `, in ${paths.join(', ')}`}`)
    .join('; ');

export function conflictWords({ conflictsBefore, conflictsAfter }: Movement): string {
  if (conflictsBefore === conflictsAfter) {
    return conflictsAfter === 0 ? 'Nothing is in conflict then.' : `${conflictsText(conflictsAfter)}, as before.`;
  }
  return `${conflictsText(conflictsAfter)} then, ${conflictsText(conflictsBefore)} now.`;
}

export const doneText = ({ direction, channel, askedInAll, alsoInAll }: Movement): string =>
  direction === 'take'
    ? `${patchesText(askedInAll + alsoInAll)} taken into ${channel}.`
    : `${patchesText(askedInAll + alsoInAll)} left out of ${channel}.`;

/** Whether the answer names every patch that was moved. */
export const isNamedWhole = ({ hashes, askedInAll, alsoInAll }: Movement): boolean =>
  hashes.length === askedInAll + alsoInAll;

/** What takes a movement back. */
export const opposite = (direction: Direction): Direction => (direction === 'take' ? 'leave' : 'take');
