// Whether a call is tried again after a failure, and how long it waits: the seed's table as data, and a budget for each
// provider, so that one that is down is not hit by ten times the calls.
// Rule: a request that was rejected is our mistake and is never sent again, there or elsewhere.

import { RETRY_TABLE, unreachable, type RetryRow } from '../../basics/index.ts';
import type { FailureKind } from './failures.ts';

/** Which row of the table bounds a kind of failure, or that only another leg is of use, or nothing is. */
const BOUNDED_BY: Readonly<Record<FailureKind, RetryRow['error'] | 'another-leg' | 'nothing'>> = {
  'rate-limit': 'llm-rate-limit',
  overloaded: 'llm-rate-limit',
  timeout: 'llm-timeout',
  // A line that was cut is as a line that did not answer.
  'broken-off': 'llm-timeout',
  unreadable: 'another-leg',
  'key-refused': 'another-leg',
  rejected: 'nothing',
  'over-budget': 'nothing',
  cancelled: 'nothing',
};

export type AfterFailure = { readonly kind: 'stop' } | { readonly kind: 'again'; readonly sameLegToo: boolean };

/** `failures` are those of this call so far, the one just met included; the table counts over all its legs. */
export function afterFailure(failures: readonly FailureKind[]): AfterFailure {
  const last = failures.at(-1);
  if (last === undefined) return { kind: 'stop' };
  const bound = BOUNDED_BY[last];
  switch (bound) {
    case 'nothing':
      return { kind: 'stop' };
    case 'another-leg':
      return { kind: 'again', sameLegToo: false };
    case 'llm-timeout':
    case 'llm-rate-limit':
    case 'mcp-connection':
    case 'validation':
    case 'sandbox':
    case 'unknown': {
      const retriesMax = RETRY_TABLE.find((row) => row.error === bound)?.retriesMax ?? 0;
      const met = failures.filter((kind) => BOUNDED_BY[kind] === bound).length;
      return met > retriesMax ? { kind: 'stop' } : { kind: 'again', sameLegToo: true };
    }
    default:
      return unreachable(bound);
  }
}

/** The first wait is half a second at most, the fifth eight. */
const BACKOFF_MS = 500;
const BACKOFF_MS_MAX = 8000;

/** Full jitter: anything from nothing to the step, so that callers who failed together do not come back together. */
export const backoffMs = (retry: number, random: () => number): number =>
  Math.floor(random() * Math.min(BACKOFF_MS * 2 ** Math.max(0, retry - 1), BACKOFF_MS_MAX));

/** Extra calls a provider may get for each ordinary one. */
const EXTRA_SHARE = 0.1;
/** And a few more, so that the first calls of a quiet hour may be tried again; one comes back each second. */
const EXTRA_MAX = 10;
const REFILL_MS = 1000;

/** Of one provider: how many extra calls it may still get. */
export class RetryBudget {
  #left = EXTRA_MAX;
  #filledAtMs: number | undefined;

  noteCall(): void {
    this.#left = Math.min(EXTRA_MAX, this.#left + EXTRA_SHARE);
  }

  /** A clock that was set back gives nothing and takes nothing. */
  has(nowMs: number): boolean {
    const passedMs = this.#filledAtMs === undefined ? 0 : Math.max(0, nowMs - this.#filledAtMs);
    this.#left = Math.min(EXTRA_MAX, this.#left + passedMs / REFILL_MS);
    this.#filledAtMs = nowMs;
    return this.#left >= 1;
  }

  take(nowMs: number): boolean {
    if (!this.has(nowMs)) return false;
    this.#left -= 1;
    return true;
  }
}
