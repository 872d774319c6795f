// Points, streaks, achievements, and gifts for them. The server counts; this asks and tells.

import type { Gift, Rewards } from '../protocol/index.ts';
import { defineModule } from './define-module.ts';

export interface GiftPort {
  /** What the person has, asked anew. */
  rewards(): Promise<Rewards>;
  openGiftPanel(): Promise<Rewards>;
  /** Opens a gift; the rewards are asked anew. */
  takeGift(giftId: string): Promise<Gift | null>;
  /** The last that was heard; called again whenever there is news. Gives back what ends that. */
  watch(listener: (rewards: Rewards) => void): () => void;
}

/** The day of a streak is the person's own. */
const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export const NO_REWARDS: Rewards = {
  points: 0,
  streak: { days: 0, longest: 0, lastDay: null, timeZone: 'UTC' },
  achievements: [],
  gifts: [],
};

export const giftsModule = defineModule<GiftPort>({
  name: 'gifts',
  statusName: 'giftManager',
  async setup({ modules, events }) {
    const listeners = new Set<(rewards: Rewards) => void>();
    let last: Rewards | null = null;
    const heard = (rewards: Rewards): Rewards => {
      last = rewards;
      for (const listener of listeners) listener(rewards);
      return rewards;
    };
    const rewards = async (): Promise<Rewards> => heard(await modules.rewards(timeZone()));
    await rewards();
    return {
      rewards,
      openGiftPanel: async () => {
        const now = await rewards();
        events.triggerChatEvent('gift:opened', { rewards: now });
        return now;
      },
      takeGift: async (giftId) => {
        const gift = await modules.takeGift(giftId);
        await rewards();
        return gift;
      },
      watch: (listener) => {
        listeners.add(listener);
        if (last !== null) listener(last);
        return () => void listeners.delete(listener);
      },
    };
  },
  fallback: ({ events }) => ({
    rewards: async () => NO_REWARDS,
    openGiftPanel: async () => {
      events.triggerChatEvent('gift:opened', { rewards: null });
      return NO_REWARDS;
    },
    takeGift: async () => null,
    watch: () => () => undefined,
  }),
  /** Streaks and achievements move when an answer came. */
  hooks: (port) => ({ onMessageReceived: () => port.rewards() }),
});
