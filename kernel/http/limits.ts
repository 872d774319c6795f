// How much one caller may ask: requests in a while, and bytes in a body.

import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import { bytesText } from '../basics/index.ts';
import { bodyTooLarge, tooManyRequests } from './faults.ts';
import { problemResponse } from './problems.ts';

export interface RateLimit {
  readonly requests: number;
  readonly inSeconds: number;
  /** Who is counted: a person's id, a token's, or an address. */
  who(context: Parameters<MiddlewareHandler>[0]): string;
}

/** Answers 429 with Retry-After beyond the limit; every answer says how much is left. */
export function rateLimit({ requests, inSeconds, who }: RateLimit): MiddlewareHandler {
  const limiter = new RateLimiterMemory({ points: requests, duration: inSeconds });
  return async (context, next) => {
    const state = await limiter.consume(who(context)).catch((refused: unknown) => {
      if (refused instanceof RateLimiterRes) return refused;
      throw refused;
    });
    const resetSeconds = Math.ceil(state.msBeforeNext / 1000);
    const isOver = state.consumedPoints > requests;
    if (isOver) context.res = problemResponse(tooManyRequests(Math.max(1000, state.msBeforeNext)));
    else await next();
    context.res.headers.set('ratelimit-policy', `"default";q=${requests};w=${inSeconds}`);
    context.res.headers.set('ratelimit', `"default";r=${state.remainingPoints};t=${resetSeconds}`);
  };
}

export const limitBody = (bytesMax: number): MiddlewareHandler =>
  bodyLimit({ maxSize: bytesMax, onError: () => problemResponse(bodyTooLarge(bytesText(bytesMax)), { status: 413 }) });
