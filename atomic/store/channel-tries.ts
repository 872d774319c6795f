// The Merkle tries of channels, so that a root is known without hashing every patch anew.
// Rule: what is kept in cache.db is believed only when it leads to the root that pristine.db has; else the trie is
// built from the set. Below the third step a kept trie has only digests; hashes are loaded where one walks down.

import type { PatchNumber } from '../patches/facts.ts';
import { HASH_BYTES } from '../patches/hash.ts';
import {
  EMPTY_TRIE,
  hashesUnder,
  rootOf,
  trieOf,
  withoutPatch,
  withPatch,
  type TrieNode,
} from '../patches/state-root.ts';
import type { Database } from './database.ts';
import type { PatchNumbers } from './patch-numbers.ts';
import type { ReadonlyPatchSet } from './patch-set.ts';
import { setFromBytes, setToBytes } from './set-bytes.ts';
import type { Cache } from './store.ts';

/** Smaller tries are built as fast as they are loaded. */
const KEPT_SIZE_MIN = 512;
/** How far a trie may move before it is kept anew: so many insertions cost a new process about 5 ms. */
const MOVES_MAX = 256;
const MOVES_AT_CLOSE = 64;
const FAN_OUT = 16;
/** 16³ buckets: with 100,000 patches each has about 25. */
const DEPTH = 3;
const BUCKETS = FAN_OUT ** DEPTH;
const KIND = 'trie';

interface Kept {
  readonly set: ReadonlyPatchSet;
  readonly trie: TrieNode;
  readonly moves: number;
}

export class ChannelTries {
  readonly #database: Database;
  readonly #numbers: PatchNumbers;
  readonly #cache: Cache;
  readonly #kept = new Map<number, Kept>();

  constructor(database: Database, numbers: PatchNumbers, cache: Cache) {
    this.#database = database;
    this.#numbers = numbers;
    this.#cache = cache;
  }

  /** The trie of a channel whose root is known. */
  trieOf(channel: number, set: ReadonlyPatchSet, root: Uint8Array): TrieNode {
    const from = this.#kept.get(channel) ?? this.#load(channel);
    const moved = from === undefined ? undefined : this.#moved(from, set);
    if (moved !== undefined && isSame(rootOf(moved.trie), root)) {
      this.#kept.set(channel, moved);
      return moved.trie;
    }
    const built = { set: set.clone(), trie: this.#build(set), moves: MOVES_AT_CLOSE };
    this.#kept.set(channel, built);
    return built.trie;
  }

  /** The root after a change, from the trie before it. */
  rootAfter(
    channel: number,
    before: { readonly set: ReadonlyPatchSet; readonly root: Uint8Array },
    after: ReadonlyPatchSet,
  ): Uint8Array {
    const trie = this.trieOf(channel, before.set, before.root);
    const moves = this.#kept.get(channel)?.moves ?? 0;
    const moved = this.#moved({ set: before.set, trie, moves }, after) ?? {
      set: after.clone(),
      trie: this.#build(after),
      moves: MOVES_MAX,
    };
    this.#kept.set(channel, moved);
    // Plain bytes, as the database gives them back: a Buffer's `slice` would share its memory.
    return Uint8Array.from(rootOf(moved.trie));
  }

  /** A fork begins with its parent's trie. */
  share(from: number, to: number): void {
    const kept = this.#kept.get(from);
    if (kept !== undefined) this.#kept.set(to, { ...kept, moves: MOVES_MAX });
  }

  /** A write failed: what it moved is of no state. */
  forget(): void {
    this.#kept.clear();
  }

  /** Writes tries that moved far. To be called after a commit, and at the end. */
  save(isEnd: boolean): void {
    for (const [channel, kept] of this.#kept) {
      if (kept.moves < (isEnd ? MOVES_AT_CLOSE : MOVES_MAX) || kept.set.size < KEPT_SIZE_MIN) continue;
      this.#cache.put(KIND, keyOf(channel), encodeTrie(kept.set, kept.trie));
      this.#kept.set(channel, { ...kept, moves: 0 });
    }
  }

  /** The trie of another set, or undefined where building it anew is less work. */
  #moved({ set, trie, moves }: Kept, to: ReadonlyPatchSet): Kept | undefined {
    const added = to.difference(set);
    const removed = set.difference(to);
    if (added.size === 0 && removed.size === 0) return { set, trie, moves };
    if (removed.size > to.size) return undefined;
    let moved = trie;
    for (const number of removed) moved = withoutPatch(moved, this.#hash(number));
    for (const number of added) moved = withPatch(moved, this.#hash(number));
    return { set: to.clone(), trie: moved, moves: moves + added.size + removed.size };
  }

  #build(set: ReadonlyPatchSet): TrieNode {
    const hash = (number: PatchNumber): Uint8Array => this.#hash(number);
    return trieOf(
      (function* hashes() {
        for (const number of set) yield hash(number);
      })(),
    );
  }

