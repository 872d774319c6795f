// Items one after another, in the normal form of a layout: runs that touch and are contested by the same are one run.

import { unreachable } from 'kernel/basics';

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

/** The run whose bytes are printed first, or undefined where nothing is. */
export function firstRun(series: readonly Item[]): Run | undefined {
  const open: Item[] = [...series].reverse();
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    switch (item.kind) {
      case 'text':
        return item.run;
      case 'twins':
        return item.sides[0]?.[0];
      case 'cyclic':
        return item.members[0];
      case 'order':
        for (const side of [...item.sides].reverse()) open.push(...[...side].reverse());
        break;
      default:
        return unreachable(item);
    }
  }
  return undefined;
}
