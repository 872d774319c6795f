// Items one after another, in the normal form of a layout: runs that touch and are contested by the same are one run.

import type { Item, Run } from '../patches/layout.ts';

/** Adds an item at the end; text that goes on where the last text ended becomes part of it. */
export function addItem(series: Item[], item: Item): void {
  const last = series.at(-1);
  if (item.kind === 'text' && last?.kind === 'text' && areOne(last.run, item.run))
    series[series.length - 1] = { kind: 'text', run: { ...last.run, end: item.run.end } };
  else series.push(item);
}

export function addRun(runs: Run[], run: Run): void {
  const last = runs.at(-1);
  if (last !== undefined && areOne(last, run)) runs[runs.length - 1] = { ...last, end: run.end };
  else runs.push(run);
}

const areOne = (run: Run, next: Run): boolean =>
  run.patch === next.patch &&
  run.end === next.start &&
  run.contestedBy.length === next.contestedBy.length &&
  run.contestedBy.every((patch, at) => patch === next.contestedBy[at]);
