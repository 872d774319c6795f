// Which local number a patch has, and which hash a number: loaded in pieces as they are asked for.
// Rule: numbers are given out in order and never taken back, so what is known stays true; only the numbers of a write
// that failed are forgotten.

import { HASH_BYTES, hashFromBytes, hashToBytes, parseHash, type PatchHash } from '../patches/hash.ts';
import type { PatchNumber } from '../patches/facts.ts';
import type { Database } from './database.ts';
import { numberUnknown } from './faults.ts';
import { NUMBER_MAX } from './patch-set.ts';
import type { PrefixMatch } from './store.ts';

/** Numbers loaded at once: a row of SQLite costs little more than asking for it. */
const PIECE = 512;
/** Hashes whose numbers are remembered; then it begins anew. 64 Ki of them are about 10 MB. */
const NUMBERS_KNOWN_MAX = 1 << 16;
/** How many hashes are shown for a prefix that is not enough. */
const SHOWN_MAX = 10;
const HASH_CHARACTERS = 52;

export class PatchNumbers {
  readonly #database: Database;
  #bytes = new Uint8Array(PIECE * HASH_BYTES);
  /** How far each piece is loaded. */
  readonly #loaded: number[] = [];
  readonly #texts: (PatchHash | undefined)[] = [];
  readonly #numbers = new Map<PatchHash, PatchNumber>();
  #count = -1;

  constructor(database: Database) {
    this.#database = database;
  }

  get count(): number {
    if (this.#count === -1) this.#count = this.#database.number(this.#database.row(COUNT), 0);
    return this.#count;
  }

  /** Another process may have given out numbers. */
  refresh(): void {
    this.#count = -1;
  }

  numberOf(hash: PatchHash): PatchNumber | undefined {
    const known = this.#numbers.get(hash);
    if (known !== undefined) return known;
    const row = this.#database.row('SELECT number FROM changes WHERE hash = ?', hashToBytes(hash));
    if (row === undefined) return undefined;
    const number = this.#database.number(row, 0);
    this.#remember(hash, number);
    return number;
  }

  hashOf(number: PatchNumber): PatchHash {
    const known = this.#texts[number];
    if (known !== undefined) return known;
    const hash = hashFromBytes(this.bytesOf(number));
    this.#texts[number] = hash;
    return hash;
  }

  bytesOf(number: PatchNumber): Uint8Array {
    const at = this.#offsetOf(number);
    return this.#bytes.subarray(at, at + HASH_BYTES);
  }

  compare(a: PatchNumber, b: PatchNumber): number {
    if (a === b) return 0;
    const first = this.#offsetOf(a);
    const second = this.#offsetOf(b);
    for (let at = 0; at < HASH_BYTES; at += 1) {
      const difference = (this.#bytes[first + at] ?? 0) - (this.#bytes[second + at] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** A patch that the write that is going on has added. */
  add(number: PatchNumber, hash: PatchHash): void {
    this.#count = number;
    const piece = Math.floor(number / PIECE);
    // Only where the piece is loaded up to it: what is before has to be loaded some day.
    if ((this.#loaded[piece] ?? Math.max(1, piece * PIECE)) === number) {
      this.#put(number, hashToBytes(hash));
      this.#loaded[piece] = number + 1;
    }
    this.#texts[number] = hash;
    this.#remember(hash, number);
  }

  /** A write failed: the numbers after the ones that are in the database are free again. */
  forgetAfter(count: number): void {
    this.#count = -1;
    this.#numbers.clear();
    this.#texts.length = Math.min(this.#texts.length, count + 1);
    const last = Math.floor(count / PIECE);
    this.#loaded.length = Math.min(this.#loaded.length, last + 1);
    if (this.#loaded[last] !== undefined) this.#loaded[last] = Math.min(this.#loaded[last], count + 1);
  }

  findByPrefix(text: string): PrefixMatch {
    const prefix = text.toLowerCase();
    const low = parseHash(`${prefix.padEnd(HASH_CHARACTERS, 'a')}`);
    const high = parseHash(prefix.length < HASH_CHARACTERS ? `${prefix.padEnd(HASH_CHARACTERS - 1, '7')}q` : prefix);
    if (prefix === '' || low === undefined || high === undefined) return { kind: 'none' };
    const found = this.#database.rows(BETWEEN, hashToBytes(low), hashToBytes(high)).map((row) => ({
      number: this.#database.number(row, 0),
      hash: hashFromBytes(this.#database.bytes(row, 1)),
    }));
    const [first, second] = found;
    if (first === undefined) return { kind: 'none' };
    if (second === undefined) return { kind: 'one', ...first };
    return { kind: 'several', hashes: found.map(({ hash }) => hash) };
  }

  #remember(hash: PatchHash, number: PatchNumber): void {
    if (this.#numbers.size >= NUMBERS_KNOWN_MAX) this.#numbers.clear();
    this.#numbers.set(hash, number);
  }

  #offsetOf(number: PatchNumber): number {
    const piece = Math.floor(number / PIECE);
    if (!(number >= 1 && number < (this.#loaded[piece] ?? 0))) this.#load(number, piece);
    return number * HASH_BYTES;
  }

  #load(number: PatchNumber, piece: number): void {
    if (!Number.isInteger(number) || number < 1 || number > NUMBER_MAX) throw numberUnknown(number);
    const first = this.#loaded[piece] ?? piece * PIECE;
    for (const row of this.#database.rows(PIECE_OF, first, (piece + 1) * PIECE)) {
      const found = this.#database.number(row, 0);
      this.#put(found, this.#database.bytes(row, 1));
      this.#loaded[piece] = found + 1;
    }
    if (number >= (this.#loaded[piece] ?? 0)) throw numberUnknown(number);
  }

  #put(number: PatchNumber, hash: Uint8Array): void {
    if ((number + 1) * HASH_BYTES > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(this.#bytes.length * 2, (number + PIECE) * HASH_BYTES));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    this.#bytes.set(hash, number * HASH_BYTES);
  }
}

const COUNT = 'SELECT coalesce(max(number), 0) FROM changes';
const BETWEEN = `SELECT number, hash FROM changes WHERE hash BETWEEN ? AND ? ORDER BY hash LIMIT ${SHOWN_MAX}`;
const PIECE_OF = 'SELECT number, hash FROM changes WHERE number >= ? AND number < ? ORDER BY number';
