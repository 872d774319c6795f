import fc from 'fast-check';
import { fromIso, instant, toIso } from 'kernel/basics';
import { expect, test } from 'vitest';

import { Recurrence, recurrenceText } from '../protocol/index.ts';
import { isZone, nextTimes } from './recurrence.ts';

const times = (recurrence: Recurrence, from: string, count = 3): readonly string[] =>
  nextTimes(recurrence, fromIso(from), count).map((moment) => toIso(moment).slice(0, 16));

test('every Monday at six is six by the clock on the wall, in summer and in winter', () => {
  const mondays: Recurrence = { every: 'week', days: [1], at: '06:00', zone: 'Europe/Berlin' };
  expect(times(mondays, '2026-10-18T00:00:00Z')).toEqual(['2026-10-19T04:00', '2026-10-26T05:00', '2026-11-02T05:00']);
});

test('a time that is skipped in spring is due an hour later that day, and as always the day after', () => {
  const nightly: Recurrence = { every: 'day', at: '02:30', zone: 'Europe/Berlin' };
  expect(times(nightly, '2026-03-28T00:00:00Z')).toEqual(['2026-03-28T01:30', '2026-03-29T01:30', '2026-03-30T00:30']);
});

test('a time that comes twice in autumn is due once', () => {
  const nightly: Recurrence = { every: 'day', at: '02:30', zone: 'Europe/Berlin' };
  expect(times(nightly, '2026-10-24T12:00:00Z')).toEqual(['2026-10-25T00:30', '2026-10-26T01:30', '2026-10-27T01:30']);
});

test('several days of a week and a day of every month come in their order', () => {
  expect(times({ every: 'week', days: [7, 3, 3], at: '23:59', zone: 'UTC' }, '2026-01-01T00:00:00Z')).toEqual([
    '2026-01-04T23:59',
    '2026-01-07T23:59',
    '2026-01-11T23:59',
  ]);
  expect(times({ every: 'month', day: 28, at: '00:00', zone: 'America/New_York' }, '2026-02-01T00:00:00Z')).toEqual([
    '2026-02-28T05:00',
    '2026-03-28T04:00',
    '2026-04-28T04:00',
  ]);
});

test('the moment itself is not its own next one', () => {
  const daily: Recurrence = { every: 'day', at: '06:00', zone: 'UTC' };
  expect(times(daily, '2026-01-01T06:00:00Z', 1)).toEqual(['2026-01-02T06:00']);
});

test('time only goes on, and the wall shows the hour asked for but for an hour in spring', () => {
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC', 'Pacific/Apia'];
  const from = fc.integer({ min: Date.UTC(2011, 11, 20), max: Date.UTC(2030, 0, 1) });
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.nat(23), fc.nat(59), from, (zone, hour, minute, start) => {
      const at = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
      const found = nextTimes({ every: 'day', at, zone }, instant(start), 4);
      found.forEach((moment, index) => expect(moment).toBeGreaterThan(found[index - 1] ?? start));
      const wall = new Intl.DateTimeFormat('en-GB', {
        timeZone: zone,
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      });
      const said = found.map((moment) => wall.format(moment));
      expect(said.filter((each) => each === at).length).toBeGreaterThanOrEqual(found.length - 1);
    }),
    { numRuns: 300 },
  );
});

test('a zone that nobody knows is none', () => {
  expect(['Europe/Berlin', 'UTC'].map(isZone)).toEqual([true, true]);
  expect(['Mars/Base', '', '../etc', 'Europe/Berlin; x'].map(isZone)).toEqual([false, false, false, false]);
});

test('what is no day and no time is refused', () => {
  const week = { every: 'week', days: [1], at: '06:00', zone: 'UTC' };
  expect(Recurrence.safeParse(week).success).toBe(true);
  for (const wrong of [{ at: '24:00' }, { at: '6:00' }, { at: '06:60' }, { days: [] }, { days: [0] }, { days: [8] }]) {
    expect(Recurrence.safeParse({ ...week, ...wrong }).success).toBe(false);
  }
  expect(Recurrence.safeParse({ every: 'month', day: 31, at: '06:00', zone: 'UTC' }).success).toBe(false);
});

test('a recurrence is said as a person would', () => {
  const at = { at: '06:00', zone: 'Europe/Berlin' };
  expect(recurrenceText({ every: 'week', days: [5, 1, 3], ...at })).toBe(
    'every Monday, Wednesday and Friday at 06:00 (Europe/Berlin)',
  );
  expect(recurrenceText({ every: 'day', ...at })).toBe('every day at 06:00 (Europe/Berlin)');
  expect(recurrenceText({ every: 'month', day: 1, ...at })).toBe('on day 1 of every month at 06:00 (Europe/Berlin)');
});
