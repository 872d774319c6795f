// When a recurrence is due, in moments. Pure.
// Rule: it is the clock on the wall of its zone that counts. A time that is skipped in spring is due an hour later by
// that clock; one that comes twice in autumn is due the first time only.

import { Cron } from 'croner';

import { instant, type Instant } from 'kernel/basics';

import type { Recurrence } from '../protocol/index.ts';

/** True for a zone that this machine knows by name. */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    // A name that nobody knows is thrown as a RangeError.
    return false;
  }
}

/** The next `count` moments after `from`, soonest first. */
export function nextTimes(recurrence: Recurrence, from: Instant, count: number): readonly Instant[] {
  const cron = new Cron(patternOf(recurrence), { timezone: recurrence.zone, paused: true });
  const times: Instant[] = [];
  let after = from;
  while (times.length < count) {
    const next = cron.nextRun(new Date(after));
    if (next === null) break;
    // A day that a zone left out altogether can be answered with the moment asked from: time only goes on.
    const moment = Math.max(next.getTime(), after + 1);
    after = instant(moment);
    if (next.getTime() === moment) times.push(after);
  }
  return times;
}

export function nextTime(recurrence: Recurrence, from: Instant): Instant {
  const [next] = nextTimes(recurrence, from, 1);
  if (next === undefined) throw new RangeError('A recurrence has no end.');
  return next;
}

/** Minute, hour, day of the month, month, day of the week. */
function patternOf(recurrence: Recurrence): string {
  const [hour = '', minute = ''] = recurrence.at.split(':').map((part) => String(Number(part)));
  switch (recurrence.every) {
    case 'day':
      return `${minute} ${hour} * * *`;
    case 'week':
      return `${minute} ${hour} * * ${[...new Set(recurrence.days)].join(',')}`;
    default:
      return `${minute} ${hour} ${recurrence.day} * *`;
  }
}
