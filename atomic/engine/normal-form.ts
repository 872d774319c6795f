// The normal form of a layout (../patches/layout.ts), for tests that compare layouts: touching runs joined wherever runs
// stand in a list, twins sorted.

import type { History } from '../patches/facts.ts';
import type { FileText, Item, Layout, Run } from '../patches/layout.ts';
import { addItem, addRun } from './series.ts';

export function inNormalForm(items: Layout, history: History): Layout {
  const normal: Item[] = [];
  for (const item of items) {
    if (item.kind === 'cyclic') normal.push({ kind: 'cyclic', members: joined(item.members) });
    else if (item.kind === 'order')
      normal.push({ kind: 'order', sides: item.sides.map((side) => inNormalForm(side, history)) });
    else if (item.kind === 'twins') normal.push({ kind: 'twins', sides: sorted(item.sides.map(joined), history) });
    else addItem(normal, item);
  }
  return normal;
}

/**
 * Whether a layout shows a circle of one stretch of text: a cut alone made it, so the same facts less finely cut show
 * plain text, which may have twins. Such a layout has no normal form.
 */
export function hasCutCircle(items: Layout): boolean {
  return items.some((item) => {
    if (item.kind === 'order') return item.sides.some(hasCutCircle);
    return item.kind === 'cyclic' && isOneStretch(item.members);
  });
}

const isOneStretch = (members: readonly Run[]): boolean =>
  members.every((run, at) => {
    const before = members[at - 1];
    return before === undefined || (before.patch === run.patch && before.end === run.start);
  });

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
