import { Link } from '@tanstack/react-router';
import { Switch } from 'radix-ui';
import type { PatchLine } from 'atomic/protocol';

import { Chip } from '../components/chip.tsx';
import { classes } from '../components/classes.ts';
import { Moment } from '../components/moment.tsx';
import { actorLook } from './looks.ts';
import { PatchSays } from './patch-row.tsx';
import type { Side } from './take-state.ts';
import { titleOf } from './words.ts';

interface TakeRowFace {
  readonly repository: string;
  readonly channel: string;
  readonly patch: PatchLine;
  readonly side: Side;
  /** Whether the person wants it to go to the other side. */
  readonly isChosen: boolean;
  readonly onToggle: () => void;
}

/** A patch with its switch: on is in the channel. */
export function TakeRow({ repository, channel, patch, side, isChosen, onToggle }: TakeRowFace) {
  const isOn = (side === 'in') !== isChosen;
  return (
    <div
      className={classes(
        'grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 px-4 sm:px-5 md:grid-cols-[auto_minmax(0,1fr)_116px_auto]',
        isChosen && 'bg-accent-soft',
      )}
    >
      <Switch.Root
        data-select=""
        checked={isOn}
        onCheckedChange={onToggle}
        aria-label={`${titleOf(patch.message)}: in ${channel}`}
        className="h-5 w-9 shrink-0 rounded-full bg-control p-0.5 transition-colors data-[state=checked]:bg-accent"
      >
        <Switch.Thumb className="block size-4 rounded-full bg-white shadow transition-transform data-[state=checked]:translate-x-4" />
      </Switch.Root>
      <Link
        to="/atomic/$repository/patches/$patch"
        params={{ repository, patch: patch.hash }}
        search={{ channel }}
        data-row=""
        className="min-w-0 rounded py-2.5"
      >
        <span className={classes('block truncate font-medium', isChosen && side === 'in' && 'line-through')}>
          {titleOf(patch.message)}
        </span>
        <PatchSays patch={patch} />
      </Link>
      <Chip look={actorLook(patch.who.actor)} className="max-md:hidden" />
      <span className="w-28 text-right text-sm text-ink-soft max-md:hidden">
        <Moment at={patch.at} />
      </span>
    </div>
  );
}
