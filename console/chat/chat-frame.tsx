// The list of chats with what is open beside it; on a phone one of the two.

import type { ReactNode } from 'react';

import { classes } from '../components/classes.ts';
import { ChatList } from './chat-list.tsx';

interface ChatFrameFace {
  readonly narrowShows: 'list' | 'content';
  /** The chat that is open. */
  readonly open?: string;
  readonly children: ReactNode;
}

export function ChatFrame({ narrowShows, open, children }: ChatFrameFace) {
  return (
    <div className="flex h-full min-h-0">
      <div
        className={classes(
          'min-h-0 w-full shrink-0 flex-col border-r bg-surface lg:flex lg:w-72',
          narrowShows === 'list' ? 'flex' : 'hidden',
        )}
      >
        {narrowShows === 'list' && <h1 className="sr-only lg:hidden">Chat</h1>}
        <ChatList {...(open === undefined ? {} : { open })} />
      </div>
      <div className={classes('min-h-0 min-w-0 flex-1 lg:block', narrowShows === 'list' && 'hidden')}>{children}</div>
    </div>
  );
}
