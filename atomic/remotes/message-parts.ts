// The parts that messages are made of: channels, places in a trie and what is there, lists of names.

import { unreachable } from 'kernel/basics';

import type { ByteReader, ByteWriter } from '../patches/bytes.ts';
import { HASH_BYTES } from '../patches/hash.ts';
import { frameMalformed } from './faults.ts';
import { joinShorts, SHORT_BYTES, splitShorts, type Short } from './shorts.ts';

export interface ChannelState {
  readonly name: string;
  /** 32 bytes. */
  readonly root: Uint8Array;
  readonly size: number;
}

/** Which Merkle trie is meant: of the patches of a channel, or of the signatures and reviews of them. */
export type TrieName = 'patches' | 'statements';
const TRIES: readonly TrieName[] = ['patches', 'statements'];

/** A place in a trie: its nibbles, and the beginning of what one's own trie has there (zeros: nothing). */
export interface Place {
  readonly path: Uint8Array;
  readonly short: Short;
}

export type NodeAnswer =
  | { readonly kind: 'same' }
  /** Every leaf under it. */
  | { readonly kind: 'list'; readonly shorts: readonly Short[] }
  /** The digests two steps down: 256, null where nothing is. */
  | { readonly kind: 'branch'; readonly digests: readonly (Short | null)[] };

export const NAME_MAX = 1024;
const CHANNELS_MAX = 100_000;
/** Two steps for each of 32 bytes. */
const PATH_MAX = 64;
/** A request of more places is cut into several. 1024 answers are at most 8 MB. */
export const PLACES_MAX = 1024;
export const NODE_FAN_OUT = 256;
const SHORTS_BYTES_MAX = 4 * 1024 * 1024;
/** Names in one list; more are several lists. */
export const SHORTS_MAX = SHORTS_BYTES_MAX / SHORT_BYTES;

export const NO_SHORT: Short = '\0'.repeat(SHORT_BYTES);

export const writeTrie = (out: ByteWriter, trie: TrieName): void => out.number(TRIES.indexOf(trie));

export function readTrie(input: ByteReader): TrieName {
  return input.number(1) === 0 ? 'patches' : 'statements';
}

export function readStart(input: ByteReader): Uint8Array | null {
  const start = input.bytes(HASH_BYTES);
  if (start.length !== 0 && start.length !== HASH_BYTES) throw frameMalformed('a root is cut');
  return start.length === 0 ? null : start;
}

export const readShorts = (input: ByteReader): readonly Short[] => splitShorts(input.bytes(SHORTS_BYTES_MAX));

const readShort = (input: ByteReader): Short => Buffer.from(input.raw(SHORT_BYTES)).toString('latin1');

export function writePlaces(out: ByteWriter, places: readonly Place[]): void {
  out.number(places.length);
  for (const { path, short } of places) {
    out.bytes(path);
    out.raw(Buffer.from(short, 'latin1'));
  }
}

export function readPlaces(input: ByteReader): readonly Place[] {
  const count = input.count();
  if (count > PLACES_MAX) throw frameMalformed(`it asks for ${count} places at once`);
  return Array.from({ length: count }, () => ({ path: readPath(input), short: readShort(input) }));
}

export function readPath(input: ByteReader): Uint8Array {
  const path = input.bytes(PATH_MAX);
  if (path.some((nibble) => nibble > 15)) throw frameMalformed('a place in a trie is none');
  return path;
}

const ANSWERS: readonly NodeAnswer['kind'][] = ['same', 'list', 'branch'];

export function writeAnswer(out: ByteWriter, answer: NodeAnswer): void {
  out.number(ANSWERS.indexOf(answer.kind));
  switch (answer.kind) {
    case 'same':
      return;
    case 'list':
      return out.bytes(joinShorts(answer.shorts));
    case 'branch': {
      const bits = new Uint8Array(NODE_FAN_OUT / 8);
      for (const [at, digest] of answer.digests.entries()) {
        if (digest !== null) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
      }
      out.raw(bits);
      for (const digest of answer.digests) if (digest !== null) out.raw(Buffer.from(digest, 'latin1'));
      return;
    }
    default:
      return unreachable(answer);
  }
}

export function readAnswer(input: ByteReader): NodeAnswer {
  const kind = ANSWERS[input.number(ANSWERS.length - 1)];
  if (kind === 'list') return { kind, shorts: readShorts(input) };
  if (kind !== 'branch') return { kind: 'same' };
  const bits = input.raw(NODE_FAN_OUT / 8);
  const digests = Array.from({ length: NODE_FAN_OUT }, (_, at) =>
    (((bits[at >> 3] ?? 0) >> (at & 7)) & 1) === 1 ? readShort(input) : null,
  );
  return { kind, digests };
}

export function writeTexts(out: ByteWriter, texts: readonly string[]): void {
  out.number(texts.length);
  for (const text of [...texts].sort()) out.text(text);
}

export function readTexts(input: ByteReader, countMax: number, lengthMax: number): readonly string[] {
  const count = input.count();
  if (count > countMax) throw frameMalformed(`a list has ${count} entries`);
  const texts = Array.from({ length: count }, () => input.text(lengthMax));
  if (texts.some((text, at) => at > 0 && (texts[at - 1] ?? '') >= text)) throw frameMalformed('a list is not sorted');
  return texts;
}

export function writeOptional(out: ByteWriter, text: string | null): void {
  out.number(text === null ? 0 : 1);
  if (text !== null) out.text(text);
}

export const readOptional = (input: ByteReader, max: number): string | null =>
  input.number(1) === 0 ? null : input.text(max);

export function writeChannels(out: ByteWriter, channels: readonly ChannelState[]): void {
  out.number(channels.length);
  for (const { name, root, size } of channels) {
    out.text(name);
    out.raw(root);
    out.number(size);
  }
}

export function readChannels(input: ByteReader): readonly ChannelState[] {
  const count = input.count();
  if (count > CHANNELS_MAX) throw frameMalformed(`it has ${count} channels`);
  return Array.from({ length: count }, () => ({
    name: input.text(NAME_MAX),
    root: input.raw(HASH_BYTES),
    size: input.number(),
  }));
}
