// What reports count of an attribution, taken out of its bytes: for patches that are recorded here and that come from
// elsewhere alike.
// Rule: bytes that this Atomic cannot read (of a later one) have no labels; the patch counts as untracked until it can.

import { Fault } from 'kernel/basics';

import { evidenceOf, isAiAssisted, type Attribution, type TokenCount } from '../attribution/attribution.ts';
import { decodeAttribution } from '../attribution/decode-attribution.ts';
import { keyedNameBytes } from '../attribution/keyed-name.ts';
import type { AttributionLabels } from '../store/store.ts';

export function attributionLabels(attribution: Attribution): AttributionLabels {
  const base = { actor: attribution.actor, evidence: evidenceOf(attribution) };
  if (!isAiAssisted(attribution)) return { ...NOTHING, ...base };
  const { source, suggestion, confidence, acceptance, prompt, tokens, cost } = attribution;
  return {
    ...base,
    provider: source.model.provider,
    model: source.model.kind === 'known' ? source.model.model : null,
    suggestion,
    tool: source.agent?.tool ?? null,
    confidenceBp: confidence,
    acceptanceBp: acceptance,
    promptHash: prompt === null ? null : keyedNameBytes(prompt.hash),
    ...tokenLabels(tokens),
    costMicroUsd: cost,
  };
}

/** The labels of an attribution's bytes, or null where they cannot be read. */
export function labelsOfBlob(blob: Uint8Array): AttributionLabels | null {
  try {
    return attributionLabels(decodeAttribution(blob).attribution);
  } catch (thrown) {
    // Decoding throws nothing but Faults: of a later form, or no attribution at all.
    if (thrown instanceof Fault) return null;
    throw thrown;
  }
}

const NOTHING = {
  provider: null,
  model: null,
  suggestion: null,
  tool: null,
  confidenceBp: null,
  acceptanceBp: null,
  promptHash: null,
  tokensIn: null,
  tokensOut: null,
  costMicroUsd: null,
};

/** Of a count without parts nobody knows what was read and what was written: it counts as read. */
function tokenLabels(tokens: TokenCount | null): Pick<AttributionLabels, 'tokensIn' | 'tokensOut'> {
  if (tokens === null) return { tokensIn: null, tokensOut: null };
  if (tokens.kind === 'total') return { tokensIn: tokens.total, tokensOut: null };
  return { tokensIn: tokens.input, tokensOut: tokens.output };
}
