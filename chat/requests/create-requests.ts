// Requests of a chat: one way to ask, with a time limit, tries, one request for equal questions at the same moment, a
// cache, and one kind of error. No DOM, no React.
// Rules: a change is repeated only under the key that it was begun with; one who stops waiting stops nobody else.
// Not here: what the questions are (chat-api.ts) and reading the events of an answer (answers.ts).

import { systemClock, type Clock } from 'kernel/basics';

import { AnswerCache, CACHE_MS, type CacheStats } from './answer-cache.ts';
import { ChatError, errorOfResponse, failedWith } from './chat-error.ts';
import { errorTextsFor, type ErrorTexts } from './error-texts.ts';
import { joinUrl } from './join-url.ts';
import { nextTry } from './retries.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Schema<T> {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly message: string } };
}

export interface RequestsOptions {
  /** Such as `/api` or `https://host/api`. */
  readonly baseUrl?: string;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Sent as `Authorization: Bearer …`; without one the browser's cookies speak. */
  readonly token?: () => string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** Called once when the person is not signed in any more, and not again until a request is accepted. */
  readonly onAuthError?: (error: ChatError) => void;
  /** A language, or texts of one's own. */
  readonly messages?: string | ErrorTexts;
}

/** The names are the seed's; times are in ms. */
export interface RequestOptions<T = unknown> {
  /** For all tries together; what the server asked us to wait does not count. */
  readonly timeout?: number;
  /** Tries after the first. */
  readonly retries?: number;
  readonly retryDelay?: number;
  readonly useCache?: boolean;
  readonly cacheKey?: string;
  readonly cacheFor?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly idempotencyKey?: string;
  readonly schema?: Schema<T>;
  readonly signal?: AbortSignal;
}

export interface Requests {
  /** A parsed answer; undefined for one without a body, such as 204. Throws a ChatError. */
  request<T = unknown>(method: Method, path: string, body?: unknown, options?: RequestOptions<T>): Promise<T>;
  /** One try, with our headers and address, and the answer as it is: for streams. */
  open(path: string, init?: RequestInit): Promise<Response>;
  urlOf(path: string): string;
  clearCache(): void;
  getCacheStats(): CacheStats & { readonly activeRequests: number };
  abortAllRequests(): void;
  readonly texts: ErrorTexts;
  readonly clock: Clock;
}

export const TIMEOUT_MS = 30_000;
export const RETRIES = 3;
export const RETRY_DELAY_MS = 1000;

interface Shared {
  readonly answer: Promise<Answered>;
  readonly stop: AbortController;
  waiting: number;
}

interface Answered {
  readonly value: unknown;
  readonly characters: number;
}

export function createRequests(options: RequestsOptions = {}): Requests {
  const { baseUrl = '/api', clock = systemClock, messages = 'en' } = options;
  const send = options.fetch ?? ((url: string, init: RequestInit) => globalThis.fetch(url, init));
  const texts = typeof messages === 'string' ? errorTextsFor(messages) : messages;
  const cache = new AnswerCache(clock);
  const inFlight = new Map<string, Shared>();
  const active = new Set<AbortController>();
  const { signedIn, refused } = signingIn(cache, options.onAuthError);

  const urlOf = (path: string): string => joinUrl(baseUrl, path);
  const headersFor = (more: Readonly<Record<string, string>> = {}): Record<string, string> => {
    const token = options.token?.() ?? null;
    return { ...options.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...more };
  };
  /** @param flight Under which name others may wait for the same answer. */
  const begin = (asked: Asked, flight: string | null): Shared => {
    const stop = new AbortController();
    active.add(stop);
    const answer = carryOut({ ...asked, send, stop: stop.signal, clock, texts })
      .then((answered) => {
        signedIn();
        // What was read before a change may be wrong after it.
        if (asked.method !== 'GET' && asked.method !== 'HEAD') cache.clear();
        return answered;
      }, refused)
      .finally(() => {
        active.delete(stop);
        if (flight !== null && inFlight.get(flight)?.stop === stop) inFlight.delete(flight);
      });
    const shared: Shared = { answer, stop, waiting: 0 };
    if (flight !== null) inFlight.set(flight, shared);
    return shared;
  };

  const read = async <T>(asked: Asked, given: RequestOptions<T>): Promise<T> => {
    const key = given.cacheKey ?? `${asked.url} ${JSON.stringify(asked.headers)}`;
    const kept = given.useCache === true ? cache.get(key) : undefined;
    if (kept !== undefined) return parsed(kept.value, given.schema, texts);
    const { age } = cache;
    const flight = `${asked.url} ${JSON.stringify(asked.headers)}`;
    const answered = await wait(inFlight.get(flight) ?? begin(asked, flight), given.signal, texts);
    const value = parsed(answered.value, given.schema, texts);
    if (given.useCache === true && age === cache.age) {
      cache.put(key, answered.value, { characters: answered.characters, forMs: given.cacheFor ?? CACHE_MS });
    }
    return value;
  };
  const request: Requests['request'] = async (method, path, body, given = {}) => {
    const asked: Asked = { method, url: urlOf(path), body, headers: headersFor(given.headers), given };
    if (method === 'GET') return read(asked, given);
    return parsed((await wait(begin(asked, null), given.signal, texts)).value, given.schema, texts);
  };

  return {
    request,
    urlOf,
    open: (path, init = {}) =>
      send(urlOf(path), { ...init, headers: headersFor(Object.fromEntries(new Headers(init.headers))) }),
    clearCache: () => cache.clear(),
    getCacheStats: () => ({ ...cache.stats(), activeRequests: active.size }),
    abortAllRequests: () => {
      for (const stop of active) stop.abort();
    },
    texts,
    clock,
  };
}

