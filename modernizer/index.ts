export { decide, type DecideArguments, type DecideContext } from './commands/decide.ts';
export { ALL_OPTIONS, modernize, type ModernizeArguments, type ModernizeContext } from './commands/modernize.ts';
export {
  addSchedule,
  changeSchedule,
  listSchedules,
  pauseSchedule,
  removeSchedule,
  type ScheduleContext,
} from './commands/schedule.ts';
export { createSchedules, type SchedulePorts, type Schedules } from './schedules/schedules.ts';
export { SCHEDULE_MIGRATIONS } from './schedules/tables.ts';
export { watchSchedules } from './schedules/watch.ts';
export type { ModernizerRoutePorts, Reader } from './route-ports.ts';
export { modernizerRoutes } from './routes.ts';
export { createModernizer, PRODUCT, type Modernizer, type Started, type StartRequest } from './workflow/modernizer.ts';
export type { RunEnd } from './workflow/execute-run.ts';
export type { ModernizerPorts, SandboxOpening } from './workflow/ports.ts';
export { nextMove } from './validating/search/next-moves.ts';
export type { Search } from './validating/search/seen.ts';