  /** A copy: nodes keep it for as long as they live. */
  #hash(number: PatchNumber): Uint8Array {
    return this.#numbers.bytesOf(number).slice();
  }

  #load(channel: number): Kept | undefined {
    const body = this.#cache.get(KIND, keyOf(channel));
    if (body === undefined) return undefined;
    try {
      return decodeTrie(body, (set, path) => this.#hashesAt(set, path));
    } catch {
      // Whatever is wrong with a cache, the trie is built without it.
      return undefined;
    }
  }

  #hashesAt(set: ReadonlyPatchSet, path: number): readonly Uint8Array[] {
    const low = new Uint8Array(HASH_BYTES);
    const high = new Uint8Array(HASH_BYTES).fill(0xff);
    low[0] = high[0] = path >> 4;
    low[1] = (path & 15) << 4;
    high[1] = low[1] | 15;
    const database = this.#database;
    return database
      .rows('SELECT number, hash FROM changes WHERE hash BETWEEN ? AND ?', low, high)
      .filter((row) => set.has(database.number(row, 0)))
      .map((row) => database.bytes(row, 1));
  }
}

type LoadHashes = (set: ReadonlyPatchSet, path: number) => readonly Uint8Array[];

// One kept trie: length of the set, the set, then each bucket: count (u32), digest of its branch or hash of its leaf.
const BUCKET_BYTES = 4 + HASH_BYTES;

function encodeTrie(set: ReadonlyPatchSet, trie: TrieNode): Uint8Array {
  const bits = setToBytes(set);
  const bytes = new Uint8Array(4 + bits.length + BUCKETS * BUCKET_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bits.length, true);
  bytes.set(bits, 4);
  const put = (node: TrieNode, path: number): void => {
    const at = 4 + bits.length + path * BUCKET_BYTES;
    view.setUint32(at, node.count, true);
    bytes.set(node.leaf ?? rootOf(node), at + 4);
  };
  const walk = (node: TrieNode | null, path: number, depth: number): void => {
    if (node === null || node.count === 0) return;
    if (node.leaf !== null) put(node, pathOf(node.leaf));
    else if (depth === DEPTH) put(node, path);
    else for (const [step, child] of (node.children ?? []).entries()) walk(child, path * FAN_OUT + step, depth + 1);
  };
  walk(trie, 0, 0);
  return bytes;
}

function decodeTrie(bytes: Uint8Array, load: LoadHashes): Kept {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 4 + view.getUint32(0, true);
  const set = setFromBytes(bytes.subarray(4, start));
  const node = (path: number, depth: number): TrieNode | null => {
    if (depth === DEPTH) {
      const at = start + path * BUCKET_BYTES;
      const count = view.getUint32(at, true);
      const digest = bytes.slice(at + 4, at + BUCKET_BYTES);
      if (count === 0) return null;
      if (count === 1) return { count, leaf: digest, children: null, digest: null };
      return lazyBranch(count, digest, () => load(set, path));
    }
    const children = Array.from({ length: FAN_OUT }, (_, step) => node(path * FAN_OUT + step, depth + 1));
    return branch(children);
  };
  return { set, trie: node(0, 0) ?? EMPTY_TRIE, moves: 0 };
}

/** A branch of one patch is that leaf, as everywhere in a trie. */
function branch(children: readonly (TrieNode | null)[]): TrieNode | null {
  const there = children.filter((child) => child !== null);
  const count = there.reduce((sum, child) => sum + child.count, 0);
  const [only] = there;
  if (count <= 1) return only ?? null;
  return { count, leaf: null, children, digest: null };
}

function lazyBranch(count: number, digest: Uint8Array, load: () => readonly Uint8Array[]): TrieNode {
  let children: TrieNode['children'] = null;
  return {
    count,
    leaf: null,
    digest,
    get children() {
      children ??= load().reduce((node, hash) => withPatch(node, hash, DEPTH), EMPTY_TRIE).children;
      return children;
    },
  };
}

const pathOf = (hash: Uint8Array): number => ((hash[0] ?? 0) << 4) | ((hash[1] ?? 0) >> 4);
const keyOf = (channel: number): Uint8Array => new Uint8Array(Uint32Array.of(channel).buffer);
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** How many patches a trie really has below its digests. For checks. */
export const countBelow = (trie: TrieNode): number => [...hashesUnder(trie)].length;
