// Whether a failed request is tried again, and when. Pure.
// Rules: what may have had an effect is repeated only with an Idempotency-Key; a server that says when it wants to be
// asked again is believed, up to a minute.

import type { ChatError } from './chat-error.ts';

/** A server that wants to be left alone for longer is not going to answer this person now. */
export const RETRY_AFTER_MS_MAX = 60_000;
const REPEATABLE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

export interface Attempt {
  readonly method: string;
  readonly isKeyed: boolean;
  readonly error: ChatError;
  /** Tries that were made, this one included. */
  readonly tries: number;
  /** Tries after the first one. */
  readonly retries: number;
  readonly retryDelayMs: number;
}

export type NextTry =
  | { readonly kind: 'give-up' }
  /** `isAsked`: the server named the time, so it does not count as ours. */
  | { readonly kind: 'again'; readonly afterMs: number; readonly isAsked: boolean };

export function nextTry({ method, isKeyed, error, tries, retries, retryDelayMs }: Attempt): NextTry {
  const isRepeatable = REPEATABLE_METHODS.has(method) || isKeyed;
  if (tries > retries || !isRepeatable || !mayHelp(error)) return { kind: 'give-up' };
  const asked = error.retryAfterMs;
  if (asked === null) return { kind: 'again', afterMs: retryDelayMs * 2 ** (tries - 1), isAsked: false };
  return asked > RETRY_AFTER_MS_MAX ? { kind: 'give-up' } : { kind: 'again', afterMs: asked, isAsked: true };
}

const mayHelp = ({ kind, status }: ChatError): boolean =>
  kind === 'network' || kind === 'server' || status === 408 || status === 429;
