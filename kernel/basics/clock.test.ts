import { expect, test } from 'vitest';

import { fromIso, instant, manualClock, systemClock, toIso } from './clock.ts';

/** Longer than the whole suite may take: who sleeps so long was woken by something else. */
const FOR_EVER_MS = 3_600_000;

test('a manual clock stands still until it is moved', async () => {
  const clock = manualClock(1000);
  expect([clock.now(), clock.now()]).toEqual([1000, 1000]);
  await clock.advance(500);
  expect(clock.now()).toBe(1500);
});

test('a manual clock wakes those whose moment has come, the earliest first, and nobody else', async () => {
  const clock = manualClock();
  const woken: string[] = [];
  const sleep = (name: string, delayMs: number) => clock.sleep(delayMs).then(() => woken.push(name));
  const all = [sleep('third', 30), sleep('first', 10), sleep('second', 20), sleep('late', 31)];
  await clock.advance(9);
  expect(woken).toEqual([]);
  await clock.advance(21);
  await Promise.all(all.slice(0, 3));
  expect(woken).toEqual(['first', 'second', 'third']);
  expect(clock.sleepers).toBe(1);
});

test('a sleep of no length does not wait for a manual clock', async () => {
  const clock = manualClock();
  await Promise.all([clock.sleep(0), clock.sleep(-1)]);
  expect(clock.sleepers).toBe(0);
});

test.each([
  ['a manual clock', manualClock()],
  ['the system clock', systemClock],
])('a sleep by %s ends when its signal aborts, without rejecting', async (_name, clock) => {
  const gone = new AbortController();
  const asleep = clock.sleep(FOR_EVER_MS, gone.signal);
  gone.abort();
  expect(await asleep).toBeUndefined();
  expect(await clock.sleep(FOR_EVER_MS, gone.signal)).toBeUndefined();
});

test('an aborted sleep leaves nobody sleeping on a manual clock', async () => {
  const clock = manualClock();
  const gone = new AbortController();
  const asleep = clock.sleep(FOR_EVER_MS, gone.signal);
  expect(clock.sleepers).toBe(1);
  gone.abort();
  await asleep;
  expect(clock.sleepers).toBe(0);
});

test('an instant is whole milliseconds, and comes back from its ISO text', () => {
  const moment = instant(Date.UTC(2026, 10, 21, 9, 8, 7, 6) + 0.9);
  expect(toIso(moment)).toBe('2026-11-21T09:08:07.006Z');
  expect(fromIso(toIso(moment))).toBe(moment);
});

test('an alarm rings once when its moment has come, and never once it is stopped', async () => {
  const clock = manualClock();
  const rung: string[] = [];
  const stops = ['a', 'b'].map((name) => clock.alarm(10, () => rung.push(name)));
  // Stopped by one that rings in the same moment, too.
  clock.alarm(5, () => stops[1]?.());
  await clock.advance(9);
  expect(rung).toEqual([]);
  await clock.advance(1);
  await clock.advance(50);
  expect(rung).toEqual(['a']);
  expect(clock.sleepers).toBe(0);
});

test('an alarm of the system clock rings, and a stopped one does not', async () => {
  const rung: string[] = [];
  const stop = systemClock.alarm(0, () => rung.push('stopped'));
  stop();
  await new Promise<void>((resolve) => systemClock.alarm(1, resolve));
  expect(rung).toEqual([]);
});
