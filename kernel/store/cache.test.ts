import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { manualClock, type ManualClock } from '../basics/index.ts';
import { CACHE_MIGRATIONS, createCache, type Cache } from './cache.ts';
import type { Store } from './store.ts';
import { DATABASES, temporaryStore, type TemporaryDatabase } from './temporary-databases.ts';

describe.each(DATABASES)('kept answers on $name', (kind) => {
  let store: Store;
  let database: TemporaryDatabase;
  let clock: ManualClock;
  let cache: Cache;
  let computed = 0;
  const compute = async () => ({ number: (computed += 1) });
  beforeEach(async () => {
    ({ store, database } = await temporaryStore(kind, [CACHE_MIGRATIONS]));
    clock = manualClock();
    cache = createCache(store, clock);
    computed = 0;
  });
  afterEach(() => database.remove());

  test('an answer is computed once, and again when its time is over', async () => {
    for (let time = 0; time < 3; time += 1) {
      expect(await cache.get('a', { ttlMs: 1000 }, compute)).toEqual({ number: 1 });
    }
    await clock.advance(1000);
    expect(await cache.get('a', { ttlMs: 1000 }, compute)).toEqual({ number: 2 });
    expect(cache.stats()).toEqual({ hits: 2, misses: 2, inMemory: 1 });
  });

  test('of many who ask at once one computes', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => cache.get('a', { ttlMs: 1000 }, compute)));
    expect(computed).toBe(1);
    expect(new Set(answers.map(({ number }) => number))).toEqual(new Set([1]));
  });

  test('another process finds it, and forgets it within two seconds', async () => {
    await cache.get('a', { ttlMs: 60_000, tag: 't' }, compute);
    const other = createCache(store, clock);
    expect(await other.get('a', { ttlMs: 60_000, tag: 't' }, compute)).toEqual({ number: 1 });
    await cache.forget('t');
    await clock.advance(2000);
    expect(await other.get('a', { ttlMs: 60_000, tag: 't' }, compute)).toEqual({ number: 2 });
  });

  test('what fails is not kept, and the next one tries', async () => {
    await expect(cache.get('a', { ttlMs: 1000 }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get('a', { ttlMs: 1000 }, compute)).toEqual({ number: 1 });
  });

  test('what is too large is refused', async () => {
    const large = cache.get('a', { ttlMs: 1000 }, async () => 'x'.repeat(300_000));
    await expect(large).rejects.toMatchObject({ code: 'CACHE_VALUE_TOO_LARGE' });
  });

  test('memory is bounded, and what was pushed out is still in the store', async () => {
    for (let key = 0; key < 1001; key += 1) await cache.get(`k${key}`, { ttlMs: 60_000 }, compute);
    expect(cache.stats().inMemory).toBe(1000);
    expect(await cache.get('k0', { ttlMs: 60_000 }, compute)).toEqual({ number: 1 });
  });
});
