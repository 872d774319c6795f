// Following a run live: what is there, then what comes, each event once and in order.
// Rule: we listen before we look, and look at the status before the events. So a wake-up between looking and waiting
// is not lost, and a run that was final when we looked has no event after those we then read.

import type { RunEvent } from '../protocol/index.ts';
import { isFinal } from '../protocol/index.ts';
import type { RunId } from '../basics/index.ts';
import type { Store } from '../store/index.ts';
import { runNotFound } from './faults.ts';
import type { Journal } from './journal.ts';

/** Events fetched at once: enough to replay a usual run in a few reads, small enough to keep little in memory. */
const PAGE = 200;

export async function* tail(
  { store, journal }: { readonly store: Store; readonly journal: Pick<Journal, 'get' | 'read'> },
  run: RunId,
  afterSeq: number,
  signal: AbortSignal,
): AsyncGenerator<RunEvent> {
  const bell = new Bell(signal);
  const listening = store.onChange(() => bell.ring());
  let seen = afterSeq;
  try {
    while (!signal.aborted) {
      bell.quiet();
      const record = await journal.get(run);
      if (record === undefined) throw runNotFound(run);
      const events = record.lastSeq > seen ? await journal.read(run, seen, PAGE) : [];
      for (const event of events) {
        if (signal.aborted) return;
        seen = event.seq;
        yield event;
      }
      if (record.lastSeq > seen) continue;
      if (isFinal(record.status)) return;
      await bell.rung();
    }
  } finally {
    listening.stop();
  }
}

/** Remembers that it was rung, so that ringing before somebody waits is heard too. */
class Bell {
  #hasRung = false;
  #hear: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.ring(), { once: true });
  }

  ring(): void {
    this.#hasRung = true;
    this.#hear?.();
  }

  quiet(): void {
    this.#hasRung = false;
  }

  async rung(): Promise<void> {
    if (this.#hasRung) return;
    await new Promise<void>((resolve) => (this.#hear = resolve));
    this.#hear = undefined;
  }
}
