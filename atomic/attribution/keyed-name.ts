// Names that are 16 bytes of a hash: keys and prompts. Written as 26 characters of base32 (RFC 4648, lower case).

import { base32 } from '../patches/hash.ts';

import type { KeyId, PromptHash } from './attribution.ts';

/** 128 bits, as HMAC-SHA-256-128 of RFC 4868 keeps them: half the bytes, and no two prompts of a repository meet. */
export const KEYED_NAME_BYTES = 16;
const PATTERN = /^[a-z2-7]{25}[aeimquy4]$/;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

type KeyedName = KeyId | PromptHash;

/** The name of at least 16 bytes of hash. */
export function keyedName<Name extends KeyedName>(hash: Uint8Array): Name {
  if (hash.length < KEYED_NAME_BYTES) throw new RangeError(`A name needs ${KEYED_NAME_BYTES} bytes of hash.`);
  return base32(hash.subarray(0, KEYED_NAME_BYTES)) as Name;
}

export const parseKeyedName = <Name extends KeyedName>(text: string): Name | undefined =>
  PATTERN.test(text) ? (text as Name) : undefined;

export function keyedNameBytes<Name extends KeyedName>(name: Name): Uint8Array {
  let bits = 0n;
  for (const character of name) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(character));
  // 26 characters hold 130 bits: the last two are padding.
  return Buffer.from((bits >> 2n).toString(16).padStart(KEYED_NAME_BYTES * 2, '0'), 'hex');
}
