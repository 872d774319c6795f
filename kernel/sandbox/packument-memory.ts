// Packuments that were fetched once, kept for the life of a sandbox: a run sees one state of the registry,
// and its trials do not ask again. Bounded: when it is full nothing more is kept, and nothing is dropped.

export interface Kept {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export class PackumentMemory {
  readonly #bytesMax: number;
  readonly #kept = new Map<string, Promise<Kept>>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What is kept under the key, or what `fetch` brings. Two askers at once share one fetch. */
  get(key: string, fetch: () => Promise<Kept>): { readonly isHit: boolean; readonly answer: Promise<Kept> } {
    const known = this.#kept.get(key);
    if (known !== undefined) return { isHit: true, answer: known };
    const answer = fetch();
    this.#kept.set(key, answer);
    answer.then(
      (kept) => this.#settle(key, kept),
      () => this.#kept.delete(key),
    );
    return { isHit: false, answer };
  }

  #settle(key: string, kept: Kept): void {
    // A failure of the registry is not its state: the next asker tries again.
    const isState = kept.status === 200 || kept.status === 404;
    if (!isState || this.#bytes + kept.body.length > this.#bytesMax) this.#kept.delete(key);
    else this.#bytes += kept.body.length;
  }
}
