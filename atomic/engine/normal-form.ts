// The normal form of a layout (../patches/layout.ts), for tests that compare layouts: touching runs joined wherever runs
// stand in a list, twins sorted.

import type { History } from '../patches/facts.ts';
import type { Item, Layout, Run } from '../patches/layout.ts';
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

function joined(runs: readonly Run[]): readonly Run[] {
  const all: Run[] = [];
  for (const run of runs) addRun(all, run);
  return all;
}

const sorted = (sides: readonly (readonly Run[])[], { compare }: History): readonly (readonly Run[])[] =>
  sides.toSorted(([a], [b]) =>
    a === undefined || b === undefined ? 0 : compare(a.patch, b.patch) || a.start - b.start,
  );
