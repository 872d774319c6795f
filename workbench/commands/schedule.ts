// tandem schedule …: what the Modernizer does by itself, in the store of this home.

import {
  addSchedule,
  changeSchedule,
  createSchedules,
  listSchedules,
  pauseSchedule,
  removeSchedule,
  type ScheduleContext,
} from 'modernizer';
import type { ExitCode } from 'kernel/terminal';

import { optionsOf, OWNER, withModernizer, type OptionFlags } from './modernize.ts';
import type { Shell } from './shell.ts';

export interface ScheduleFlags extends OptionFlags {
  readonly every: string;
  readonly day?: string;
  readonly at: string;
  readonly zone?: string;
}

export interface ScheduleChangeFlags extends Partial<ScheduleFlags> {
  readonly title?: string;
}

export const list = (shell: Shell): Promise<ExitCode> => withSchedules(shell, listSchedules);

export const add = (shell: Shell, path: string, { every, day, at, zone, ...rest }: ScheduleFlags): Promise<ExitCode> =>
  withSchedules(shell, (context) => addSchedule(context, { path, every, day, at, zone, options: optionsOf(rest) }));

export const change = (shell: Shell, id: string, flags: ScheduleChangeFlags): Promise<ExitCode> => {
  const { title, every, day, at, zone, ...rest } = flags;
  return withSchedules(shell, (context) =>
    changeSchedule(context, id, { title, every, day, at, zone, options: optionsOf(rest) }),
  );
};

export const pause = (shell: Shell, id: string, paused: boolean): Promise<ExitCode> =>
  withSchedules(shell, (context) => pauseSchedule(context, id, paused));

export const remove = (shell: Shell, id: string): Promise<ExitCode> =>
  withSchedules(shell, (context) => removeSchedule(context, id));

const withSchedules = (shell: Shell, work: (context: ScheduleContext) => Promise<ExitCode>): Promise<ExitCode> =>
  withModernizer(shell, (modernizer, { store, clock }) =>
    work({
      schedules: createSchedules({ store, clock, modernizer }),
      terminal: shell.terminal,
      folder: shell.folder,
      owner: OWNER,
      zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    }),
  );
