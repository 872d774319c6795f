import { expect, test } from 'vitest';

import { manualClock } from '../basics/index.ts';
import { PlannedSyncs, SYNCED_WITHIN_MS } from './planned-syncs.ts';

function planned(sync: () => Promise<void> = async () => undefined) {
  const clock = manualClock();
  const seen = { syncs: 0, troubles: 0 };
  const counted = (): Promise<void> => {
    seen.syncs += 1;
    return sync();
  };
  const syncs = new PlannedSyncs({ clock, sync: counted, onTrouble: () => (seen.troubles += 1) });
  return { clock, seen, syncs };
}

test('lines of the same moment are synced together, soon after the first of them and without anybody asking', async () => {
  const { clock, seen, syncs } = planned();
  for (let line = 0; line < 5; line += 1) syncs.plan();
  expect(seen.syncs).toBe(0);
  await clock.advance(SYNCED_WITHIN_MS);
  expect(seen.syncs).toBe(1);
  syncs.plan();
  await clock.advance(SYNCED_WITHIN_MS);
  expect(seen.syncs).toBe(2);
});

test('who asks gets a sync at once, which the others of the same moment share', async () => {
  const { clock, seen, syncs } = planned();
  const [one, other] = [syncs.plan(), syncs.plan()];
  await Promise.all([one(), other(), one()]);
  await clock.advance(SYNCED_WITHIN_MS);
  expect(seen.syncs).toBe(1);
});

test('a line that was written after a sync had begun gets one of its own', async () => {
  const { seen, syncs } = planned();
  void syncs.plan()();
  await syncs.plan()();
  expect(seen.syncs).toBe(2);
});

test('a sync that fails is told to who waits for it, and to the owner where nobody does', async () => {
  const { clock, seen, syncs } = planned(() => Promise.reject(new Error('full')));
  await expect(syncs.plan()()).rejects.toThrow('full');
  expect(seen.troubles).toBe(0);
  syncs.plan();
  await clock.advance(SYNCED_WITHIN_MS);
  await syncs.made();
  expect(seen.troubles).toBe(1);
});

test('what is planned is made at the end', async () => {
  const { seen, syncs } = planned();
  syncs.plan();
  await syncs.made();
  expect(seen.syncs).toBe(1);
});
