// What the console orders the workbench to do. Every order carries a key, so that a repeated one is carried out once.

import { newId } from 'kernel/basics';
import {
  ModernizationStarted,
  Schedule,
  SchedulePreview,
  type NewModernization,
  type Recurrence,
  type ScheduleChange,
  type ScheduleWanted,
} from 'modernizer/protocol';

import { ask, order } from './ask.ts';

export interface Keyed {
  readonly key: string;
}

/** One key per thing a person wants; it stays the same while that one thing is tried again. */
export const freshKey = (): string => newId();

const runPath = (run: string): string => `/api/modernizer/runs/${encodeURIComponent(run)}`;

export const startRun = ({ key, wanted }: Keyed & { readonly wanted: NewModernization }) =>
  ask(ModernizationStarted, '/api/modernizer/runs', { key, body: wanted });

export const stopRun = ({ key, run }: Keyed & { readonly run: string }): Promise<void> =>
  order(`/api/runs/${encodeURIComponent(run)}/stop`, { key });

export const resumeRun = ({ key, run }: Keyed & { readonly run: string }): Promise<void> =>
  order(`${runPath(run)}/resume`, { key });

export interface Answer extends Keyed {
  readonly run: string;
  readonly decision: string;
  readonly option: string;
}

export const answerDecision = ({ key, run, decision, option }: Answer): Promise<void> =>
  order(`${runPath(run)}/decisions/${encodeURIComponent(decision)}`, { key, body: { option } });

export const reportPath = (run: string): string => `${runPath(run)}/report`;

const SCHEDULES = '/api/modernizer/schedules';
const schedulePath = (schedule: string): string => `${SCHEDULES}/${encodeURIComponent(schedule)}`;

export const addSchedule = ({ key, wanted }: Keyed & { readonly wanted: ScheduleWanted }): Promise<Schedule> =>
  ask(Schedule, SCHEDULES, { key, body: wanted });

/** Says when a recurrence would be due; nothing is made. */
export const previewSchedule = (recurrence: Recurrence, signal: AbortSignal): Promise<SchedulePreview> =>
  ask(SchedulePreview, `${SCHEDULES}/preview`, { key: freshKey(), body: recurrence, signal });

interface Changing extends Keyed {
  readonly schedule: string;
  readonly change: ScheduleChange;
}

export const changeSchedule = ({ key, schedule, change }: Changing): Promise<Schedule> =>
  ask(Schedule, schedulePath(schedule), { key, method: 'PATCH', body: change });

export const removeSchedule = ({ key, schedule }: Keyed & { readonly schedule: string }): Promise<void> =>
  order(schedulePath(schedule), { key, method: 'DELETE' });
