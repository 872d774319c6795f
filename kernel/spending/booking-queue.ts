// What is to be booked, in the order and in the company in which it is cheapest. Callers of the same moment share a
// transaction, and so its commit and the sync after it. One caller alone does not wait for others, and not for what earlier
// calls have cost either: that is written for some calls together, a moment later.
// Rule: what was told is written before anybody is refused for want of money, before anything is read (`written`), and
// within a moment (COMPANY_MS) in any case.

import type { Clock } from '../basics/index.ts';
import type { Booked, Booking, Entry } from './book.ts';

/** One transaction holds the store's lock for about this many times 0.1 ms. */
const BATCH_MAX = 200;
/**
 * How long settlements that nobody waits for wait for company. A transaction for one takes as long as the line of a call,
 * of which twenty take little more. A process that is killed meanwhile leaves them as open lines, which are charged as lost.
 */
const COMPANY_MS = 20;

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
  /** What was told has waited long enough, or somebody wants to read. */
  #isDue = false;
  #stopAlarm: (() => void) | undefined;

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
    if (this.#told.length === 0) this.#isDue = false;
    this.#stopAlarm ??= this.#ports.clock.alarm(COMPANY_MS, () => this.#hurry());
    return this.#add(entry, this.#told, 1);
  }

  /** Until everything that was added up to now is written. Never rejects. */
  async written(): Promise<void> {
    this.#hurry();
    await Promise.all(this.#newest);
  }

  /** Until nothing waits any more. */
  async emptied(): Promise<void> {
    this.#hurry();
    await this.#working;
  }

  #add(entry: Entry, queue: Waiting[], kind: 0 | 1): Promise<Booked> {
    const { promise, resolve, reject } = Promise.withResolvers<Booked>();
    queue.push({ entry, done: resolve, failed: reject });
    this.#newest[kind] = promise.catch(() => undefined);
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
    return promise;
  }

  #hurry(): void {
    this.#isDue = true;
    this.#goOn?.();
  }

  async #work(): Promise<void> {
    while (this.#urgent.length + this.#told.length > 0) {
      if (this.#urgent.length === 0 && !this.#isDue) await this.#company();
      if (this.#urgent.length > 1 || !this.#ports.isAlone()) await new Promise((next) => setImmediate(next));
      await this.#book(this.#next());
    }
  }

  #next(): Waiting[] {
    const [first, second] = this.#urgent;
    const isOne = first?.entry.kind === 'begin' && second === undefined;
    if (isOne && (this.#told.length <= 1 || this.#ports.isAlone())) return this.#urgent.splice(0);
    const told = this.#takeTold(BATCH_MAX);
    return [...told, ...this.#urgent.splice(0, BATCH_MAX - told.length)];
  }

  #takeTold(most: number): Waiting[] {
    const told = this.#told.splice(0, most);
    if (this.#told.length > 0) return told;
    this.#stopAlarm?.();
    this.#stopAlarm = undefined;
    return told;
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
      if (refused.length > 0) await this.#book([...this.#takeTold(Infinity), ...refused]);
    } catch (thrown) {
      for (const { failed } of batch) failed(thrown);
    }
  }

  /** Until somebody comes who waits for an answer, or what was told is due. */
  async #company(): Promise<void> {
    await new Promise<void>((resolve) => (this.#goOn = resolve));
    this.#goOn = undefined;
  }
}
