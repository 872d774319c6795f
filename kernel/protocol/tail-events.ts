// Reads the events of a run from a server, over as many connections as it takes, each event once and in order.
// Rule: an event counts as read only when it was complete, so a connection cut at any byte loses and doubles nothing:
// the next one asks for what comes after the last complete event.
// A connection that is silent for longer than two heartbeats is dead, whatever the operating system says of it.
// Not here: folding the events into something (each product's view), and storing how far one has read.

import { createParser } from 'eventsource-parser';

import { systemClock, type Clock } from '../basics/index.ts';
import { eventsRefused, eventUnreadable } from './faults.ts';
import { Problem } from './problem.ts';
import { RunEvent } from './run.ts';

/** The server sends a heartbeat every 15 s: two may be lost, and then some, before we stop believing. */
export const SILENCE_MS_MAX = 40_000;
const WAIT_MS_FIRST = 1000;
/** A server that restarts is back within seconds; a longer wait would only look like being stuck. */
const WAIT_MS_MAX = 15_000;
/** An event may have 256 KiB in the journal; its JSON, escaped twice, stays far below. */
const BUFFERED_CHARACTERS_MAX = 4 * 1024 * 1024;

export type TailState =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'live' }
  | { readonly kind: 'waiting'; readonly attempt: number; readonly waitMs: number }
  | { readonly kind: 'ended' };

export interface Tail {
  /** Where the events are, without `after`. */
  readonly url: string;
  /** The number of the last event already known; 0 reads from the start. */
  readonly after: number;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly signal: AbortSignal;
  readonly onState?: (state: TailState) => void;
  readonly clock?: Clock;
  /** From 0 up to, not including, 1. Spreads the reconnects of many readers. */
  readonly random?: () => number;
}

/**
 * Every event after `after`, until the server says that the run is final or the signal aborts.
 * Throws a Fault where the server refuses for good (not signed in, no such run) or sends what is no event.
 */
export async function* tailEvents(tail: Tail): AsyncGenerator<RunEvent, void> {
  const { signal, onState = () => {}, clock = systemClock, random = Math.random } = tail;
  let seen = tail.after;
  let attempt = 0;
  while (!signal.aborted) {
    onState({ kind: 'connecting', attempt });
    const connection = new AbortController();
    const close = (): void => connection.abort();
    signal.addEventListener('abort', close);
    try {
      for await (const piece of connect(tail, seen, connection, clock)) {
        if (piece.kind === 'end') return onState({ kind: 'ended' });
        if (attempt > 0 || piece.kind === 'open') onState({ kind: 'live' });
        // A server that accepts and then hangs up must not be asked without pause: only what it says resets the wait.
        if (piece.kind !== 'open') attempt = 0;
        if (piece.kind !== 'event' || piece.event.seq <= seen) continue;
        seen = piece.event.seq;
        yield piece.event;
      }
    } finally {
      signal.removeEventListener('abort', close);
      connection.abort();
    }
    attempt += 1;
    const waitMs = waitBefore(attempt, random());
    if (isAborted(signal)) return;
    onState({ kind: 'waiting', attempt, waitMs });
    await clock.sleep(waitMs, signal);
  }
}

/** 1, 2, 4, 8, 15 s, each shortened by up to a quarter. `chance` is from 0 up to 1. */
export const waitBefore = (attempt: number, chance: number): number =>
  Math.round(Math.min(WAIT_MS_FIRST * 2 ** Math.min(attempt - 1, 10), WAIT_MS_MAX) * (1 - chance / 4));

type Piece =
  | { readonly kind: 'open' }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'event'; readonly event: RunEvent }
  | { readonly kind: 'end' };

/** One connection, from its request to its end. Ends without a word where trying again may help. */
async function* connect(tail: Tail, seen: number, connection: AbortController, clock: Clock): AsyncGenerator<Piece> {
  const url = `${tail.url}${tail.url.includes('?') ? '&' : '?'}after=${seen}`;
  const headers = { accept: 'text/event-stream', 'last-event-id': String(seen) };
  const response = await unlessSilent(
    () => tail.fetch(url, { headers, signal: connection.signal, cache: 'no-store' }),
    clock,
    connection,
  );
  if (response === undefined) return;
  if (!response.ok) {
    if (mayHelpLater(response.status)) return;
    throw eventsRefused(tail.url, response.status, await problemOf(response));
  }
  const body = response.body;
  if (body === null) return;
  yield { kind: 'open' };

  const reader = body.getReader();
  const decoder = new TextDecoder();
  const pieces: Piece[] = [];
  const parser = parserInto(pieces, tail.url);
  for (;;) {
    const chunk = await unlessSilent(() => reader.read(), clock, connection);
    if (chunk === undefined || chunk.done) return;
    parser.feed(decoder.decode(chunk.value, { stream: true }));
    yield* pieces.splice(0);
    yield { kind: 'heartbeat' };
  }
}

function parserInto(pieces: Piece[], url: string): { feed(text: string): void } {
  return createParser({
    maxBufferSize: BUFFERED_CHARACTERS_MAX,
    onEvent: (message) => {
      pieces.push(message.event === 'end' ? { kind: 'end' } : { kind: 'event', event: eventOf(message.data, url) });
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw eventUnreadable(url, 'it is too long');
    },
  });
}

function eventOf(text: string, url: string): RunEvent {
  const parsed = RunEvent.safeParse(jsonOf(text));
  if (!parsed.success) throw eventUnreadable(url, text.slice(0, 80));
  return parsed.data;
}

/** What `ask` gives, or undefined when it fails, is stopped, or stays silent too long: then the connection is closed. */
async function unlessSilent<T>(
  ask: () => Promise<T>,
  clock: Clock,
  connection: AbortController,
): Promise<T | undefined> {
  const answered = new AbortController();
  const silence = clock.sleep(SILENCE_MS_MAX, AbortSignal.any([answered.signal, connection.signal]));
  const answer = ask().then(
    (value) => ({ value }),
    // A failed connection says nothing that trying again does not say better.
    () => undefined,
  );
  const first = await Promise.race([answer, silence.then(() => undefined)]);
  answered.abort();
  if (first === undefined) connection.abort();
  return first?.value;
}

/** Too many requests, a timeout or a fault of the server pass by; anything else would be refused again. */
const mayHelpLater = (status: number): boolean => status >= 500 || status === 408 || status === 425 || status === 429;

async function problemOf(response: Response): Promise<Problem | undefined> {
  const parsed = Problem.safeParse(jsonOf(await response.text()));
  return parsed.success ? parsed.data : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is an outcome here: the schema refuses it and says so.
    return undefined;
  }
}

/** A call, so that the compiler does not believe the signal to be as it was before the last wait. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
