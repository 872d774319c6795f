// Schedules: the form of a new one and of a change, what is sent, and how times to come are said.

import {
  Recurrence,
  ScheduleChange,
  ScheduleWanted,
  type Engines,
  type ProjectChoice,
  type ProjectSummary,
  type Schedule,
} from 'modernizer/protocol';

import { minutesIn, textOrNull, WRONG_MINUTES } from './new-run-state.ts';

/** When it is. */
export interface TimeForm {
  readonly every: Recurrence['every'];
  /** 1 is Monday. */
  readonly days: readonly number[];
  readonly day: string;
  readonly at: string;
  readonly zone: string;
}

export interface ScheduleForm extends TimeForm {
  /** The key of a known project, or empty for a path. */
  readonly project: string;
  readonly path: string;
}

export interface ChangeForm extends TimeForm {
  readonly title: string;
  readonly tests: string;
  readonly start: string;
  readonly engines: Engines;
  readonly maxMinutes: string;
  readonly includeUncommitted: boolean;
}

export const emptySchedule = (zone: string, project = ''): ScheduleForm => ({
  project,
  path: '',
  every: 'week',
  days: [1],
  day: '1',
  at: '06:00',
  zone,
});

/** The recurrence that the form says, or undefined while it says none. */
export function recurrenceOf({ every, days, day, at, zone }: TimeForm): Recurrence | undefined {
  const time = { at, zone: zone.trim() };
  const wanted =
    every === 'week'
      ? { every, days: [...days], ...time }
      : every === 'month'
        ? { every, day: Number(day), ...time }
        : { every, ...time };
  const parsed = Recurrence.safeParse(wanted);
  return parsed.success ? parsed.data : undefined;
}

export interface ScheduleProblem {
  readonly field: 'project' | 'when' | 'zone' | 'title' | 'maxMinutes' | 'form';
  readonly what: string;
  readonly why: string;
  readonly next: string;
}

export type CheckedSchedule =
  | { readonly kind: 'ready'; readonly wanted: ScheduleWanted }
  | { readonly kind: 'wrong'; readonly problem: ScheduleProblem };

/** A known project is upgraded as its newest run was asked to. */
export function checkSchedule(form: ScheduleForm, projects: readonly ProjectSummary[]): CheckedSchedule {
  const known = projects.find(({ key }) => key === form.project);
  const path = form.path.trim();
  const project: ProjectChoice | undefined = known?.project ?? (path === '' ? undefined : { kind: 'path', path });
  if (project === undefined) return { kind: 'wrong', problem: NO_PROJECT };
  const recurrence = recurrenceOf(form);
  if (recurrence === undefined) return { kind: 'wrong', problem: form.zone.trim() === '' ? NO_ZONE : NO_TIME };
  const parsed = ScheduleWanted.safeParse({ project, recurrence, options: known?.options ?? {} });
  return parsed.success ? { kind: 'ready', wanted: parsed.data } : { kind: 'wrong', problem: NO_PROJECT };
}

/** A schedule as the form of a change begins with it. */
export function formOf({ title, recurrence, options }: Schedule): ChangeForm {
  return {
    title,
    every: recurrence.every,
    days: recurrence.every === 'week' ? recurrence.days : [1],
    day: recurrence.every === 'month' ? String(recurrence.day) : '1',
    at: recurrence.at,
    zone: recurrence.zone,
    tests: options.tests ?? '',
    start: options.start ?? '',
    engines: options.engines,
    maxMinutes: String(options.maxMinutes),
    includeUncommitted: options.includeUncommitted,
  };
}

export type CheckedChange =
  | { readonly kind: 'ready'; readonly change: ScheduleChange }
  | { readonly kind: 'wrong'; readonly problem: ScheduleProblem };

/** What the form does not show of the options stays as it is. */
export function checkChange(form: ChangeForm, { options }: Schedule): CheckedChange {
  const wrong = (problem: ScheduleProblem): CheckedChange => ({ kind: 'wrong', problem });
  if (form.title.trim() === '') return wrong(NO_TITLE);
  const recurrence = recurrenceOf(form);
  if (recurrence === undefined) return wrong(form.zone.trim() === '' ? NO_ZONE : NO_TIME);
  const maxMinutes = minutesIn(form.maxMinutes);
  if (maxMinutes === undefined) return wrong(WRONG_MINUTES);
  const { engines, includeUncommitted } = form;
  const [tests, start] = [textOrNull(form.tests), textOrNull(form.start)];
  const parsed = ScheduleChange.safeParse({
    title: form.title,
    recurrence,
    options: { ...options, tests, start, engines, maxMinutes, includeUncommitted },
  });
  return parsed.success ? { kind: 'ready', change: parsed.data } : wrong(TOO_LONG);
}

const NO_TITLE: ScheduleProblem = {
  field: 'title',
  what: 'The schedule has no title.',
  why: 'The field is empty.',
  next: 'Give the name by which you find it again.',
};
const TOO_LONG: ScheduleProblem = {
  field: 'form',
  what: 'The schedule cannot be kept like this.',
  why: 'The title or a command is longer than the server takes.',
  next: 'Shorten the title; put a long command into a script of the project and name the script.',
};
const NO_PROJECT: ScheduleProblem = {
  field: 'project',
  what: 'There is no project to schedule yet.',
  why: 'None is chosen, and the path is empty.',
  next: 'Choose a project, or give the path of a folder with a package.json.',
};
const NO_TIME: ScheduleProblem = {
  field: 'when',
  what: 'The schedule has no time yet.',
  why: 'A day, or the time of the day, is missing.',
  next: 'Choose at least one day, and a time such as 06:00.',
};
const NO_ZONE: ScheduleProblem = {
  field: 'zone',
  what: 'The schedule has no time zone yet.',
  why: 'Six in the morning is another moment in every zone.',
  next: 'Name one, such as Europe/Berlin.',
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `in 5 min`, `in 3 h`, `in 4 days`. */
export function untilText(atMs: number, nowMs: number): string {
  const left = atMs - nowMs;
  if (left < MINUTE_MS) return 'any moment';
  if (left < HOUR_MS) return `in ${Math.round(left / MINUTE_MS)} min`;
  if (left < DAY_MS) return `in ${Math.round(left / HOUR_MS)} h`;
  const days = Math.round(left / DAY_MS);
  return days === 1 ? 'in one day' : `in ${days} days`;
}

/** A moment by the clock on the wall of a zone, such as `Mon, 23 Nov 2026, 06:00`. */
export function wallText(at: string, zone: string): string {
  try {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    }).format(new Date(at));
  } catch {
    // A zone that this browser does not know: the moment itself is known all the same.
    return at;
  }
}

/** True for a zone that this browser knows; the server has the last word. */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    // A name that nobody knows is thrown as a RangeError.
    return false;
  }
}

/** What came of the last time, in a sentence; null where none has come. */
export function outcomeText({ last }: Pick<Schedule, 'last'>): string | null {
  if (last === null) return null;
  switch (last.kind) {
    case 'started':
      return last.madeUp ? 'Started late: no server ran at its time.' : 'Started in time.';
    case 'already-running':
      return 'Not started: the project was being upgraded at that moment.';
    default:
      return `Not started. ${last.reason ?? ''}`.trim();
  }
}
