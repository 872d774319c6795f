// Beginning, opening, listing, changing and archiving chats; and the guided set-up, whose questions come before the talk.
// Rule: opening changes nothing. A chat that its person archived comes back for 30 days; then it is removed for good.

import { newId, type Clock } from 'kernel/basics';
import type { Store } from 'kernel/store';

import {
  HISTORY_LIMIT_DEFAULT,
  type BeginChat,
  type ChangeChat,
  type Chat,
  type ChatPage,
  type ChatState,
} from '../protocol/index.ts';
import { CHARACTERS, characterOf, publicCharacter, type AuthoredCharacter } from './characters.ts';
import { embedOfPerson } from './embeds.ts';
import { chatNotFound, messageNotFound, thingNotFound } from './faults.ts';
import { historyOf } from './history.ts';
import { inChat, insertMessage, written } from './messages.ts';
import { chatOf, type ChatRow, type Db } from './rows.ts';
import type { ChatTables } from './tables.ts';

const ARCHIVE_MS = 30 * 24 * 3600 * 1000;

export interface ChatContext {
  readonly store: Store;
  readonly clock: Clock;
}

/** A chat of this person's, by its id, or by the character: then the newest that is not archived. */
async function findChat(db: Db, person: string, chatId: string): Promise<ChatRow | undefined> {
  const mine = db.selectFrom('chats').selectAll().where('owner', '=', person);
  const byId = await mine.where('id', '=', chatId).executeTakeFirst();
  if (byId !== undefined || characterOf(chatId) === undefined) return byId;
  return mine
    .where('character', '=', chatId)
    .where('archived_at', 'is', null)
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst();
}

export async function chatOfPerson(db: Db, person: string, id: string): Promise<ChatRow> {
  const row = await db.selectFrom('chats').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined || row.owner !== person) throw chatNotFound(id);
  return row;
}

export async function openChat({ store }: ChatContext, person: string, chatId: string): Promise<ChatState> {
  const db = store.read<ChatTables>();
  const row = await findChat(db, person, chatId);
  const character = characterOf(row?.character ?? chatId);
  if (character === undefined || !(await mayMeet(store, person, character.id))) throw chatNotFound(chatId);
  return stateOf(db, row, character);
}

export async function beginChat(context: ChatContext, person: string, begin: BeginChat): Promise<ChatState> {
  const { store, clock } = context;
  const found = await findChat(store.read<ChatTables>(), person, begin.userChatId ?? begin.chatId);
  const character = characterOf(found?.character ?? begin.chatId);
  if (character === undefined || !(await mayMeet(store, person, character.id))) throw chatNotFound(begin.chatId);
  if (found !== undefined && begin.reset !== true) return stateOf(store.read<ChatTables>(), found, character);
  const row = await store.write(async (tx: Db) => {
    const now = clock.now();
    if (found !== undefined) {
      await tx.updateTable('chats').set({ archived_at: now }).where('id', '=', found.id).execute();
    }
    const chat: ChatRow = {
      id: newId<'chat'>(),
      owner: person,
      character: character.id,
      title: begin.title ?? '',
      persona: begin.personaId ?? found?.persona ?? null,
      scenario: begin.scenarioId ?? found?.scenario ?? null,
      prompt: begin.promptId ?? found?.prompt ?? null,
      model: begin.model ?? found?.model ?? 'auto',
      head: null,
      message_count: 0,
      next_seq: 1,
      has_branches: 0,
      metadata: '{}',
      created_at: now,
      updated_at: now,
      archived_at: null,
    };
    await mustOwn(tx, person, chat);
    await tx.insertInto('chats').values(chat).execute();
    const content = character.steps[0]?.question ?? character.greeting;
    const greeting = written({ id: newId<'message'>(), parent: null, content, sender: 'bot' });
    return (await insertMessage(tx, { chat, now }, greeting)).chat;
  });
  return stateOf(store.read<ChatTables>(), row, character);
}

/** A visitor of an embedded chat talks to the one that its page shows. */
async function mayMeet(store: Store, person: string, character: string): Promise<boolean> {
  const embed = await embedOfPerson({ store }, person);
  return embed === undefined || embed.character === character;
}

/** How far the guided set-up has come: as many steps as have an answer. */
export const stepOf = (chat: Pick<ChatRow, 'metadata'>, character: AuthoredCharacter): number => {
  const answers = JSON.parse(chat.metadata) as Record<string, string>;
  return character.steps.filter(({ key }) => Object.hasOwn(answers, key)).length;
};

