// What a search knows: the upgrades it may take, and the trials it has seen. Pure.

import { isKept, type Risk, type Verdict } from '../../protocol/index.ts';
import type { TrialCost } from './choose-set.ts';

export type Purpose = 'all-at-once' | 'part' | 'one-more' | 'older' | 'final';

/** An upgrade as the search sees it. */
export interface Candidate {
  readonly name: string;
  readonly to: string;
  /** Versions between the installed one and `to` that could be taken instead, oldest first. */
  readonly older: readonly string[];
  readonly risk: Risk;
  /** True when `to` is installed already. */
  readonly installed: boolean;
  /** Names that it is linked to by peers, in either direction. */
  readonly partners: readonly string[];
  /** Names whose upgrade its peer ranges ask for, and those that they exclude. */
  readonly needs?: readonly string[];
  readonly conflicts?: readonly string[];
}

export interface Pick {
  readonly name: string;
  readonly to: string;
}

/** Why a set is tried: shown to people beside the trial. */
export interface Expectation {
  /** How likely it is green, from 0 to 1. */
  readonly chance: number;
  /** Upgrades it would keep more than are kept now. */
  readonly gain: number;
  /** What the trial is expected to take. */
  readonly costMs: number;
}

export interface Move {
  readonly purpose: Purpose;
  readonly picks: readonly Pick[];
  readonly expected: Expectation | null;
}

export interface Seen {
  readonly purpose: Purpose;
  readonly picks: readonly Pick[];
  readonly verdict: Verdict;
  /** Packages that the resolver named when it refused. */
  readonly blamed: readonly string[];
}

export interface Search {
  readonly candidates: readonly Candidate[];
  readonly seen: readonly Seen[];
  readonly cost: TrialCost;
}

/** Trials in which every upgrade went to the plan's own version. */
export const aimsOnly = (candidates: readonly Candidate[], seen: readonly Seen[]): readonly Seen[] =>
  seen.filter(({ picks }) =>
    picks.every(({ name, to }) => candidates.some((each) => each.name === name && each.to === to)),
  );

/** Picks in the plan's order. */
export const inOrder = (candidates: readonly Candidate[], picks: readonly Pick[]): readonly Pick[] =>
  candidates.flatMap(({ name }) => picks.filter((pick) => pick.name === name));

/** The largest set that was green and not refuted by a proof; the first one seen among equals. */
export function largestGreen(seen: readonly Seen[]): readonly Pick[] {
  let best: readonly Pick[] = [];
  for (const { picks, verdict } of seen) {
    if (!isKept(verdict) || picks.length <= best.length) continue;
    const known = verdictOf(seen, picks);
    if (known !== undefined && isKept(known)) best = picks;
  }
  return best;
}

/** The verdict of a set; that of its proof where it has one. */
export function verdictOf(seen: readonly Seen[], picks: readonly Pick[]): Verdict | undefined {
  const same = seen.filter((trial) => sameSet(trial.picks, picks));
  return (same.find(({ purpose }) => purpose === 'final') ?? same[0])?.verdict;
}

export const sameSet = (some: readonly Pick[], others: readonly Pick[]): boolean =>
  some.length === others.length &&
  some.every(({ name, to }) => others.some((other) => other.name === name && other.to === to));
