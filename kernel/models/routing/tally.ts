// What all attempts of one answer come to, and what is told of it with its last part.

import type { LanguageModelV4Usage, SharedV4ProviderMetadata } from '@ai-sdk/provider';

import type { Verdict } from '../../guard/index.ts';
import { withNotes, type AnswerNotes, type AnswerSource } from '../answer-notes.ts';
import { LOCAL_PROVIDER, RULES_PROVIDER } from '../models.ts';
import type { Settled } from './attempt.ts';
import type { Leg } from './legs.ts';

/** In words for people. The built-in rules are never called a model. */
export function sourceText(provider: string, model: string): string {
  if (provider === RULES_PROVIDER) return 'built-in rules';
  return provider === LOCAL_PROVIDER ? `local model ${model}` : `${provider} ${model}`;
}

export const sourceOf = (leg: Leg, attempts: number): AnswerSource => ({
  provider: leg.provider,
  model: leg.model,
  leg: leg.name,
  text: sourceText(leg.provider, leg.model),
  attempts,
});

/** Where the guard refused what was to be sent, nobody was asked. */
const NOBODY: AnswerSource = { provider: 'tandem', model: 'guard', leg: '', text: 'the guard', attempts: 0 };

export class Tally {
  readonly #call: string;
  #costMicroUsd = 0;
  #isEstimated = false;
  #input = 0;
  #cacheRead = 0;
  #cacheWrite = 0;
  #output = 0;
  source: AnswerSource = NOBODY;

  constructor(call: string) {
    this.#call = call;
  }

  add({ line, charged }: Settled): void {
    this.#costMicroUsd += line.costMicroUsd;
    this.#isEstimated ||= charged.isEstimated;
    this.#input += charged.usage.inputTokens;
    this.#cacheRead += charged.usage.cacheReadTokens;
    this.#cacheWrite += charged.usage.cacheWriteTokens;
    this.#output += charged.usage.outputTokens;
  }

  /** As it was charged, for who reads the specification's own field. */
  usage(): LanguageModelV4Usage {
    const noCache = this.#input - this.#cacheRead - this.#cacheWrite;
    return {
      inputTokens: { total: this.#input, noCache, cacheRead: this.#cacheRead, cacheWrite: this.#cacheWrite },
      outputTokens: { total: this.#output, text: undefined, reasoning: undefined },
    };
  }

  metadata(given: SharedV4ProviderMetadata | undefined, verdict: Verdict | undefined): SharedV4ProviderMetadata {
    const notes: AnswerNotes = {
      call: this.#call,
      source: this.source,
      costMicroUsd: this.#costMicroUsd,
      isEstimated: this.#isEstimated,
      usage: { inputTokens: this.#input, outputTokens: this.#output, isEstimated: this.#isEstimated },
      verdict: verdictOf(verdict),
    };
    return withNotes(given, notes);
  }
}

function verdictOf(verdict: Verdict | undefined): AnswerNotes['verdict'] {
  if (verdict === undefined) return { kind: 'not-checked', by: null, reason: null };
  return verdict.kind === 'passed'
    ? { kind: 'passed', by: null, reason: null }
    : { kind: verdict.kind, by: verdict.by, reason: verdict.reason };
}

/** For the ledger, such as `refused:policy`; null where nobody looked. */
export function verdictText(verdict: Verdict | undefined): string | null {
  if (verdict === undefined) return null;
  return verdict.kind === 'passed' ? 'passed' : `${verdict.kind}:${verdict.by}`;
}
