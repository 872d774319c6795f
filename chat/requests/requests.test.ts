import { manualClock, type ManualClock } from 'kernel/basics';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';

import { ChatError, handleApiError } from './chat-error.ts';
import { AnswerCache } from './answer-cache.ts';
import { createBatcher } from './batcher.ts';
import { createRequests, type RequestsOptions } from './create-requests.ts';
import { ERROR_TEXTS } from './error-texts.ts';
import { startChatServer, type ChatServer, type Fate } from './fixtures/chat-server.ts';
import { joinUrl } from './join-url.ts';
import { browserKeeping, createDrafts, memoryKeeping, rememberPlace, takePlace } from './keeping.ts';
import { nextTry } from './retries.ts';

const servers: ChatServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function open(options: RequestsOptions = {}) {
  const server = await startChatServer();
  servers.push(server);
  const clock = manualClock();
  return { server, clock, requests: createRequests({ baseUrl: server.base, clock, ...options }) };
}

/** Gives the next answers of the server, then lets it be. */
function fates(server: ChatServer, ...given: (Fate | null)[]): void {
  server.fate = () => given.shift() ?? null;
}

const settled = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => value,
    (error: unknown) => error,
  );

/** Long enough for an answer over loopback to be read. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
}

/** Lets real input and output happen until the clock has a sleeper of this length, then moves it on. */
async function pass(clock: ManualClock, byMs: number, sleepers: number): Promise<void> {
  for (let turn = 0; turn < 2000 && clock.sleepers !== sleepers; turn += 1) await new Promise(setImmediate);
  await clock.advance(byMs);
}

const failing = { status: 502 };

test('a request that fails is tried again after 1, 2 and 4 seconds, and then no more', async () => {
  const { server, clock, requests } = await open();
  fates(server, failing, failing, failing, failing, failing);
  const asked = settled(requests.request('GET', '/echo'));
  const seen: number[] = [];
  for (const waitMs of [1000, 2000, 4000]) {
    // One sleeper: the wait. During a try there is one as well, its time limit, which is far away.
    for (let turn = 0; turn < 3000 && server.asked.length === seen.length; turn += 1) await new Promise(setImmediate);
    await turns();
    seen.push(server.asked.length);
    await clock.advance(waitMs - 1);
    await turns();
    expect(server.asked.length).toBe(seen.length);
    await clock.advance(1);
  }
  const error = await asked;
  expect(seen).toEqual([1, 2, 3]);
  expect(server.asked.length).toBe(4);
  expect(error).toMatchObject({ kind: 'server', type: 'server', status: 502, requestId: 'req-1' });
  expect((error as ChatError).message).toBe('Server error. Please try again later.');
});

const quick = (status: number | null, kind: ChatError['kind'], more: Partial<Parameters<typeof nextTry>[0]> = {}) =>
  nextTry({
    method: 'GET',
    isKeyed: false,
    error: new ChatError({ kind, status, userMessage: '' }),
    tries: 1,
    retries: 3,
    retryDelayMs: 1000,
    ...more,
  }).kind;

test.each([
  [null, 'network', 'again'],
  [500, 'server', 'again'],
  [599, 'server', 'again'],
  [408, 'other', 'again'],
  [429, 'rate-limit', 'again'],
  [400, 'other', 'give-up'],
  [401, 'auth', 'give-up'],
  [403, 'permission', 'give-up'],
  [404, 'not-found', 'give-up'],
  [409, 'other', 'give-up'],
  [422, 'other', 'give-up'],
  [null, 'cancelled', 'give-up'],
] as const)('a failure with status %s of kind %s leads to: %s', (status, kind, next) => {
  expect(quick(status, kind)).toBe(next);
});

test('a POST is repeated only under an Idempotency-Key, and with the same one', async () => {
  expect(quick(502, 'server', { method: 'POST' })).toBe('give-up');
  expect(quick(502, 'server', { method: 'PATCH' })).toBe('give-up');
  expect(quick(502, 'server', { method: 'POST', isKeyed: true })).toBe('again');
  const { server, requests } = await open();
  fates(server, failing, failing);
  await requests.request('POST', '/echo', { a: 1 }, { idempotencyKey: 'one', retryDelay: 0 });
  expect(server.asked.map(({ key }) => key)).toEqual(['one', 'one', 'one']);
});

test('a server that says when to come again is believed up to a minute', async () => {
  const error = (retryAfterMs: number): ChatError =>
    new ChatError({ kind: 'rate-limit', status: 429, retryAfterMs, userMessage: '' });
  const given = { method: 'GET', isKeyed: false, tries: 1, retries: 3, retryDelayMs: 1000 };
  expect(nextTry({ ...given, error: error(7000) })).toEqual({ kind: 'again', afterMs: 7000, isAsked: true });
  expect(nextTry({ ...given, error: error(61_000) })).toEqual({ kind: 'give-up' });
  const { server, requests } = await open();
  fates(server, { status: 429, headers: { 'retry-after': '0' } });
  expect(await requests.request('GET', '/echo')).toMatchObject({ method: 'GET' });
});

