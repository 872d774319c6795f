// One at a time, in order of asking: the writes of one process take turns before they take the database's lock.
// Rule: a write begun inside a write is refused at once, because it would wait for itself.

import { AsyncLocalStorage } from 'node:async_hooks';

import { tooManyWrites, writeInsideWrite } from './faults.ts';

/** At 0.1 ms a write this is a second of waiting: beyond it, turning away is kinder than queueing. */
const WAITING_MAX = 10_000;

export class Turns {
  readonly #inside = new AsyncLocalStorage<Turns>();
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#inside.getStore() === this) throw writeInsideWrite();
    if (this.#waiting >= WAITING_MAX) throw tooManyWrites(WAITING_MAX);
    this.#waiting += 1;
    const isFree = this.#waiting === 1;
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    if (!isFree) await before;
    try {
      return await this.#inside.run(this, work);
    } finally {
      this.#waiting -= 1;
      resolve();
    }
  }

  /** Resolves when everything asked for so far has ended. */
  ended(): Promise<void> {
    return this.#last;
  }
}
