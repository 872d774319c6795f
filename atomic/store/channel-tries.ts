// The Merkle tries of channels, so that a root is known without hashing every patch anew.
// Rule: what is kept in cache.db is believed only where it leads to the root that pristine.db has; else the trie is
// built from the set. How a trie is kept: kept-trie.ts.

import { Fault } from 'kernel/basics';

import type { PatchNumber } from '../patches/facts.ts';
import { HASH_BYTES } from '../patches/hash.ts';
import { rootOf, trieOf, withoutPatch, withPatch, type TrieNode } from '../patches/state-root.ts';
import type { Database } from './database.ts';
import { keptTrieDamaged } from './faults.ts';
import { decodeTrie, encodeTrie } from './kept-trie.ts';
import type { PatchNumbers } from './patch-numbers.ts';
import type { ReadonlyPatchSet } from './patch-set.ts';
import type { Cache } from './store.ts';

/** Smaller tries are built as fast as they are loaded. */
const KEPT_SIZE_MIN = 128;
/** Another channel's trie is a start where it differs by fewer patches: a fork begins with its parent's. */
const START_MOVES_MAX = 4096;
/** Channels that are looked at for such a start. */
const STARTS_MAX = 16;
/** How far a trie may move before it is kept anew: so many insertions cost a new process about 5 ms. */
const MOVES_MAX = 256;
const MOVES_AT_CLOSE = 64;
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
    const from = this.#kept.get(channel) ?? this.#load(channel) ?? this.#start(set);
    const moved = from === undefined ? undefined : this.#moved(from, set);
    if (moved !== undefined && isSame(rootOf(moved.trie), root)) {
      this.#kept.set(channel, moved);
      return moved.trie;
    }
    return this.#keepBuilt(channel, set).trie;
  }

  /** The root after a change, from the trie before it. */
  rootAfter(
    channel: number,
    before: { readonly set: ReadonlyPatchSet; readonly root: Uint8Array },
    after: ReadonlyPatchSet,
  ): Uint8Array {
    const trie = this.trieOf(channel, before.set, before.root);
    const moves = this.#kept.get(channel)?.moves ?? 0;
    const moved = this.#moved({ set: before.set, trie, moves }, after) ?? this.#keepBuilt(channel, after);
    this.#kept.set(channel, moved);
    // Plain bytes, as the database gives them back: a Buffer's `slice` would share its memory.
    return Uint8Array.from(rootOf(moved.trie));
  }

  /** A fork begins with its parent's trie. */
  share(from: number, to: number): void {
    const kept = this.#kept.get(from);
    if (kept !== undefined) this.#kept.set(to, { ...kept, moves: 0 });
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

  /** The trie of another set, or undefined where it is to be built: that is less work, or what was kept is damaged. */
  #moved(from: Kept, to: ReadonlyPatchSet): Kept | undefined {
    try {
      return this.#move(from, to);
    } catch (thrown) {
      if (thrown instanceof Fault && thrown.code === keptTrieDamaged().code) return undefined;
      throw thrown;
    }
  }

  #move({ set, trie, moves }: Kept, to: ReadonlyPatchSet): Kept | undefined {
    const added = to.difference(set);
    const removed = set.difference(to);
    if (added.size === 0 && removed.size === 0) return { set, trie, moves };
    if (removed.size > to.size) return undefined;
    let moved = trie;
    for (const number of removed) moved = withoutPatch(moved, this.#hash(number));
    for (const number of added) moved = withPatch(moved, this.#hash(number));
    return { set: to.clone(), trie: moved, moves: moves + added.size + removed.size };
  }

  #keepBuilt(channel: number, set: ReadonlyPatchSet): Kept {
    const hash = (number: PatchNumber): Uint8Array => this.#hash(number);
    const trie = trieOf(
      (function* hashes() {
        for (const number of set) yield hash(number);
      })(),
    );
    const built: Kept = { set: set.clone(), trie, moves: MOVES_MAX };
    this.#kept.set(channel, built);
    return built;
  }

  /** A copy: nodes keep it for as long as they live. */
  #hash(number: PatchNumber): Uint8Array {
    return this.#numbers.bytesOf(number).slice();
  }

  #load(channel: number): Kept | undefined {
    const body = this.#cache.get(KIND, keyOf(channel));
    const kept = body === undefined ? undefined : decodeTrie(body, (set, path) => this.#hashesAt(set, path));
    return kept === undefined ? undefined : { ...kept, moves: 0 };
  }

  #start(set: ReadonlyPatchSet): Kept | undefined {
    const channels = this.#database.rows(`SELECT channel FROM channels ORDER BY channel LIMIT ${STARTS_MAX}`);
    for (const row of channels) {
      const kept = this.#load(this.#database.number(row, 0));
      if (kept !== undefined && set.difference(kept.set).size + kept.set.difference(set).size < START_MOVES_MAX)
        return kept;
    }
    return undefined;
  }

  /** The hashes of a set whose first three nibbles are these. */
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

const keyOf = (channel: number): Uint8Array => new Uint8Array(Uint32Array.of(channel).buffer);
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
