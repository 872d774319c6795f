// Which side of a conflict wins by who wrote it, when a person asked for such a rule. The answer becomes an ordinary
// resolution patch; nothing here changes anything.
// Rule: a person's text never loses to another person's by a rule, ties decide nothing, and contested text is never
// dropped: in all of these a person decides.

import type { Actor, BasisPoints } from './attribution.ts';
import type { ReviewState } from './reviews.ts';

export const STRATEGIES = ['manual', 'prefer-human', 'prefer-ai', 'prefer-confidence', 'prefer-reviewed'] as const;
export type Strategy = (typeof STRATEGIES)[number];

export interface ConflictSide {
  /** Of everyone who wrote a part of it. Empty: the side has no text. */
  readonly actors: readonly Actor[];
  /** The lowest of its patches; null when one of them has none. */
  readonly confidence: BasisPoints | null;
  /** What the reviews of its patches come to: `accept` when all of them are accepted. */
  readonly review: ReviewState;
  /** Somebody deleted what stood around this text without knowing it. */
  readonly isContested: boolean;
}

export type ByAttribution =
  /** Places in the list of sides. Every side is in one of the two. */
  | { readonly kind: 'decided'; readonly winner: number; readonly losers: readonly number[] }
  | { readonly kind: 'manual'; readonly why: string };

export function resolveByAttribution(strategy: Strategy, sides: readonly ConflictSide[]): ByAttribution {
  if (strategy === 'manual') return manual('Nobody asked for a rule.');
  if (sides.length < 2) return manual('There are no two sides to choose between.');
  if (sides.filter(isByPerson).length > 1) return manual('People wrote on more than one side.');
  const choice = choose(strategy, sides);
  if (typeof choice === 'string') return manual(choice);
  const losers = sides.flatMap((_, side) => (side === choice ? [] : [side]));
  if (losers.some((side) => sides[side]?.isContested === true))
    return manual('A side that would go is contested text.');
  return { kind: 'decided', winner: choice, losers };
}

const manual = (why: string): ByAttribution => ({ kind: 'manual', why });

/** A person's own work is in it. */
const isByPerson = ({ actors }: ConflictSide): boolean =>
  actors.some((actor) => actor === 'human' || actor === 'mixed');
const isAll = ({ actors }: ConflictSide, ...wanted: readonly Actor[]): boolean =>
  actors.length > 0 && actors.every((actor) => wanted.includes(actor));

/** The place of the one side that wins, or why none does. */
function choose(strategy: Exclude<Strategy, 'manual'>, sides: readonly ConflictSide[]): number | string {
  switch (strategy) {
    case 'prefer-human': {
      const others = sides.filter((side) => !isAll(side, 'human'));
      if (others.length !== sides.length - 1) return 'Not exactly one side is known to be a person’s.';
      // An untracked side may be a person's too.
      return others.every((side) => isAll(side, 'ai'))
        ? sides.findIndex((side) => isAll(side, 'human'))
        : 'Another side is not known to be an AI’s alone.';
    }
    case 'prefer-ai':
      return only(sides, (side) => isAll(side, 'ai', 'mixed'), 'Not exactly one side is an AI’s.');
    case 'prefer-reviewed':
      return only(sides, ({ review }) => review === 'accept', 'Not exactly one side is accepted by its reviews.');
    case 'prefer-confidence': {
      if (sides.some(({ confidence }) => confidence === null)) return 'A side has no confidence.';
      const highest = Math.max(...sides.map(({ confidence }) => confidence ?? 0));
      return only(
        sides,
        ({ confidence }) => confidence === highest,
        'The highest confidence is on more than one side.',
      );
    }
  }
}

function only(sides: readonly ConflictSide[], isIt: (side: ConflictSide) => boolean, why: string): number | string {
  return sides.filter(isIt).length === 1 ? sides.findIndex(isIt) : why;
}
