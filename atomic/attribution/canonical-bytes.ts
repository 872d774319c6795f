// Bytes that two writers write alike: LEB128 varints without padding, and length-prefixed UTF-8.
// Rule: the reader is strict and bounded. Padding, a number above 2⁵³ − 1, text that is no UTF-8 and a length beyond the
// end are refused by the fault that the owner of the reader makes; nothing is allocated before its length is known
// to be there.

import type { Fault } from 'kernel/basics';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class ByteWriter {
  readonly #bytes: number[] = [];

  byte(value: number): void {
    this.#bytes.push(value & 0xff);
  }

  /** A whole number from 0 to 2⁵³ − 1. */
  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no whole number from 0 on.`);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes.push((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes.push(rest);
  }

  raw(bytes: Uint8Array): void {
    for (const byte of bytes) this.#bytes.push(byte);
  }

  /** Its length, then the bytes. */
  bytes(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  text(text: string): void {
    this.bytes(encoder.encode(text));
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #malformed: (why: string) => Fault;
  #at = 0;

  constructor(bytes: Uint8Array, malformed: (why: string) => Fault) {
    this.#bytes = bytes;
    this.#malformed = malformed;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw this.#malformed(`It ends at byte ${this.#at}, in the middle of something.`);
    this.#at += 1;
    return byte;
  }

  varint(): number {
    const start = this.#at;
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw this.#malformed(`The number at byte ${start} is too large.`);
      if (byte < 0x80) {
        if (byte === 0 && this.#at - start > 1) throw this.#malformed(`The number at byte ${start} is padded.`);
        return value;
      }
      scale *= 0x80;
    }
  }

  /** A view, not a copy. */
  raw(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) {
      throw this.#malformed(`At byte ${this.#at} it promises ${length} bytes, and ends before.`);
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  bytes(): Uint8Array {
    return this.raw(this.varint());
  }

  text(): string {
    const start = this.#at;
    return this.decode(this.bytes(), start);
  }

  /** Bytes of this reader as text. */
  decode(bytes: Uint8Array, start = this.#at): string {
    try {
      return decoder.decode(bytes);
    } catch {
      throw this.#malformed(`The text at byte ${start} is not UTF-8.`);
    }
  }
}
