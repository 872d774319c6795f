// Reads an answer while it is made: the events of its run, each once and in order, over as many connections as it takes.
// Rule: leaving, sleeping or losing the network stops nobody's answer; only `stop` of the API does.

import { type Clock } from 'kernel/basics';
import { SILENCE_MS_MAX, tailEvents, type TailState } from 'kernel/protocol';

import { AnswerEvent } from '../protocol/index.ts';
import { handleApiError } from './chat-error.ts';
import type { Requests } from './create-requests.ts';

export interface FollowAnswer {
  readonly requests: Requests;
  readonly runId: string;
  /** The number of the last event already known; 0 reads from the start. */
  readonly after?: number;
  readonly signal: AbortSignal;
  readonly onState?: (state: TailState) => void;
  readonly wake?: Wake;
  readonly random?: () => number;
}

/** Calls back when there is a reason to try again at once: the network is back, the page is seen again. */
export type Wake = (listener: () => void) => () => void;

export interface NumberedAnswerEvent {
  readonly seq: number;
  readonly event: AnswerEvent;
}

/** Kinds that are not an answer's own (a run has more) are passed over. Throws a ChatError where the server refuses. */
export async function* followAnswer(follow: FollowAnswer): AsyncGenerator<NumberedAnswerEvent, void> {
  const { requests, runId, after = 0, wake = () => () => {}, ...rest } = follow;
  const path = `/runs/${encodeURIComponent(runId)}/events`;
  const tail = tailEvents({
    ...rest,
    url: path,
    after,
    fetch: (url, init) => requests.open(url, init),
    clock: wakingClock(requests.clock, wake),
  });
  try {
    for await (const { seq, kind, data } of tail) {
      const parsed = AnswerEvent.safeParse({ kind, data });
      if (parsed.success) yield { seq, event: parsed.data };
    }
  } catch (error) {
    throw handleApiError(error);
  }
}

/** A clock whose short sleeps end early when there is a reason. The long ones watch for silence and are left alone. */
export const wakingClock = (clock: Clock, wake: Wake): Clock => ({
  now: () => clock.now(),
  alarm: (delayMs, ring) => clock.alarm(delayMs, ring),
  sleep: async (delayMs, signal) => {
    if (delayMs >= SILENCE_MS_MAX) return clock.sleep(delayMs, signal);
    const woken = new AbortController();
    const off = wake(() => woken.abort());
    await clock.sleep(delayMs, signal === undefined ? woken.signal : AbortSignal.any([signal, woken.signal]));
    off();
  },
});

interface Page {
  addEventListener(name: string, listener: () => void): void;
  removeEventListener(name: string, listener: () => void): void;
}

/** Wakes by a browser's `online`, and when a hidden page is seen again. */
export const browserWake =
  (window: Page, document: Page & { readonly hidden: boolean }): Wake =>
  (listener) => {
    const seen = (): void => (document.hidden ? undefined : listener());
    window.addEventListener('online', listener);
    document.addEventListener('visibilitychange', seen);
    return () => {
      window.removeEventListener('online', listener);
      document.removeEventListener('visibilitychange', seen);
    };
  };
