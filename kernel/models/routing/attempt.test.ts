import { expect, test } from 'vitest';

import { SYNCED_WITHIN_MS } from '../../spending/index.ts';
import { Attempt } from './attempt.ts';

/** An attempt whose answer came after so long; only its clock and its line are looked at. */
function answeredAfter(tookMs: number) {
  let nowMs = 0;
  let asked = 0;
  const disk = Promise.withResolvers<void>();
  const onDisk = (): Promise<void> => {
    asked += 1;
    return disk.promise;
  };
  const attempt = new Attempt({ stopwatch: () => nowMs } as never, { onDisk } as never);
  nowMs = tookMs;
  return { attempt, disk, asked: () => asked };
}

test('a whole answer that took as long as syncs do is given only once its line is on the disk', async () => {
  const { attempt, disk, asked } = answeredAfter(SYNCED_WITHIN_MS);
  let isGiven = false;
  const given = attempt.mayBeGiven().then(() => (isGiven = true));
  await new Promise((done) => setImmediate(done));
  expect([asked(), isGiven]).toEqual([1, false]);
  disk.resolve();
  await given;
});

test('a disk that fails keeps such an answer back', async () => {
  const { attempt, disk } = answeredAfter(1000);
  disk.reject(new Error('full'));
  await expect(attempt.mayBeGiven()).rejects.toThrow('full');
});

test('an answer that comes sooner than any that is paid for does not wait for a disk', async () => {
  const { attempt, asked } = answeredAfter(SYNCED_WITHIN_MS - 1);
  await attempt.mayBeGiven();
  expect(asked()).toBe(0);
});
