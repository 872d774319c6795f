// Output that is kept within a limit: its beginning and its end, and a line that says what is missing between.

import { bytesText } from '../basics/index.ts';

export class BoundedOutput {
  readonly #halfMax: number;
  readonly #head: Buffer[] = [];
  readonly #tail: Buffer[] = [];
  #headBytes = 0;
  #tailBytes = 0;
  #cutBytes = 0;

  constructor(bytesMax: number) {
    this.#halfMax = Math.max(1, Math.floor(bytesMax / 2));
  }

  push(chunk: Buffer): void {
    const room = this.#halfMax - this.#headBytes;
    if (room > 0) {
      const taken = chunk.subarray(0, room);
      this.#head.push(taken);
      this.#headBytes += taken.length;
    }
    if (chunk.length > room) this.#pushTail(room > 0 ? chunk.subarray(room) : chunk);
  }

  get cutBytes(): number {
    return this.#cutBytes;
  }

  text(): string {
    if (this.#cutBytes === 0) return Buffer.concat([...this.#head, ...this.#tail]).toString();
    const [head, tail] = [Buffer.concat(this.#head).toString(), Buffer.concat(this.#tail).toString()];
    return `${head}\n[… ${bytesText(this.#cutBytes)} of output left out here …]\n${tail}`;
  }

  #pushTail(chunk: Buffer): void {
    this.#tail.push(chunk);
    this.#tailBytes += chunk.length;
    while (this.#tailBytes > this.#halfMax) {
      const over = this.#tailBytes - this.#halfMax;
      const first = this.#tail.shift();
      if (first === undefined) return;
      const cut = Math.min(over, first.length);
      if (cut < first.length) this.#tail.unshift(first.subarray(cut));
      this.#tailBytes -= cut;
      this.#cutBytes += cut;
    }
  }
}
