// Points, the streak of days, achievements, and gifts for points.

import { giftsModule } from 'chat/modules';
import type { Achievement, Gift, Rewards } from 'chat/protocol';
import { CircleCheckBig, Flame, Star } from 'lucide-react';
import { useEffect, useState } from 'react';

import { Button } from '../components/button.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { tell } from '../components/tell.ts';
import { Avatar } from './avatar.tsx';
import { useChatScreen } from './screen-context.ts';
import { change } from './use-asked.ts';

export function RewardsPart() {
  const { chat } = useChatScreen();
  const [rewards, setRewards] = useState<Rewards | null>(null);
  useEffect(() => chat.modules.port(giftsModule)?.watch(setRewards), [chat]);
  const take = (gift: Gift): Promise<boolean> =>
    change('Opening the gift', async () => {
      const taken = await chat.modules.port(giftsModule)?.takeGift(gift.id);
      if (taken != null) tell(`${taken.name} is yours.`, { tone: 'good' });
    });
  if (rewards === null) return <p className="text-sm text-ink-soft">Nothing to show yet.</p>;
  const { points, streak, achievements, gifts } = rewards;
  return (
    <>
      <dl className="grid grid-cols-2 gap-2">
        <div className="rounded-lg bg-sunken p-3">
          <dt className="flex items-center gap-1.5 text-xs text-ink-soft">
            <Star aria-hidden className="size-3.5" /> Points
          </dt>
          <dd className="numeric text-xl font-semibold">{points}</dd>
        </div>
        <div className="rounded-lg bg-sunken p-3">
          <dt className="flex items-center gap-1.5 text-xs text-ink-soft">
            <Flame aria-hidden className="size-3.5" /> Days in a row
          </dt>
          <dd className="numeric text-xl font-semibold">
            {streak.days} <span className="text-xs font-normal text-ink-soft">longest {streak.longest}</span>
          </dd>
        </div>
      </dl>
      <ul aria-label="Achievements" className="space-y-2.5">
        {achievements.map((achievement) => (
          <li key={achievement.id}>
            <Reached achievement={achievement} />
          </li>
        ))}
      </ul>
      <ul aria-label="Gifts" className="space-y-1.5">
        {gifts.map((gift) => (
          <li key={gift.id} className="flex items-center gap-2.5">
            <Avatar sign={gift.icon} />
            <span className="min-w-0 flex-1">
              <span className="block truncate text-sm font-medium">{gift.name}</span>
              <span className="block truncate text-xs text-ink-soft">{gift.description}</span>
            </span>
            {gift.isOwned ? (
              <span className="text-xs font-medium text-good">Yours</span>
            ) : (
              <Button
                size="small"
                disabled={points < gift.costPoints}
                aria-label={`Open ${gift.name} for ${gift.costPoints} points`}
                onClick={() => void take(gift)}
              >
                {gift.costPoints} points
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function Reached({ achievement: { name, description, reachedAt, progress } }: { readonly achievement: Achievement }) {
  return (
    <div className="text-sm">
      <p className="flex items-center gap-1.5">
        <span className="min-w-0 flex-1 truncate font-medium" title={description}>
          {name}
        </span>
        {reachedAt === null ? (
          <span className="numeric text-xs text-ink-soft">
            {progress.done} of {progress.of}
          </span>
        ) : (
          <span className="flex items-center gap-1 text-xs text-good">
            <CircleCheckBig aria-hidden className="size-3.5" /> reached
          </span>
        )}
      </p>
      {reachedAt === null && <ProgressBar label={name} done={progress.done} expected={progress.of} />}
    </div>
  );
}
