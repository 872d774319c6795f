// The normal form of a layout (../patches/layout.ts), for tests that compare layouts: touching runs joined wherever runs
// stand in a list, twins sorted.

import type { History } from '../patches/facts.ts';
import type { FileText, Item, Layout, Run } from '../patches/layout.ts';
import { addItem, addRun } from './series.ts';

export function inNormalForm(items: Layout, history: History): Layout {
  const normal: Item[] = [];
  for (const item of items) {
    if (item.kind === 'cyclic') for (const one of circle(joined(item.members))) addItem(normal, one);
    else if (item.kind === 'order')
      normal.push({ kind: 'order', sides: item.sides.map((side) => inNormalForm(side, history)) });
    else if (item.kind === 'twins') normal.push({ kind: 'twins', sides: sorted(item.sides.map(joined), history) });
    else addItem(normal, item);
  }
  return normal;
}

/** One stretch of text is in no circle, however it is cut. */
const circle = (members: readonly Run[]): readonly Item[] =>
  members.every((run, at) => at === 0 || (members[at - 1]?.patch === run.patch && members[at - 1]?.end === run.start))
    ? members.map((run) => ({ kind: 'text', run }))
    : [{ kind: 'cyclic', members }];

function joined(runs: readonly Run[]): readonly Run[] {
  const all: Run[] = [];
  for (const run of runs) addRun(all, run);
  return all;
}

const sorted = (sides: readonly (readonly Run[])[], { compare }: History): readonly (readonly Run[])[] =>
  sides.toSorted(([a], [b]) =>
    a === undefined || b === undefined ? 0 : compare(a.patch, b.patch) || a.start - b.start,
  );

type DeadRuns = ReturnType<FileText['deadRuns']>;

/** Sorted by canonical key, what touches and has the same deleters joined. */
export function deadInNormalForm(dead: DeadRuns, { compare }: History): DeadRuns {
  const runs: Run[] = [];
  for (const { range, deletedBy } of dead.toSorted(
    (a, b) => compare(a.range.patch, b.range.patch) || a.range.start - b.range.start,
  ))
    addRun(runs, { ...range, contestedBy: deletedBy });
  return runs.map(({ contestedBy, ...range }) => ({ range, deletedBy: contestedBy }));
}
