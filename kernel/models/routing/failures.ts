// What a provider's failure means for us. Providers fail in statuses, in events within a stream, in sockets that close
// and in things that cannot be read; all of it becomes one of nine kinds.
// Rule: nothing of the error itself is kept, since it holds the prompt and may hold the key: only a scrubbed sentence.

import { APICallError } from '@ai-sdk/provider';

import { Fault, scrub } from '../../basics/index.ts';

export type FailureKind =
  | 'rate-limit'
  | 'overloaded'
  | 'timeout'
  | 'key-refused'
  | 'rejected'
  | 'broken-off'
  | 'unreadable'
  | 'over-budget'
  | 'cancelled';

export interface Failure {
  readonly kind: FailureKind;
  /** Told by the provider; null where it did not. */
  readonly retryAfterMs: number | null;
  /** For the ledger: a status, or a word. */
  readonly code: string;
  /** For people, a sentence. */
  readonly why: string;
  /** The key is good for nothing (401), and not only for this model (403). */
  readonly isWholeKey: boolean;
  /** Part of an answer was on its way when it failed, so it is paid for. */
  readonly hadBegun: boolean;
}

/** A provider that says "in a week" is asked again after an hour. */
export const RETRY_AFTER_MS_MAX = 60 * 60_000;
const MESSAGE_LENGTH_MAX = 300;

const failure = (kind: FailureKind, code: string, why: string, more: Partial<Failure> = {}): Failure => ({
  kind,
  code,
  why,
  retryAfterMs: null,
  isWholeKey: false,
  hadBegun: false,
  ...more,
});

/** A failure that is ours to name, thrown through what lies between. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.why);
    this.failure = failure;
  }
}

/** Failures that are ours to name. */
export const BROKEN_OFF = failure('broken-off', 'broken-off', 'The answer broke off.', { hadBegun: true });
export const EMPTY = failure('unreadable', 'empty', 'It gave an empty answer.');
export const FIRST_TOKEN_LATE = failure('timeout', 'first-token-timeout', 'It did not begin to answer in time.');
export const STALLED = failure('timeout', 'stalled', 'It stopped in the middle of its answer.', { hadBegun: true });
export const CANCELLED = failure('cancelled', 'cancelled', 'The call was ended by who made it.');
export const TOO_LATE = failure('timeout', 'deadline', 'The time for the whole answer is over.');

const TOO_MANY = 'It has had too many requests from us';
const BUSY = 'It has too much to do';
const NO_KEY = 'It does not accept our key';

interface StatusRow {
  readonly kind: FailureKind;
  readonly why: string;
}
const STATUS_ROWS: Readonly<Record<number, StatusRow>> = {
  401: { kind: 'key-refused', why: NO_KEY },
  402: { kind: 'key-refused', why: 'There is no money left on our account with it' },
  403: { kind: 'key-refused', why: 'Our key may not use this model' },
  408: { kind: 'timeout', why: 'It took too long' },
  409: { kind: 'overloaded', why: BUSY },
  425: { kind: 'overloaded', why: BUSY },
  429: { kind: 'rate-limit', why: TOO_MANY },
  504: { kind: 'timeout', why: 'It took too long' },
};

/** Words of a provider that mean something else than its status. */
const TELLING: readonly { readonly words: RegExp; readonly kind: FailureKind; readonly why: string }[] = [
  {
    words: /api[ _]?key[ _](?:not valid|invalid)|invalid[ _](?:x-)?api[ _-]?key|authentication|unauthenticated/i,
    kind: 'key-refused',
    why: NO_KEY,
  },
  {
    words: /insufficient_quota|credit balance|billing/i,
    kind: 'key-refused',
    why: 'There is no money left on our account with it',
  },
  { words: /rate[ _]?limit|too many requests|resource_exhausted/i, kind: 'rate-limit', why: TOO_MANY },
  { words: /overloaded|unavailable/i, kind: 'overloaded', why: BUSY },
  { words: /permission_(?:error|denied)/i, kind: 'key-refused', why: 'Our key may not use this model' },
  {
    words: /invalid_request|invalid_argument|not_found_error/i,
    kind: 'rejected',
    why: 'It does not accept what was asked',
  },
];

/** What went wrong, whatever was thrown or came as an error in a stream. `nowMs` is for dates in Retry-After. */
export function decideFailure(error: unknown, nowMs: number): Failure {
  if (error instanceof Broken) return error.failure;
  if (error instanceof Fault) return ofFault(error);
  const name = nameOf(error);
  if (name === 'AbortError') return CANCELLED;
  if (name === 'TimeoutError') return failure('timeout', 'timeout', 'It took too long.');
  if (APICallError.isInstance(error)) return ofCall(error, nowMs);
  if (/JSONParse|TypeValidation|InvalidResponse|EmptyResponse|NoContentGenerated/.test(name)) return ofUnread(error);
  return ofEvent(error);
}

