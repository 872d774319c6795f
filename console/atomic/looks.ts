// The icon, the word and the tone of whoever wrote something, and of what reviews say.
// Rule: three classes that never mix, told apart by word and icon, never by colour alone.

import { Bot, CircleCheck, CircleHelp, CircleX, EyeOff, PencilLine, Sparkles, UserRound } from 'lucide-react';
import type { Actor, ActorClass, PatchDetail } from 'atomic/protocol';
import { unreachable } from 'kernel/basics';

import type { Look } from '../components/chip.tsx';

export function actorLook(actor: Actor): Look {
  switch (actor) {
    case 'ai':
      return { tone: 'accent', icon: Bot, word: 'AI' };
    case 'mixed':
      return { tone: 'accent', icon: Sparkles, word: 'AI + human' };
    case 'human':
      return { tone: 'good', icon: UserRound, word: 'Human' };
    case 'untracked':
      return { tone: 'idle', icon: CircleHelp, word: 'Untracked' };
    default:
      return unreachable(actor);
  }
}

/** In one or two letters, for the narrow gutter beside a line. */
export const ACTOR_LETTERS: Readonly<Record<Actor, string>> = { ai: 'AI', mixed: 'A+', human: 'H', untracked: '?' };

/** The stripe at the left of a line; untracked is dashed, mixed is double. */
export const ACTOR_STRIPE: Readonly<Record<Actor, string>> = {
  ai: 'border-accent',
  mixed: 'border-accent border-double',
  human: 'border-good-solid',
  untracked: 'border-control border-dashed',
};

export interface ClassWords {
  readonly word: string;
  readonly detail: string;
}

export const CLASS_WORDS: Readonly<Record<ActorClass, ClassWords>> = {
  ai: { word: 'AI', detail: 'An AI wrote it, alone or with a person.' },
  human: { word: 'Known human', detail: 'A person wrote it, and something vouches for that.' },
  untracked: { word: 'Untracked', detail: 'Nobody said who wrote it.' },
};

/** Of the bar of shares: untracked is hatched. */
export const CLASS_FILL: Readonly<Record<ActorClass, string>> = {
  ai: 'bg-accent',
  human: 'bg-good-solid',
  untracked: 'hatched bg-sunken',
};

export function reviewLook(state: PatchDetail['reviewState']): Look {
  switch (state) {
    case 'accept':
      return { tone: 'good', icon: CircleCheck, word: 'Accepted' };
    case 'edit':
      return { tone: 'warn', icon: PencilLine, word: 'Good with edits' };
    case 'reject':
      return { tone: 'bad', icon: CircleX, word: 'Rejected' };
    case 'unreviewed':
      return { tone: 'idle', icon: EyeOff, word: 'Not reviewed' };
    default:
      return unreachable(state);
  }
}
