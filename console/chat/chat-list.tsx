// The chats, newest first: looked for by their titles, renamed, put into the archive and taken out of it.

import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Archive, MessageCirclePlus, Search } from 'lucide-react';
import { useState } from 'react';
import type { Chat } from 'chat/protocol';

import { Button, buttonLook } from '../components/button.tsx';
import { Screen } from '../components/screen.tsx';
import { tell } from '../components/tell.ts';
import { faceOf, mapFace } from '../requests/face.ts';
import { freshKey } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { ChatListItem } from './chat-list-item.tsx';
import { avatarOf, chatsFor, chatsOf, chatTitle } from './chats-state.ts';
import { changeChat, charactersQuery, chatsQuery } from './queries.ts';

export function ChatList({ open }: { readonly open?: string }) {
  const [search, setSearch] = useState('');
  const [isArchive, setIsArchive] = useState(false);
  const pages = useInfiniteQuery(chatsQuery(isArchive));
  const face = mapFace(faceOf(pages), (data) => chatsOf(data.pages));
  return (
    <>
      <div className="space-y-2 border-b p-3">
        <div className="flex items-center gap-2">
          <h2 className="flex-1 px-1 text-sm font-semibold">{isArchive ? 'Archive' : 'Chats'}</h2>
          <Button
            look="quiet"
            size="icon"
            className="size-8"
            aria-pressed={isArchive}
            aria-label="Show the archive"
            title="Archive"
            onClick={() => setIsArchive(!isArchive)}
          >
            <Archive aria-hidden className={isArchive ? 'text-accent-text' : ''} />
          </Button>
          <Link to="/chat/new" className={buttonLook({ look: 'primary', size: 'small' })}>
            <MessageCirclePlus aria-hidden /> New chat
          </Link>
        </div>
        <div className="relative">
          <Search aria-hidden className="pointer-events-none absolute left-2.5 top-2 size-4 text-ink-faint" />
          <input
            type="search"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            aria-label="Search the chats"
            placeholder="Search"
            className="h-8 w-full rounded-lg border border-control bg-surface pl-8 pr-2 text-sm placeholder:text-ink-faint"
          />
        </div>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        <Screen face={face} loading="Loading the chats">
          {(chats) => (
            <Chats
              chats={chatsFor(chats, search)}
              isSearch={search !== ''}
              isArchive={isArchive}
              {...(open === undefined ? {} : { open })}
            />
          )}
        </Screen>
        {pages.hasNextPage && (
          <Button
            look="quiet"
            size="small"
            className="mt-2 w-full"
            disabled={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            Load older chats
          </Button>
        )}
      </div>
    </>
  );
}

interface ChatsFace {
  readonly chats: readonly Chat[];
  readonly isSearch: boolean;
  readonly isArchive: boolean;
  readonly open?: string;
}

function Chats({ chats, isSearch, isArchive, open }: ChatsFace) {
  const characters = useQuery(charactersQuery).data ?? [];
  const change = useChangeChat();
  if (chats.length === 0)
    return <p className="px-3 py-8 text-center text-sm text-ink-soft">{noneText(isSearch, isArchive)}</p>;
  return (
    <ul aria-label={isArchive ? 'Archived chats' : 'Chats'} className="space-y-0.5">
      {chats.map((chat) => (
        <li key={chat.id}>
          <ChatListItem
            chat={chat}
            avatar={avatarOf(characters, chat.characterId)}
            isOpen={chat.id === open}
            onRename={(title) => change.rename(chat, title)}
            onArchive={() => change.archive(chat, !isArchive)}
          />
        </li>
      ))}
    </ul>
  );
}

function noneText(isSearch: boolean, isArchive: boolean): string {
  if (isSearch) return 'No chat here goes by that title.';
  return isArchive
    ? 'The archive is empty. A chat that you put here stays for 30 days.'
    : 'No chat yet. Begin one with “New chat”.';
}

function useChangeChat() {
  const queries = useQueryClient();
  const order = useOrder({
    send: changeChat,
    doing: 'Changing the chat',
    done: () => void queries.invalidateQueries({ queryKey: ['chats', 'list'] }),
  });
  const archive = (chat: Chat, isArchived: boolean): void =>
    order.mutate(
      { key: freshKey(), chat: chat.id, change: { isArchived } },
      {
        onSuccess: () =>
          tell(isArchived ? 'The chat is in the archive.' : 'The chat is back among the others.', {
            detail: chatTitle(chat),
            action: { label: 'Undo', run: () => archive(chat, !isArchived) },
          }),
      },
    );
  return {
    archive,
    rename: (chat: Chat, title: string) => order.mutate({ key: freshKey(), chat: chat.id, change: { title } }),
  };
}
