// What is to be booked, in the order and in the company in which it is cheapest. Callers of the same moment share a
// transaction, and so its commit and the sync after it. One caller alone does not wait for others; what the call before
// has cost is then written while the provider is being asked, not before.
// Rule: what was told is written before anybody is refused for want of money, and before anything is read (`written`).

import type { Clock } from '../basics/index.ts';
import type { Booked, Booking, Entry } from './book.ts';

/** One transaction holds the store's lock for about this many times 0.1 ms. */
const BATCH_MAX = 200;
/** How long settlements that nobody waits for wait for somebody whose transaction they can share. */
const COMPANY_MS = 2;

export interface BookingPorts {
  readonly clock: Clock;
  /** No attempt of this process is under way. */
  isAlone(): boolean;
  /** In one transaction. */
  write(entries: readonly Entry[]): Promise<Pick<Booking, 'answers'>>;
}

interface Waiting {
  readonly entry: Entry;
  readonly done: (answer: Booked) => void;
  readonly failed: (reason: unknown) => void;
}

export class BookingQueue {
  readonly #ports: BookingPorts;
  /** Somebody waits for the answer. */
  #urgent: Waiting[] = [];
  /** Told already. */
  #told: Waiting[] = [];
  /** Of both kinds the last that was added; they never reject. */
  #newest: Promise<unknown>[] = [];
  #working: Promise<void> | undefined;
  /** Set while what was told waits for company: goes on at once. */
  #goOn: (() => void) | undefined;

  constructor(ports: BookingPorts) {
    this.#ports = ports;
  }

  /** Somebody waits for the answer. */
  urgent(entry: Entry): Promise<Booked> {
    const booked = this.#add(entry, this.#urgent, 0);
    this.#goOn?.();
    return booked;
  }

  /** Nobody waits: it shares the transaction of somebody who does, where one comes soon. */
  told(entry: Entry): Promise<Booked> {
    return this.#add(entry, this.#told, 1);
  }

  /** Until everything that was added up to now is written. Never rejects. */
  async written(): Promise<void> {
    this.#goOn?.();
    await Promise.all(this.#newest);
  }

  /** Until nothing waits any more. */
  async emptied(): Promise<void> {
    this.#goOn?.();
    await this.#working;
  }

  #add(entry: Entry, queue: Waiting[], kind: 0 | 1): Promise<Booked> {
    const { promise, resolve, reject } = Promise.withResolvers<Booked>();
    queue.push({ entry, done: resolve, failed: reject });
    this.#newest[kind] = promise.catch(() => undefined);
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
    return promise;
  }

  async #work(): Promise<void> {
    for (let afterCall = false; this.#urgent.length + this.#told.length > 0;) {
      // The provider of the call that was just booked is being asked: now is the time.
      if (this.#urgent.length === 0 && !afterCall) await this.#company();
      if (this.#urgent.length !== 1 || !this.#ports.isAlone()) await new Promise((next) => setImmediate(next));
      const batch = this.#next();
      afterCall = batch.some(({ entry }) => entry.kind === 'begin');
      await this.#book(batch);
    }
  }

  #next(): Waiting[] {
    // A call alone goes first; else what others have cost does.
    const [first, second] = this.#urgent;
    if (first?.entry.kind === 'begin' && second === undefined && this.#told.length <= 1) return this.#urgent.splice(0);
    const told = this.#told.splice(0, BATCH_MAX);
    return [...told, ...this.#urgent.splice(0, BATCH_MAX - told.length)];
  }

  async #book(batch: readonly Waiting[]): Promise<void> {
    try {
      const { answers } = await this.#ports.write(batch.map(({ entry }) => entry));
      const refused: Waiting[] = [];
      for (const [index, waiting] of batch.entries()) {
        const answer = answers[index];
        if (answer === undefined || answer instanceof Error) waiting.failed(answer);
        else if ('kind' in answer && answer.kind === 'over-budget' && this.#told.length > 0) refused.push(waiting);
        else waiting.done(answer);
      }
      if (refused.length > 0) await this.#book([...this.#told.splice(0), ...refused]);
    } catch (thrown) {
      for (const { failed } of batch) failed(thrown);
    }
  }

  /** Until somebody comes who waits for an answer, or a moment has passed. */
  async #company(): Promise<void> {
    let stop = (): void => undefined;
    await new Promise<void>((resolve) => {
      this.#goOn = resolve;
      stop = this.#ports.clock.alarm(COMPANY_MS, resolve);
    });
    stop();
    this.#goOn = undefined;
  }
}
