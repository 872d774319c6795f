// The normal form of a layout: what touches is one run.

import type { Item, Run } from '../patches/layout.ts';

/** Neighbouring runs whose bytes touch and whose contesters are the same are one run. */
export function touchingRunsJoined(items: readonly Item[]): readonly Item[] {
  const joined: Item[] = [];
  for (const item of items) {
    const last = joined.at(-1);
    if (item.kind === 'text' && last?.kind === 'text' && touches(last.run, item.run)) {
      joined[joined.length - 1] = { kind: 'text', run: { ...last.run, end: item.run.end } };
    } else joined.push(item.kind === 'order' ? { kind: 'order', sides: item.sides.map(touchingRunsJoined) } : item);
  }
  return joined;
}

/** Runs in which neighbours that touch are one. */
export function joinedRuns(runs: readonly Run[]): readonly Run[] {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last !== undefined && touches(last, run)) joined[joined.length - 1] = { ...last, end: run.end };
    else joined.push(run);
  }
  return joined;
}

const touches = (a: Run, b: Run): boolean =>
  a.patch === b.patch &&
  a.end === b.start &&
  a.contestedBy.length === b.contestedBy.length &&
  a.contestedBy.every((patch, index) => patch === b.contestedBy[index]);
