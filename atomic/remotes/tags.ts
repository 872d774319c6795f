// Tags, sent as what both sides can name: the patches of a channel by their order of hashes, a bit for each.
//
//   zstd of: name · moment · message · root · signature or nothing · bits …
//
// Rule: a tag is taken only where its bits come to the root that it names. One that is there under that name stays.

import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

import { instant } from 'kernel/basics';

import { ByteReader, ByteWriter } from '../patches/bytes.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { HASH_BYTES } from '../patches/hash.ts';
import { EMPTY_TRIE, rootOf, withoutPatch, withPatch } from '../patches/state-root.ts';
import { PatchSet, type ReadonlyPatchSet } from '../store/patch-set.ts';
import type { PatchStore, Tag } from '../store/store.ts';
import { frameMalformed } from './faults.ts';
import { readStrictly } from './read-strictly.ts';

/** A frame holds it, and so do two thousand tags of ten thousand patches; what is beyond comes next time. */
const PLAIN_BYTES_MAX = 4 * 1024 * 1024;
const NAME_MAX = 1024;
const MESSAGE_MAX = 64 * 1024;
/** A public key, and the signature by it. */
const SIGNATURE_MAX = 96;

/** The tags of a store that lie within a set, without those that are known by name. */
export function encodeTags(store: PatchStore, set: ReadonlyPatchSet, known: readonly string[]): Uint8Array {
  const names = new Set(known);
  const places = placesIn(store, set);
  const out = new ByteWriter();
  let length = 0;
  // From one to the next little changes, so that whoever reads them has little to check.
  const tags = [...store.names.tags()].sort((a, b) => a.set.size - b.set.size);
  for (const tag of tags) {
    if (names.has(tag.name) || !tag.set.isSubsetOf(set)) continue;
    const bytes = encodeTag(tag, places);
    if ((length += bytes.length) > PLAIN_BYTES_MAX) break;
    out.raw(bytes);
  }
  return zstdCompressSync(out.finish(), { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
}

function encodeTag({ name, at, message, root, signature, set }: Tag, places: Places): Uint8Array {
  const out = new ByteWriter();
  out.text(name);
  out.signed(at);
  out.text(message);
  out.raw(root);
  out.bytes(signature ?? new Uint8Array());
  const bits = new Uint8Array(Math.ceil(places.numbers.length / 8));
  for (const number of set) {
    const at8 = places.placeOf.get(number) ?? 0;
    bits[at8 >> 3] = (bits[at8 >> 3] ?? 0) | (1 << (at8 & 7));
  }
  out.bytes(bits);
  return out.finish();
}

/** Throws ATOMIC_FRAME_MALFORMED. `set`: the channel as it is on the other side. */
export const decodeTags = (store: PatchStore, set: ReadonlyPatchSet, bytes: Uint8Array): readonly Tag[] =>
  readStrictly('a list of tags', () => readTags(store, set, bytes));

function readTags(store: PatchStore, set: ReadonlyPatchSet, bytes: Uint8Array): readonly Tag[] {
  const { numbers } = placesIn(store, set);
  const input = new ByteReader(plainOf(bytes));
  const tags: Tag[] = [];
  let trie = EMPTY_TRIE;
  let before: ReadonlyPatchSet = new PatchSet();
  while (input.left > 0) {
    const [name, at, message] = [input.text(NAME_MAX), instant(input.signed()), input.text(MESSAGE_MAX)];
    const root = input.raw(HASH_BYTES).slice();
    const signature = input.bytes(SIGNATURE_MAX);
    const own = setOf(input.bytes(Math.ceil(numbers.length / 8)), numbers);
    const hash = (number: PatchNumber): Uint8Array => store.patches.hashBytesOf(number).slice();
    for (const number of before.difference(own)) trie = withoutPatch(trie, hash(number));
    for (const number of own.difference(before)) trie = withPatch(trie, hash(number));
    before = own;
    if (Buffer.compare(rootOf(trie), root) !== 0)
      throw frameMalformed(`tag ${JSON.stringify(name)} is not what it says`);
    tags.push({ name, at, message, root, set: own, signature: signature.length === 0 ? null : signature.slice() });
  }
  return tags;
}

interface Places {
  readonly numbers: readonly PatchNumber[];
  readonly placeOf: ReadonlyMap<PatchNumber, number>;
}

function placesIn(store: PatchStore, set: ReadonlyPatchSet): Places {
  const numbers = [...set].sort((a, b) => store.patches.compare(a, b));
  return { numbers, placeOf: new Map(numbers.map((number, place) => [number, place])) };
}

function setOf(bits: Uint8Array, numbers: readonly PatchNumber[]): PatchSet {
  const set = new PatchSet();
  for (const [place, number] of numbers.entries()) {
    if ((((bits[place >> 3] ?? 0) >> (place & 7)) & 1) === 1) set.add(number);
  }
  return set;
}

function plainOf(bytes: Uint8Array): Uint8Array {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: PLAIN_BYTES_MAX });
  } catch (cause) {
    throw frameMalformed('a list of tags is damaged', cause);
  }
}
