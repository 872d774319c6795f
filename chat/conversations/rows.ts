// Rows of the tables as the shapes that travel, and back.

import { instant, toIso } from 'kernel/basics';
import type { Kysely, Selectable } from 'kysely';

import type { AnswerUsage, AnswerVerdict, Artifact, Chat, Message, Source, ToolUse } from '../protocol/index.ts';
import type { ChatTables } from './tables.ts';

export type Db = Kysely<ChatTables>;
export type ChatRow = Selectable<ChatTables['chats']>;
export type MessageRow = Selectable<ChatTables['chat_messages']>;

export interface Extras {
  readonly artifacts?: readonly Artifact[];
  readonly tools?: readonly ToolUse[];
  readonly source?: Source;
  readonly usage?: AnswerUsage;
  readonly verdict?: AnswerVerdict;
}

export const extrasOf = (row: Pick<MessageRow, 'extras'>): Extras =>
  row.extras === null ? {} : (JSON.parse(row.extras) as Extras);

export const extrasText = (extras: Extras): string | null =>
  Object.keys(extras).length === 0 ? null : JSON.stringify(extras);

const ONLY_ONE = { number: 1, of: 1 };

export function messageOf(row: MessageRow, branch: Message['branch'] = ONLY_ONE): Message {
  const { artifacts = [], tools = [], source = null, usage = null, verdict = null } = extrasOf(row);
  return {
    id: row.id,
    chatId: row.chat,
    seq: row.seq,
    parentId: row.parent,
    sender: row.sender,
    content: row.content,
    status: row.status,
    artifacts: [...artifacts],
    tools: [...tools],
    branch,
    reaction: row.reaction,
    source,
    usage,
    costMicroUsd: row.cost_micro_usd,
    verdict,
    runId: row.run,
    problem: row.problem,
    clientTimestamp: row.client_timestamp,
    createdAt: toIso(instant(row.created_at)),
    editedAt: row.edited_at === null ? null : toIso(instant(row.edited_at)),
  };
}

export const chatOf = (row: ChatRow): Chat => ({
  id: row.id,
  title: row.title,
  characterId: row.character,
  personaId: row.persona,
  scenarioId: row.scenario,
  promptId: row.prompt,
  model: row.model,
  headMessageId: row.head,
  messageCount: row.message_count,
  metadata: JSON.parse(row.metadata) as Record<string, string>,
  createdAt: toIso(instant(row.created_at)),
  updatedAt: toIso(instant(row.updated_at)),
  archivedAt: row.archived_at === null ? null : toIso(instant(row.archived_at)),
});
