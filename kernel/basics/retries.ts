// How often a failure of each kind is tried again, as data: the table of the Modernizer's design.
// Rule: `retriesMax` counts the tries after the first one. A fault that no row names is not tried again:
// a person decides.
// Not here: waiting and counting (the caller, by cockatiel) and what a fix is (the Modernizer's analyzer).

import type { FaultKind } from './fault.ts';

export type RetryStrategy =
  'exponential-backoff' | 'wait-and-retry' | 'reconnect' | 'analyse-fix-retry' | 'clean-up-and-recreate' | 'escalate';

export interface RetryRow {
  readonly error: 'llm-timeout' | 'llm-rate-limit' | 'mcp-connection' | 'validation' | 'sandbox' | 'unknown';
  readonly strategy: RetryStrategy;
  /** Tries after the first one. */
  readonly retriesMax: number;
}

export const RETRY_TABLE: readonly RetryRow[] = [
  { error: 'llm-timeout', strategy: 'exponential-backoff', retriesMax: 3 },
  { error: 'llm-rate-limit', strategy: 'wait-and-retry', retriesMax: 5 },
  { error: 'mcp-connection', strategy: 'reconnect', retriesMax: 3 },
  { error: 'validation', strategy: 'analyse-fix-retry', retriesMax: 3 },
  { error: 'sandbox', strategy: 'clean-up-and-recreate', retriesMax: 2 },
  { error: 'unknown', strategy: 'escalate', retriesMax: 0 },
];

const UNKNOWN_ROW: RetryRow = { error: 'unknown', strategy: 'escalate', retriesMax: 0 };

/** The row of the retry table that a fault selects. */
export function retryRowFor(about: FaultKind): RetryRow {
  const error = errorOf(about);
  return RETRY_TABLE.find((row) => row.error === error) ?? UNKNOWN_ROW;
}

function errorOf(about: FaultKind): RetryRow['error'] {
  switch (about.kind) {
    case 'llm':
      if (about.reason === 'timeout') return 'llm-timeout';
      return about.reason === 'rate-limit' ? 'llm-rate-limit' : 'unknown';
    case 'mcp':
      return 'mcp-connection';
    case 'validation':
      return 'validation';
    case 'sandbox':
      return 'sandbox';
    default:
      return 'unknown';
  }
}
