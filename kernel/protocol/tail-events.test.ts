import { expect, test } from 'vitest';

import { Fault, instant, systemClock, type Clock } from '../basics/index.ts';
import type { RunEvent } from './run.ts';
import { SILENCE_MS_MAX, tailEvents, waitBefore, type TailState } from './tail-events.ts';

const EVENTS: readonly RunEvent[] = [
  { run: 'r', seq: 1, at: '2026-01-01T00:00:00.000Z', kind: 'one', data: { text: 'plain' } },
  {
    run: 'r',
    seq: 2,
    at: '2026-01-01T00:00:01.000Z',
    kind: 'two',
    data: { text: 'zwölf Boxkämpfer 🥊 und\nzwei Zeilen' },
  },
  { run: 'r', seq: 3, at: '2026-01-01T00:00:02.000Z', kind: 'three', data: null },
];

/** Waits between connections pass at once; the silence after which a connection is dead never comes. */
const impatient: Clock = {
  ...systemClock,
  now: () => instant(0),
  sleep: (delayMs, signal) =>
    delayMs < SILENCE_MS_MAX
      ? Promise.resolve()
      : new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
};

const END = 'event: end\ndata: {}\n\n';

type Ending = 'closes' | 'breaks' | 'hangs';

const wireOf = (events: readonly RunEvent[]): Uint8Array =>
  new TextEncoder().encode(
    [': heartbeat\n\n', ...events.map((event) => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`)].join('') +
      END,
  );

function bodyOf(bytes: Uint8Array, ending: Ending): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (!sent && bytes.length > 0) {
        sent = true;
        return controller.enqueue(bytes);
      }
      if (ending === 'closes') return controller.close();
      if (ending === 'breaks') return controller.error(new TypeError('network error'));
      return new Promise(() => {});
    },
  });
}

/** A server that sends what was asked for; the first connection ends after `cutAt` bytes of it. */
function server(
  cutAt: number,
  ending: Ending,
): { fetch: (url: string, init: RequestInit) => Promise<Response>; asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    fetch: (url, init) => {
      const after = Number(new URL(url, 'http://x').searchParams.get('after'));
      expect(new Headers(init.headers).get('last-event-id')).toBe(String(after));
      asked.push(after);
      const wire = wireOf(EVENTS.filter((event) => event.seq > after));
      const bytes = asked.length === 1 ? wire.subarray(0, cutAt) : wire;
      return Promise.resolve(new Response(bodyOf(bytes, asked.length === 1 ? ending : 'hangs')));
    },
  };
}

async function readAll(
  fetch: (url: string, init: RequestInit) => Promise<Response>,
  clock = impatient,
): Promise<{ events: RunEvent[]; states: TailState[] }> {
  const events: RunEvent[] = [];
  const states: TailState[] = [];
  const stop = new AbortController();
  const onState = (state: TailState): void => void states.push(state);
  for await (const event of tailEvents({ url: '/e', after: 0, fetch, signal: stop.signal, onState, clock })) {
    events.push(event);
  }
  return { events, states };
}

test('a stream cut at any byte loses and doubles no event, whether it closes or breaks', async () => {
  const length = wireOf(EVENTS).length;
  for (const ending of ['closes', 'breaks'] as const) {
    for (let cutAt = 0; cutAt <= length; cutAt += 1) {
      const { events } = await readAll(server(cutAt, ending).fetch);
      expect(events, `${ending} at ${cutAt}`).toEqual(EVENTS);
    }
  }
});

test('events sent again after a reconnect are passed on once', async () => {
  let calls = 0;
  const { events } = await readAll(() => {
    calls += 1;
    const wire = wireOf(calls === 1 ? EVENTS.slice(0, 2) : EVENTS);
    // Without the end: as if the server had died in between.
    const bytes = calls === 1 ? wire.subarray(0, wire.length - END.length) : wire;
    return Promise.resolve(new Response(bodyOf(bytes, 'closes')));
  });
  expect(events.map((event) => event.seq)).toEqual([1, 2, 3]);
});

test('a connection that is silent for longer than the heartbeats allow is replaced', async () => {
  const slept: number[] = [];
  const clock: Clock = {
    ...systemClock,
    now: () => instant(0),
    sleep: (delayMs, signal) => {
      slept.push(delayMs);
      // Silence "passes" as soon as everything that was to arrive has arrived.
      return delayMs < SILENCE_MS_MAX
        ? Promise.resolve()
        : new Promise((resolve) => {
            signal?.addEventListener('abort', () => resolve());
            setImmediate(() => setImmediate(resolve));
          });
    },
  };
  const silent = server(wireOf(EVENTS.slice(0, 1)).length - END.length, 'hangs');
  const { events } = await readAll(silent.fetch, clock);
  expect(events).toEqual(EVENTS);
  expect(silent.asked).toEqual([0, 1]);
  expect(slept).toContain(SILENCE_MS_MAX);
});

test('a server that is away is asked again with growing pauses, and the pauses begin anew once it spoke', async () => {
  let calls = 0;
  const { states } = await readAll(() => {
    calls += 1;
    if (calls <= 3) return Promise.reject(new TypeError('refused'));
    if (calls === 4) return Promise.resolve(new Response('busy', { status: 503 }));
    if (calls === 5) return Promise.resolve(new Response(bodyOf(wireOf(EVENTS).subarray(0, 20), 'breaks')));
    return Promise.resolve(new Response(bodyOf(wireOf(EVENTS), 'hangs')));
  });
  const attempts = states.flatMap((state) => (state.kind === 'waiting' ? [state.attempt] : []));
  expect(attempts).toEqual([1, 2, 3, 4, 1]);
  expect(states.at(-1)).toEqual({ kind: 'ended' });
});

test('pauses double up to fifteen seconds and are shortened by at most a quarter', () => {
  expect([1, 2, 3, 4, 5, 50].map((attempt) => waitBefore(attempt, 0))).toEqual([1000, 2000, 4000, 8000, 15000, 15000]);
  expect(waitBefore(1, 0.999)).toBeGreaterThanOrEqual(750);
});

test("a refusal ends the reading with the server's own words", async () => {
  const problem = {
    type: 'x',
    title: 'No such run.',
    status: 404,
    detail: 'Unknown.',
    code: 'RUN_NOT_FOUND',
    next: 'Look.',
  };
  const refused = readAll(() => Promise.resolve(new Response(JSON.stringify(problem), { status: 404 })));
  await expect(refused).rejects.toMatchObject({ code: 'RUN_NOT_FOUND', what: 'No such run.', next: 'Look.' });
  const bare = readAll(() => Promise.resolve(new Response('<html>', { status: 401 })));
  await expect(bare).rejects.toSatisfy((thrown) => thrown instanceof Fault && thrown.about.kind === 'not-signed-in');
});

test('something that is no event is a fault, not an endless retry', async () => {
  const wire = new TextEncoder().encode('data: {"seq":"one"}\n\n');
  const reading = readAll(() => Promise.resolve(new Response(bodyOf(wire, 'hangs'))));
  await expect(reading).rejects.toMatchObject({ code: 'EVENT_UNREADABLE' });
});

test('stopping ends the reading at once and closes the connection', async () => {
  const stop = new AbortController();
  let connection: AbortSignal | null | undefined;
  const fetch = (_url: string, init: RequestInit): Promise<Response> => {
    connection = init.signal;
    return Promise.resolve(new Response(bodyOf(wireOf(EVENTS.slice(0, 1)), 'hangs')));
  };
  const seen: number[] = [];
  for await (const event of tailEvents({ url: '/e?x=1', after: 0, fetch, signal: stop.signal, clock: impatient })) {
    seen.push(event.seq);
    stop.abort();
  }
  expect(seen).toEqual([1]);
  expect(connection?.aborted).toBe(true);
});
