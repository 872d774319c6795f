import { createTerminal } from 'kernel/terminal';
import { expect, test } from 'vitest';

import { ModernizeOptions, type Schedule, type ScheduleChange } from '../protocol/index.ts';
import { changeSchedule, recurrenceOf, type ChangeContext, type ScheduleChanges } from './schedule.ts';

const given = (every: string, parts: { day?: string; at?: string; zone?: string } = {}) =>
  recurrenceOf({ every, day: parts.day, at: parts.at ?? '06:00', zone: parts.zone }, 'Europe/Berlin');

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

const MONDAYS = { every: 'week' as const, days: [1], at: '06:00', zone: 'Europe/Berlin' };
const OPTIONS = ModernizeOptions.parse({ tests: 'make test' });
const BEFORE: Schedule = {
  id: '7x3k',
  title: 'shop',
  project: { kind: 'path', path: '/projects/shop' },
  options: OPTIONS,
  recurrence: MONDAYS,
  paused: false,
  nextTimes: [],
  last: null,
  createdAt: '2026-01-01T00:00:00.000Z',
};

async function changed(given: Partial<ScheduleChanges>): Promise<ScheduleChange | undefined> {
  let asked: ScheduleChange | undefined;
  const schedules: ChangeContext['schedules'] = {
    get: () => Promise.resolve(BEFORE),
    change(_id, change) {
      asked = change;
      return Promise.resolve(BEFORE);
    },
  };
  const nothing = { title: undefined, every: undefined, day: undefined, at: undefined, zone: undefined, options: {} };
  const terminal = createTerminal({ json: true, stdout: { write: () => true }, env: {} });
  await changeSchedule({ schedules, terminal, zone: 'UTC' }, '7x', { ...nothing, ...given });
  return asked;
}

test('what a change does not name stays: the days, the zone of the schedule, its other options', async () => {
  expect(await changed({ at: '07:30' })).toEqual({ recurrence: { ...MONDAYS, at: '07:30' } });
  expect(await changed({ every: 'month', day: '3' })).toEqual({
    recurrence: { every: 'month', day: 3, at: '06:00', zone: 'Europe/Berlin' },
  });
  expect(await changed({ title: ' The shop ' })).toEqual({ title: 'The shop' });
  expect(await changed({ options: { maxMinutes: 60 } })).toEqual({ options: { ...OPTIONS, maxMinutes: 60 } });
});

test.each([
  ['SCHEDULE_CHANGE_EMPTY', {}],
  ['RECURRENCE_WRONG', { at: '25:00' }],
  ['OPTION_WRONG', { title: '  ' }],
  ['OPTION_WRONG', { options: { maxMinutes: 0 } }],
])('a change that says nothing, or what cannot be, is wrong use: %s', async (code, given) => {
  await expect(changed(given)).rejects.toMatchObject({ code });
});