/** Tells once that the person is not signed in any more, until a request is accepted again. */
function signingIn(
  cache: AnswerCache,
  onAuthError: RequestsOptions['onAuthError'],
): { signedIn(): void; refused(error: unknown): never } {
  let isSignedOut = false;
  return {
    signedIn: () => void (isSignedOut = false),
    refused: (error) => {
      if (error instanceof ChatError && error.kind === 'auth') {
        cache.clear();
        const isNews = !isSignedOut;
        isSignedOut = true;
        if (isNews) onAuthError?.(error);
      }
      throw error;
    },
  };
}

/** Waits for a request that others may wait for too; when the last one goes, it is stopped. */
async function wait(shared: Shared, signal: AbortSignal | undefined, texts: ErrorTexts): Promise<Answered> {
  shared.waiting += 1;
  const gone = new AbortController();
  const leaving = new Promise<never>((_, reject) => {
    const leave = (): void => reject(failedWith('cancelled', texts));
    if (signal?.aborted === true) leave();
    signal?.addEventListener('abort', leave, { signal: gone.signal });
  });
  try {
    return await (signal === undefined ? shared.answer : Promise.race([shared.answer, leaving]));
  } finally {
    gone.abort();
    shared.waiting -= 1;
    if (shared.waiting === 0) shared.stop.abort();
    // Whoever left does not hear of its end.
    shared.answer.catch(() => undefined);
    leaving.catch(() => undefined);
  }
}

interface Asked {
  readonly method: Method;
  readonly url: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly given: RequestOptions;
}

interface Carrying extends Asked {
  readonly send: (url: string, init: RequestInit) => Promise<Response>;
  readonly stop: AbortSignal;
  readonly clock: Clock;
  readonly texts: ErrorTexts;
}

/** All tries of one request. */
async function carryOut(work: Carrying): Promise<Answered> {
  const { clock, given, texts } = work;
  const { timeout = TIMEOUT_MS, retries = RETRIES, retryDelay = RETRY_DELAY_MS } = given;
  const init = initOf(work);
  let deadlineMs = clock.now() + timeout;
  for (let tries = 1; ; tries += 1) {
    const outcome = await once(work, init, deadlineMs - clock.now());
    if (outcome.kind === 'answered') return outcome;
    const { error } = outcome;
    const isKeyed = given.idempotencyKey !== undefined;
    const next = nextTry({ method: work.method, isKeyed, error, tries, retries, retryDelayMs: retryDelay });
    if (next.kind === 'give-up' || work.stop.aborted) throw error;
    if (next.isAsked) deadlineMs += next.afterMs;
    if (clock.now() + next.afterMs >= deadlineMs) throw error;
    await clock.sleep(next.afterMs, work.stop);
    if (isAborted(work.stop)) throw failedWith('cancelled', texts);
  }
}

type Outcome = (Answered & { readonly kind: 'answered' }) | { readonly kind: 'failed'; readonly error: ChatError };

/** One try, until its answer is read to the end. */
async function once({ send, url, stop, clock, texts }: Carrying, init: RequestInit, limitMs: number): Promise<Outcome> {
  const late = new AbortController();
  const ended = new AbortController();
  const timer = clock.sleep(limitMs, ended.signal).then(() => (ended.signal.aborted ? undefined : late.abort()));
  const signal = AbortSignal.any([stop, late.signal]);
  const failed = (cause: unknown): Outcome => ({
    kind: 'failed',
    error: failedWith(stop.aborted ? 'cancelled' : 'network', texts, cause),
  });
  try {
    const response = await send(url, { ...init, signal }).catch((cause: unknown) => ({ cause }));
    if (!(response instanceof Response)) return failed(response.cause);
    if (!response.ok) return { kind: 'failed', error: await errorOfResponse(response, texts, clock.now()) };
    const text = await response.text().catch((cause: unknown) => ({ cause }));
    if (typeof text !== 'string') return failed(text.cause);
    return { kind: 'answered', value: jsonOf(text, texts), characters: text.length };
  } finally {
    ended.abort();
    await timer;
  }
}

function initOf({ method, url, body, headers, given }: Carrying): RequestInit {
  const all = new Headers({ accept: 'application/json', ...headers });
  if (given.idempotencyKey !== undefined) all.set('idempotency-key', given.idempotencyKey);
  const isRaw = body instanceof Blob || body instanceof ArrayBuffer || ArrayBuffer.isView(body);
  if (body !== undefined && !isRaw && !all.has('content-type')) all.set('content-type', 'application/json');
  const init: RequestInit = { method, headers: all, credentials: 'same-origin', cache: 'no-cache' };
  if (body !== undefined && body !== null) init.body = isRaw ? (body as BodyInit) : JSON.stringify(body);
  // A wrong header or address is a mistake of ours: it is thrown here, and never taken for a failing network.
  if (/^https?:/.test(url)) void new Request(url, init);
  return init;
}

function jsonOf(text: string, texts: ErrorTexts): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw failedWith('other', texts, cause);
  }
}

function parsed<T>(value: unknown, schema: Schema<T> | undefined, texts: ErrorTexts): T {
  if (schema === undefined) return value as T;
  const result = schema.safeParse(value);
  if (!result.success) throw failedWith('other', texts, new Error(result.error.message.slice(0, 500)));
  return result.data;
}

/** A call, so that the compiler does not believe the signal to be as it was before the last wait. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
