// The tables of Chat. A conversation is a tree: each message names the one it follows, and the chat names the leaf that
// is shown. Rule: `seq` orders everything within a chat and is given by the server; a client's key counts once per chat.

import { sql } from 'kysely';

import type { MigrationList } from 'kernel/store';

import type { MessageStatus } from '../protocol/index.ts';

export interface ChatTables {
  readonly chats: {
    readonly id: string;
    readonly owner: string;
    readonly character: string;
    readonly title: string;
    readonly persona: string | null;
    readonly scenario: string | null;
    readonly prompt: string | null;
    readonly model: string;
    readonly head: string | null;
    readonly message_count: number;
    readonly next_seq: number;
    /** 1 once two messages follow the same one: until then the chat is a line, and pages of it are cheap. */
    readonly has_branches: number;
    /** JSON of the answers of the guided set-up. */
    readonly metadata: string;
    readonly created_at: number;
    readonly updated_at: number;
    readonly archived_at: number | null;
  };
  readonly chat_messages: {
    readonly chat: string;
    readonly seq: number;
    readonly id: string;
    readonly parent: string | null;
    /** How many messages there are up to here, with this one. */
    readonly depth: number;
    readonly sender: 'user' | 'bot';
    readonly content: string;
    readonly status: MessageStatus;
    /** JSON of what is seldom there: artifacts, tools, source, usage, verdict; see rows.ts. */
    readonly extras: string | null;
    readonly reaction: 'like' | 'dislike' | null;
    readonly cost_micro_usd: number | null;
    readonly run: string | null;
    readonly problem: string | null;
    readonly client_key: string | null;
    readonly client_timestamp: number | null;
    readonly created_at: number;
    readonly edited_at: number | null;
  };
  readonly chat_artifacts: {
    readonly id: string;
    readonly owner: string;
    readonly media_type: string;
    readonly width: number;
    readonly height: number;
    readonly alt: string;
    readonly origin: 'uploaded' | 'made' | 'upscaled';
    readonly body: Uint8Array;
    readonly bytes: number;
    readonly created_at: number;
  };
  readonly chat_message_reports: {
    readonly id: string;
    readonly message: string;
    readonly person: string;
    readonly reason: string;
    readonly at: number;
  };
  readonly chat_personas: {
    readonly id: string;
    readonly owner: string;
    readonly name: string;
    readonly description: string;
    readonly avatar: string;
    readonly created_at: number;
  };
  readonly chat_scenarios: {
    readonly id: string;
    readonly owner: string;
    readonly name: string;
    readonly description: string;
    /** JSON. */
    readonly entries: string;
    readonly created_at: number;
  };
  readonly chat_prompts: {
    readonly id: string;
    readonly version: number;
    readonly owner: string;
    readonly name: string;
    readonly content: string;
    readonly use: 'system' | 'message';
    readonly is_removed: number;
    readonly created_at: number;
  };
  readonly chat_points: {
    readonly person: string;
    readonly reason: string;
    /** What it is for, such as a message's id: the same counts once. */
    readonly about: string;
    readonly points: number;
    readonly at: number;
  };
  /** The quarters of an hour in which a person wrote something, from which streaks follow in any time zone. */
  readonly chat_quarters: { readonly person: string; readonly quarter: number };
  readonly chat_suggestions: {
    readonly id: string;
    readonly chat: string;
    readonly message: string | null;
    readonly text: string;
    readonly why: string;
  };
  readonly chat_embeds: {
    readonly id: string;
    readonly owner: string;
    readonly name: string;
    readonly character: string;
    /** JSON. */
    readonly origins: string;
    readonly is_on: number;
    readonly created_at: number;
  };
  readonly chat_visitors: {
    readonly id: string;
    readonly embed: string;
    readonly token_hash: string;
    readonly expires_at: number;
  };
}

export const CHAT_MIGRATIONS: MigrationList = {
  product: 'chat',
  migrations: [
    {
      name: '001-chats-messages-modules',
      async up(db, dialect) {
        const isSqlite = dialect === 'sqlite';
        // A chat's messages lie together in the file, in order.
        const clustered = sql.raw(isSqlite ? ' without rowid' : '');
        const bytes = sql.raw(isSqlite ? 'blob' : 'bytea');
        await sql`create table chats (
          id text primary key, owner text not null, "character" text not null, title text not null, persona text,
          scenario text, prompt text, model text not null, head text, message_count integer not null,
          next_seq integer not null, has_branches integer not null, metadata text not null, created_at bigint not null,
          updated_at bigint not null, archived_at bigint)`.execute(db);
        await sql`create index chats_of on chats (owner, updated_at, id)`.execute(db);
        await sql`create table chat_messages (
          chat text not null references chats (id), seq integer not null, id text not null, parent text,
          depth integer not null, sender text not null, content text not null, status text not null, extras text,
          reaction text, cost_micro_usd bigint, run text, problem text, client_key text, client_timestamp bigint,
          created_at bigint not null, edited_at bigint, primary key (chat, seq))${clustered}`.execute(db);
        await sql`create unique index chat_messages_by_id on chat_messages (id)`.execute(db);
        // Without the chat in them: its messages lie together, and the planner would rather read them all.
        await sql`create index chat_messages_after on chat_messages (parent) where parent is not null`.execute(db);
        await sql`create index chat_messages_first on chat_messages (chat) where parent is null`.execute(db);
        await sql`create index chat_messages_streaming on chat_messages (chat) where status = 'streaming'`.execute(db);
        await sql`create unique index chat_messages_by_key on chat_messages (chat, client_key)
          where client_key is not null`.execute(db);
        await sql`create table chat_artifacts (
          id text primary key, owner text not null, media_type text not null, width integer not null,
          height integer not null, alt text not null, origin text not null, body ${bytes} not null,
          bytes integer not null, created_at bigint not null)`.execute(db);
        await sql`create table chat_message_reports (
          id text primary key, message text not null, person text not null, reason text not null, at bigint not null)`.execute(
          db,
        );
        for (const statement of moduleTables()) await statement.execute(db);
      },
    },
  ],
};

const moduleTables = () => [
  sql`create table chat_personas (
    id text primary key, owner text not null, name text not null, description text not null, avatar text not null,
    created_at bigint not null)`,
  sql`create index chat_personas_of on chat_personas (owner, created_at)`,
  sql`create table chat_scenarios (
    id text primary key, owner text not null, name text not null, description text not null, entries text not null,
    created_at bigint not null)`,
  sql`create index chat_scenarios_of on chat_scenarios (owner, created_at)`,
  sql`create table chat_prompts (
    id text not null, version integer not null, owner text not null, name text not null, content text not null,
    use text not null, is_removed integer not null, created_at bigint not null, primary key (id, version))`,
  sql`create index chat_prompts_of on chat_prompts (owner, created_at)`,
  sql`create table chat_points (
    person text not null, reason text not null, about text not null, points integer not null, at bigint not null,
    primary key (person, reason, about))`,
  sql`create table chat_quarters (person text not null, quarter integer not null, primary key (person, quarter))`,
  sql`create table chat_suggestions (
    id text primary key, chat text not null, message text, text text not null, why text not null)`,
  sql`create index chat_suggestions_of on chat_suggestions (chat, message)`,
  sql`create table chat_embeds (
    id text primary key, owner text not null, name text not null, "character" text not null, origins text not null,
    is_on integer not null, created_at bigint not null)`,
  sql`create table chat_visitors (
    id text primary key, embed text not null references chat_embeds (id), token_hash text not null unique,
    expires_at bigint not null)`,
];
