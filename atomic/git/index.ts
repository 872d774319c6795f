// The door for programs that bring git histories in, in their own process.

export { importGit, type ImportOptions, type ImportOutcome } from './import-git.ts';
export { mergedTree, type MergedTree } from './merge-tree.ts';
