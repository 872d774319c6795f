export { BoundedQueue } from './bounded-queue.ts';
export {
  fromIso,
  instant,
  manualClock,
  systemClock,
  toIso,
  type Clock,
  type Instant,
  type ManualClock,
} from './clock.ts';
export { Fault, toFault, type FaultKind, type FaultParts, type HealthCheck } from './fault.ts';
export {
  newId,
  parseId,
  resolvePrefix,
  type DecisionId,
  type Id,
  type PersonId,
  type PrefixMatch,
  type RunId,
  type TrialId,
} from './ids.ts';
export { RETRY_TABLE, retryRowFor, type RetryRow, type RetryStrategy } from './retries.ts';
export { scrub, Secret } from './secret.ts';
export {
  bytesText,
  countText,
  durationText,
  mebibytes,
  microdollars,
  minutes,
  seconds,
  type Microdollars,
} from './units.ts';
export { unreachable } from './unreachable.ts';
