// Entries in blocks: each compressed by itself, about half a MiB before that, so that a bundle of any size is made, sent,
// kept and read in bounded pieces.
//
//   flags (1: goes on in the next block) · entries that end in it · length before compression · zstd with checksum
//
// Rule: a block holds whole entries, or a piece of one that is too long for any. What it says of its length is looked at
// before it is decompressed, and no more than that comes out of it.

import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

import { ByteReader, ByteWriter } from '../patches/bytes.ts';
import { CONTENTS_MAX } from '../patches/encode-patch.ts';
import { encodeEntry, readEntry, type Entry, type SentEntry } from './entries.ts';
import { frameMalformed, transferCut } from './faults.ts';
import { readStrictly } from './read-strictly.ts';

/** Compresses in a millisecond, and is long enough that zstd finds what patches have in common. */
const BLOCK_BYTES = 512 * 1024;
/** A longer entry is cut into pieces of this. */
export const BLOCK_BYTES_MAX = 2 * BLOCK_BYTES;
/** The longest patch: its text, its hashed section, and what belongs to it. */
const ENTRY_BYTES_MAX = 2 * CONTENTS_MAX + 8 * 1024 * 1024;
const LEVEL = 3;
const GOES_ON = 1;

/** The payloads of the blocks of a bundle. Lazy: a block is made when it is asked for. `batch`: entries in one at most. */
export function* blocksOf(entries: Iterable<SentEntry>, batch = Infinity): Generator<Uint8Array, void> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const closed = function* closed(): Generator<Uint8Array, void> {
    if (parts.length > 0) yield blockOf(Buffer.concat(parts, length), parts.length, false);
    [parts, length] = [[], 0];
  };
  for (const entry of entries) {
    const bytes = encodeEntry(entry);
    if (length > 0 && length + bytes.length > BLOCK_BYTES_MAX) yield* closed();
    if (bytes.length > BLOCK_BYTES_MAX) {
      yield* pieces(bytes);
      continue;
    }
    parts.push(bytes);
    length += bytes.length;
    if (length >= BLOCK_BYTES || parts.length >= batch) yield* closed();
  }
  yield* closed();
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES_MAX) {
    const isLast = at + BLOCK_BYTES_MAX >= bytes.length;
    yield blockOf(bytes.subarray(at, at + BLOCK_BYTES_MAX), isLast ? 1 : 0, !isLast);
  }
}

function blockOf(plain: Uint8Array, entries: number, goesOn: boolean): Uint8Array {
  const out = new ByteWriter();
  out.number(goesOn ? GOES_ON : 0);
  out.number(entries);
  out.number(plain.length);
  out.raw(
    zstdCompressSync(plain, {
      params: { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 },
    }),
  );
  return out.finish();
}

interface BlockHead {
  readonly goesOn: boolean;
  readonly entries: number;
  readonly length: number;
}

/** How many entries end in a block, without opening it. Throws ATOMIC_FRAME_MALFORMED. */
export const entriesEndingIn = (payload: Uint8Array): number =>
  readStrictly('a bundle', () => readHead(new ByteReader(payload)).entries);

function readHead(input: ByteReader): BlockHead {
  const goesOn = input.number(GOES_ON) === GOES_ON;
  const entries = input.number(BLOCK_BYTES_MAX);
  const length = input.number(BLOCK_BYTES_MAX);
  if (length === 0 || entries > length || (goesOn && entries > 0)) throw frameMalformed('a block contradicts itself');
  return { goesOn, entries, length };
}

/** The entries of blocks, one after another. Throws ATOMIC_FRAME_MALFORMED, and ATOMIC_TRANSFER_CUT inside of an entry. */
export function* entriesIn(blocks: Iterable<Uint8Array>): Generator<Entry, void> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for (const block of blocks) {
    const { goesOn, entries, plain } = opened(block);
    const isPiece = parts.length > 0;
    parts.push(plain);
    length += plain.length;
    if (length > ENTRY_BYTES_MAX) throw frameMalformed('an entry is too long');
    if (goesOn) continue;
    if (isPiece && entries !== 1) throw frameMalformed('a block contradicts itself');
    const input = new ByteReader(isPiece ? Buffer.concat(parts, length) : plain);
    for (let left = entries; left > 0; left -= 1) yield readStrictly('a bundle', () => readEntry(input));
    readStrictly('a bundle', () => input.end());
    [parts, length] = [[], 0];
  }
  if (parts.length > 0) throw transferCut();
}

function opened(block: Uint8Array): BlockHead & { readonly plain: Uint8Array } {
  const input = new ByteReader(block);
  const head = readStrictly('a bundle', () => readHead(input));
  const plain = decompressed(input.raw(input.left), head.length);
  if (plain.length !== head.length) throw frameMalformed('a block has another length than it says');
  return { ...head, plain };
}

/** Where a zstd frame says that its checksum follows (RFC 8878, 3.1.1.1.1). Without it damage would go unseen. */
const FRAME_DESCRIPTOR = 4;
const HAS_CHECKSUM = 4;

function decompressed(stored: Uint8Array, maxOutputLength: number): Uint8Array {
  if (((stored[FRAME_DESCRIPTOR] ?? 0) & HAS_CHECKSUM) === 0) throw frameMalformed('a block has no checksum');
  try {
    const bytes = zstdDecompressSync(stored, { maxOutputLength });
    // Plain bytes: a Buffer's `slice` would share its memory.
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  } catch (cause) {
    throw frameMalformed('a block cannot be decompressed', cause);
  }
}
