import { APICallError } from '@ai-sdk/provider';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { Secret } from '../../basics/index.ts';
import { POLICIES } from '../models.ts';
import { begun, CLOSED, ended, givenUp, openUntil, type Breaker } from './breaker.ts';
import { Broken, decideFailure, RETRY_AFTER_MS_MAX, retryAfter, STALLED, type FailureKind } from './failures.ts';
import { LIMITS } from './limits.ts';
import { orderLegs, type Candidate } from './policies.ts';
import { afterFailure, backoffMs, RetryBudget } from './retries.ts';
import { countTokens, inputTokensMax } from './tokens.ts';
import { chargedUsage } from './usage.ts';

const NOW = Date.UTC(2026, 10, 21);
const called = (statusCode: number | undefined, message = 'no', more: object = {}) =>
  new APICallError({
    message,
    url: 'http://x',
    requestBodyValues: {},
    ...(statusCode === undefined ? {} : { statusCode }),
    ...more,
  });

describe('a failure', () => {
  test.each<[unknown, FailureKind]>([
    [called(401), 'key-refused'],
    [called(402), 'key-refused'],
    [called(403), 'key-refused'],
    [called(400), 'rejected'],
    [called(404), 'rejected'],
    [called(413), 'rejected'],
    [called(422), 'rejected'],
    [called(408), 'timeout'],
    [called(504), 'timeout'],
    [called(429), 'rate-limit'],
    [called(500), 'overloaded'],
    [called(503), 'overloaded'],
    [called(529), 'overloaded'],
    [called(400, 'API key not valid. Please pass a valid API key.'), 'key-refused'],
    [called(400, 'Your credit balance is too low'), 'key-refused'],
    [
      called(429, 'You exceeded your current quota', { responseBody: '{"error":{"code":"insufficient_quota"}}' }),
      'key-refused',
    ],
    [called(undefined, 'Cannot connect to API'), 'broken-off'],
    [called(200, 'Failed to process successful response'), 'broken-off'],
    [called(200, 'x', { cause: Object.assign(new Error('x'), { name: 'AI_JSONParseError' }) }), 'unreadable'],
    [{ type: 'overloaded_error', message: 'Overloaded' }, 'overloaded'],
    [{ error: { type: 'rate_limit_error' } }, 'rate-limit'],
    [{ code: 429, status: 'RESOURCE_EXHAUSTED' }, 'rate-limit'],
    [{ type: 'authentication_error' }, 'key-refused'],
    [{ type: 'invalid_request_error' }, 'rejected'],
    [{ type: 'server_error' }, 'broken-off'],
    [new TypeError('fetch failed'), 'broken-off'],
    [Object.assign(new Error('x'), { name: 'AI_TypeValidationError' }), 'unreadable'],
    [
      Object.assign(new Error('x'), { name: 'AI_TypeValidationError', value: { error: { type: 'overloaded_error' } } }),
      'overloaded',
    ],
    [new DOMException('x', 'AbortError'), 'cancelled'],
    [new DOMException('x', 'TimeoutError'), 'timeout'],
    [new Broken(STALLED), 'timeout'],
    ['something', 'broken-off'],
    [undefined, 'broken-off'],
    [null, 'broken-off'],
  ])('%# is one of nine kinds', (error, kind) => expect(decideFailure(error, NOW).kind).toBe(kind));

  test('of a whole key is told from one of a model', () => {
    expect(decideFailure(called(401), NOW).isWholeKey).toBe(true);
    expect(decideFailure(called(403), NOW).isWholeKey).toBe(false);
  });

  test('is told in a sentence without any secret and without control characters', () => {
    const secret = new Secret('very-secret-key-0815');
    const { why } = decideFailure(called(401, `Incorrect key ${secret.reveal()}\u0007\n`), NOW);
    expect(why).toMatch(/^It does not accept our key: it answered 401, "Incorrect key \[secret:....\]"\.$/);
  });

  test('whatever is thrown is decided', () => {
    fc.assert(fc.property(fc.anything(), (thrown) => decideFailure(thrown, NOW).why !== ''));
  });
});

test.each([
  [{ 'retry-after': '2' }, 2000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'retry-after': new Date(NOW + 7000).toUTCString() }, 7000],
  [{ 'retry-after': new Date(NOW - 7000).toUTCString() }, 0],
  [{ 'retry-after-ms': '30', 'retry-after': '9' }, 30],
  [{ 'retry-after': '999999' }, RETRY_AFTER_MS_MAX],
  [{ 'retry-after': 'soon' }, null],
  [{}, null],
])('Retry-After %j is %d ms', (headers, waitMs) => expect(retryAfter(headers, NOW)).toBe(waitMs));

