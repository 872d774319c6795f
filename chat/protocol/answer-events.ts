// The events of one answer's run, in order: `answer-start`, then deltas and what else happens, then `answer-end`.
// Rule: the text of an answer is the deltas joined; `answer-end` says it once more, whole, and wins.

import * as z from 'zod/mini';

import { Artifact, Message, Source } from './message.ts';

export const AnswerEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('answer-start'),
    data: z.object({ chatId: z.string(), answerId: z.string(), parentId: z.string(), source: Source }),
  }),
  z.object({ kind: z.literal('answer-delta'), data: z.object({ text: z.string() }) }),
  z.object({ kind: z.literal('reasoning-delta'), data: z.object({ text: z.string() }) }),
  /** It goes on with another provider or model. */
  z.object({ kind: z.literal('source-changed'), data: z.object({ source: Source, why: z.string() }) }),
  z.object({
    kind: z.literal('tool-called'),
    data: z.object({ callId: z.string(), name: z.string(), input: z.unknown() }),
  }),
  z.object({ kind: z.literal('tool-answered'), data: z.object({ callId: z.string(), output: z.unknown() }) }),
  z.object({ kind: z.literal('artifact-added'), data: z.object({ artifact: Artifact }) }),
  z.object({ kind: z.literal('answer-end'), data: z.object({ message: Message }) }),
]);
export type AnswerEvent = z.infer<typeof AnswerEvent>;

/** The name of Chat's runs in the journal. */
export const CHAT_PRODUCT = 'chat';
