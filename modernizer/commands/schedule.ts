// tandem schedule list|add|change|pause|resume|remove: when which project is upgraded by itself. A running server starts it.

import { resolve } from 'node:path';

import { EXIT, type ExitCode, type Terminal } from 'kernel/terminal';

import { recurrenceWrong } from '../faults.ts';
import { ModernizeOptions, Recurrence, recurrenceText, SCHEDULE_TITLE_MAX, type Schedule } from '../protocol/index.ts';
import type { Schedules } from '../schedules/schedules.ts';
import { nothingToChange, optionsWrong } from './faults.ts';

export interface ScheduleContext {
  readonly schedules: Schedules;
  readonly terminal: Terminal;
  /** Where relative paths begin. */
  readonly folder: string;
  readonly owner: string;
  /** The zone of this machine, where none is named. */
  readonly zone: string;
}

export interface TimeArguments {
  /** `day`, `month`, or days of the week such as `monday,thursday`. */
  readonly every: string;
  readonly day: string | undefined;
  readonly at: string;
  readonly zone: string | undefined;
}

export interface ScheduleArguments extends TimeArguments {
  readonly path: string;
  /** Only what was given. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** What is not given stays as it is. */
export interface ScheduleChanges {
  readonly title: string | undefined;
  readonly every: string | undefined;
  readonly day: string | undefined;
  readonly at: string | undefined;
  readonly zone: string | undefined;
  readonly options: Readonly<Record<string, unknown>>;
}

export async function listSchedules({ schedules, terminal }: ScheduleContext): Promise<ExitCode> {
  const all = await schedules.list();
  terminal.document({ schedules: all });
  if (all.length === 0) {
    terminal.say('No schedule was made yet. Make one with: tandem schedule add <path> --every monday --at 06:00');
    return EXIT.done;
  }
  const rows = all.map((schedule) => [
    schedule.id,
    schedule.title,
    recurrenceText(schedule.recurrence),
    nextText(schedule),
  ]);
  terminal.table([['id', 'project', 'when', 'next'], ...rows]);
  return EXIT.done;
}

const nextText = ({ paused, nextTimes }: Schedule): string => (paused ? 'paused' : (nextTimes[0] ?? 'never'));

export async function addSchedule(context: ScheduleContext, given: ScheduleArguments): Promise<ExitCode> {
  const { schedules, terminal, folder, owner } = context;
  const recurrence = recurrenceOf(given, context.zone);
  const project = { kind: 'path' as const, path: resolve(folder, given.path) };
  const schedule = await schedules.add({ project, recurrence, options: optionsOf(given.options) }, owner);
  terminal.document({ schedule });
  terminal.say(`${schedule.title} is upgraded ${recurrenceText(recurrence)}, next at ${nextText(schedule)}.`);
  terminal.note(
    `A server has to run at that time (npm start, or tandem work). Remove it with: tandem schedule remove ${schedule.id}`,
  );
  return EXIT.done;
}

export interface ChangeContext extends Pick<ScheduleContext, 'terminal' | 'zone'> {
  readonly schedules: Pick<Schedules, 'get' | 'change'>;
}

export async function changeSchedule(
  { schedules, terminal, zone }: ChangeContext,
  id: string,
  given: ScheduleChanges,
): Promise<ExitCode> {
  const before = await schedules.get(id);
  const { title } = given;
  const isOtherTime = [given.every, given.day, given.at, given.zone].some((part) => part !== undefined);
  const hasOptions = Object.keys(given.options).length > 0;
  if (title === undefined && !isOtherTime && !hasOptions) throw nothingToChange(before.id);
  if (title !== undefined && (title.trim() === '' || title.length > SCHEDULE_TITLE_MAX)) {
    throw optionsWrong('title', `It has to have 1 to ${SCHEDULE_TITLE_MAX} characters`);
  }
  const schedule = await schedules.change(before.id, {
    ...(title !== undefined && { title: title.trim() }),
    ...(isOtherTime && { recurrence: recurrenceOf(timeOf(before.recurrence, given), zone) }),
    ...(hasOptions && { options: optionsOf({ ...before.options, ...given.options }) }),
  });
  terminal.document({ schedule });
  terminal.say(`${schedule.title} is upgraded ${recurrenceText(schedule.recurrence)}, next at ${nextText(schedule)}.`);
  return EXIT.done;
}

/** The words that say a recurrence, where no others are given. */
function timeOf(now: Recurrence, { every, day, at, zone }: ScheduleChanges): TimeArguments {
  const words = now.every === 'week' ? now.days.map((each) => WEEK[each - 1]).join(',') : now.every;
  return {
    every: every ?? words,
    day: day ?? (now.every === 'month' ? String(now.day) : undefined),
    at: at ?? now.at,
    zone: zone ?? now.zone,
  };
}

/** Throws OPTION_WRONG. */
function optionsOf(given: Readonly<Record<string, unknown>>): ModernizeOptions {
  const parsed = ModernizeOptions.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw optionsWrong(issue?.path.join('.') ?? '', issue?.message ?? '');
}

export async function pauseSchedule(
  { schedules, terminal }: ScheduleContext,
  id: string,
  paused: boolean,
): Promise<ExitCode> {
  const schedule = await schedules.change(id, { paused });
  terminal.document({ schedule });
  terminal.say(paused ? `${schedule.title} is paused.` : `${schedule.title} goes on, next at ${nextText(schedule)}.`);
  return EXIT.done;
}

export async function removeSchedule({ schedules, terminal }: ScheduleContext, id: string): Promise<ExitCode> {
  await schedules.remove(id);
  terminal.document({ removed: id });
  terminal.say(`The schedule ${id} was removed.`);
  return EXIT.done;
}

const WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** What was asked for in words. Throws RECURRENCE_WRONG. */
export function recurrenceOf({ every, day, at, zone }: TimeArguments, here: string): Recurrence {
  const time = { at, zone: zone ?? here };
  const asked = every
    .toLowerCase()
    .split(',')
    .map((word) => word.trim());
  const [word = ''] = asked;
  const wanted =
    word === 'day' || word === 'month'
      ? { every: word, day: Number(day ?? 1), ...time }
      : { every: 'week', days: asked.map((name) => WEEK.indexOf(name) + 1), ...time };
  const parsed = Recurrence.safeParse(wanted);
  if (!parsed.success || (asked.length > 1 && parsed.data.every !== 'week')) {
    throw recurrenceWrong([every, day, at].filter((part) => part !== undefined).join(' '));
  }
  return parsed.data;
}
