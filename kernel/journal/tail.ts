// Following a run live: what is there, then what comes, each event once and in order.
// Rule: we listen before we look, and look at the status before the events. So what happens between looking and waiting
// is not lost, and a run that was final when we looked has no event after those we then read.
// While this process itself appends, events come straight from there; a gap sends us back to the tables.

import type { RunEvent } from '../protocol/index.ts';
import { isFinal } from '../protocol/index.ts';
import type { RunId } from '../basics/index.ts';
import { runNotFound } from './faults.ts';
import type { Follower } from './followers.ts';
import type { Journal } from './journal.ts';

/** Events fetched at once: enough to replay a usual run in a few reads, small enough to keep little in memory. */
const PAGE = 200;

export interface Followed {
  readonly journal: Pick<Journal, 'get' | 'read'>;
  follow(run: RunId, signal: AbortSignal): Follower;
}

export async function* tail(
  { journal, follow }: Followed,
  run: RunId,
  afterSeq: number,
  signal: AbortSignal,
): AsyncGenerator<RunEvent> {
  const follower = follow(run, signal);
  let seen = afterSeq;
  try {
    while (!signal.aborted) {
      follower.take();
      const record = await journal.get(run);
      if (record === undefined) throw runNotFound(run);
      follower.saw(record);
      const events = record.lastSeq > seen ? await journal.read(run, seen, PAGE) : [];
      for (const event of events) {
        if (signal.aborted) return;
        seen = event.seq;
        yield event;
      }
      if (record.lastSeq > seen) continue;
      if (isFinal(record.status)) return;
      for await (const event of toldOf(follower, seen, signal)) {
        seen = event.seq;
        yield event;
      }
    }
  } finally {
    follower.stop();
  }
}

/** What is told without a gap; ends where the tables have to be read. */
async function* toldOf(follower: Follower, afterSeq: number, signal: AbortSignal): AsyncGenerator<RunEvent> {
  let seen = afterSeq;
  for (;;) {
    await follower.rung();
    if (signal.aborted) return;
    const { events, isWhole } = follower.take();
    for (const event of events) {
      if (event.seq <= seen) continue;
      if (event.seq > seen + 1) return;
      seen = event.seq;
      yield event;
      if (signal.aborted) return;
    }
    if (!isWhole) return;
  }
}
