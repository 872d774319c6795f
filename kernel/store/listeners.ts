// Who wants to know that something was written. A callback that throws does not keep the others from hearing.

export class Listeners {
  readonly #wakes = new Set<() => void>();
  readonly #watch: (signal: AbortSignal) => Promise<void>;
  #watching: AbortController | undefined;

  /** `watch` looks for the writes of other processes; it runs only while somebody listens. */
  constructor(watch: (signal: AbortSignal) => Promise<void>) {
    this.#watch = watch;
  }

  add(wake: () => void): { stop(): void } {
    // A wrapper of its own, so that the same callback may listen twice.
    const entry = (): void => wake();
    this.#wakes.add(entry);
    if (this.#watching === undefined) {
      this.#watching = new AbortController();
      void this.#watch(this.#watching.signal);
    }
    return {
      stop: () => {
        this.#wakes.delete(entry);
        if (this.#wakes.size === 0) this.close();
      },
    };
  }

  wake(): void {
    for (const entry of this.#wakes) queueMicrotask(entry);
  }

  close(): void {
    this.#watching?.abort();
    this.#watching = undefined;
  }
}