describe('a call is tried again', () => {
  const kinds = (kind: FailureKind, count: number) => Array.from({ length: count }, () => kind);
  test.each<[FailureKind, number]>([
    ['timeout', 3],
    ['broken-off', 3],
    ['rate-limit', 5],
    ['overloaded', 5],
    ['rejected', 0],
    ['cancelled', 0],
    ['over-budget', 0],
  ])('after %s %d times, as the table says', (kind, retries) => {
    for (let met = 1; met <= retries; met += 1) expect(afterFailure(kinds(kind, met)).kind).toBe('again');
    expect(afterFailure(kinds(kind, retries + 1)).kind).toBe('stop');
  });

  test('but elsewhere only, where the answer could not be read or the key was refused', () => {
    expect(afterFailure(['unreadable'])).toEqual({ kind: 'again', sameLegToo: false });
    expect(afterFailure(['key-refused'])).toEqual({ kind: 'again', sameLegToo: false });
    expect(afterFailure([])).toEqual({ kind: 'stop' });
  });

  test('after a wait of up to half a second that doubles up to eight', () => {
    expect([1, 2, 3, 5, 9].map((retry) => backoffMs(retry, () => 0.9999))).toEqual([499, 999, 1999, 7999, 7999]);
    expect(backoffMs(3, () => 0)).toBe(0);
  });

  test('no more than a tenth of all calls to a provider, beyond the first few', () => {
    const budget = new RetryBudget();
    let taken = 0;
    while (budget.take(NOW)) taken += 1;
    expect(taken).toBe(10);
    for (let call = 0; call < 101; call += 1) {
      budget.noteCall();
      if (budget.take(NOW)) taken += 1;
    }
    expect(taken).toBeLessThanOrEqual(21);
    expect(budget.take(NOW - 1e9), 'a clock that was set back').toBe(false);
    expect(budget.take(NOW + 60_000)).toBe(true);
  });
});

describe('a breaker', () => {
  const fail = (breaker: Breaker, times: number, nowMs = NOW): Breaker =>
    times === 0 ? breaker : fail(ended(breaker, false, nowMs, LIMITS), times - 1, nowMs);

  test('opens after five failures that are half of its calls, and stays closed before', () => {
    expect(openUntil(fail(CLOSED, 4), NOW, LIMITS)).toBeUndefined();
    expect(openUntil(fail(CLOSED, 5), NOW, LIMITS)).toBe(NOW + LIMITS.breakerOpenMs);
    let mixed = CLOSED;
    for (let call = 0; call < 30; call += 1) mixed = ended(mixed, call % 3 !== 0, NOW, LIMITS);
    expect(openUntil(mixed, NOW, LIMITS)).toBeUndefined();
  });

  test('lets one call try after its time, closes when it is good, and waits twice as long when it is not', () => {
    const open = fail(CLOSED, 5);
    const later = NOW + LIMITS.breakerOpenMs;
    expect(openUntil(open, later, LIMITS)).toBeUndefined();
    const trying = begun(open);
    expect(openUntil(trying, later, LIMITS), 'the others wait').toBeGreaterThan(later);
    expect(ended(trying, true, later, LIMITS)).toEqual(CLOSED);
    expect(openUntil(ended(trying, false, later, LIMITS), later, LIMITS)).toBe(later + 2 * LIMITS.breakerOpenMs);
    expect(openUntil(givenUp(trying), later, LIMITS)).toBeUndefined();
  });

  test('forgets failures outside its window', () => {
    expect(openUntil(fail(fail(CLOSED, 4), 1, NOW + LIMITS.breakerWindowMs + 1), NOW, LIMITS)).toBeUndefined();
  });

  test('is never open for longer than its most, however the clock jumps', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: -1e9, max: 1e9 })), { maxLength: 60 }), (calls) => {
        let breaker = CLOSED;
        let nowMs = NOW;
        for (const [isGood, jumpMs] of calls) {
          nowMs += jumpMs;
          const untilMs = openUntil(breaker, nowMs, LIMITS);
          if (untilMs !== undefined) expect(untilMs - nowMs).toBeLessThanOrEqual(LIMITS.breakerOpenMsMax);
          else breaker = ended(begun(breaker), isGood, nowMs, LIMITS);
        }
      }),
    );
  });
});

