// The door for screens and programs that look at a repository: plain documents in the shapes of ../protocol.

export { patchGraph } from './graph.ts';
export { pageOfHistory } from './history.ts';
export { planMovement, type MovementQuery, type PlannedMovement } from './movement.ts';
export { describePatch, type PatchQuery } from './patch-detail.ts';
export { describeRepository, standingOf } from './standing.ts';
export { describeStatistics } from './statistics.ts';
export { describeFile, describeTree } from './tree.ts';