test.each([
  [401, 'auth', 'Your session has expired. Please log in again.'],
  [403, 'permission', 'You do not have permission to access this resource.'],
  [404, 'not-found', 'The requested resource was not found.'],
  [429, 'rate-limit', 'Too many requests. Please wait a moment and try again.'],
  [503, 'server', 'Server error. Please try again later.'],
  [418, 'other', 'An error occurred. Please try again.'],
] as const)('status %s is told as %s, in the words of the catalogue', async (status, kind, text) => {
  const { server, requests } = await open();
  server.fate = () => ({ status });
  const error = await settled(requests.request('GET', '/echo', undefined, { retries: 0 }));
  expect(error).toMatchObject({ kind, status, userMessage: text, code: 'REFUSED' });
});

test('a server that cannot be reached is a network error; a mistake of ours is not', async () => {
  const { server, requests } = await open();
  await server.close();
  const error = await settled(requests.request('GET', '/echo', undefined, { retries: 0 }));
  expect(error).toMatchObject({ kind: 'network', message: 'Network error. Please check your internet connection.' });
  const wrong = settled(requests.request('GET', '/echo', undefined, { headers: { 'no such\nheader': '' } }));
  expect(await wrong).toBeInstanceOf(TypeError);
  expect(handleApiError(new TypeError('x')).kind).toBe('other');
});

test('every text has its translation, and an unknown language is English', () => {
  const kinds = Object.keys(ERROR_TEXTS.get('en') ?? {});
  for (const texts of ERROR_TEXTS.values()) expect(Object.keys(texts)).toEqual(kinds);
  expect(kinds).toHaveLength(8);
  expect(handleApiError(new Error('x'), 'de-CH').message).toBe(
    'Ein Fehler ist aufgetreten. Bitte versuchen Sie es erneut.',
  );
});

test('equal questions at the same moment are one request, and one who leaves stops nobody else', async () => {
  const { server, requests } = await open();
  const leaving = new AbortController();
  const one = settled(requests.request('GET', '/echo', undefined, { signal: leaving.signal }));
  const two = requests.request('GET', '/echo');
  leaving.abort();
  expect(await one).toMatchObject({ kind: 'cancelled' });
  expect(await two).toMatchObject({ method: 'GET' });
  expect(server.asked).toHaveLength(1);
});

test('a question that everybody left is stopped', async () => {
  const { server, requests } = await open();
  const leaving = new AbortController();
  const one = settled(requests.request('GET', '/echo', undefined, { signal: leaving.signal }));
  leaving.abort();
  await one;
  await new Promise(setImmediate);
  expect(requests.getCacheStats().activeRequests).toBe(0);
  expect(server.asked.length).toBeLessThanOrEqual(1);
});

test('a kept answer is given for a minute, and not after a change', async () => {
  const { server, clock, requests } = await open();
  const ask = () => requests.request('GET', '/echo', undefined, { useCache: true, cacheKey: 'e' });
  await ask();
  await ask();
  expect(server.asked).toHaveLength(1);
  expect(requests.getCacheStats()).toMatchObject({ entries: 1, hits: 1, misses: 1, keys: ['e'] });
  await clock.advance(60_000);
  await ask();
  expect(server.asked).toHaveLength(2);
  await requests.request('POST', '/echo', {});
  await ask();
  expect(server.asked).toHaveLength(4);
  requests.clearCache();
  expect(requests.getCacheStats().entries).toBe(0);
});

test('whatever is kept, it never has more bytes than it may, and the count is right', () => {
  const puts = fc.array(fc.record({ key: fc.string({ maxLength: 3 }), characters: fc.nat(600) }), { maxLength: 60 });
  fc.assert(
    fc.property(puts, (items) => {
      const cache = new AnswerCache(manualClock(), 1000);
      for (const { key, characters } of items) cache.put(key, key, { characters, forMs: 10 });
      const { bytes, keys } = cache.stats();
      const last = new Map(items.map(({ key, characters }) => [key, characters]));
      const counted = keys.reduce((sum, key) => sum + ((last.get(key) ?? 0) + key.length) * 2, 0);
      return bytes <= 1000 && bytes === counted;
    }),
  );
});

test('everything under way can be called off', async () => {
  const { requests } = await open();
  const one = settled(requests.request('GET', '/echo'));
  const two = settled(requests.request('POST', '/echo', {}));
  requests.abortAllRequests();
  expect(await one).toMatchObject({ kind: 'cancelled' });
  expect(await two).toMatchObject({ kind: 'cancelled' });
});

