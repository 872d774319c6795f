import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { manualClock, type ManualClock } from '../basics/index.ts';
import type { Store } from '../store/index.ts';
import { DATABASES, temporaryStore, type TemporaryDatabase } from '../store/temporary-databases.ts';
import { createDurableLimit, LIMIT_MIGRATIONS, type DurableLimit } from './durable-limit.ts';

describe.each(DATABASES)('a durable limit on $name', (kind) => {
  let store: Store;
  let database: TemporaryDatabase;
  let clock: ManualClock;
  let limit: DurableLimit;
  const make = (): DurableLimit => createDurableLimit({ store, clock }, { name: 'chat', requests: 100, inSeconds: 60 });
  beforeEach(async () => {
    ({ store, database } = await temporaryStore(kind, [LIMIT_MIGRATIONS]));
    clock = manualClock();
    limit = make();
  });
  afterEach(() => database.remove());
  const takeMany = (count: number) => Promise.all(Array.from({ length: count }, () => limit.take('ada')));

  test('of a hundred and one at once a hundred are allowed, and the last is told when', async () => {
    const all = await takeMany(101);
    expect(all.filter(({ kind: outcome }) => outcome === 'allowed')).toHaveLength(100);
    expect(all.at(-1)).toEqual({ kind: 'refused', retryAfterMs: 600 });
    await clock.advance(599);
    expect((await limit.take('ada')).kind).toBe('refused');
    await clock.advance(1);
    expect((await limit.take('ada')).kind).toBe('allowed');
    expect((await limit.take('bob')).kind).toBe('allowed');
  });

  test('a restart forgives nothing', async () => {
    await takeMany(100);
    expect((await make().take('ada')).kind).toBe('refused');
  });

  test('several at once are taken all or not at all', async () => {
    expect(await limit.take('ada', 60)).toEqual({ kind: 'allowed', remaining: 40 });
    expect(await limit.take('ada', 50)).toEqual({ kind: 'refused', retryAfterMs: 6000 });
    expect(await limit.take('ada', 40)).toEqual({ kind: 'allowed', remaining: 0 });
    expect(await limit.take('bob', 101)).toMatchObject({ kind: 'refused' });
  });

  test('a clock that is set back locks nobody out for longer than a window', async () => {
    await takeMany(100);
    const earlier = createDurableLimit(
      { store, clock: manualClock(clock.now() - 24 * 3600 * 1000) },
      { name: 'chat', requests: 100, inSeconds: 60 },
    );
    expect(await earlier.take('ada')).toEqual({ kind: 'refused', retryAfterMs: 600 });
  });
});
