// A module of one's own: under an answer one can ask everybody what they think of it, and their votes are counted.
// It touches nothing of Chat: it is given to `openChat` beside the others.

import { analyticsModule, defineModule } from 'chat/modules';

export interface Poll {
  readonly messageId: string;
  readonly votes: Readonly<Record<string, number>>;
}

export interface PollsPort {
  open(messageId: string): Poll;
  /** False where there is no such poll or no such choice. */
  vote(messageId: string, choice: string): boolean;
  results(): readonly Poll[];
}

const CHOICES = ['agree', 'disagree', 'unsure'];
/** One conversation holds no more; the oldest goes first. */
const POLLS_MAX = 100;

export const pollsModule = defineModule<PollsPort>({
  name: 'polls',
  optional: [analyticsModule().name],
  setup({ events, signal }) {
    const polls = new Map<string, Map<string, number>>();
    const pollOf = (messageId: string, votes: ReadonlyMap<string, number>): Poll => ({
      messageId,
      votes: Object.fromEntries(votes),
    });
    const open = (messageId: string): Poll => {
      const votes = polls.get(messageId) ?? new Map(CHOICES.map((choice) => [choice, 0]));
      polls.set(messageId, votes);
      for (const oldest of polls.keys()) if (polls.size > POLLS_MAX) polls.delete(oldest);
      events.triggerChatEvent('poll:opened', { messageId });
      return pollOf(messageId, votes);
    };
    const off = events.on('chat:action', ({ action, messageId }) => {
      if (action === 'poll' && messageId !== undefined) open(messageId);
    });
    signal.addEventListener('abort', off);
    return {
      open,
      vote: (messageId, choice) => {
        const votes = polls.get(messageId);
        const before = votes?.get(choice);
        if (votes === undefined || before === undefined) return false;
        votes.set(choice, before + 1);
        events.triggerChatEvent('poll:voted', { messageId, choice });
        return true;
      },
      results: () => [...polls].map(([messageId, votes]) => pollOf(messageId, votes)),
    };
  },
  hooks: () => ({
    renderAction: ({ sender }) => (sender === 'bot' ? { action: 'poll', label: 'Ask everybody' } : null),
  }),
});
