// A set of patches as a bitmap over their local numbers.
// Rule: equal sets have equal bytes; a clone shares nothing. Numbers are small and dense, so 100,000 of them are 12.5 kB.

import type { PatchNumber } from '../patches/facts.ts';

/** Beyond it a number is a mistake: a repository of 16 million patches has a bitmap of 2 MiB. */
export const NUMBER_MAX = (1 << 24) - 1;
const BITS = 32;
const FIRST_WORDS = 32;

/** A set that whoever has it may only look at. */
export interface ReadonlyPatchSet extends Iterable<PatchNumber> {
  readonly size: number;
  has(number: PatchNumber): boolean;
  clone(): PatchSet;
  equals(other: ReadonlyPatchSet): boolean;
  /** Those in this one that are not in the other. */
  difference(other: ReadonlyPatchSet): PatchSet;
  intersection(other: ReadonlyPatchSet): PatchSet;
  isSubsetOf(other: ReadonlyPatchSet): boolean;
  /** 32 numbers from `index * 32` on; 0 beyond the end. */
  word(index: number): number;
  readonly words: number;
}

export class PatchSet implements ReadonlyPatchSet {
  #words: Uint32Array;
  #size = 0;

  constructor(words: Uint32Array = new Uint32Array(FIRST_WORDS)) {
    this.#words = words;
    for (const word of words) this.#size += bitsIn(word);
  }

  static of(numbers: Iterable<PatchNumber>): PatchSet {
    const set = new PatchSet();
    for (const number of numbers) set.add(number);
    return set;
  }

  get size(): number {
    return this.#size;
  }

  get words(): number {
    return this.#words.length;
  }

  word(index: number): number {
    return this.#words[index] ?? 0;
  }

  has(number: PatchNumber): boolean {
    return (((this.#words[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1;
  }

  /** Whether it was not there. */
  add(number: PatchNumber): boolean {
    if (!Number.isInteger(number) || number < 0 || number > NUMBER_MAX) {
      throw new RangeError(`${number} is no patch's number.`);
    }
    const index = number >>> 5;
    if (index >= this.#words.length) this.#grow(index);
    const before = this.#words[index] ?? 0;
    const after = (before | (1 << (number & 31))) >>> 0;
    if (after === before) return false;
    this.#words[index] = after;
    this.#size += 1;
    return true;
  }

  /** Whether it was there. */
  remove(number: PatchNumber): boolean {
    if (!this.has(number)) return false;
    this.#words[number >>> 5] = ((this.#words[number >>> 5] ?? 0) & ~(1 << (number & 31))) >>> 0;
    this.#size -= 1;
    return true;
  }

  /** Adds all of another set. */
  addAll(other: ReadonlyPatchSet): void {
    if (other.words > this.#words.length) this.#grow(other.words - 1);
    for (let index = 0; index < other.words; index += 1) this.#set(index, this.word(index) | other.word(index));
  }

  clone(): PatchSet {
    const copy = new PatchSet(new Uint32Array(0));
    copy.#words = this.#words.slice();
    copy.#size = this.#size;
    return copy;
  }

  equals(other: ReadonlyPatchSet): boolean {
    if (this.#size !== other.size) return false;
    for (let index = 0; index < this.#words.length; index += 1) {
      if (this.#words[index] !== other.word(index)) return false;
    }
    return true;
  }

  difference(other: ReadonlyPatchSet): PatchSet {
    return new PatchSet(this.#words.map((word, index) => word & ~other.word(index)));
  }

  intersection(other: ReadonlyPatchSet): PatchSet {
    return new PatchSet(this.#words.map((word, index) => word & other.word(index)));
  }

  isSubsetOf(other: ReadonlyPatchSet): boolean {
    return this.#words.every((word, index) => (word & ~other.word(index)) === 0);
  }

  *[Symbol.iterator](): Generator<PatchNumber> {
    for (let index = 0; index < this.#words.length; index += 1) {
      let word = this.#words[index] ?? 0;
      while (word !== 0) {
        const lowest = 31 - Math.clz32(word & -word);
        yield index * BITS + lowest;
        word &= word - 1;
      }
    }
  }

  #set(index: number, word: number): void {
    this.#size += bitsIn(word) - bitsIn(this.#words[index] ?? 0);
    this.#words[index] = word;
  }

  #grow(index: number): void {
    const words = new Uint32Array(Math.max(index + 1, this.#words.length * 2, FIRST_WORDS));
    words.set(this.#words);
    this.#words = words;
  }
}

function bitsIn(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return (((count + (count >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