test('the time limit is for all tries together', async () => {
  const clock = manualClock();
  const never = (_: string, init: RequestInit): Promise<Response> =>
    new Promise((_resolve, reject) => init.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
  const requests = createRequests({ baseUrl: 'http://127.0.0.1:1/api', clock, fetch: never });
  const asked = settled(requests.request('GET', '/echo'));
  await pass(clock, 30_000, 1);
  expect(await asked).toMatchObject({ kind: 'network' });
});

test('the time a server asked us to wait does not count', async () => {
  const clock = manualClock();
  let tries = 0;
  const requests = createRequests({
    baseUrl: 'http://127.0.0.1:1/api',
    clock,
    fetch: () => {
      tries += 1;
      if (tries > 1) return Promise.resolve(new Response('{"a":1}'));
      return Promise.resolve(new Response('', { status: 429, headers: { 'retry-after': '50' } }));
    },
  });
  const asked = requests.request('GET', '/echo', undefined, { timeout: 15_000 });
  await turns();
  await clock.advance(50_000);
  expect(await asked).toEqual({ a: 1 });
});

test('signing out is told once, until a request is accepted again', async () => {
  const told: string[] = [];
  const { server, requests } = await open({ onAuthError: (error) => told.push(error.kind) });
  fates(server, { status: 401 }, { status: 401 }, null, { status: 401 });
  for (let turn = 0; turn < 4; turn += 1) await settled(requests.request('GET', '/echo'));
  expect(told).toEqual(['auth', 'auth']);
});

test('a draft outlives signing in again, and one comes back to the same place', () => {
  const kept = memoryKeeping();
  const drafts = createDrafts(kept);
  drafts.set('c1', 'Half a sent');
  rememberPlace(kept, '/chat/c1?panel=persona');
  expect(createDrafts(kept).get('c1')).toBe('Half a sent');
  expect(takePlace(kept)).toBe('/chat/c1?panel=persona');
  expect(takePlace(kept)).toBeNull();
  for (const foreign of ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:1']) {
    rememberPlace(kept, foreign);
    expect(takePlace(kept)).toBeNull();
  }
});

test('storage that refuses is replaced by memory', () => {
  const refusing = browserKeeping(() => {
    throw new Error('denied');
  });
  refusing.set('a', '1');
  expect(refusing.get('a')).toBe('1');
});

test.each([
  ['/api', '/chat', '/api/chat'],
  ['/api', '/api/chat', '/api/chat'],
  ['/api/', 'chat', '/api/chat'],
  ['/api', '/apiary', '/api/apiary'],
  ['https://host/api', '/api/chat', 'https://host/api/chat'],
  ['https://host', '/api/chat', 'https://host/api/chat'],
  ['', '/chat', '/chat'],
])('%s and %s are %s', (base, path, url) => expect(joinUrl(base, path)).toBe(url));

test.each(['//evil.example', 'https://evil.example/x', '/\\evil.example', 'javascript:alert(1)', '/a\nb'])(
  'the token never goes to %s',
  (path) => expect(() => joinUrl('/api', path)).toThrow('another host'),
);

test('small requests become one, each with its own end, in order', async () => {
  const { server, clock, requests } = await open();
  server.room('c1');
  const batcher = createBatcher(requests);
  const all = [
    batcher.add({ method: 'GET', path: '/chat/c1/history' }),
    batcher.add({ method: 'POST', path: '/chat/c1/message', body: { content: 'hi' }, idempotencyKey: 'k' }),
    batcher.add({ method: 'GET', path: '/chat/none/history' }),
  ].map(settled);
  await clock.advance(10);
  const [page, posted, missing] = await Promise.all(all);
  expect(page).toMatchObject({ total: 0 });
  expect(posted).toMatchObject({ success: true });
  expect(missing).toMatchObject({ kind: 'not-found' });
  expect(server.asked).toHaveLength(1);
  expect(() => batcher.add({ method: 'POST', path: '/chat/c1/message' })).toThrow('no key');
});

test('fifty requests do not wait for the clock', async () => {
  const { server, requests } = await open();
  const batcher = createBatcher(requests);
  await Promise.all(Array.from({ length: 50 }, () => batcher.add({ method: 'GET', path: '/echo' })));
  expect(server.asked).toHaveLength(1);
});

test('what the server answers is checked against its shape', async () => {
  const { requests } = await open();
  const schema = { safeParse: () => ({ success: false as const, error: { message: 'method: wrong' } }) };
  expect(await settled(requests.request('GET', '/echo', undefined, { schema }))).toMatchObject({ kind: 'other' });
});
