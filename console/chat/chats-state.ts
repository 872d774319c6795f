// The list of chats: what each is called, and which fit what a person looks for.

import type { Character, Chat } from 'chat/protocol';

export const chatTitle = ({ title }: Pick<Chat, 'title'>): string => (title === '' ? 'A new chat' : title);

/** A chat fits when each word of the search begins a word of its title. */
export function chatsFor(chats: readonly Chat[], search: string): readonly Chat[] {
  const wanted = wordsOf(search);
  if (wanted.length === 0) return chats;
  return chats.filter((chat) => {
    const words = wordsOf(chatTitle(chat));
    return wanted.every((each) => words.some((word) => word.startsWith(each)));
  });
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** A chat on two pages (it moved up meanwhile) is shown once. */
export function chatsOf(pages: readonly { readonly chats: readonly Chat[] }[]): readonly Chat[] {
  const seen = new Map<string, Chat>();
  for (const chat of pages.flatMap((page) => page.chats)) if (!seen.has(chat.id)) seen.set(chat.id, chat);
  return [...seen.values()];
}

export const avatarOf = (characters: readonly Character[], id: string): string =>
  characters.find((character) => character.id === id)?.avatar ?? '💬';

/** What a set-up asks, in a few words for a card. */
export const stepsText = ({ steps }: Pick<Character, 'steps'>): string =>
  steps.length === 0 ? 'Begins at once' : steps.length === 1 ? 'One question first' : `${steps.length} questions first`;