describe('legs are asked', () => {
  const candidate = (leg: string, more: Partial<Candidate> = {}): Candidate => ({
    leg,
    place: 0,
    weight: 1,
    isReady: true,
    inFlight: 0,
    firstTokenMsP50: null,
    errorShare: 0,
    pricePerMillion: null,
    quality: 1,
    ...more,
  });
  const names = (policy: (typeof POLICIES)[number], list: readonly Candidate[], random = () => 0.5) =>
    orderLegs(policy, list, random).map(({ leg }) => leg);

  test('in the order of the route', () => {
    expect(names('pinned', [candidate('b', { place: 1 }), candidate('a', { place: 0 })])).toEqual(['a', 'b']);
  });
  test('the cheapest first, and those without a price last', () => {
    const list = [
      candidate('x'),
      candidate('dear', { pricePerMillion: 9 }),
      candidate('cheap', { pricePerMillion: 1 }),
    ];
    expect(names('cost', list)).toEqual(['cheap', 'dear', 'x']);
  });
  test('the quickest first, counted twice where half of its calls fail, and now and then one that is not known', () => {
    const list = [
      candidate('unknown'),
      candidate('shaky', { firstTokenMsP50: 100, errorShare: 0.5 }),
      candidate('steady', { firstTokenMsP50: 150 }),
    ];
    expect(names('latency', list)).toEqual(['steady', 'shaky', 'unknown']);
    expect(names('latency', list, () => 0.05)[0]).toBe('unknown');
  });
  test('the best first', () => {
    expect(names('quality', [candidate('a', { quality: 0.5 }), candidate('b', { quality: 0.9 })])).toEqual(['b', 'a']);
  });
  test('as often as their weights say, whatever number of keys they have', () => {
    let seed = 1;
    const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const list = [
      candidate('a1', { place: 0, weight: 3 }),
      candidate('a2', { place: 0, weight: 3 }),
      candidate('b', { place: 1, weight: 1 }),
      candidate('never', { place: 2, weight: 0 }),
    ];
    const first = Array.from({ length: 4000 }, () => names('weighted', list, random)[0]);
    expect(first.filter((leg) => leg === 'b').length / 4000).toBeCloseTo(0.25, 1);
    expect(first).not.toContain('never');
  });
  test('the least busy key first, and by every policy those last that may not be asked now', () => {
    const list = [candidate('busy', { inFlight: 3 }), candidate('free'), candidate('cooling', { isReady: false })];
    for (const policy of POLICIES) expect(names(policy, list)).toEqual(['free', 'busy', 'cooling']);
  });
});

describe('tokens', () => {
  test('what is set aside is never less than there are, for words, code, signs and noise', async () => {
    const texts = [
      'The quick brown fox. '.repeat(50),
      'const x = (a) => { return a[0]?.b ?? {}; };\n'.repeat(20),
      '大きな犬が走る。'.repeat(50),
      '😀🏴‍☠️'.repeat(50),
      '3.14159265358979'.repeat(30),
    ];
    for (const text of texts) {
      const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }];
      expect(inputTokensMax({ prompt }), text.slice(0, 20)).toBeGreaterThanOrEqual(await countTokens(text));
    }
  });

  test('a megabyte without a blank is counted in no time', async () => {
    expect(await countTokens('a'.repeat(1_000_000))).toBeGreaterThan(1000);
    expect(await countTokens('')).toBe(0);
  });
});

test('what is charged is never below nothing and never beyond what was set aside, whatever a provider says', async () => {
  const count = fc.oneof(fc.double(), fc.integer(), fc.constant(undefined));
  await fc.assert(
    fc.asyncProperty(
      count,
      count,
      count,
      count,
      fc.nat({ max: 100_000 }),
      async (total, read, written, output, seen) => {
        const worst = { inputTokens: 5000, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 4000 };
        const said = {
          inputTokens: { total, noCache: undefined, cacheRead: read, cacheWrite: written },
          outputTokens: { total: output, text: undefined, reasoning: undefined },
        };
        const counted = { inputTokens: 900, outputTokens: Math.ceil(seen / 4) };
        const { usage, isEstimated } = await chargedUsage(said, worst, seen, async () => counted);
        for (const value of Object.values(usage)) expect(Number.isInteger(value) && value >= 0).toBe(true);
        expect(usage.inputTokens).toBeLessThanOrEqual(worst.inputTokens);
        expect(usage.outputTokens).toBeLessThanOrEqual(worst.outputTokens);
        expect(usage.cacheReadTokens + usage.cacheWriteTokens).toBeLessThanOrEqual(usage.inputTokens);
        if (total === undefined || output === undefined) expect(isEstimated).toBe(true);
      },
    ),
  );
});
