// What the router tells of an answer beside its text: who said it, what it cost, what the guard said of it. It rides in
// the parts of the stream, where those who do not know it pass it over.

import type { LanguageModelV4StreamPart, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import { z } from 'zod';

/** The key of our notes among those of the providers. */
const NOTES_KEY = 'tandem';
const SOURCE_CHANGED = 'tandem-source-changed';

const AnswerSource = z.object({
  provider: z.string(),
  model: z.string(),
  /** Empty where nothing was asked, because the guard refused. */
  leg: z.string(),
  /** In words for people: `anthropic claude-sonnet-4-5`, `local model llama3`, `built-in rules`. */
  text: z.string(),
  /** How many attempts the answer took; more than one means that it went on elsewhere. */
  attempts: z.number(),
});
export type AnswerSource = z.infer<typeof AnswerSource>;

const AnswerNotesSchema = z.object({
  /** Joins the lines of the ledger that belong to the answer. */
  call: z.string(),
  source: AnswerSource,
  /** Of all attempts together. */
  costMicroUsd: z.number(),
  isEstimated: z.boolean(),
  /** Of all attempts together, as they were charged. */
  usage: z.object({ inputTokens: z.number(), outputTokens: z.number(), isEstimated: z.boolean() }),
  verdict: z.object({
    kind: z.enum(['passed', 'changed', 'refused', 'not-checked']),
    by: z.nullable(z.string()),
    reason: z.nullable(z.string()),
  }),
});
export type AnswerNotes = z.infer<typeof AnswerNotesSchema>;

const SourceChange = z.object({ type: z.literal(SOURCE_CHANGED), source: AnswerSource, why: z.string() });
export type SourceChange = Pick<z.infer<typeof SourceChange>, 'source' | 'why'>;

/** The notes in the last part of a stream, or in the metadata of a whole answer; undefined where there are none. */
export function answerNotesOf(
  part: LanguageModelV4StreamPart | { readonly providerMetadata?: SharedV4ProviderMetadata },
): AnswerNotes | undefined {
  const metadata = 'providerMetadata' in part ? part.providerMetadata : undefined;
  return AnswerNotesSchema.safeParse(metadata?.[NOTES_KEY]).data;
}

/** Who goes on with the answer, where a part says that somebody else does. */
export function sourceChangeOf(part: LanguageModelV4StreamPart): SourceChange | undefined {
  return part.type === 'raw' ? SourceChange.safeParse(part.rawValue).data : undefined;
}

export const withNotes = (
  metadata: SharedV4ProviderMetadata | undefined,
  notes: AnswerNotes,
): SharedV4ProviderMetadata => ({ ...metadata, [NOTES_KEY]: notes });

export const sourceChanged = (change: SourceChange): LanguageModelV4StreamPart => ({
  type: 'raw',
  rawValue: { type: SOURCE_CHANGED, ...change },
});
