// A pack: the bytes of many patches in one immutable file. Hashed sections and contents lie in blocks of their own,
// each block compressed by itself, so that one patch's text is read without the rest.
//
//   magic · blocks (zstd with checksum) … · index (zstd) · footer: lengths and CRC of the index, magic
//
// Rule: patches lie in the order of their local numbers in both streams, so an index is lengths alone and positions are
// sums. Nothing is decompressed before its length is known and found to be within bounds.

import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

import { CONTENTS_MAX } from '../patches/encode-patch.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { packDamaged } from './faults.ts';
import { NumberReader, NumberWriter } from './number-lists.ts';

export const MAGIC = new TextEncoder().encode('ATOMPAK1');
export const FOOTER_BYTES = 16 + MAGIC.length;
/** A block is closed when it has this much: 512 KiB decompress in about a millisecond. */
export const BLOCK_BYTES = 512 * 1024;
/** A block holds at least one patch, and a patch at most this. */
export const BLOCK_BYTES_MAX = CONTENTS_MAX + BLOCK_BYTES;
/** 16 million patches of 9 bytes. */
const INDEX_BYTES_MAX = 256 * 1024 * 1024;

export interface Block {
  readonly at: number;
  readonly storedLength: number;
  readonly length: number;
}

/** One patch in one stream: in which block, where in it, how long. */
export interface Slice {
  readonly block: number;
  readonly start: number;
  readonly length: number;
}

export interface StreamIndex {
  readonly blocks: readonly Block[];
  readonly blockOf: Int32Array;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
}

export interface PackIndex {
  /** Rising. */
  readonly numbers: Int32Array;
  readonly hashed: StreamIndex;
  readonly contents: StreamIndex;
}

export type StreamName = 'hashed' | 'contents';

/** What a writer notes of a block: how long it is, stored and plain, and how many patches begin in it. */
export interface WrittenBlock {
  readonly stream: StreamName;
  readonly storedLength: number;
  readonly length: number;
  readonly patches: number;
}

/** What a pack is made of, as its index says it. */
export interface Written {
  readonly numbers: readonly PatchNumber[];
  readonly hashed: readonly Slice[];
  readonly contents: readonly Slice[];
  readonly blocks: readonly WrittenBlock[];
}

