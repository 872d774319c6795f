// Lists of numbers as varints: what a row keeps of a patch's links, and how an index of a pack is written.
// Rule: every number is at most 2^53 - 1; a list that is cut off is damage and throws RangeError.

import type { PatchNumber } from '../patches/facts.ts';

const FIRST_BYTES = 64;
/** Eight groups of seven bits hold 2^53. */
const GROUPS_MAX = 8;

/** Unsigned numbers, LEB128. Grows as needed. */
export class NumberWriter {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;

  add(number: number): void {
    if (this.#length + GROUPS_MAX > this.#bytes.length) this.#grow();
    let rest = number;
    while (rest >= 0x80) {
      this.#bytes[this.#length] = (rest % 0x80) | 0x80;
      this.#length += 1;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length] = rest;
    this.#length += 1;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #grow(): void {
    const bytes = new Uint8Array(this.#bytes.length * 2);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

export class NumberReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  next(): number {
    let number = 0;
    let factor = 1;
    for (let group = 0; group < GROUPS_MAX; group += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) break;
      this.#at += 1;
      number += (byte & 0x7f) * factor;
      if (byte < 0x80) return number;
      factor *= 0x80;
    }
    throw new RangeError('A list of numbers is cut off.');
  }
}

/** A patch's links, in their order. What comes later than the patch (a known one that arrived late) is kept too. */
export function encodeLinks(own: PatchNumber, links: readonly PatchNumber[]): Uint8Array {
  const out = new NumberWriter();
  for (const link of links) out.add(link < own ? (own - link) * 2 : (link - own) * 2 + 1);
  return out.finish();
}

export function decodeLinks(own: PatchNumber, bytes: Uint8Array): readonly PatchNumber[] {
  const input = new NumberReader(bytes);
  const links: PatchNumber[] = [];
  while (!input.isAtEnd) {
    const step = input.next();
    links.push(step % 2 === 0 ? own - step / 2 : own + (step - 1) / 2);
  }
  return links;
}
