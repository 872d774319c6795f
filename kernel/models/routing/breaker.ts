// A leg that fails again and again is left alone for a while, then tried by one call: a circuit breaker, as a pure
// function of its state and the moment. A library would bring a clock of its own, which tests cannot move.

import type { RoutingLimits } from './limits.ts';

export interface Breaker {
  /** Of the window, oldest first; at most the last twenty. */
  readonly calls: readonly { readonly atMs: number; readonly isGood: boolean }[];
  /** Until then nobody asks; undefined while it is closed. */
  readonly openUntilMs: number | undefined;
  /** How often it opened without a good call in between. */
  readonly opened: number;
  readonly isProbing: boolean;
}

const CALLS_KEPT = 20;

export const CLOSED: Breaker = { calls: [], openUntilMs: undefined, opened: 0, isProbing: false };

/** Until when it is open; undefined where it may be asked. A clock that was set back cannot keep it open for longer. */
export function openUntil(breaker: Breaker, nowMs: number, limits: RoutingLimits): number | undefined {
  const { openUntilMs } = breaker;
  if (openUntilMs === undefined) return undefined;
  const untilMs = Math.min(openUntilMs, nowMs + limits.breakerOpenMsMax);
  // While one call tries it, the others wait about as long as that takes.
  if (untilMs <= nowMs) return breaker.isProbing ? nowMs + limits.breakerOpenMs : undefined;
  return openUntilMs - nowMs > limits.breakerOpenMsMax ? undefined : untilMs;
}

/** A call begins; after the time is over it is the one that tries. */
export const begun = (breaker: Breaker): Breaker =>
  breaker.openUntilMs === undefined ? breaker : { ...breaker, isProbing: true };

export function ended(breaker: Breaker, isGood: boolean, nowMs: number, limits: RoutingLimits): Breaker {
  if (breaker.openUntilMs !== undefined) return isGood ? CLOSED : opened(breaker, nowMs, limits);
  const inWindow = breaker.calls.filter(({ atMs }) => Math.abs(nowMs - atMs) <= limits.breakerWindowMs);
  const calls = [...inWindow, { atMs: nowMs, isGood }].slice(-CALLS_KEPT);
  const failures = calls.filter((call) => !call.isGood).length;
  const isTooMany = failures >= limits.breakerFailures && failures * 2 >= calls.length;
  return isTooMany && !isGood ? opened({ ...breaker, calls }, nowMs, limits) : { ...breaker, calls, opened: 0 };
}

/** The call that tried it was given up by who made it: nothing was learnt. */
export const givenUp = (breaker: Breaker): Breaker => ({ ...breaker, isProbing: false });

function opened(breaker: Breaker, nowMs: number, limits: RoutingLimits): Breaker {
  const forMs = Math.min(limits.breakerOpenMs * 2 ** Math.min(breaker.opened, 20), limits.breakerOpenMsMax);
  return { calls: [], openUntilMs: nowMs + forMs, opened: breaker.opened + 1, isProbing: false };
}
