// What an attempt is charged. The provider's word is taken where it can be true, and our own count where it cannot.
// Rule: nothing is ever charged beyond the worst case that was set aside, so a provider that lies upwards cannot break a
// budget; and never less than nothing, so one that lies downwards cannot fill one.

import type { LanguageModelV4Usage } from '@ai-sdk/provider';

import type { Usage } from '../../spending/index.ts';

export interface Charged {
  readonly usage: Usage;
  readonly isEstimated: boolean;
}

/** What we counted ourselves. Only asked for where the provider's word is missing or absurd. */
export interface Counted {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** An answer that is said to have less than a quarter of what we saw of it is not believed; tokenizers differ by less. */
const BELIEVED_SHARE = 0.25;
/** The worst case is half a token for each byte; a text of blanks only has the fiftieth part of that. */
const INPUT_SHARE = 0.02;
/** Small answers differ by more. */
const SLACK_TOKENS = 50;

const isCount = (value: number | undefined): value is number =>
  value !== undefined && Number.isFinite(value) && value >= 0;

/** `seenCharacters` are those of the answer that came, as a floor of what it can have used. */
export async function chargedUsage(
  said: LanguageModelV4Usage | undefined,
  worstCase: Usage,
  seenCharacters: number,
  count: () => Promise<Counted>,
): Promise<Charged> {
  const input = said?.inputTokens.total;
  const output = said?.outputTokens.total;
  const isInputGood =
    isCount(input) && input <= worstCase.inputTokens && input >= worstCase.inputTokens * INPUT_SHARE - SLACK_TOKENS;
  const floor = (seenCharacters / 4) * BELIEVED_SHARE - SLACK_TOKENS;
  const isOutputGood = isCount(output) && output <= worstCase.outputTokens && output >= floor;
  const counted = isInputGood && isOutputGood ? undefined : await count();
  const inputTokens = isInputGood ? input : plausible(input, counted?.inputTokens ?? 0, worstCase.inputTokens);
  const outputTokens = isOutputGood ? output : plausible(output, counted?.outputTokens ?? 0, worstCase.outputTokens);
  // Caches can hold no more than was sent.
  const cacheReadTokens = within(said?.inputTokens.cacheRead, inputTokens);
  const cacheWriteTokens = within(said?.inputTokens.cacheWrite, inputTokens - cacheReadTokens);
  return {
    usage: {
      inputTokens: Math.ceil(inputTokens),
      cacheReadTokens: isInputGood ? cacheReadTokens : 0,
      cacheWriteTokens: isInputGood ? cacheWriteTokens : 0,
      outputTokens: Math.ceil(outputTokens),
    },
    isEstimated: counted !== undefined,
  };
}

/** The larger of what was said and what we counted, as far as it can be true. */
const plausible = (said: number | undefined, counted: number, most: number): number =>
  Math.min(most, isCount(said) ? Math.max(said, counted) : counted);

const within = (said: number | undefined, most: number): number =>
  isCount(said) ? Math.floor(Math.min(said, Math.max(0, most))) : 0;
