// The faults of the HTTP surface that every product shares.

import { Fault } from '../basics/index.ts';

export const requestInvalid = (where: string): Fault =>
  new Fault('REQUEST_INVALID', {
    what: 'The request was not accepted.',
    why: `Something in its ${where} is missing or wrong.`,
    next: 'Correct the fields named in errors; /api/openapi.json has the shapes.',
    about: { kind: 'wrong-use' },
  });

export const bodyTooLarge = (limit: string): Fault =>
  new Fault('BODY_TOO_LARGE', {
    what: 'The request was not accepted.',
    why: `Its body is larger than ${limit}.`,
    next: 'Send less at once.',
    about: { kind: 'wrong-use' },
  });

export const tooManyRequests = (retryAfterMs: number): Fault =>
  new Fault('TOO_MANY_REQUESTS', {
    what: 'The request was turned away.',
    why: 'More requests came from you than are served at once.',
    next: 'Wait for the seconds in Retry-After, then go on more slowly.',
    about: { kind: 'limit', retryAfterMs },
  });

export const keyInvalid = (): Fault =>
  new Fault('IDEMPOTENCY_KEY_INVALID', {
    what: 'The request was not accepted.',
    why: 'Its Idempotency-Key is empty, longer than 200 characters, or has characters that cannot be printed.',
    next: 'Send a random text, such as a UUID, and the same one when you try again.',
    about: { kind: 'wrong-use' },
  });

export const keyReused = (): Fault =>
  new Fault('IDEMPOTENCY_KEY_REUSED', {
    what: 'The request was not accepted.',
    why: 'Its Idempotency-Key was used for a different request before.',
    next: 'Send a new key with a new request; keep the key only when you repeat one.',
    about: { kind: 'conflict' },
  });

export const stillUnderWay = (): Fault =>
  new Fault('IDEMPOTENCY_KEY_IN_USE', {
    what: 'The request was not begun a second time.',
    why: 'The first one with this Idempotency-Key is still under way.',
    next: 'Wait a moment and repeat it with the same key; you get the answer of the first.',
    about: { kind: 'conflict' },
  });
