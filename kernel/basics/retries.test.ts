import { expect, test } from 'vitest';

import type { FaultKind } from './fault.ts';
import { RETRY_TABLE, retryRowFor } from './retries.ts';

test('the table is the one of the Modernizer’s design', () => {
  expect(Object.fromEntries(RETRY_TABLE.map((row) => [row.error, [row.strategy, row.retriesMax]]))).toEqual({
    'llm-timeout': ['exponential-backoff', 3],
    'llm-rate-limit': ['wait-and-retry', 5],
    'mcp-connection': ['reconnect', 3],
    validation: ['analyse-fix-retry', 3],
    sandbox: ['clean-up-and-recreate', 2],
    unknown: ['escalate', 0],
  });
  expect(RETRY_TABLE).toHaveLength(6);
});

const llm = { kind: 'llm', provider: 'p', model: 'm' } as const;
const timeout: FaultKind = { ...llm, reason: 'timeout' };

/** One of each kind: a kind that is added without a row here does not compile. */
const OF_EACH_KIND: Readonly<Record<FaultKind['kind'], readonly [FaultKind, string]>> = {
  agent: [{ kind: 'agent', agent: 'planner' }, 'unknown'],
  validation: [{ kind: 'validation', logs: '', healthChecks: [], errors: [] }, 'validation'],
  mcp: [{ kind: 'mcp', server: 's', tool: null }, 'mcp-connection'],
  llm: [timeout, 'llm-timeout'],
  sandbox: [{ kind: 'sandbox', backEnd: 'bubblewrap' }, 'sandbox'],
  unavailable: [{ kind: 'unavailable', service: 's' }, 'unknown'],
  'wrong-use': [{ kind: 'wrong-use' }, 'unknown'],
  'not-found': [{ kind: 'not-found' }, 'unknown'],
  'not-allowed': [{ kind: 'not-allowed' }, 'unknown'],
  'not-signed-in': [{ kind: 'not-signed-in' }, 'unknown'],
  conflict: [{ kind: 'conflict' }, 'unknown'],
  limit: [{ kind: 'limit', retryAfterMs: 1 }, 'unknown'],
  unexpected: [{ kind: 'unexpected' }, 'unknown'],
};

test.each(Object.entries(OF_EACH_KIND))('a fault of kind %s selects its row', (_kind, [about, error]) => {
  const row = retryRowFor(about);
  expect(row.error).toBe(error);
  expect(RETRY_TABLE).toContainEqual(row);
});

test.each([
  ['timeout', 'llm-timeout'],
  ['rate-limit', 'llm-rate-limit'],
  ['refused', 'unknown'],
  ['unknown', 'unknown'],
] as const)('a model’s fault by %s selects %s', (reason, error) => {
  expect(retryRowFor({ ...llm, reason }).error).toBe(error);
});
