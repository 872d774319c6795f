// The chats of a person, and whom they could talk to next.

import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Code2, ListChecks, MessageCircle } from 'lucide-react';
import { useRef } from 'react';
import type { Character } from 'chat/protocol';

import { PageHeader } from '../components/page-header.tsx';
import { Screen } from '../components/screen.tsx';
import { faceOf } from '../requests/face.ts';
import { freshKey } from '../requests/orders.ts';
import { sessionQuery } from '../requests/queries.ts';
import { useOrder } from '../requests/use-order.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { Avatar } from './avatar.tsx';
import { ChatFrame } from './chat-frame.tsx';
import { stepsText } from './chats-state.ts';
import { beginChat, charactersQuery } from './queries.ts';

/** On a phone: the list. Elsewhere: the list, and whom to talk to beside it. */
export function ChatsPage() {
  usePageTitle('Chat');
  return (
    <ChatFrame narrowShows="list">
      <Chooser />
    </ChatFrame>
  );
}

export function BeginChatPage() {
  usePageTitle('New chat');
  return (
    <ChatFrame narrowShows="content">
      <Chooser />
    </ChatFrame>
  );
}

function Chooser() {
  const characters = useQuery(charactersQuery);
  const session = useQuery(sessionQuery);
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-3xl px-4 py-6 sm:px-8 sm:py-10">
        <PageHeader
          title="New chat"
          lead="Whom would you like to talk to? Every answer says who gave it, what it cost and what the guard said."
        />
        <Screen face={faceOf(characters)} loading="Loading whom one can talk to">
          {(all) => <CharacterCards characters={all} />}
        </Screen>
        {session.data?.role === 'owner' && (
          <p className="mt-8 text-sm text-ink-soft">
            <Link
              to="/chat/embeds"
              className="inline-flex items-center gap-1.5 rounded font-medium text-accent-text hover:underline"
            >
              <Code2 aria-hidden className="size-4" /> Put a chat on a page of your own
            </Link>
          </p>
        )}
      </div>
    </div>
  );
}

function CharacterCards({ characters }: { readonly characters: readonly Character[] }) {
  const navigate = useNavigate();
  // The same key while one chat is tried to begin.
  const key = useRef(freshKey());
  const begin = useOrder({
    send: beginChat,
    doing: 'Beginning the chat',
    done: ({ userChatId }) => {
      key.current = freshKey();
      if (userChatId !== null) void navigate({ to: '/chat/$chat', params: { chat: userChatId } });
    },
  });
  return (
    <ul aria-label="Characters" className="grid gap-3 sm:grid-cols-2">
      {characters.map((character) => {
        const Icon = character.steps.length === 0 ? MessageCircle : ListChecks;
        return (
          <li key={character.id}>
            <button
              type="button"
              data-row=""
              disabled={begin.isPending}
              onClick={() => begin.mutate({ key: key.current, character: character.id })}
              className="flex h-full w-full gap-4 rounded-xl border bg-surface p-4 text-left shadow-card transition-colors hover:border-accent-line hover:bg-sunken"
            >
              <Avatar sign={character.avatar} size="large" />
              <span className="min-w-0">
                <span className="block font-semibold">{character.name}</span>
                <span className="block text-sm text-ink-soft">{character.description}</span>
                <span className="mt-2 flex items-center gap-1.5 text-xs text-ink-soft">
                  <Icon aria-hidden className="size-3.5" /> {stepsText(character)}
                </span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
