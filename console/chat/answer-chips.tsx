// Who answered, what it cost, what the guard said: three chips that open where the answer came from.

import type { ThreadMessage } from 'chat/thread';
import { Coins, Route } from 'lucide-react';

import { Chip } from '../components/chip.tsx';
import { costText, verdictLook } from './message-state.ts';
import { useChatScreen } from './screen-context.ts';

export function AnswerChips({ message }: { readonly message: ThreadMessage }) {
  const { explain } = useChatScreen();
  const { source, verdict } = message;
  const cost = costText(message);
  if (source === null) return null;
  const isMoved = source.attempts > 1;
  return (
    <button
      type="button"
      onClick={() => explain(message)}
      className="-mx-1 flex max-w-full flex-wrap items-center gap-1 rounded-full px-1 hover:bg-sunken"
    >
      <span className="sr-only">Where this answer came from: </span>
      <Chip
        look={{
          tone: isMoved ? 'warn' : 'idle',
          icon: Route,
          word: isMoved ? `${source.text} · ${source.attempts} attempts` : source.text,
        }}
        className="max-w-full shrink truncate"
      />
      {cost !== null && <Chip look={{ tone: 'idle', icon: Coins, word: cost }} />}
      {verdict !== null && <Chip look={verdictLook(verdict)} />}
    </button>
  );
}
