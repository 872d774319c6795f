// A set of patches as bytes: in pieces for a channel, so that a record writes one small row; whole for a tag.

import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

import { NUMBER_MAX, PatchSet, type ReadonlyPatchSet } from './patch-set.ts';

/** 8192 numbers, one KiB. */
const PIECE_WORDS = 256;
const PIECE_BYTES = PIECE_WORDS * 4;
const SET_BYTES_MAX = (NUMBER_MAX + 1) / 8;

/** One piece, without the zeros at its end; empty where no number of it is in the set. */
export function pieceOf(set: ReadonlyPatchSet, piece: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(PIECE_BYTES));
  for (let index = 0; index < PIECE_WORDS; index += 1) {
    view.setUint32(index * 4, set.word(piece * PIECE_WORDS + index), true);
  }
  const bytes = new Uint8Array(view.buffer);
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length -= 1;
  return bytes.subarray(0, length);
}

/** The pieces in which two sets differ. */
export function differingPieces(before: ReadonlyPatchSet, after: ReadonlyPatchSet): readonly number[] {
  const pieces: number[] = [];
  const words = Math.max(before.words, after.words);
  for (let index = 0; index < words; index += 1) {
    const piece = Math.floor(index / PIECE_WORDS);
    if (before.word(index) !== after.word(index) && pieces.at(-1) !== piece) pieces.push(piece);
  }
  return pieces;
}

/** Throws RangeError where a piece lies beyond all numbers or is too long. */
export function setOfPieces(pieces: readonly { readonly piece: number; readonly bits: Uint8Array }[]): PatchSet {
  const last = Math.max(-1, ...pieces.map(({ piece }) => piece));
  if ((last + 1) * PIECE_BYTES > SET_BYTES_MAX) throw new RangeError('A set has numbers that no patch can have.');
  const bytes = new Uint8Array((last + 1) * PIECE_BYTES);
  for (const { piece, bits } of pieces) {
    if (piece < 0 || bits.length > PIECE_BYTES) throw new RangeError('A piece of a set is too long.');
    bytes.set(bits, piece * PIECE_BYTES);
  }
  return setOf(bytes);
}

/** All of a set, compressed: neighbouring numbers are mostly in it together. */
export function setToBytes(set: ReadonlyPatchSet): Uint8Array {
  const view = new DataView(new ArrayBuffer(set.words * 4));
  for (let index = 0; index < set.words; index += 1) view.setUint32(index * 4, set.word(index), true);
  return zstdCompressSync(new Uint8Array(view.buffer));
}

export const setFromBytes = (bytes: Uint8Array): PatchSet =>
  setOf(zstdDecompressSync(bytes, { maxOutputLength: SET_BYTES_MAX }));

function setOf(bytes: Uint8Array): PatchSet {
  const words = new Uint32Array(Math.ceil(bytes.length / 4));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index * 4 + 4 <= bytes.length; index += 1) words[index] = view.getUint32(index * 4, true);
  return new PatchSet(words);
}
