// Which set promises most for its cost: how likely it is green, times how many upgrades more than now it would keep,
// over the time that its trial takes. Pure.
// For few items the best set is climbed to from several starts; for many only those that cut the items by their risk.

import { familiesOf, type Constraint, type Item, type Membership, type Observation } from './constraints.ts';
import { beliefsAfter, type Beliefs } from './explanations.ts';

export interface TrialCost {
  /** What a trial takes when it is green, and when it is red: a red suite is run more often. In ms. */
  readonly greenMs: number;
  readonly redMs: number;
}

export interface Prospect {
  readonly set: Membership;
  /** How likely it is green. */
  readonly chance: number;
  /** Upgrades more than the largest green set has. */
  readonly gain: number;
  readonly costMs: number;
  /** Upgrades to be expected for each minute. */
  readonly perMinute: number;
}

const CLIMBED_MAX = 40;
const STARTS_CLIMBED = 4;
const WAYS_AS_STARTS = 40;
const MINUTE_MS = 60_000;

/** Upgrades that a trial must promise: few where it costs nothing, more the longer it takes, up to TRIAL_LONG_MS. */
const PROMISE_MIN = 0.005;
const PROMISE_OF_LONG = 0.075;
const TRIAL_LONG_MS = 10_000;

/** Whether searching on is worth the time of a trial. */
export const isWorthIts = ({ chance, gain, costMs }: Pick<Prospect, 'chance' | 'gain' | 'costMs'>): boolean =>
  chance * gain >= PROMISE_MIN + PROMISE_OF_LONG * Math.min(1, costMs / TRIAL_LONG_MS);

/** The most promising set that was not seen, or undefined when none has any chance to keep more. */
export function mostPromising(
  items: readonly Item[],
  seen: readonly Observation[],
  kept: Membership,
  cost: TrialCost,
): Prospect | undefined {
  const beliefs = beliefsAfter(items, seen);
  const weigh = (set: Membership): Prospect => weighed(set, { beliefs, kept, cost });
  const starts = startsFor(items, kept, beliefs)
    .map(weigh)
    .sort((a, b) => b.perMinute - a.perMinute);
  const flips = items.length > CLIMBED_MAX ? [] : flipsOf(items);
  const climbed = starts.slice(0, STARTS_CLIMBED).map((start) => climb(start, flips, weigh));
  const best = climbed.sort((a, b) => b.perMinute - a.perMinute)[0];
  return best === undefined || best.perMinute <= 0 ? undefined : best;
}

interface Scales {
  readonly beliefs: Beliefs;
  readonly kept: Membership;
  readonly cost: TrialCost;
}

function weighed(set: Membership, { beliefs, kept, cost }: Scales): Prospect {
  const gain = count(set) - count(kept);
  const chance = gain <= 0 ? 0 : beliefs.chanceOfGreen(set);
  const costMs = Math.max(1, chance * cost.greenMs + (1 - chance) * cost.redMs);
  return { set, chance, gain, costMs, perMinute: ((chance * gain) / costMs) * MINUTE_MS };
}

function startsFor(items: readonly Item[], kept: Membership, { breaking, likeliest }: Beliefs): readonly Membership[] {
  const safest = [...items.keys()]
    .filter((place) => kept[place] === 0)
    .sort((a, b) => (breaking[a] ?? 0) - (breaking[b] ?? 0) || a - b);
  const cuts: Membership[] = [];
  for (let size = safest.length; size >= 1; size = size > 8 ? Math.floor(size * 0.75) : size - 1) {
    const cut = kept.slice();
    for (const place of safest.slice(0, size)) cut[place] = 1;
    cuts.push(cut);
  }
  const explained = likeliest.slice(0, WAYS_AS_STARTS).map((constraints) => largestWithin(items.length, constraints));
  return [...cuts, ...explained];
}

/** As much as some constraints allow, roughly: what breaks goes, then one of each conflict, then what lacks its need. */
function largestWithin(size: number, constraints: readonly Constraint[]): Membership {
  const set = new Uint8Array(size).fill(1);
  const drop = (place: number | undefined): void => {
    if (place !== undefined) set[place] = 0;
  };
  for (const { kind, members } of constraints) if (kind === 'breaks') drop(members[0]);
  for (const { kind, members } of constraints) {
    if (kind === 'conflict' && members.every((place) => set[place] === 1)) drop(members[1]);
  }
  // A need can hang on another need: as often as there are constraints is enough.
  for (let round = 0; round < constraints.length; round += 1) {
    for (const { kind, members } of constraints) {
      if (kind === 'needs' && set[members[1]] === 0) drop(members[0]);
      if (kind === 'together' && members.some((place) => set[place] === 0)) members.forEach(drop);
    }
  }
  return set;
}

/** Changes to climb by: one item, or a family as a whole. */
const flipsOf = (items: readonly Item[]): readonly (readonly number[])[] => [
  ...[...items.keys()].map((place) => [place]),
  ...familiesOf(items).filter(({ length }) => length > 1),
];

function climb(start: Prospect, flips: readonly (readonly number[])[], weigh: (set: Membership) => Prospect): Prospect {
  let best = start;
  for (let step = 0; step < 2 * flips.length; step += 1) {
    const next = flips
      .flatMap((places) => [flipped(best.set, places, 0), flipped(best.set, places, 1)])
      .filter((set) => set.some((member, place) => member !== best.set[place]))
      .map(weigh)
      .reduce((most, each) => (each.perMinute > most.perMinute ? each : most), best);
    if (next === best) return best;
    best = next;
  }
  return best;
}

function flipped(set: Membership, places: readonly number[], to: 0 | 1): Membership {
  const next = set.slice();
  for (const place of places) next[place] = to;
  return next;
}

const count = (set: Membership): number => set.reduce((sum, member) => sum + member, 0);
