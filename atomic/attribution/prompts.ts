// What is kept of a prompt, and what of it may leave the machine.
// Rule: a prompt is named by a hash under the repository's key (a bare hash of a short prompt can be guessed). Levels go
// only down: from `full` to `redacted` or `encrypted` to `hash`, never back up. Equal prompts are kept once.
// Not here: storing them (the caller's).

import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';

import { scrub, type Secret } from 'kernel/basics';

import type { PrivacyLevel, PromptHash, PromptReference } from './attribution.ts';
import { promptTooLong } from './faults.ts';
import { keyedName } from './keyed-name.ts';
import { redact } from './secrets-in.ts';

/** A prompt with some files in it; models take no more than a few times this. */
export const PROMPT_LENGTH_MAX = 4 * 1024 * 1024;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A prompt as it is kept. `body`: text for `redacted` and `full`; nonce ‖ tag ‖ ciphertext for `encrypted`. */
export type KeptPrompt =
  | { readonly hash: PromptHash; readonly level: 'hash'; readonly body: null }
  | { readonly hash: PromptHash; readonly level: 'redacted' | 'encrypted' | 'full'; readonly body: Uint8Array };

export type Random = (bytes: number) => Uint8Array;

/** The first 16 bytes of HMAC-SHA-256 under a key derived from the repository's. */
export const promptHash = (repositoryKey: Secret, text: string): PromptHash =>
  keyedName<PromptHash>(createHmac('sha256', derivedKey(repositoryKey, 'name')).update(text, 'utf8').digest());

/** Throws ATOMIC_PROMPT_TOO_LONG. */
export function keepPrompt(repositoryKey: Secret, level: PrivacyLevel, text: string, random: Random): KeptPrompt {
  if (text.length > PROMPT_LENGTH_MAX) throw promptTooLong(text.length, PROMPT_LENGTH_MAX);
  const hash = promptHash(repositoryKey, text);
  switch (level) {
    case 'hash':
      return { hash, level, body: null };
    case 'redacted':
      // Secrets this program knows by value go first: they need not look like one.
      return { hash, level, body: Buffer.from(redact(scrub(text))) };
    case 'encrypted':
      return { hash, level, body: encrypt(repositoryKey, hash, text, random) };
    case 'full':
      return { hash, level, body: Buffer.from(text) };
  }
}

export const referenceTo = (prompt: KeptPrompt, place: string | null = null): PromptReference => ({
  hash: prompt.hash,
  level: prompt.level,
  place,
});

export type OpenedPrompt =
  | { readonly kind: 'text'; readonly text: string; readonly isWhole: boolean }
  | { readonly kind: 'hash-only' }
  /** It was encrypted under another key, or changed since. */
  | { readonly kind: 'closed' };

export function openPrompt(repositoryKey: Secret, prompt: KeptPrompt): OpenedPrompt {
  if (prompt.level === 'hash') return { kind: 'hash-only' };
  if (prompt.level !== 'encrypted') {
    return { kind: 'text', text: Buffer.from(prompt.body).toString('utf8'), isWhole: prompt.level === 'full' };
  }
  const text = decrypt(repositoryKey, prompt.hash, prompt.body);
  return text === null ? { kind: 'closed' } : { kind: 'text', text, isWhole: true };
}

/** How much each level shows of a prompt, to somebody without the key. */
const EXPOSURE: Readonly<Record<PrivacyLevel, number>> = { hash: 0, encrypted: 1, redacted: 2, full: 3 };

/**
 * The prompt as it may leave the machine when no more than `level` may. One that shows less already stays as it is; one
 * that cannot be lowered (encrypted under a key that is not here, or redacted) leaves by its hash alone.
 */
export function lowerPrompt(
  repositoryKey: Secret,
  prompt: KeptPrompt,
  level: PrivacyLevel,
  random: Random,
): KeptPrompt {
  if (EXPOSURE[prompt.level] <= EXPOSURE[level]) return prompt;
  const opened = openPrompt(repositoryKey, prompt);
  const isWhole = opened.kind === 'text' && opened.isWhole;
  if (level === 'hash' || !isWhole) return { hash: prompt.hash, level: 'hash', body: null };
  return keepPrompt(repositoryKey, level, opened.text, random);
}

/** One prompt for each hash: the one that shows most, since all of them are here anyway. */
export function dedupePrompts(prompts: readonly KeptPrompt[]): {
  readonly kept: readonly KeptPrompt[];
  readonly dropped: number;
} {
  const kept = new Map<PromptHash, KeptPrompt>();
  for (const prompt of prompts) {
    const before = kept.get(prompt.hash);
    if (before === undefined || usefulness(prompt) > usefulness(before)) kept.set(prompt.hash, prompt);
  }
  return { kept: [...kept.values()], dropped: prompts.length - kept.size };
}

/** Encrypted text is whole; redacted text is not. */
const USEFULNESS: Readonly<Record<PrivacyLevel, number>> = { hash: 0, redacted: 1, encrypted: 2, full: 3 };
const usefulness = ({ level }: KeptPrompt): number => USEFULNESS[level];

/** Names and texts have keys of their own, so that one never gives away the other. */
const derivedKey = (repositoryKey: Secret, purpose: 'name' | 'text'): Buffer =>
  Buffer.from(hkdfSync('sha256', repositoryKey.reveal(), '', `atomic.prompt.${purpose}.v1`, 32));

function encrypt(repositoryKey: Secret, hash: PromptHash, text: string, random: Random): Uint8Array {
  const nonce = random(NONCE_BYTES);
  if (nonce.length !== NONCE_BYTES) throw new RangeError(`A nonce has ${NONCE_BYTES} bytes, not ${nonce.length}.`);
  const cipher = createCipheriv('aes-256-gcm', derivedKey(repositoryKey, 'text'), nonce);
  // The name is bound to the text: it cannot be put under another's.
  cipher.setAAD(Buffer.from(hash));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

function decrypt(repositoryKey: Secret, hash: PromptHash, body: Uint8Array): string | null {
  if (body.length < NONCE_BYTES + TAG_BYTES) return null;
  const nonce = body.subarray(0, NONCE_BYTES);
  const cipher = createDecipheriv('aes-256-gcm', derivedKey(repositoryKey, 'text'), nonce, {
    authTagLength: TAG_BYTES,
  });
  cipher.setAAD(Buffer.from(hash));
  cipher.setAuthTag(body.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const text = cipher.update(body.subarray(NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([text, cipher.final()]).toString('utf8');
  } catch {
    // The tag does not fit: said in the answer as `closed`.
    return null;
  }
}
