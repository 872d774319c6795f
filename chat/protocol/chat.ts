// A chat and what the server answers about it. Field names that the seed prescribes are kept: chatId, userChatId,
// isNew, totalSteps, currentStep.

import * as z from 'zod/mini';

import { Artifact, CONTENT_LENGTH_MAX, Message } from './message.ts';

export const HISTORY_LIMIT_MAX = 200;
export const HISTORY_LIMIT_DEFAULT = 50;

/** Whom one talks to. */
export const Character = z.object({
  id: z.string(),
  name: z.string(),
  avatar: z.string(),
  description: z.string(),
  greeting: z.string(),
  /** Questions of the guided set-up, in order; empty where one begins at once. */
  steps: z.array(z.object({ key: z.string(), question: z.string(), choices: z.array(z.string()) })),
});
export type Character = z.infer<typeof Character>;

export const Chat = z.object({
  id: z.string(),
  title: z.string(),
  characterId: z.string(),
  personaId: z.nullable(z.string()),
  scenarioId: z.nullable(z.string()),
  promptId: z.nullable(z.string()),
  /** What callers name at the gateway: a route or `provider/model`. */
  model: z.string(),
  /** The leaf of the branch that is shown. */
  headMessageId: z.nullable(z.string()),
  messageCount: z.number(),
  /** Answers of the guided set-up, by key. */
  metadata: z.record(z.string(), z.string()),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  archivedAt: z.nullable(z.iso.datetime()),
});
export type Chat = z.infer<typeof Chat>;

/** `GET /api/chat?chatId=…` and `POST /api/chat`. `chatId` names a conversation, or a character to talk to. */
export const ChatState = z.object({
  /** `messages`: the newest page of the shown branch, in order. `history`: the same page as the seed names it. */
  chat: z.nullable(z.extend(Chat, { messages: z.array(Message), history: z.array(Message) })),
  character: Character,
  /** The conversation's id; null as long as nothing was begun. */
  userChatId: z.nullable(z.string()),
  isNew: z.boolean(),
  totalSteps: z.number(),
  currentStep: z.number(),
});
export type ChatState = z.infer<typeof ChatState>;

export const BeginChat = z.object({
  chatId: z.string().check(z.minLength(1), z.maxLength(100)),
  /** Must be the reader's own id, or left out. */
  userId: z.optional(z.string()),
  userChatId: z.optional(z.nullable(z.string())),
  /** Archives the conversation (30 days) and begins anew. */
  reset: z.optional(z.boolean()),
  personaId: z.optional(z.nullable(z.string())),
  scenarioId: z.optional(z.nullable(z.string())),
  promptId: z.optional(z.nullable(z.string())),
  model: z.optional(z.string().check(z.maxLength(200))),
  title: z.optional(z.string().check(z.maxLength(200))),
});
export type BeginChat = z.infer<typeof BeginChat>;

export const ChangeChat = z.object({
  title: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  personaId: z.optional(z.nullable(z.string())),
  scenarioId: z.optional(z.nullable(z.string())),
  promptId: z.optional(z.nullable(z.string())),
  model: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  headMessageId: z.optional(z.string()),
  /** False takes a conversation back out of the archive, true puts it there. */
  isArchived: z.optional(z.boolean()),
});
export type ChangeChat = z.infer<typeof ChangeChat>;

export const ChatPage = z.object({ chats: z.array(Chat), nextCursor: z.nullable(z.string()) });
export type ChatPage = z.infer<typeof ChatPage>;

/** `GET /api/chat/{id}/history`. With `offset`: the seed's shape. With `before`: by keyset, and `Link: rel="next"`. */
export const HistoryPage = z.object({
  /** In order of `seq`; of the shown branch, unless `branches=all`. */
  messages: z.array(Message),
  total: z.number(),
  limit: z.number(),
  offset: z.number(),
  /** Give it as `before` for the page before this one; null at the beginning. */
  before: z.nullable(z.number()),
});
export type HistoryPage = z.infer<typeof HistoryPage>;

const content = z.string().check(z.minLength(1), z.maxLength(CONTENT_LENGTH_MAX));

export const PostMessage = z.object({
  content,
  sender: z.optional(z.enum(['user', 'bot'])),
  /** The sender's clock, kept as a hint. */
  timestamp: z.optional(z.number()),
  /** The message it follows; the shown leaf where it is left out. */
  parentId: z.optional(z.nullable(z.string())),
  artifactIds: z.optional(z.array(z.string()).check(z.maxLength(8))),
});
export type PostMessage = z.infer<typeof PostMessage>;

/** 201, or 200 with `Idempotent-Replay: true` for a repeat. The message's own fields stand beside them. */
export const PostedMessage = z.extend(Message, { success: z.literal(true), messageId: z.string() });
export type PostedMessage = z.infer<typeof PostedMessage>;

/** `POST /api/chat/{id}/completion`: the answer to a message that is there, or to one that is posted with it. */
export const Completion = z.object({
  messageId: z.optional(z.string()),
  content: z.optional(content),
  artifactIds: z.optional(z.array(z.string()).check(z.maxLength(8))),
  timestamp: z.optional(z.number()),
  parentId: z.optional(z.nullable(z.string())),
  model: z.optional(z.string().check(z.maxLength(200))),
});
export type Completion = z.infer<typeof Completion>;

/** 202, or 409 with the run that is already answering. */
export const RunAccepted = z.object({ runId: z.string(), messageId: z.string(), answerId: z.string() });
export type RunAccepted = z.infer<typeof RunAccepted>;

export const ActiveRun = z.object({ runId: z.string(), answerId: z.string(), lastSeq: z.number() });
export type ActiveRun = z.infer<typeof ActiveRun>;

/** `POST /api/chat/{id}/messages/{messageId}/actions`. Edit and regenerate make a branch and hide nothing. */
export const MessageAction = z.discriminatedUnion('action', [
  z.object({ action: z.literal('like') }),
  z.object({ action: z.literal('dislike') }),
  z.object({ action: z.literal('clear-reaction') }),
  z.object({ action: z.literal('regenerate'), model: z.optional(z.string().check(z.maxLength(200))) }),
  z.object({ action: z.literal('edit'), content }),
  /** Shows the branch that this message is on. */
  z.object({ action: z.literal('branch') }),
  z.object({ action: z.literal('report'), reason: z.string().check(z.minLength(1), z.maxLength(2000)) }),
]);
export type MessageAction = z.infer<typeof MessageAction>;

/** What an action gives back: the changed message, and the run where one was started. */
export const ActionTaken = z.object({ message: Message, run: z.nullable(RunAccepted) });
export type ActionTaken = z.infer<typeof ActionTaken>;

export const ArtifactAdded = z.object({ artifact: Artifact });
export type ArtifactAdded = z.infer<typeof ArtifactAdded>;
