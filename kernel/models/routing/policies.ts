// In which order legs are asked: one pure function for each policy over what is known of them.
// Not here: which may be asked now (the state of a leg goes before every policy) and the asking.

import type { Policy } from '../models.ts';

/** A leg as policies compare them. */
export interface Candidate {
  readonly leg: string;
  /** Place among the targets of the route. */
  readonly place: number;
  readonly weight: number;
  readonly isReady: boolean;
  readonly inFlight: number;
  /** Null before the first call. */
  readonly firstTokenMsP50: number | null;
  /** Share of calls that failed, 0 to 1. */
  readonly errorShare: number;
  /** Microdollars for a million tokens, three of input to one of output; null where the price is not known. */
  readonly pricePerMillion: number | null;
  /** 0 to 1, higher is better; by default the share of answers that neither failed nor were refused. */
  readonly quality: number;
}

/** How often a leg that was never timed goes first, so that its time becomes known. */
const CURIOSITY = 0.1;

type Order = (candidates: readonly Candidate[], random: () => number) => readonly Candidate[];

const ORDERS: Readonly<Record<Policy, Order>> = {
  pinned: (candidates) => sortedBy(candidates, ({ place }) => place),
  cost: (candidates) => sortedBy(candidates, ({ pricePerMillion }) => pricePerMillion ?? Infinity),
  latency: byLatency,
  quality: (candidates) => sortedBy(candidates, ({ quality }) => -quality),
  weighted: byWeight,
};

/** All of them, those first that should be asked first. */
export function orderLegs(
  policy: Policy,
  candidates: readonly Candidate[],
  random: () => number,
): readonly Candidate[] {
  const inOrder = ORDERS[policy](candidates, random);
  return [...inOrder.filter(({ isReady }) => isReady), ...inOrder.filter(({ isReady }) => !isReady)];
}

/** Equal ones in the order of the route; the keys of one target by how busy they are. */
function sortedBy(candidates: readonly Candidate[], measure: (candidate: Candidate) => number): readonly Candidate[] {
  const rank = new Map(candidates.map((candidate, index) => [candidate, index]));
  return candidates.toSorted(
    (a, b) =>
      compared(measure(a), measure(b)) ||
      a.place - b.place ||
      a.inFlight - b.inFlight ||
      (rank.get(a) ?? 0) - (rank.get(b) ?? 0),
  );
}

/** Infinity is equal to itself here. */
const compared = (a: number, b: number): number => (a === b ? 0 : a - b);

/** A leg that fails half of the time takes twice as long. */
function byLatency(candidates: readonly Candidate[], random: () => number): readonly Candidate[] {
  const tryUnknown = random() < CURIOSITY;
  return sortedBy(candidates, ({ firstTokenMsP50, errorShare }) => {
    if (firstTokenMsP50 === null) return tryUnknown ? -1 : Number.MAX_SAFE_INTEGER;
    return firstTokenMsP50 / Math.max(0.01, 1 - errorShare);
  });
}

/** Drawn without putting back: a target of weight 3 is first three times as often as one of weight 1. */
function byWeight(candidates: readonly Candidate[], random: () => number): readonly Candidate[] {
  // One draw for each target, so that a target with many keys is not drawn more often.
  const draws = new Map<number, number>();
  for (const { place, weight } of candidates) {
    if (!draws.has(place)) draws.set(place, weight > 0 ? -Math.log(1 - random()) / weight : Infinity);
  }
  return sortedBy(candidates, ({ place }) => draws.get(place) ?? Infinity);
}
