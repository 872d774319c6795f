// One conversation, open for as long as its page is: the browser's side of chat/thread, with this browser's storage,
// frames and network.

import { useQueryClient } from '@tanstack/react-query';
import { browserKeeping, browserWake, type Keeping } from 'chat/requests';
import { browserFrames, openChat, type OpenChat, type ThreadState } from 'chat/thread';
import { useMemo, useSyncExternalStore } from 'react';

import { fetchOrTake } from './read-ahead.ts';

/** Where drafts and messages under way are kept. Storage may be forbidden: then as long as the page lives. */
const keeping: Keeping = browserKeeping(() => localStorage);

/** The conversation, opened by the first who watches it and closed with the last. */
function chatHolder(target: string, isNews: () => void) {
  let open: OpenChat | null = null;
  return {
    current: () => open,
    watch: (changed: () => void) => {
      const chat = openChat({
        target,
        keeping,
        baseUrl: '/api',
        fetch: fetchOrTake,
        frames: browserFrames(window, document),
        wake: browserWake(window, document),
        language: document.documentElement.lang,
      });
      chat.events.on('message:sent', isNews);
      chat.events.on('message:received', isNews);
      open = chat;
      changed();
      void chat.start();
      return () => {
        chat.close();
        if (open === chat) open = null;
      };
    },
  };
}

export function useOpenChat(target: string): OpenChat | null {
  const queries = useQueryClient();
  const holder = useMemo(
    () =>
      // What is said in it moves it to the top of the list, gives it its title, and costs something.
      chatHolder(target, () => {
        void queries.invalidateQueries({ queryKey: ['chats', 'list'] });
        void queries.invalidateQueries({ queryKey: ['costs'] });
      }),
    [target, queries],
  );
  return useSyncExternalStore(holder.watch, holder.current);
}

/** A part of the conversation's state; the part itself must stay the same as long as nothing of it changed. */
export function useThread<Part>({ thread }: OpenChat, part: (state: ThreadState) => Part): Part {
  return useSyncExternalStore(thread.store.subscribe, () => part(thread.store.getState()));
}
