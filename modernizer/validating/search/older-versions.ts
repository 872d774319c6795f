// Looks for an older version of what is refused at its newest: halves the versions between, each on top of what is kept.
// Rule: a version that is green is looked above, one that is red below; what several of them are together is tried, too.

import { isKept } from '../../protocol/index.ts';
import { isWorthIts } from './choose-set.ts';
import { aimsOnly, inOrder, largestGreen, verdictOf, type Move, type Pick, type Search } from './seen.ts';

/** How often an older version works where the newest does not; halved with each that was red. Rough on purpose. */
const CHANCE = 0.3;
/** Between a version that works and one that does not, and for several that each work. */
const COMBINED_CHANCE = 0.6;

export function olderMove({ candidates, seen, cost }: Search): Move | undefined {
  const kept = largestGreen(aimsOnly(candidates, seen));
  const names = new Set(kept.map(({ name }) => name));
  const found: Pick[] = [];
  const costMs = (cost.greenMs + cost.redMs) / 2;
  const move = (picks: readonly Pick[], chance: number): Move => ({
    purpose: 'older',
    picks: inOrder(candidates, picks),
    expected: { chance, gain: picks.length - kept.length, costMs },
  });
  for (const candidate of candidates) {
    if (names.has(candidate.name)) continue;
    const verdict = (to: string) => verdictOf(seen, [...kept, { name: candidate.name, to }]);
    const between = halved(candidate.older, (to) => asGreen(verdict(to)));
    const reds = candidate.older.filter((to) => asGreen(verdict(to)) === false).length;
    const chance = between.newestGreen === null ? CHANCE / 2 ** reds : COMBINED_CHANCE;
    if (between.next !== null && isWorthIts({ chance, gain: 1, costMs })) {
      return move([...kept, { name: candidate.name, to: between.next }], chance);
    }
    if (between.newestGreen !== null) found.push({ name: candidate.name, to: between.newestGreen });
  }
  return combined(
    kept,
    found,
    (picks) => asGreen(verdictOf(seen, picks)),
    (picks) => move(picks, COMBINED_CHANCE),
  );
}

const asGreen = (verdict: Parameters<typeof isKept>[0] | undefined): boolean | undefined =>
  verdict === undefined ? undefined : isKept(verdict);

interface Halving {
  /** The version to try next; null when the search among them is over. */
  readonly next: string | null;
  readonly newestGreen: string | null;
}

/** Binary search over versions, oldest first, for the newest that is green. */
function halved(versions: readonly string[], isGreen: (version: string) => boolean | undefined): Halving {
  let low = 0;
  let high = versions.length - 1;
  let newestGreen: string | null = null;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const version = versions[middle];
    if (version === undefined) break;
    const green = isGreen(version);
    if (green === undefined) return { next: version, newestGreen };
    if (green) {
      newestGreen = version;
      low = middle + 1;
    } else high = middle - 1;
  }
  return { next: null, newestGreen };
}

/** Several older versions were green, each alone on top: all of them together, else one after the other. */
function combined(
  kept: readonly Pick[],
  found: readonly Pick[],
  isGreen: (picks: readonly Pick[]) => boolean | undefined,
  move: (picks: readonly Pick[]) => Move,
): Move | undefined {
  if (found.length < 2) return undefined;
  const together = [...kept, ...found];
  const all = isGreen(together);
  if (all === undefined) return move(together);
  if (all) return undefined;
  let grown = kept;
  for (const pick of found) {
    const green = isGreen([...grown, pick]);
    if (green === undefined) return move([...grown, pick]);
    if (green) grown = [...grown, pick];
  }
  return undefined;
}
