// A run's events as Server-Sent Events: what was missed, then what comes, until the run has ended.
// Rule: the id of each message is the event's number, so a reader that was cut off names the last one it saw and loses
// or repeats nothing. The journal is the truth; nothing is kept for a reader here.

import type { Clock, RunId } from '../basics/index.ts';
import { scrub } from '../basics/index.ts';
import type { Journal } from '../journal/index.ts';
import type { RunEvent } from '../protocol/index.ts';

/** Proxies drop connections that are silent for a minute; twice as many as needed. */
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 1000;

export interface SseOptions {
  readonly clock: Clock;
  /** The number of the last event the reader has; 0 for none. */
  readonly after: number;
  /** Aborts when the reader is gone or the server ends; the reader then comes again. */
  readonly signal: AbortSignal;
}

/** The event number a reader asks to read on after: its Last-Event-ID, else `?after=`, else 0. */
export function afterOf(request: Request): number {
  const given = request.headers.get('last-event-id') ?? new URL(request.url).searchParams.get('after') ?? '';
  return /^\d{1,15}$/.test(given) ? Number(given) : 0;
}

export function sseOfRun(journal: Journal, run: RunId, options: SseOptions): Response {
  const gone = new AbortController();
  const signal = AbortSignal.any([options.signal, gone.signal]);
  const messages = messagesOf(journal, run, { ...options, signal });
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await messages.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: () => gone.abort(),
  });
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });
}

async function* messagesOf(
  journal: Journal,
  run: RunId,
  { clock, after, signal }: SseOptions,
): AsyncGenerator<string, void> {
  yield `retry: ${RETRY_MS}\n\n`;
  const events = journal.tail(run, after, signal)[Symbol.asyncIterator]();
  const silence = new Silence(clock, signal);
  let next = events.next();
  while (!signal.aborted) {
    const result = await silence.or(next);
    if (signal.aborted) return;
    if (result === 'silent') {
      yield ': still here\n\n';
    } else if (result.done === true) {
      yield 'event: end\ndata: {}\n\n';
      return;
    } else {
      yield messageOf(result.value);
      next = events.next();
    }
  }
}

/** One timer for each heartbeat, and not for each event: a busy stream has twenty a second. */
class Silence {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #hasHeard = false;
  #beat: Promise<'silent'> | undefined;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** What comes next, or that nothing came since the last heartbeat. */
  async or<Result>(next: Promise<Result>): Promise<Result | 'silent'> {
    for (;;) {
      this.#beat ??= this.#clock.sleep(HEARTBEAT_MS, this.#signal).then(() => 'silent' as const);
      const first = await Promise.race([next, this.#beat]);
      if (first !== 'silent') {
        this.#hasHeard = true;
        return first;
      }
      const wasSilent = !this.#hasHeard;
      this.#beat = undefined;
      this.#hasHeard = false;
      if (wasSilent || this.#signal.aborted) return 'silent';
    }
  }
}

const messageOf = (event: RunEvent): string => `id: ${event.seq}\ndata: ${scrub(JSON.stringify(event))}\n\n`;
