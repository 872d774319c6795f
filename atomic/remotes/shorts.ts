// The beginnings of hashes, side by side: how two repositories name what they have while they compare.
// Rule: 16 bytes (128 bits) are never met by chance, and whoever would make them meet gains nothing: what is exchanged in
// the end is checked against whole hashes and whole roots.

import { frameMalformed } from './faults.ts';

export const SHORT_BYTES = 16;

/** As a key of a map. */
export type Short = string;

export const shortOf = (hash: Uint8Array): Short =>
  Buffer.from(hash.buffer, hash.byteOffset, SHORT_BYTES).toString('latin1');

/** Sorted by their bytes, so that a list has one form. */
export function joinShorts(shorts: Iterable<Short>): Uint8Array {
  return Buffer.from([...shorts].sort().join(''), 'latin1');
}

/** Throws ATOMIC_FRAME_MALFORMED unless they are whole, sorted and without repeats. */
export function splitShorts(bytes: Uint8Array): readonly Short[] {
  if (bytes.length % SHORT_BYTES !== 0) throw frameMalformed('a list of names is cut');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const shorts: Short[] = [];
  for (let at = 0; at < text.length; at += SHORT_BYTES) {
    const short = text.slice(at, at + SHORT_BYTES);
    const before = shorts.at(-1);
    if (before !== undefined && before >= short) throw frameMalformed('a list of names is not sorted');
    shorts.push(short);
  }
  return shorts;
}
