// Pages of a conversation: of the branch that is shown, or of everything in it.
// Rule: a page never depends on how long the chat is. A chat without branches is a line, and a page of it is a range of
// its key; one with branches is walked from leaf to root, as far as the page reaches.

import { sql } from 'kysely';

import type { HistoryPage, Message } from '../protocol/index.ts';
import { messageOf, type ChatRow, type Db, type MessageRow } from './rows.ts';

export interface HistoryQuery {
  readonly limit: number;
  /** Only messages before this `seq`, of the same branch. */
  readonly before?: number;
  /** How many of the newest are left out: the seed's way, which costs more the further back it goes. */
  readonly offset?: number;
  readonly allBranches?: boolean;
}

export async function historyOf(db: Db, chat: ChatRow, query: HistoryQuery): Promise<HistoryPage> {
  const { limit, before, offset = 0 } = query;
  const isLine = chat.has_branches === 0 || query.allBranches === true;
  // One more than asked for says whether there is a page before.
  const rows = await (isLine
    ? rangeOf(db, chat.id, { before, offset, count: limit + 1 })
    : branchOf(db, chat, { before, offset, count: limit + 1 }));
  const page = rows.slice(0, limit).toReversed();
  const messages = await withBranches(db, chat, page);
  const total = isLine ? chat.message_count : await depthOf(db, chat.head);
  const first = messages[0];
  return { messages, total, limit, offset, before: rows.length > limit && first !== undefined ? first.seq : null };
}

/** Rows read at once while walking a branch. */
const STRETCH_MAX = 200;

interface Range {
  readonly before: number | undefined;
  readonly offset: number;
  readonly count: number;
}

async function rangeOf(db: Db, chat: string, { before, offset, count }: Range): Promise<readonly MessageRow[]> {
  let query = db.selectFrom('chat_messages').selectAll().where('chat', '=', chat);
  if (before !== undefined) query = query.where('seq', '<', before);
  if (offset > 0) query = query.offset(offset);
  return query.orderBy('seq', 'desc').limit(count).execute();
}

/**
 * From the leaf towards the root, newest first. What follows one another mostly lies together: a stretch of the chat is
 * read at once, and the next one where the branch leaves it.
 */
async function branchOf(db: Db, chat: ChatRow, { before, offset, count }: Range): Promise<readonly MessageRow[]> {
  const wanted = offset + count;
  const path: MessageRow[] = [];
  let next = before === undefined ? chat.head : await parentOf(db, chat.id, before);
  while (next !== null && path.length < wanted) {
    const start = await db.selectFrom('chat_messages').select('seq').where('id', '=', next).executeTakeFirst();
    if (start === undefined) break;
    const length = Math.min(wanted - path.length, STRETCH_MAX);
    const stretch = await rangeOf(db, chat.id, { before: start.seq + 1, offset: 0, count: length });
    const byId = new Map(stretch.map((row) => [row.id, row]));
    for (let row = byId.get(next); row !== undefined && path.length < wanted; row = byId.get(next ?? '')) {
      path.push(row);
      next = row.parent;
    }
  }
  return path.slice(offset);
}

async function parentOf(db: Db, chat: string, seq: number): Promise<string | null> {
  const rows = db.selectFrom('chat_messages').select('parent').where('chat', '=', chat);
  return (await rows.where('seq', '>=', seq).orderBy('seq').limit(1).executeTakeFirst())?.parent ?? null;
}

async function depthOf(db: Db, head: string | null): Promise<number> {
  if (head === null) return 0;
  return (await db.selectFrom('chat_messages').select('depth').where('id', '=', head).executeTakeFirst())?.depth ?? 0;
}

/** Each message with its place among those that follow the same one. */
export async function withBranches(db: Db, chat: ChatRow, rows: readonly MessageRow[]): Promise<Message[]> {
  if (chat.has_branches === 0 || rows.length === 0) return rows.map((row) => messageOf(row));
  const parents = [...new Set(rows.map(({ parent }) => parent))];
  const named = parents.filter((parent) => parent !== null);
  const siblings = [
    ...(named.length === 0 ? [] : await childrenOf(db, named)),
    ...(parents.includes(null) ? await rootsOf(db, chat.id) : []),
  ];
  const groups = Map.groupBy(siblings, ({ parent }) => parent);
  return rows.map((row) => {
    const group = groups.get(row.parent) ?? [];
    const number = group.findIndex(({ id }) => id === row.id) + 1;
    return messageOf(row, { number: Math.max(1, number), of: Math.max(1, group.length) });
  });
}

/** Sorted here and not by the database, which would rather read the whole chat in order than sort fifty rows. */
async function childrenOf(db: Db, parents: readonly string[]) {
  const rows = db.selectFrom('chat_messages').select(['id', 'parent', 'seq']);
  return (await rows.where('parent', 'in', parents).execute()).sort((a, b) => a.seq - b.seq);
}

async function rootsOf(db: Db, chat: string) {
  const rows = db.selectFrom('chat_messages').select(['id', 'parent', 'seq']).where('chat', '=', chat);
  return (await rows.where('parent', 'is', null).execute()).sort((a, b) => a.seq - b.seq);
}

/** The branch that is shown, oldest first, as long as its texts fit into so many characters; the newest always does. */
export async function lastOfBranch(
  db: Db,
  { chat, leaf }: { readonly chat: ChatRow; readonly leaf: string },
  limits: { readonly messagesMax: number; readonly charactersMax: number },
): Promise<readonly MessageRow[]> {
  const rows = await branchOf(db, { ...chat, head: leaf }, { before: undefined, offset: 0, count: limits.messagesMax });
  let characters = 0;
  const fitting = rows.findIndex(({ content }) => (characters += content.length) > limits.charactersMax);
  return rows.slice(0, fitting === -1 ? rows.length : Math.max(1, fitting)).toReversed();
}

/** The newest message that lies below this one: what is shown when its branch is. */
export async function leafBelow(db: Db, message: string): Promise<string> {
  const { rows } = await sql<{ readonly id: string }>`
    with recursive down(id, step) as (
      select ${message}, 0
      union all
      select (select c.id from chat_messages c where c.parent = down.id order by c.seq desc limit 1),
        down.step + 1
      from down where down.id is not null
    ) select id from down where id is not null order by step desc limit 1`.execute(db);
  return rows[0]?.id ?? message;
}