export function compress(bytes: Uint8Array, level: number): Uint8Array {
  return zstdCompressSync(bytes, {
    params: {
      [constants.ZSTD_c_compressionLevel]: level,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
}

/** Throws ATOMIC_STORE_PACK_DAMAGED unless exactly `length` bytes come out. */
export function decompress(stored: Uint8Array, length: number, file: string): Uint8Array {
  if (length > BLOCK_BYTES_MAX) throw packDamaged(file, `One of its blocks claims ${length} bytes.`);
  const bytes = decompressed(stored, Math.max(1, length), file);
  if (bytes.length !== length) throw packDamaged(file, 'A block in it has another length than the index says.');
  return bytes;
}

function decompressed(stored: Uint8Array, maxOutputLength: number, file: string): Uint8Array {
  try {
    const bytes = zstdDecompressSync(stored, { maxOutputLength });
    // Plain bytes: a Buffer's `slice` would share its memory.
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  } catch (cause) {
    throw packDamaged(file, 'A block in it is damaged.', cause);
  }
}

/** The index and the footer, as they end a pack. */
export function encodeIndex({ numbers, hashed, contents, blocks }: Written): Uint8Array {
  const out = new NumberWriter();
  out.add(numbers.length);
  out.add(blocks.length);
  for (const block of blocks) {
    out.add(block.stream === 'hashed' ? 0 : 1);
    out.add(block.storedLength);
    out.add(block.length);
    out.add(block.patches);
  }
  let before = 0;
  for (const [index, number] of numbers.entries()) {
    out.add(number - before);
    out.add(hashed[index]?.length ?? 0);
    out.add(contents[index]?.length ?? 0);
    before = number;
  }
  const plain = out.finish();
  const stored = compress(plain, 3);
  const footer = new DataView(new ArrayBuffer(FOOTER_BYTES));
  footer.setUint32(0, stored.length, true);
  footer.setUint32(4, plain.length, true);
  footer.setUint32(8, crc32(plain), true);
  const end = new Uint8Array(footer.buffer);
  end.set(MAGIC, 16);
  return Buffer.concat([stored, end]);
}

/** Where the index lies, from a pack's last bytes. */
export function readFooter(footer: Uint8Array, file: string): { readonly stored: number; readonly plain: number } {
  const view = new DataView(footer.buffer, footer.byteOffset, footer.byteLength);
  if (footer.length !== FOOTER_BYTES || !MAGIC.every((byte, at) => footer[16 + at] === byte)) {
    throw packDamaged(file, 'It was cut off or is no pack.');
  }
  const plain = view.getUint32(4, true);
  if (plain > INDEX_BYTES_MAX) throw packDamaged(file, `Its index claims ${plain} bytes.`);
  return { stored: view.getUint32(0, true), plain };
}

/** Reads the index. `size` is the file's: every byte of it must be accounted for. */
export function decodeIndex(stored: Uint8Array, footer: Uint8Array, size: number, file: string): PackIndex {
  const lengths = readFooter(footer, file);
  const plain = decompress(stored, lengths.plain, file);
  if (crc32(plain) !== new DataView(footer.buffer, footer.byteOffset).getUint32(8, true)) {
    throw packDamaged(file, 'Its index is damaged.');
  }
  try {
    return parseIndex(new NumberReader(plain), size - stored.length - FOOTER_BYTES);
  } catch (cause) {
    throw packDamaged(file, 'Its index contradicts itself or the length of the file.', cause);
  }
}

interface ReadBlocks {
  readonly hashed: { blocks: Block[]; patches: number[] };
  readonly contents: { blocks: Block[]; patches: number[] };
}

function parseIndex(input: NumberReader, end: number): PackIndex {
  const count = input.next();
  const streams = parseBlocks(input, end);
  if (count * 3 > INDEX_BYTES_MAX) throw new RangeError('Too many patches.');
  const numbers = new Int32Array(count);
  const hashedLengths = new Int32Array(count);
  const contentsLengths = new Int32Array(count);
  let number = 0;
  for (let index = 0; index < count; index += 1) {
    number += input.next();
    numbers[index] = number;
    hashedLengths[index] = input.next();
    contentsLengths[index] = input.next();
  }
  if (!input.isAtEnd) throw new RangeError('There is more than the index says.');
  return {
    numbers,
    hashed: streamIndex(streams.hashed, hashedLengths),
    contents: streamIndex(streams.contents, contentsLengths),
  };
}

function parseBlocks(input: NumberReader, end: number): ReadBlocks {
  const streams: ReadBlocks = { hashed: { blocks: [], patches: [] }, contents: { blocks: [], patches: [] } };
  let at = MAGIC.length;
  for (let left = input.next(); left > 0; left -= 1) {
    const { blocks, patches } = input.next() === 0 ? streams.hashed : streams.contents;
    const storedLength = input.next();
    blocks.push({ at, storedLength, length: input.next() });
    patches.push(input.next());
    at += storedLength;
  }
  if (at !== end) throw new RangeError('The blocks do not fill the file.');
  return streams;
}

function streamIndex({ blocks, patches }: ReadBlocks['hashed'], lengths: Int32Array): StreamIndex {
  const blockOf = new Int32Array(lengths.length);
  const starts = new Int32Array(lengths.length);
  let index = 0;
  for (const [block, count] of patches.entries()) {
    let start = 0;
    for (const last = index + count; index < last; index += 1) {
      blockOf[index] = block;
      starts[index] = start;
      start += lengths[index] ?? 0;
    }
    if (start !== blocks[block]?.length) throw new RangeError('A block is not as long as its patches.');
  }
  if (index !== lengths.length) throw new RangeError('The blocks hold another number of patches.');
  return { blocks, blockOf, starts, lengths };
}

export function sliceOf(stream: StreamIndex, index: number): Slice {
  return {
    block: stream.blockOf[index] ?? 0,
    start: stream.starts[index] ?? 0,
    length: stream.lengths[index] ?? 0,
  };
}
