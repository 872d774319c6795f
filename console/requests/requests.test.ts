// @vitest-environment happy-dom
import { Fault } from 'kernel/basics';
import { EMPTY_VIEW } from 'modernizer/protocol';
import { Machine } from 'tandem/protocol';
import { afterEach, expect, test, vi } from 'vitest';

import { RECORDED } from '../modernizer/recorded-run.ts';
import { createRunFeed } from '../modernizer/run-feed.ts';
import { parseRunFilter, runsOf, statusOf, tookText } from '../modernizer/runs-state.ts';
import { ask, order } from './ask.ts';
import { faceOf } from './face.ts';
import { readJournal } from './journal.ts';
import { runsPath } from './queries.ts';

afterEach(() => vi.unstubAllGlobals());

const answering = (status: number, body: unknown): ReturnType<typeof vi.fn> => {
  const fetch = vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { status })));
  vi.stubGlobal('fetch', fetch);
  return fetch;
};

test("a refusal carries the server's own what, why and next, and every field it names", async () => {
  answering(422, {
    type: 'x',
    title: 'The input is wrong.',
    status: 422,
    detail: 'One field.',
    code: 'INPUT_WRONG',
    next: 'Mend it.',
    errors: [{ path: 'options.maxMinutes', message: 'too big' }],
  });
  await expect(ask(Machine, '/api/machine')).rejects.toMatchObject({
    code: 'INPUT_WRONG',
    what: 'The input is wrong.',
    why: 'One field. options.maxMinutes: too big',
    next: 'Mend it.',
  });
});

test('an answer of another shape is a fault and never reaches a screen', async () => {
  answering(200, { tandem: 1 });
  await expect(ask(Machine, '/api/machine')).rejects.toMatchObject({ code: 'ANSWER_UNREADABLE' });
});

test('an order is a POST with its key', async () => {
  const fetch = answering(202, {});
  await order('/api/runs/r1/stop', { key: 'k1' });
  expect(fetch).toHaveBeenCalledWith(
    '/api/runs/r1/stop',
    expect.objectContaining({ method: 'POST', headers: expect.objectContaining({ 'idempotency-key': 'k1' }) }),
  );
});

test('a server that does not answer is told as that', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('refused')));
  await expect(ask(Machine, '/api/machine')).rejects.toMatchObject({ code: 'SERVER_AWAY' });
});

test('what was read stays on the screen while the server is away, but not after signing out', () => {
  const away = new Fault('SERVER_AWAY', { what: 'a', why: 'b', next: 'c' });
  const out = new Fault('X', { what: 'a', why: 'b', next: 'c', about: { kind: 'not-signed-in' } });
  expect(faceOf({ data: undefined, error: null }).kind).toBe('loading');
  expect(faceOf({ data: 1, error: away })).toEqual({ kind: 'ready', value: 1 });
  expect(faceOf({ data: 1, error: out }).kind).toBe('signed-out');
  expect(faceOf({ data: undefined, error: away })).toMatchObject({ kind: 'failed', fault: away });
});

const journalServer = (): ((url: string) => Promise<Response>) => (url) => {
  const after = Number(new URL(url, 'http://x').searchParams.get('after'));
  const lines = RECORDED.filter((event) => event.seq > after).map((event) => `data: ${JSON.stringify(event)}\n\n`);
  return Promise.resolve(new Response(`${lines.join('')}event: end\ndata: {}\n\n`));
};

test('a journal is read as far as its list says, and read on from there', async () => {
  const { signal } = new AbortController();
  const fetch = vi.fn(journalServer());
  const half = await readJournal({ run: { id: 'r1', lastSeq: 9 }, known: undefined, fetch, signal });
  expect(half.lastSeq).toBe(9);
  const whole = await readJournal({ run: { id: 'r1', lastSeq: RECORDED.length }, known: half, fetch, signal });
  expect(whole.status).toBe('done');
  expect(fetch.mock.calls.map(([url]) => url)).toEqual(['/api/runs/r1/events?after=0', '/api/runs/r1/events?after=9']);
  expect(await readJournal({ run: { id: 'r1', lastSeq: 0 }, known: undefined, fetch, signal })).toBe(EMPTY_VIEW);
});

test('a run is told to its page in one piece, however many events its journal has', async () => {
  let tell: (() => void) | undefined;
  const feed = createRunFeed('r1', { fetch: journalServer(), soon: (then) => (tell = then) });
  const listener = vi.fn();
  feed.subscribe(listener);
  const stop = feed.start();
  await vi.waitFor(() => {
    tell?.();
    expect(feed.current().view.status).toBe('done');
  });
  expect(feed.current().view.lastSeq).toBe(RECORDED.length);
  expect(listener.mock.calls.length).toBeLessThan(RECORDED.length);
  stop();
});

test('the list asks for one product, a state and a page, and shows a run on two pages once', () => {
  expect(runsPath({ limit: 25 })).toBe('/api/runs?product=modernizer&limit=25');
  expect(runsPath({ limit: 5, status: 'failed', cursor: 'a b' })).toContain('status=failed&cursor=a+b');
  expect([parseRunFilter('done'), parseRunFilter('<script>'), parseRunFilter(undefined)]).toEqual([
    'done',
    'all',
    'all',
  ]);
  expect([statusOf('all'), statusOf('needs-person')]).toEqual([undefined, 'needs-person']);
  const run = { id: 'a', startedAt: '2026-01-01T00:00:00Z', completedAt: '2026-01-01T00:01:05Z' };
  expect(tookText(run)).toBe('1 min 5 s');
  expect(tookText({ ...run, completedAt: null })).toBeNull();
  const summary = {
    ...run,
    product: 'modernizer',
    title: '',
    status: 'done',
    reason: null,
    source: '',
    costMicroUsd: 0,
    lastSeq: 1,
  } as const;
  expect(
    runsOf([
      { runs: [summary], nextCursor: 'x' },
      { runs: [summary], nextCursor: null },
    ]),
  ).toHaveLength(1);
});