async function stateOf(db: Db, row: ChatRow | undefined, character: AuthoredCharacter): Promise<ChatState> {
  const shared = { character: publicCharacter(character), totalSteps: character.steps.length };
  if (row === undefined) return { ...shared, chat: null, userChatId: null, isNew: true, currentStep: 0 };
  const { messages } = await historyOf(db, row, { limit: HISTORY_LIMIT_DEFAULT });
  const isNew = !messages.some(({ sender }) => sender === 'user') && row.message_count <= 1;
  const chat = { ...chatOf(row), messages, history: messages };
  return { ...shared, chat, userChatId: row.id, isNew, currentStep: stepOf(row, character) };
}

export async function listChats(
  { store }: ChatContext,
  person: string,
  page: { readonly limit: number; readonly cursor?: string | undefined; readonly archived: boolean },
): Promise<ChatPage> {
  const [, at = '', id = ''] = /^(\d{1,15})\.([0-9a-z]{1,32})$/.exec(page.cursor ?? '') ?? [];
  let query = store.read<ChatTables>().selectFrom('chats').selectAll().where('owner', '=', person);
  query = query.where('archived_at', page.archived ? 'is not' : 'is', null);
  if (id !== '') {
    const before = Number(at);
    query = query.where((row) =>
      row.or([row('updated_at', '<', before), row.and([row('updated_at', '=', before), row('id', '<', id)])]),
    );
  }
  const rows = await query
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute();
  const last = rows.length > page.limit ? rows[page.limit - 1] : undefined;
  const nextCursor = last === undefined ? null : `${last.updated_at}.${last.id}`;
  return { chats: rows.slice(0, page.limit).map(chatOf), nextCursor };
}

export async function changeChat(
  { store, clock }: ChatContext,
  { person, id }: { readonly person: string; readonly id: string },
  change: ChangeChat,
): Promise<Chat> {
  return store.write(async (tx: Db) => {
    const row = await chatOfPerson(tx, person, id);
    if (change.headMessageId !== undefined) {
      const head = await inChat(tx, id, change.headMessageId);
      if (head.status === 'streaming') throw messageNotFound(change.headMessageId);
    }
    const archivedAt = row.archived_at ?? clock.now();
    const changed: ChatRow = {
      ...row,
      title: change.title ?? row.title,
      persona: change.personaId === undefined ? row.persona : change.personaId,
      scenario: change.scenarioId === undefined ? row.scenario : change.scenarioId,
      prompt: change.promptId === undefined ? row.prompt : change.promptId,
      model: change.model ?? row.model,
      head: change.headMessageId ?? row.head,
      archived_at: change.isArchived === undefined ? row.archived_at : change.isArchived ? archivedAt : null,
    };
    await mustOwn(tx, person, changed);
    const { id: _, ...values } = changed;
    await tx.updateTable('chats').set(values).where('id', '=', id).execute();
    return chatOf(changed);
  });
}

/** What a chat refers to must be its owner's. */
async function mustOwn(tx: Db, person: string, { persona, scenario, prompt }: ChatRow): Promise<void> {
  const checks = [
    ['persona', 'chat_personas', persona],
    ['scenario', 'chat_scenarios', scenario],
    ['prompt', 'chat_prompts', prompt],
  ] as const;
  for (const [what, table, id] of checks) {
    if (id === null) continue;
    const row = await tx.selectFrom(table).select('owner').where('id', '=', id).limit(1).executeTakeFirst();
    if (row?.owner !== person) throw thingNotFound(what, id);
  }
}

/** Removes what has been in the archive for longer than 30 days. Returns how many chats. */
export async function removeArchived({ store, clock }: ChatContext): Promise<number> {
  return store.write(async (tx: Db) => {
    const old = await tx
      .selectFrom('chats')
      .select('id')
      .where('archived_at', '<', clock.now() - ARCHIVE_MS)
      .limit(100)
      .execute();
    const ids = old.map(({ id }) => id);
    if (ids.length === 0) return 0;
    await tx.deleteFrom('chat_messages').where('chat', 'in', ids).execute();
    await tx.deleteFrom('chat_suggestions').where('chat', 'in', ids).execute();
    await tx.deleteFrom('chats').where('id', 'in', ids).execute();
    return ids.length;
  });
}

export const characters = () => CHARACTERS.map(publicCharacter);