const unreadable = (): Failure =>
  failure('unreadable', 'unreadable', 'What it answered cannot be read.', { hadBegun: true });

/** Some packages cannot read the error of their own provider; it is in what they could not read. */
function ofUnread(error: unknown): Failure {
  const value: unknown = typeof error === 'object' && error !== null && 'value' in error ? error.value : undefined;
  const told: unknown = typeof value === 'object' && value !== null && 'error' in value ? value.error : undefined;
  return told === undefined ? unreadable() : ofEvent(told);
}

/** Faults come from us; what a person must do about them is in them already. */
function ofFault(fault: Fault): Failure {
  const kind = fault.about.kind === 'limit' ? 'over-budget' : 'rejected';
  return failure(kind, fault.code, `${fault.what} ${fault.why}`);
}

function ofCall(error: APICallError, nowMs: number): Failure {
  const status = error.statusCode;
  // Without a status no answer came; with a good one it broke off or was no answer.
  if (status === undefined) return failure('broken-off', 'unreachable', 'It could not be reached.');
  if (status < 400) return isUnreadable(error.cause) ? unreadable() : BROKEN_OFF;
  const said = clean(error.message);
  // A gateway in between may answer with a page; only what the provider itself says is told.
  const row = telling(`${said} ${clean(error.responseBody ?? '')}`, status) ?? STATUS_ROWS[status] ?? rowOf(status);
  return failure(row.kind, String(status), sentence(row.why, status, said), {
    retryAfterMs: retryAfter(error.responseHeaders ?? {}, nowMs),
    isWholeKey: row.kind === 'key-refused' && status !== 403,
  });
}

const rowOf = (status: number): StatusRow =>
  status >= 500
    ? { kind: 'overloaded', why: 'Something failed there' }
    : { kind: 'rejected', why: 'It does not accept what was asked' };

/** Statuses that say for themselves what they mean are believed, but for a key that comes as a bad request. */
function telling(words: string, status: number): StatusRow | undefined {
  const row = TELLING.find((candidate) => candidate.words.test(words));
  if (row?.kind !== 'key-refused') return undefined;
  return status === 400 || status === 429 ? row : undefined;
}

const sentence = (why: string, status: number, said: string): string =>
  `${why}: it answered ${status}${said === '' ? '' : `, "${said.replace(/\.$/, '')}"`}.`;

/** An error within a stream, in the shape of whichever provider. */
function ofEvent(error: unknown): Failure {
  const words = clean(wordsOf(error));
  if (/fetch failed|ECONN|socket|terminated|EPIPE|network|UND_ERR/i.test(words)) return BROKEN_OFF;
  const row = TELLING.find((candidate) => candidate.words.test(words));
  if (row === undefined) return failure('broken-off', 'error-event', 'It reported an error.', { hadBegun: true });
  return failure(row.kind, `${row.kind}-event`, `${row.why}.`, {
    hadBegun: true,
    isWholeKey: row.kind === 'key-refused',
  });
}

/** Everything short that an error says of itself: type, code, status and message, also of its cause. */
function wordsOf(error: unknown, depth = 0): string {
  if (typeof error === 'string') return error.slice(0, MESSAGE_LENGTH_MAX);
  if (typeof error !== 'object' || error === null || depth > 3) return '';
  const fields = ['name', 'type', 'code', 'status', 'message', 'error', 'data', 'cause'] as const;
  return fields.map((field) => (field in error ? wordsOf(Reflect.get(error, field), depth + 1) : '')).join(' ');
}

const isUnreadable = (cause: unknown): boolean =>
  /JSONParse|TypeValidation|InvalidResponse|EmptyResponse/.test(nameOf(cause));

const nameOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'name' in error && typeof error.name === 'string' ? error.name : '';

// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u001f\u007f]+/g;
const clean = (text: string): string => scrub(text).replaceAll(CONTROLS, ' ').trim().slice(0, MESSAGE_LENGTH_MAX);

/** In seconds, as a date, or in milliseconds as OpenAI says it; null where nothing sensible is said. */
export function retryAfter(headers: Readonly<Record<string, string | undefined>>, nowMs: number): number | null {
  const inMs = Number.parseFloat(headers['retry-after-ms'] ?? '');
  const given = headers['retry-after'] ?? '';
  const inSeconds = /^\s*\d+(?:\.\d+)?\s*$/.test(given) ? Number.parseFloat(given) * 1000 : Date.parse(given) - nowMs;
  const waitMs = Number.isFinite(inMs) ? inMs : inSeconds;
  return Number.isFinite(waitMs) ? Math.min(Math.max(0, Math.ceil(waitMs)), RETRY_AFTER_MS_MAX) : null;
}
