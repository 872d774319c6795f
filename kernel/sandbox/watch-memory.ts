// Memory of a tree of processes, for machines where no control group can be used.
// Rule: it sums resident memory, so shared pages count in each process: it stops a job early rather than late.

import { readdirSync } from 'node:fs';
import { textOf } from './files.ts';
import { statFields } from './owner.ts';

/** Of Linux on every machine Node runs on by default; a larger page only makes the sum too small to matter. */
const PAGE_BYTES = 4096;

export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly residentBytes: number;
}

/** The process and everything below it. Pure. */
export function treeOf(rows: readonly ProcessRow[], root: number): readonly ProcessRow[] {
  const children = Map.groupBy(rows, (row) => row.parent);
  const tree = rows.filter((row) => row.pid === root);
  // The list grows while it is walked; a process has one parent, so none is met twice.
  for (const row of tree) tree.push(...(children.get(row.pid) ?? []));
  return tree;
}

export const residentBytesOf = (root: number): number =>
  treeOf(allProcesses(), root).reduce((sum, row) => sum + row.residentBytes, 0);

export function allProcesses(): readonly ProcessRow[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({
      pid: Number(name),
      parent: Number(statFields(Number(name))[1] ?? 0),
      residentBytes: Number(textOf(`/proc/${name}/statm`).split(' ')[1] ?? 0) * PAGE_BYTES,
    }));
}
