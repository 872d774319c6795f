// Dead text and who killed it, for credit and rollback.

import type { History } from '../patches/facts.ts';
import type { FileText } from '../patches/layout.ts';
import { NONE } from './column.ts';
import type { TextGraph } from './text-graph.ts';

type DeadRun = ReturnType<FileText['deadRuns']>[number];

/** By the hash of their patch, then by offset; runs that touch and have the same deleters are one. */
export function deadRunsIn({ segments, marks }: TextGraph, history: History): readonly DeadRun[] {
  const runs: DeadRun[] = [];
  const dead: number[] = [];
  for (let segment = 0; segment < segments.count; segment += 1)
    if (segments.insert.get(segment) !== NONE && segments.alive.get(segment) === 0) dead.push(segment);
  const starts = (a: number, b: number): number => segments.start.get(a) - segments.start.get(b);
  dead.sort((a, b) => history.compare(segments.patchOf(a), segments.patchOf(b)) || starts(a, b));
  for (const segment of dead) {
    const [patch, start, end] = [segments.patchOf(segment), segments.start.get(segment), segments.end.get(segment)];
    const slots = marks.deletersOf(segments, segment);
    const deletedBy = slots.map((slot) => segments.patchIn(slot)).sort((a, b) => history.compare(a, b));
    const last = runs.at(-1);
    if (last?.range.patch === patch && last.range.end === start && isSame(last.deletedBy, deletedBy))
      runs[runs.length - 1] = { range: { ...last.range, end }, deletedBy };
    else runs.push({ range: { patch, start, end }, deletedBy });
  }
  return runs;
}

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((one, at) => one === b[at]);
