// What a search knows: the upgrades it may take, and the trials it has seen. Pure.

import semver from 'semver';

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
  /** Nothing else may run beside it: it had no verdict the first time. */
  readonly alone?: boolean;
}

export interface Seen {
  readonly purpose: Purpose;
  readonly picks: readonly Pick[];
  readonly verdict: Verdict;
  /** Packages that the resolver named when it refused. */
  readonly blamed: readonly string[];
  /** Red by fewer runs than refuse an upgrade. */
  readonly isHint?: boolean;
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

/** The largest set that was green and not refuted by a proof; among equals the one with the newest versions. */
export function largestGreen(seen: readonly Seen[]): readonly Pick[] {
  let best: readonly Pick[] = [];
  for (const { picks, verdict } of seen) {
    if (!isKept(verdict) || picks.length < best.length) continue;
    if (picks.length === best.length && !isNewer(picks, best)) continue;
    const known = verdictOf(seen, picks);
    if (known !== undefined && isKept(known)) best = picks;
  }
  return best;
}

/** Of the same packages, none at an older version and one at a newer one. */
function isNewer(picks: readonly Pick[], than: readonly Pick[]): boolean {
  const steps = picks.map(({ name, to }) => {
    const other = than.find((pick) => pick.name === name)?.to;
    return other === undefined ? Number.NaN : semver.compare(to, other);
  });
  return steps.every((step) => step >= 0) && steps.some((step) => step > 0);
}

/** The verdict of a set: of its proof where it has one, else the firmest. */
export function verdictOf(seen: readonly Seen[], picks: readonly Pick[]): Verdict | undefined {
  const same = seen.filter((trial) => sameSet(trial.picks, picks));
  const proof = same.findLast(({ purpose }) => purpose === 'final');
  return (proof ?? firmest(same))?.verdict;
}

/** What was decided before what only steered the search, and that before what a limit ended. */
export const firmest = (trials: readonly Seen[]): Seen | undefined =>
  trials.find((trial) => isDecided(trial) && trial.isHint !== true) ?? trials.find(isDecided) ?? trials[0];

const UNDECIDED: ReadonlySet<Verdict['kind']> = new Set(['timed-out', 'resolver-stuck']);

/** False where a limit ended the trial: nobody knows what it would have said. */
export const isDecided = ({ verdict }: Seen): boolean => !UNDECIDED.has(verdict.kind);

/** How often a set is tried that a limit ended. */
const TRIES_MAX = 2;

/**
 * The trial that a limit ended and that is worth another try. One that holds an upgrade which may have hung another set
 * twice is not: whatever makes it hang is no chance.
 */
export const unanswered = (seen: readonly Seen[]): Seen | undefined =>
  seen.find((trial) => {
    const same = seen.filter(({ picks, purpose }) => sameSet(picks, trial.picks) && purpose === trial.purpose);
    return same.length < TRIES_MAX && !same.some(isDecided) && !hangsLikeOthers(trial, seen);
  });

function hangsLikeOthers({ picks }: Seen, seen: readonly Seen[]): boolean {
  const green = new Set(
    seen.filter(({ verdict }) => isKept(verdict)).flatMap((trial) => trial.picks.map(({ name }) => name)),
  );
  const hung = seen.filter((trial, place) => {
    const before = seen.slice(0, place);
    return !isDecided(trial) && before.some((other) => !isDecided(other) && sameSet(other.picks, trial.picks));
  });
  const suspects = new Set(
    hung.flatMap((trial) => trial.picks.map(({ name }) => name)).filter((name) => !green.has(name)),
  );
  return picks.some(({ name }) => suspects.has(name));
}

/** Whether a trial that runs can say nothing any more that matters: all of it is green in a larger set. */
export const isPointless = ({ purpose, picks }: Move, seen: readonly Seen[]): boolean =>
  purpose !== 'final' &&
  seen.some(
    (trial) =>
      isKept(trial.verdict) &&
      trial.picks.length >= picks.length &&
      picks.every(({ name, to }) => trial.picks.some((other) => other.name === name && other.to === to)) &&
      isKept(verdictOf(seen, trial.picks) ?? trial.verdict),
  );

export const sameSet = (some: readonly Pick[], others: readonly Pick[]): boolean =>
  some.length === others.length &&
  some.every(({ name, to }) => others.some((other) => other.name === name && other.to === to));
