export { createDurableLimit, LIMIT_MIGRATIONS, type DurableLimit } from './durable-limit.ts';
export { HTTP_MIGRATIONS, idempotent, type IdempotencyOptions } from './idempotency.ts';
export { limitBody, rateLimit, type RateLimit } from './limits.ts';
export { faultHandler, notFoundHandler, problemOf, problemResponse, statusOf, type ProblemStatus } from './problems.ts';
export { bodyTooLarge, tooManyRequests } from './faults.ts';
export { afterOf, sseOfRun, type SseOptions } from './sse.ts';
export { PageQuery, validated } from './validated.ts';
