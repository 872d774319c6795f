// What one might say next. Made by rules from the last answer, written down with the message they belong to, so that a
// reload shows the same ones; no model is asked and nothing is spent.

import { newId, type Clock } from 'kernel/basics';
import type { Store } from 'kernel/store';

import type { Suggestion } from '../protocol/index.ts';
import { characterOf } from './characters.ts';
import type { Db, MessageRow } from './rows.ts';
import type { ChatTables } from './tables.ts';

const SUGGESTIONS_MAX = 3;
/** A question of the answer's that is longer is not offered as a button. */
const TOPIC_LENGTH_MAX = 40;

interface Rule {
  readonly why: string;
  fits(answer: string): boolean;
  text(answer: string): string;
}

const RULES: readonly Rule[] = [
  {
    why: 'It has code',
    fits: (answer) => answer.includes('```'),
    text: () => 'How would you test this code?',
  },
  {
    why: 'It has steps',
    fits: (answer) => /^\s*(\d+\.|[-*])\s/m.test(answer),
    text: () => 'Go through the first step with me',
  },
  {
    why: 'It names this',
    fits: (answer) => topicIn(answer) !== undefined,
    text: (answer) => `Tell me more about ${topicIn(answer) ?? 'it'}`,
  },
  {
    why: 'It is long',
    fits: (answer) => answer.length > 800,
    text: () => 'Say that in three sentences',
  },
  { why: 'An example helps', fits: (answer) => answer.length > 80, text: () => 'Give me an example' },
  { why: 'To be sure', fits: (answer) => answer.length > 80, text: () => 'What speaks against it?' },
];

/** The first thing that the answer stresses. */
const topicIn = (answer: string): string | undefined => {
  const [, topic] = /\*\*([^*\n]{2,60})\*\*/.exec(answer) ?? [];
  return topic === undefined || topic.length > TOPIC_LENGTH_MAX ? undefined : topic.replace(/[:.]$/, '');
};

/** Pure: what follows from an answer. */
export const suggestionsFor = (answer: string): readonly Omit<Suggestion, 'id'>[] =>
  RULES.filter((rule) => rule.fits(answer))
    .slice(0, SUGGESTIONS_MAX)
    .map((rule) => ({ text: rule.text(answer), why: rule.why }));

/** Written when an answer is whole. */
export async function keepSuggestions(
  store: Store,
  message: Pick<MessageRow, 'id' | 'chat' | 'content'>,
): Promise<void> {
  const rows = suggestionsFor(message.content).map(({ text, why }) => ({
    id: newId<'suggestion'>(),
    chat: message.chat,
    message: message.id,
    text,
    why,
  }));
  await store.write(async (tx: Db) => {
    const there = await tx
      .selectFrom('chat_suggestions')
      .select('id')
      .where('message', '=', message.id)
      .executeTakeFirst();
    if (there === undefined && rows.length > 0) await tx.insertInto('chat_suggestions').values(rows).execute();
  });
}

/** For the leaf that is shown; where nothing was said yet, what one may begin with. */
export async function suggestionsOf(
  { store }: { readonly store: Store; readonly clock: Clock },
  chat: { readonly id: string; readonly character: string; readonly head: string | null },
): Promise<readonly Suggestion[]> {
  const rows =
    chat.head === null
      ? []
      : await store
          .read<ChatTables>()
          .selectFrom('chat_suggestions')
          .select(['id', 'text', 'why'])
          .where('chat', '=', chat.id)
          .where('message', '=', chat.head)
          .orderBy('id')
          .execute();
  if (rows.length > 0) return rows;
  const starters = characterOf(chat.character)?.starters ?? [];
  const isBegun = await hasSpoken(store, chat.id);
  return isBegun ? [] : starters.map((text, index) => ({ id: `starter-${index}`, text, why: 'To begin with' }));
}

async function hasSpoken(store: Store, chat: string): Promise<boolean> {
  const row = await store
    .read<ChatTables>()
    .selectFrom('chat_messages')
    .select('id')
    .where('chat', '=', chat)
    .where('sender', '=', 'user')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
