// The name of a patch: SHA-256 of its canonical bytes, written in base32 (RFC 4648, lower case, without padding).
// People may type any prefix that is unique in their repository.

declare const patchHashBrand: unique symbol;

/** 52 characters of base32: 32 bytes. */
export type PatchHash = string & { readonly [patchHashBrand]: true };

export const HASH_BYTES = 32;
const HASH_CHARACTERS = 52;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const HASH_PATTERN = /^[a-z2-7]{51}[aq]$/;
const VALUE_OF = new Map([...ALPHABET].map((character, value) => [character, value]));

/** The text form of 32 bytes. */
export function hashFromBytes(bytes: Uint8Array): PatchHash {
  if (bytes.length !== HASH_BYTES) throw new RangeError(`A hash has ${HASH_BYTES} bytes, not ${bytes.length}.`);
  return base32(bytes) as PatchHash;
}

export function hashToBytes(hash: PatchHash): Uint8Array {
  const bytes = new Uint8Array(HASH_BYTES);
  let bits = 0;
  let value = 0;
  let at = 0;
  for (const character of hash) {
    value = ((value << 5) | (VALUE_OF.get(character) ?? 0)) & 0xfff;
    bits += 5;
    if (bits < 8 || at === HASH_BYTES) continue;
    bits -= 8;
    bytes[at] = (value >> bits) & 0xff;
    at += 1;
  }
  return bytes;
}

/** The text as a hash, or undefined when it cannot be one. */
export function parseHash(text: string): PatchHash | undefined {
  const lower = text.toLowerCase();
  return lower.length === HASH_CHARACTERS && HASH_PATTERN.test(lower) ? (lower as PatchHash) : undefined;
}

/** Bytes in base32, lower case, without padding. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((value >> bits) & 31);
    }
  }
  return bits === 0 ? text : text + ALPHABET.charAt((value << (5 - bits)) & 31);
}

/** The order of hashes by their bytes. Not that of their texts: base32 puts letters before digits. */
export function compareHashes(a: PatchHash, b: PatchHash): number {
  if (a === b) return 0;
  let at = 0;
  while (a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return (VALUE_OF.get(a.charAt(at)) ?? 0) - (VALUE_OF.get(b.charAt(at)) ?? 0);
}
