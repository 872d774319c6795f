// The door for programs that bring git histories in, and let channels leave as git branches, in their own process.

export { bringGit, type BringOptions, type Brought } from './bring-git.ts';
export { setOfGitCommit } from './commit-graph.ts';
export { exportGit, type ExportOptions, type ExportOutcome } from './export-git.ts';
export { importGit, type ImportOptions, type ImportOutcome } from './import-git.ts';
export { mergedTree, type MergedTree } from './merge-tree.ts';
export { tracePatches, type TraceOptions } from './trace-patches.ts';
