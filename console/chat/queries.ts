// What the console asks about chats as a list, and what it orders done with them. One conversation speaks for itself by
// chat/thread (use-open-chat.ts).

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { Character, Chat, ChatPage, ChatState, Embed, type ChangeChat, type EmbedDraft } from 'chat/protocol';
import * as z from 'zod/mini';

import { ask, order } from '../requests/ask.ts';
import type { Keyed } from '../requests/orders.ts';

const CHATS_ON_A_PAGE = 50;
const ROOT = '/api/chat';

const at = (chat: string): string => `${ROOT}/${encodeURIComponent(chat)}`;

/** Enough that the list is not asked for again while one goes from chat to chat. */
const FRESH_MS = 10_000;

export const chatsQuery = (isArchived: boolean) =>
  infiniteQueryOptions({
    queryKey: ['chats', 'list', isArchived],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ limit: String(CHATS_ON_A_PAGE), archived: String(isArchived) });
      if (pageParam !== undefined) query.set('cursor', pageParam);
      return ask(ChatPage, `${ROOT}/list?${query.toString()}`, { signal });
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: FRESH_MS,
  });

const Characters = z.object({ characters: z.array(Character) });
export const charactersQuery = queryOptions({
  queryKey: ['characters'],
  queryFn: async ({ signal }) => (await ask(Characters, `${ROOT}/characters`, { signal })).characters,
  staleTime: Infinity,
});

const Embeds = z.object({ embeds: z.array(Embed) });
export const embedsQuery = queryOptions({
  queryKey: ['chats', 'embeds'],
  queryFn: async ({ signal }) => (await ask(Embeds, `${ROOT}/embeds`, { signal })).embeds,
});

// --- orders ----------------------------------------------------------------------------------------------------

/** Another conversation each time, also where there is one with this character: it is named by its own new key. */
export const beginChat = ({ key, character }: Keyed & { readonly character: string }) =>
  ask(ChatState, ROOT, { key, body: { chatId: character, userChatId: key } });

export const changeChat = ({ key, chat, change }: Keyed & { readonly chat: string; readonly change: ChangeChat }) =>
  ask(Chat, at(chat), { key, method: 'PATCH', body: change });

export const saveEmbed = ({ key, id, draft }: Keyed & { readonly id?: string; readonly draft: EmbedDraft }) =>
  id === undefined
    ? ask(Embed, `${ROOT}/embeds`, { key, body: draft })
    : ask(Embed, `${ROOT}/embeds/${encodeURIComponent(id)}`, { key, method: 'PUT', body: draft });

export const removeEmbed = ({ key, id }: Keyed & { readonly id: string }): Promise<void> =>
  order(`${ROOT}/embeds/${encodeURIComponent(id)}`, { key, method: 'DELETE' });
