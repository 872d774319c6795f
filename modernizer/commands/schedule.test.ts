import { expect, test } from 'vitest';

import { recurrenceOf } from './schedule.ts';

const given = (every: string, parts: { day?: string; at?: string; zone?: string } = {}) =>
  recurrenceOf({ path: '.', every, day: parts.day, at: parts.at ?? '06:00', zone: parts.zone }, 'Europe/Berlin');

test('days are asked for in words, in the zone of this machine unless another is named', () => {
  const time = { at: '06:00', zone: 'Europe/Berlin' };
  expect(given('monday')).toEqual({ every: 'week', days: [1], ...time });
  expect(given('Sunday, monday')).toEqual({ every: 'week', days: [7, 1], ...time });
  expect(given('day', { zone: 'UTC' })).toEqual({ every: 'day', ...time, zone: 'UTC' });
  expect(given('month', { day: '28' })).toEqual({ every: 'month', day: 28, ...time });
});

test.each([
  ['someday', {}],
  ['monday,day', {}],
  ['day,monday', {}],
  ['', {}],
  ['monday', { at: '25:00' }],
  ['month', { day: '31' }],
  ['month', { day: 'first' }],
])('what is no day and no time is wrong use: %s %j', (every, parts) => {
  expect(() => given(every, parts)).toThrow(expect.objectContaining({ code: 'RECURRENCE_WRONG' }));
});
