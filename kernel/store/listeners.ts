// Who wants to know that something was written, and whether this process did it or another may have. A callback that throws does not keep the others from hearing.

export type Wake = (from: 'here' | 'elsewhere') => void;

export class Listeners {
  readonly #wakes = new Set<Wake>();
  readonly #watch: (signal: AbortSignal) => Promise<void>;
  #watching: AbortController | undefined;

  /** `watch` looks for the writes of other processes; it runs only while somebody listens. */
  constructor(watch: (signal: AbortSignal) => Promise<void>) {
    this.#watch = watch;
  }

  add(wake: Wake): { stop(): void } {
    // A wrapper of its own, so that the same callback may listen twice.
    const entry: Wake = (from) => wake(from);
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

  wake(from: 'here' | 'elsewhere'): void {
    for (const entry of this.#wakes) queueMicrotask(() => entry(from));
  }

  close(): void {
    this.#watching?.abort();
    this.#watching = undefined;
  }
}
