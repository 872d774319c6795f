// Writing and reading canonical bytes: unsigned LEB128 numbers, length-prefixed bytes and UTF-8.
// Rule: one value has one form. The reader refuses a longer form of a number, ill-formed UTF-8, and anything past a limit,
// so that reading and writing again gives the same bytes.

import { encodingMalformed } from './faults.ts';

/** Numbers are whole and at most this: what a double holds exactly. */
const NUMBER_MAX = Number.MAX_SAFE_INTEGER;
const FIRST_SIZE = 256;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Grows as it is written to. */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_SIZE);
  #length = 0;

  number(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} cannot be written as a number.`);
    this.#reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length] = (rest % 128) | 0x80;
      this.#length += 1;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length] = rest;
    this.#length += 1;
  }

  /** Numbers below zero too: zigzag. */
  signed(value: number): void {
    this.number(value < 0 ? -2 * value - 1 : 2 * value);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  bytes(bytes: Uint8Array): void {
    this.number(bytes.length);
    this.raw(bytes);
  }

  text(text: string): void {
    this.bytes(encoder.encode(text));
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(count: number): void {
    const wanted = this.#length + count;
    if (wanted <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(wanted, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  number(max = NUMBER_MAX): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw encodingMalformed('it ends in the middle of a number');
      this.#at += 1;
      value += (byte & 0x7f) * scale;
      if (value > max) throw encodingMalformed(`a number is larger than ${max}`);
      if (byte < 0x80) {
        if (byte === 0 && scale > 1) throw encodingMalformed('a number is written longer than needed');
        return value;
      }
      scale *= 128;
      if (scale > NUMBER_MAX) throw encodingMalformed('a number does not end');
    }
  }

  signed(): number {
    const value = this.number();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A view of the next bytes. */
  raw(length: number): Uint8Array {
    if (length > this.left) throw encodingMalformed('it ends too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  bytes(max: number): Uint8Array {
    return this.raw(this.number(max));
  }

  text(max: number): string {
    const bytes = this.bytes(max);
    try {
      return decoder.decode(bytes);
    } catch (cause) {
      throw encodingMalformed('a text is not UTF-8', cause);
    }
  }

  /** How many entries follow; each takes at least one byte, so no count can ask for more memory than was sent. */
  count(): number {
    const count = this.number();
    if (count > this.left) throw encodingMalformed('a list is longer than what follows');
    return count;
  }

  end(): void {
    if (this.left > 0) throw encodingMalformed('something follows its end');
  }
}
