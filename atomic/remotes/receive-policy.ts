// What a repository takes from others, beyond what is true: signatures, attribution, prompts, channels.
// Rule: a refusal names the patch and the reason, and then nothing of the bundle is applied. A signature that is there and
// does not verify is refused under every policy.

import { secretsIn } from '../attribution/secrets-in.ts';
import type { PublicKey } from '../attribution/signatures.ts';
import type { NamedPatch } from '../patches/patch.ts';
import type { Prompt, StoredPatch } from '../store/store.ts';
import { pushRefused } from './faults.ts';
import { isSignedBy } from './statements.ts';

export interface ReceivePolicy {
  /** Nothing is taken from anybody. */
  readonly isReadOnly: boolean;
  /** `signed`: by anybody; `trusted`: by one of the keys below. */
  readonly signatures: 'any' | 'signed' | 'trusted';
  readonly trusted: readonly PublicKey[];
  /** `required`: every patch comes with the attribution that it was recorded with. */
  readonly attribution: 'optional' | 'required';
  readonly promptSecrets: 'accept' | 'refuse';
  /** Channels that nobody else changes. */
  readonly protectedChannels: readonly string[];
}

export const OPEN_POLICY: ReceivePolicy = {
  isReadOnly: false,
  signatures: 'any',
  trusted: [],
  attribution: 'optional',
  promptSecrets: 'accept',
  protectedChannels: [],
};

export function checkChannel(policy: ReceivePolicy, channel: string): void {
  if (policy.protectedChannels.includes(channel)) {
    throw pushRefused(`A push to channel ${channel}`, 'That channel is protected: it is changed here only.');
  }
}

/** Throws ATOMIC_PUSH_REFUSED. */
export function checkPatch(policy: ReceivePolicy, { hash, header }: NamedPatch, stored: StoredPatch): void {
  const { signatures, attribution } = stored;
  const name = `Patch ${hash} (${header.message.split('\n')[0]?.slice(0, TITLE_MAX) ?? ''})`;
  for (const signature of signatures) {
    if (!isSignedBy(signature, hash)) throw pushRefused(name, 'A signature that came with it does not fit it.');
  }
  if (policy.signatures !== 'any' && signatures.length === 0) {
    throw pushRefused(name, 'It is not signed, and this repository takes signed patches only.');
  }
  if (policy.signatures === 'trusted' && !signatures.some(({ key }) => isTrusted(policy, key))) {
    throw pushRefused(name, 'None of the keys that this repository trusts has signed it.');
  }
  if (policy.attribution === 'required' && attribution === null) {
    throw pushRefused(
      name,
      'It comes without attribution, and this repository wants to know who or what wrote each patch.',
    );
  }
}

const TITLE_MAX = 60;

const isTrusted = ({ trusted }: ReceivePolicy, key: Uint8Array): boolean =>
  trusted.some(({ bytes }) => Buffer.compare(bytes, key) === 0);

/** `patch`: one that refers to the prompt. */
export function checkPrompt(policy: ReceivePolicy, { level, body }: Omit<Prompt, 'references'>, patch: string): void {
  // Encrypted text is nobody's to read here.
  if (policy.promptSecrets === 'accept' || body === null || level === 'encrypted' || level === 'hash') return;
  const found = secretsIn(Buffer.from(body).toString('utf8'));
  if (found.length === 0) return;
  const kinds = [...new Set(found.map(({ kind }) => kind))].join(', ');
  throw pushRefused(`Patch ${patch}`, `The prompt that it refers to holds what looks like a secret (${kinds}).`);
}
