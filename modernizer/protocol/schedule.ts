// When a project is upgraded by itself: every day, on days of the week, or once a month, at a time of a named zone.

import * as z from 'zod/mini';

import { ModernizeOptions, ProjectChoice } from './request.ts';

const at = z.string().check(z.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/));
/** As the IANA names it, such as `Europe/Berlin`. */
const zone = z.string().check(z.minLength(1), z.maxLength(64));

export const Recurrence = z.discriminatedUnion('every', [
  z.object({ every: z.literal('day'), at, zone }),
  z.object({
    every: z.literal('week'),
    /** 1 is Monday, 7 is Sunday. */
    days: z.array(z.int().check(z.minimum(1), z.maximum(7))).check(z.minLength(1), z.maxLength(7)),
    at,
    zone,
  }),
  /** Days that every month has. */
  z.object({ every: z.literal('month'), day: z.int().check(z.minimum(1), z.maximum(28)), at, zone }),
]);
export type Recurrence = z.infer<typeof Recurrence>;

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
export const dayName = (day: number): string => DAYS[day - 1] ?? '';

/** Such as `every Monday at 06:00 (Europe/Berlin)`. */
export function recurrenceText(recurrence: Recurrence): string {
  const when = `at ${recurrence.at} (${recurrence.zone})`;
  switch (recurrence.every) {
    case 'day':
      return `every day ${when}`;
    case 'week':
      return `every ${listed([...new Set(recurrence.days)].toSorted((a, b) => a - b).map(dayName))} ${when}`;
    default:
      return `on day ${recurrence.day} of every month ${when}`;
  }
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

/** What came of a due time. `already-running`: that project was being upgraded at the moment. */
export const ScheduleOutcome = z.object({
  kind: z.enum(['started', 'already-running', 'refused']),
  dueAt: z.iso.datetime(),
  at: z.iso.datetime(),
  /** True when nobody was there at its time, and it was made up once. */
  madeUp: z.boolean(),
  run: z.nullable(z.string()),
  reason: z.nullable(z.string()),
});
export type ScheduleOutcome = z.infer<typeof ScheduleOutcome>;

export const Schedule = z.object({
  id: z.string(),
  title: z.string(),
  project: ProjectChoice,
  options: ModernizeOptions,
  recurrence: Recurrence,
  paused: z.boolean(),
  /** The next times, soonest first; none while it is paused. */
  nextTimes: z.array(z.iso.datetime()),
  last: z.nullable(ScheduleOutcome),
  createdAt: z.iso.datetime(),
});
export type Schedule = z.infer<typeof Schedule>;

/** GET /api/modernizer/schedules */
export const Schedules = z.object({ schedules: z.array(Schedule) });

const options = z.partial(z.omit(ModernizeOptions, { unsafeHost: true }));

/** POST /api/modernizer/schedules, answered with the Schedule. */
export const ScheduleWanted = z.object({
  project: ProjectChoice,
  recurrence: Recurrence,
  options: z._default(options, {}),
});
export type ScheduleWanted = z.infer<typeof ScheduleWanted>;

/** Longer than any name of a package that npm takes. */
export const SCHEDULE_TITLE_MAX = 200;

/** PATCH /api/modernizer/schedules/{schedule}: what is named is replaced whole, what is not stays as it is. */
export const ScheduleChange = z
  .object({
    paused: z.optional(z.boolean()),
    title: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(SCHEDULE_TITLE_MAX))),
    recurrence: z.optional(Recurrence),
    /** All of them: an option that is not named has its default. */
    options: z.optional(options),
  })
  .check(z.refine((change) => Object.values(change).some((part) => part !== undefined), 'Name what shall change.'));
export type ScheduleChange = z.infer<typeof ScheduleChange>;

/** POST /api/modernizer/schedules/preview: when it would be, before it is made. */
export const SchedulePreview = z.object({ text: z.string(), nextTimes: z.array(z.iso.datetime()) });
export type SchedulePreview = z.infer<typeof SchedulePreview>;
