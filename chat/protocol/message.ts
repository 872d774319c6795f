// What a conversation is made of, as it travels over HTTP and lies in a browser.
// Rule: `sender` is the seed's word on the wire; who sent it is decided by the token, never by the body.

import * as z from 'zod/mini';

/** Longer texts are refused with a problem; a page of a book has about 3,000 characters. */
export const CONTENT_LENGTH_MAX = 64 * 1024;

/** Who or what answered: shown with each answer. */
export const Source = z.object({
  /** `anthropic`, `openai_compatible`, …, or `tandem-rules`. */
  provider: z.string(),
  model: z.string(),
  /** In words for people: `anthropic claude-sonnet-4-5`, `local model llama3`, `built-in rules`. */
  text: z.string(),
  /** Attempts that were made for it; more than one means that it went on elsewhere. */
  attempts: z.number(),
});
export type Source = z.infer<typeof Source>;

export const AnswerUsage = z.object({ inputTokens: z.number(), outputTokens: z.number(), isEstimated: z.boolean() });
export type AnswerUsage = z.infer<typeof AnswerUsage>;

/** What the guard said. */
export const AnswerVerdict = z.object({
  kind: z.enum(['passed', 'changed', 'refused', 'not-checked']),
  by: z.nullable(z.string()),
  reason: z.nullable(z.string()),
});
export type AnswerVerdict = z.infer<typeof AnswerVerdict>;

/** A picture that a message carries, uploaded or made. */
export const Artifact = z.object({
  id: z.string(),
  kind: z.literal('image'),
  mediaType: z.string(),
  width: z.number(),
  height: z.number(),
  bytes: z.number(),
  /** What it shows, for those who do not see it; empty where nobody said. */
  alt: z.string(),
  /** Same origin, such as `/api/chat/artifacts/…`. */
  url: z.string(),
  origin: z.enum(['uploaded', 'made', 'upscaled']),
});
export type Artifact = z.infer<typeof Artifact>;

export const ToolUse = z.object({
  callId: z.string(),
  name: z.string(),
  input: z.unknown(),
  /** Undefined until it answered. */
  output: z.optional(z.unknown()),
});
export type ToolUse = z.infer<typeof ToolUse>;

export const MessageStatus = z.enum(['complete', 'streaming', 'stopped', 'failed']);
export type MessageStatus = z.infer<typeof MessageStatus>;

export const Message = z.object({
  id: z.string(),
  chatId: z.string(),
  /** Place in the conversation, given by the server; the order that counts. */
  seq: z.number(),
  /** The message it answers or follows; null for the first. */
  parentId: z.nullable(z.string()),
  sender: z.enum(['user', 'bot']),
  content: z.string(),
  status: MessageStatus,
  artifacts: z.array(Artifact),
  tools: z.array(ToolUse),
  /** Of all that follow the same message: which one this is, from 1, and how many there are. */
  branch: z.object({ number: z.number(), of: z.number() }),
  reaction: z.nullable(z.enum(['like', 'dislike'])),
  source: z.nullable(Source),
  usage: z.nullable(AnswerUsage),
  costMicroUsd: z.nullable(z.number()),
  verdict: z.nullable(AnswerVerdict),
  /** The run that made it; null for what people wrote. */
  runId: z.nullable(z.string()),
  /** What went wrong, in a sentence, where status is `failed`. */
  problem: z.nullable(z.string()),
  /** Given by the sender, as a hint only. */
  clientTimestamp: z.nullable(z.number()),
  createdAt: z.iso.datetime(),
  editedAt: z.nullable(z.iso.datetime()),
});
export type Message = z.infer<typeof Message>;
