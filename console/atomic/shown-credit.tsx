import { Link } from '@tanstack/react-router';
import type { Credit } from 'atomic/protocol';

import { Chip } from '../components/chip.tsx';
import { Moment } from '../components/moment.tsx';
import { creditWord } from './gutter.tsx';
import { actorLook } from './looks.ts';
import { shortHash, titleOf } from './words.ts';

interface ShownCreditFace {
  readonly repository: string;
  readonly channel: string | undefined;
  readonly credit: Credit | null;
}

/** The patch of the line that the pointer or the focus is on. */
export function ShownCredit({ repository, channel, credit }: ShownCreditFace) {
  if (credit === null) return null;
  return (
    <div className="sticky top-14 z-10 flex flex-wrap items-center gap-x-3 gap-y-1 border-b bg-surface px-4 py-2 text-sm sm:px-5">
      <Chip look={actorLook(credit.actor)} />
      <Link
        to="/atomic/$repository/patches/$patch"
        params={{ repository, patch: credit.patch }}
        search={channel === undefined ? {} : { channel }}
        className="min-w-0 max-w-full truncate rounded font-medium hover:text-accent-text hover:underline"
      >
        {titleOf(credit.message)}
      </Link>
      <span className="text-ink-soft">{creditWord(credit)}</span>
      <span className="ml-auto flex items-center gap-3 text-ink-soft">
        <Moment at={credit.at} />
        <code className="font-mono text-xs">{shortHash(credit.patch)}</code>
      </span>
    </div>
  );
}
