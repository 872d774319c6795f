// A queue between a producer that does not wait and one reader. It never grows past its limit:
// the oldest item makes room, and the number of items lost so is counted and told.

export class BoundedQueue<T> implements AsyncIterable<T> {
  readonly #itemsMax: number;
  readonly #items: T[] = [];
  #dropped = 0;
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(itemsMax: number) {
    if (!Number.isInteger(itemsMax) || itemsMax < 1) throw new RangeError('A queue holds at least one item.');
    this.#itemsMax = itemsMax;
  }

  push(item: T): void {
    if (this.#closed) return;
    if (this.#items.length === this.#itemsMax) {
      this.#items.shift();
      this.#dropped += 1;
    }
    this.#items.push(item);
    this.#wake?.();
  }

  /** No more items: the reader finishes what is queued, then ends. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  get length(): number {
    return this.#items.length;
  }
  get dropped(): number {
    return this.#dropped;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) {
        yield item;
      } else if (this.#closed) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        this.#wake = undefined;
      }
    }
  }
}
