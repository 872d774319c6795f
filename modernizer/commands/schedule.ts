// tandem schedule list|add|pause|resume|remove: when which project is upgraded by itself. A running server starts it.

import { resolve } from 'node:path';

import { EXIT, type ExitCode, type Terminal } from 'kernel/terminal';

import { recurrenceWrong } from '../faults.ts';
import { Recurrence, recurrenceText, type Schedule } from '../protocol/index.ts';
import type { Schedules } from '../schedules/schedules.ts';

export interface ScheduleContext {
  readonly schedules: Schedules;
  readonly terminal: Terminal;
  /** Where relative paths begin. */
  readonly folder: string;
  readonly owner: string;
  /** The zone of this machine, where none is named. */
  readonly zone: string;
}

export interface ScheduleArguments {
  readonly path: string;
  /** `day`, `month`, or days of the week such as `monday,thursday`. */
  readonly every: string;
  readonly day: string | undefined;
  readonly at: string;
  readonly zone: string | undefined;
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
  const schedule = await schedules.add({ project, recurrence, options: {} }, owner);
  terminal.document({ schedule });
  terminal.say(`${schedule.title} is upgraded ${recurrenceText(recurrence)}, next at ${nextText(schedule)}.`);
  terminal.note(
    `A server has to run at that time (npm start, or tandem work). Remove it with: tandem schedule remove ${schedule.id}`,
  );
  return EXIT.done;
}

export async function pauseSchedule(
  { schedules, terminal }: ScheduleContext,
  id: string,
  paused: boolean,
): Promise<ExitCode> {
  const schedule = await schedules.setPaused(id, paused);
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
export function recurrenceOf({ every, day, at, zone }: ScheduleArguments, here: string): Recurrence {
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
