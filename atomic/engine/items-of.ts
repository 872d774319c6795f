// The items of a layout, made from an arrangement of nodes: the innermost conflicts first. Research C5.5–5.8.

import type { History, MergePolicy } from '../patches/facts.ts';
import type { Item, Layout, Run } from '../patches/layout.ts';
import type { Arranged, Conflict, Piece } from './arrange.ts';
import { collapseTwins } from './collapse-twins.ts';
import { addItem, addRun } from './series.ts';

interface Reading {
  /** Runs of a node in canonical order; several: they stand in a circle. */
  runsOf(node: number): readonly Run[];
  /** By anybody, whether a conflict says so already or not. */
  isContested(run: Run): boolean;
  readonly history: History;
  readonly policy: MergePolicy;
}

export function itemsOf({ pieces, conflicts }: Arranged, reading: Reading): Layout {
  const settled = new Map<Conflict, readonly Item[]>();
  const seriesOf = (pieces: readonly Piece[]): readonly Item[] => {
    const series: Item[] = [];
    for (const piece of pieces) {
      const items = piece.kind === 'item' ? itemsOfNode(reading.runsOf(piece.node)) : (settled.get(piece) ?? []);
      for (const item of items) addItem(series, item);
    }
    return series;
  };
  // A conflict comes before those that are nested in it: backwards, the sides of each are known when it is settled.
  for (const conflict of [...conflicts].reverse()) {
    const sides = conflict.sides.map((side) => seriesOf(side.pieces));
    const isCollapsed = reading.policy.identical === 'collapse';
    const isContested = (run: Run): boolean => reading.isContested(run);
    settled.set(
      conflict,
      isCollapsed ? collapseTwins(sides, reading.history, isContested) : [{ kind: 'order', sides }],
    );
  }
  return seriesOf(pieces);
}

/** Stretches that touch are no circle, even where they are contested by different patches. */
function itemsOfNode(runs: readonly Run[]): readonly Item[] {
  const isOneStretch = runs.every((run, at) => {
    const before = runs[at - 1];
    return before === undefined || (before.patch === run.patch && before.end === run.start);
  });
  if (isOneStretch) return runs.map((run) => ({ kind: 'text', run }));
  const members: Run[] = [];
  for (const run of runs) addRun(members, run);
  return [{ kind: 'cyclic', members }];
}
