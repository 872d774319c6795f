// Writing messages: each once, in the order the server gives.
// Rule: what is posted with a key is there once, however often it is sent; the same key with another text is refused.
// Everything here runs inside a write transaction of the caller.

import type { Instant } from 'kernel/basics';

import type { MessageStatus } from '../protocol/index.ts';
import { keyOfAnother, messageNotFound } from './faults.ts';
import { extrasText, type ChatRow, type Db, type Extras, type MessageRow } from './rows.ts';

export interface MessageDraft {
  readonly id: string;
  /** Null: it follows nothing. */
  readonly parent: string | null;
  readonly sender: 'user' | 'bot';
  readonly content: string;
  readonly status: MessageStatus;
  readonly extras: Extras;
  readonly run: string | null;
  readonly clientKey: string | null;
  readonly clientTimestamp: number | null;
  readonly editedAt: Instant | null;
}

/** What a person writes: whole at once, with nothing of a model's about it. */
export const written = (
  draft: Pick<MessageDraft, 'id' | 'parent' | 'content'> & Partial<MessageDraft>,
): MessageDraft => ({
  sender: 'user',
  status: 'complete',
  extras: {},
  run: null,
  clientKey: null,
  clientTimestamp: null,
  editedAt: null,
  ...draft,
});

/** Adds the message and shows its branch. */
export async function insertMessage(
  tx: Db,
  { chat, now }: { readonly chat: ChatRow; readonly now: Instant },
  draft: MessageDraft,
): Promise<{ readonly message: MessageRow; readonly chat: ChatRow }> {
  const parent = draft.parent === null ? undefined : await inChat(tx, chat.id, draft.parent);
  const any = tx.selectFrom('chat_messages').select('id').limit(1);
  const siblings =
    draft.parent === null
      ? any.where('chat', '=', chat.id).where('parent', 'is', null)
      : any.where('parent', '=', draft.parent);
  const hasSibling = (await siblings.executeTakeFirst()) !== undefined;
  const message: MessageRow = {
    chat: chat.id,
    seq: chat.next_seq,
    id: draft.id,
    parent: draft.parent,
    depth: (parent?.depth ?? 0) + 1,
    sender: draft.sender,
    content: draft.content,
    status: draft.status,
    extras: extrasText(draft.extras),
    reaction: null,
    cost_micro_usd: null,
    run: draft.run,
    problem: null,
    client_key: draft.clientKey,
    client_timestamp: draft.clientTimestamp,
    created_at: now,
    edited_at: draft.editedAt,
  };
  const changed = {
    head: draft.id,
    next_seq: chat.next_seq + 1,
    message_count: chat.message_count + 1,
    has_branches: hasSibling ? 1 : chat.has_branches,
    updated_at: now,
    title: chat.title === '' && draft.sender === 'user' ? titleFrom(draft.content) : chat.title,
  };
  await tx.insertInto('chat_messages').values(message).execute();
  await tx.updateTable('chats').set(changed).where('id', '=', chat.id).execute();
  return { message, chat: { ...chat, ...changed } };
}

/** The message that was posted with this key before. A fault when it was another text. */
export async function postedBefore(
  tx: Db,
  chat: string,
  { clientKey, content }: { readonly clientKey: string; readonly content: string },
): Promise<MessageRow | undefined> {
  const row = await tx
    .selectFrom('chat_messages')
    .selectAll()
    .where('chat', '=', chat)
    .where('client_key', '=', clientKey)
    .executeTakeFirst();
  if (row !== undefined && row.content !== content) throw keyOfAnother();
  return row;
}

export async function inChat(db: Db, chat: string, id: string): Promise<MessageRow> {
  const row = await db.selectFrom('chat_messages').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined || row.chat !== chat) throw messageNotFound(id);
  return row;
}

const TITLE_LENGTH_MAX = 60;

/** The first words, as a name until somebody gives a better one. */
export function titleFrom(content: string): string {
  const line =
    content
      .trim()
      .split('\n', 1)[0]
      ?.replaceAll(/[#*_`>]+/g, '')
      .trim() ?? '';
  if (line.length <= TITLE_LENGTH_MAX) return line;
  const cut = line.slice(0, TITLE_LENGTH_MAX).replace(/[\uD800-\uDBFF]$/, '');
  const atWord = cut.replace(/\s+\S*$/, '');
  return `${atWord.length > TITLE_LENGTH_MAX / 2 ? atWord : cut}…`;
}
