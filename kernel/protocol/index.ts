export { Problem, PROBLEM_MEDIA_TYPE } from './problem.ts';
export { FINAL_STATUSES, isFinal, RunEvent, RunPage, RunStatus, RunSummary } from './run.ts';
export { SILENCE_MS_MAX, tailEvents, waitBefore, type Tail, type TailState } from './tail-events.ts';
