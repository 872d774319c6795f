// How likely a set is green, after all that was seen: the ways in which the red sets can be explained, each with its
// weight. Pure and without chance: the same observations give the same numbers.
// The ways are found best first and do not overlap: each says which guesses are true and which are not, and leaves the
// others as likely as they were. Only the most likely are kept; what is cut off is too unlikely to order anything.

import { heaviestFirst } from './heaviest-first.ts';
import {
  isViolated,
  openConstraints,
  type Constraint,
  type Item,
  type Membership,
  type Observation,
} from './constraints.ts';

/** Enough that the ones beyond weigh nothing; more would only cost time (a decision stays under 0.1 s for 12 items). */
const WAYS_MAX = 200;
const STEPS_MAX = 4000;

interface Way {
  readonly weight: number;
  readonly isTrue: readonly number[];
  readonly isFalse: readonly number[];
}

export interface Beliefs {
  /** Between 0 and 1. */
  chanceOfGreen(set: Membership): number;
  /** The guesses that the likeliest ways call true, the likeliest way first. */
  readonly likeliest: readonly (readonly Constraint[])[];
  /** How likely each item breaks by itself, by place. */
  readonly breaking: readonly number[];
}

export function beliefsAfter(items: readonly Item[], seen: readonly Observation[]): Beliefs {
  const guesses = openConstraints(items, seen);
  const reds = seen
    .filter(({ green }) => !green)
    .map((observation) => reasonsFor(guesses, observation))
    // A red set that no guess explains wavers, or breaks for a reason of another kind: nothing is learnt from it.
    .filter((reasons) => reasons.length > 0)
    .sort((a, b) => a.length - b.length);
  const ways = waysToExplain(guesses, reds);
  const total = ways.reduce((sum, { weight }) => sum + weight, 0);
  const logs = guesses.map(({ likelihood }) => Math.log1p(-likelihood));
  return {
    chanceOfGreen: (set) => chance(set, { guesses, ways, logs, total }),
    likeliest: ways.map(({ isTrue }) => isTrue.flatMap((index) => guesses[index] ?? [])),
    breaking: breakingOf(items, { guesses, ways, total }),
  };
}

/** The guesses one of which must be true; when the resolver named packages, one about those. */
function reasonsFor(guesses: readonly Constraint[], { members, blamed }: Observation): readonly number[] {
  const reasons = [...guesses.keys()].filter((index) => {
    const guess = guesses[index];
    return guess !== undefined && isViolated(guess, members);
  });
  const named = reasons.filter((index) => guesses[index]?.members.some((place) => blamed.includes(place)));
  return (named.length > 0 ? named : reasons).sort(
    (a, b) => (guesses[b]?.likelihood ?? 0) - (guesses[a]?.likelihood ?? 0),
  );
}

function waysToExplain(guesses: readonly Constraint[], reds: readonly (readonly number[])[]): readonly Way[] {
  const open = heaviestFirst<Way>();
  open.add({ weight: 1, isTrue: [], isFalse: [] });
  const ways: Way[] = [];
  for (let step = 0; step < STEPS_MAX && ways.length < WAYS_MAX; step += 1) {
    const best = open.take();
    if (best === undefined) break;
    const unexplained = reds.find((reasons) => !reasons.some((index) => best.isTrue.includes(index)));
    if (unexplained === undefined) {
      ways.push(best);
      continue;
    }
    let { weight } = best;
    const ruledOut = [...best.isFalse];
    for (const index of unexplained) {
      if (best.isFalse.includes(index)) continue;
      const likelihood = guesses[index]?.likelihood ?? 0;
      open.add({ weight: weight * likelihood, isTrue: [...best.isTrue, index], isFalse: [...ruledOut] });
      weight *= 1 - likelihood;
      ruledOut.push(index);
    }
  }
  return ways;
}

interface Weighed {
  readonly guesses: readonly Constraint[];
  readonly ways: readonly Way[];
  readonly logs: readonly number[];
  readonly total: number;
}

function chance(set: Membership, { guesses, ways, logs, total }: Weighed): number {
  if (total === 0) return 0;
  // Indexed loops over plain numbers: this is asked some ten thousand times for one decision.
  const against = new Float64Array(guesses.length);
  let allLogs = 0;
  for (const [index, guess] of guesses.entries()) {
    if (!isViolated(guess, set)) continue;
    against[index] = logs[index] ?? 0;
    allLogs += logs[index] ?? 0;
  }
  let green = 0;
  for (const { weight, isTrue, isFalse } of ways) {
    if (isTrue.some((index) => against[index] !== 0)) continue;
    let known = 0;
    for (const index of isFalse) known += against[index] ?? 0;
    green += weight * Math.exp(allLogs - known);
  }
  return green / total;
}

function breakingOf(items: readonly Item[], { guesses, ways, total }: Omit<Weighed, 'logs'>): readonly number[] {
  return items.map((_, place) => {
    const index = guesses.findIndex(({ kind, members }) => kind === 'breaks' && members[0] === place);
    if (index === -1) return 0;
    const prior = guesses[index]?.likelihood ?? 0;
    const sum = ways.reduce(
      (all, { weight, isTrue, isFalse }) =>
        all + weight * (isTrue.includes(index) ? 1 : isFalse.includes(index) ? 0 : prior),
      0,
    );
    return total === 0 ? prior : sum / total;
  });
}
