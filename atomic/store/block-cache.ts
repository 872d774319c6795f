// Decompressed blocks, the ones asked for last, up to a number of bytes.

export class BlockCache {
  readonly #blocks = new Map<string, Uint8Array>();
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get(key: string, load: () => Uint8Array): Uint8Array {
    const known = this.#blocks.get(key);
    if (known !== undefined) {
      // The last one in the map is the one asked for last.
      this.#blocks.delete(key);
      this.#blocks.set(key, known);
      return known;
    }
    const block = load();
    this.#blocks.set(key, block);
    this.#bytes += block.length;
    for (const [oldest, bytes] of this.#blocks) {
      if (this.#bytes <= this.#bytesMax || oldest === key) break;
      this.#blocks.delete(oldest);
      this.#bytes -= bytes.length;
    }
    return block;
  }

  /** What is known already. */
  peek(key: string): Uint8Array | undefined {
    return this.#blocks.get(key);
  }

  clear(): void {
    this.#blocks.clear();
    this.#bytes = 0;
  }
}
