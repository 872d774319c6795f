// Who wrote a line, at its left: a stripe, a letter or two, and at the first line of a stretch the name.
// Rule: told by letters and words; the colour of the stripe only helps the eye.

import { Link } from '@tanstack/react-router';
import type { Actor, Credit } from 'atomic/protocol';

import { classes } from '../components/classes.ts';
import { ACTOR_LETTERS, ACTOR_STRIPE, actorLook } from './looks.ts';
import { modelWord, titleOf } from './words.ts';

interface GutterFace {
  readonly repository: string;
  readonly channel: string | undefined;
  readonly credit: Credit | null;
  readonly actor: Actor;
  /** The first line of a stretch by the same hand: it has the name and the link. */
  readonly isFirst: boolean;
  readonly onShow?: (() => void) | undefined;
}

/** `Ada with claude-sonnet-4-5`, or `Ada`. */
export const creditWord = ({ author, model }: Pick<Credit, 'author' | 'model'>): string =>
  model === null ? author.name : `${modelWord(model)}, ${author.name}`;

export function Gutter({ repository, channel, credit, actor, isFirst, onShow }: GutterFace) {
  const stripe = classes('border-l-4 pl-1.5 pr-2 align-top sm:w-48', ACTOR_STRIPE[actor]);
  if (credit === null) return <td className="border-l-4 border-transparent pl-1.5 pr-2 align-top sm:w-48" />;
  return (
    <td className={stripe} onMouseEnter={onShow}>
      {isFirst && (
        <Link
          to="/atomic/$repository/patches/$patch"
          params={{ repository, patch: credit.patch }}
          search={channel === undefined ? {} : { channel }}
          data-row=""
          onFocus={onShow}
          title={titleOf(credit.message)}
          className="flex max-w-44 items-baseline gap-1.5 rounded font-sans text-xs leading-5 text-ink-soft hover:text-ink"
        >
          <span aria-hidden className="inline-block w-4 shrink-0 text-[10px] font-bold">
            {ACTOR_LETTERS[actor]}
          </span>
          <span className="sr-only">{actorLook(actor).word}: </span>
          <span className="truncate max-sm:sr-only">{creditWord(credit)}</span>
          <span className="sr-only">(patch: {titleOf(credit.message)})</span>
        </Link>
      )}
    </td>
  );
}
