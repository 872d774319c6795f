// Which sets of upgrades are tried next. Pure: what was seen so far decides, so a resumed run goes on where it was.
// Everything at once; then whatever promises most for its time; then each refused one once more on top of all that was
// kept; then older versions of what is still refused; in the end the whole is installed afresh, several times.
// Rule: nothing is kept that was not green in that very set, and nothing refused that was not red in one.

import { isKept } from '../../protocol/index.ts';
import { isWorthIts, mostPromising } from './choose-set.ts';
import type { Item, Membership, Observation } from './constraints.ts';
import { olderMove } from './older-versions.ts';
import {
  aimsOnly,
  firmest,
  inOrder,
  isDecided,
  largestGreen,
  sameSet,
  unanswered,
  verdictOf,
  type Candidate,
  type Move,
  type Pick,
  type Search,
  type Seen,
} from './seen.ts';

interface Refused {
  readonly name: string;
  readonly to: string;
  /** `trial`: its set was red. `unproven`: green before, but red when all that was kept was installed afresh. */
  readonly by: 'trial' | 'unproven';
  /** The set whose trial refused it; null when it was not tried. */
  readonly seen: Seen | null;
}

export interface Settled {
  readonly kind: 'settled';
  readonly kept: readonly Pick[];
  readonly refused: readonly Refused[];
  /** The trial that proves what is kept; null when nothing is kept. */
  readonly proof: Seen | null;
}

export type Decision = { readonly kind: 'try'; readonly move: Move } | Settled;

/** How many trials a search may take beyond the first: three for each refused upgrade and each halving of the plan. */
const TRIALS_FOR_EACH = 3;
const TRIALS_MIN = 4;
/** Sets that are proven in the end before the run gives up on keeping anything. */
const FINALS_MAX = 4;

/** The best next trial, or what came of all. */
export function nextMove(search: Search): Decision {
  const { candidates, seen } = search;
  if (candidates.length === 0) return settled(search, []);
  const whole = candidates.map(({ name, to }) => ({ name, to }));
  const again = unanswered(seen);
  if (again !== undefined) {
    const { purpose, picks } = again;
    return { kind: 'try', move: { purpose, picks, expected: null, alone: true } };
  }
  const all = verdictOf(seen, whole);
  if (all === undefined) return { kind: 'try', move: { purpose: 'all-at-once', picks: whole, expected: null } };
  const failedProofs = seen.filter(({ purpose, verdict }) => purpose === 'final' && !isKept(verdict)).length;
  if (failedProofs >= FINALS_MAX) return settled(search, []);
  const move = failedProofs > 0 ? undefined : (promisingMove(search) ?? retryMove(search) ?? olderMove(search));
  if (move !== undefined) return { kind: 'try', move };
  const best = largestGreen(seen);
  if (best.length === 0) return settled(search, []);
  const proof = seen.find((trial) => trial.purpose === 'final' && sameSet(trial.picks, best));
  if (proof !== undefined) return settled(search, best);
  return { kind: 'try', move: { purpose: 'final', picks: best, expected: null } };
}

/**
 * Trials to run at once, at most `free` beside those that run already. What runs is taken for what it most likely
 * becomes; nothing is proven while anything runs. An empty list says: wait for what runs.
 */
export function nextMoves(
  search: Search,
  running: readonly Move[],
  free: number,
): { readonly kind: 'try'; readonly moves: readonly Move[] } | Settled {
  const moves: Move[] = [];
  let presumed = [...search.seen, ...running.map(presumedOf)];
  while (moves.length < free) {
    const decision = nextMove({ ...search, seen: presumed });
    const guessed = running.length + moves.length > 0;
    if (decision.kind === 'settled') return guessed ? { kind: 'try', moves } : decision;
    const { move } = decision;
    if (guessed && wantsAll(move)) break;
    moves.push(move);
    if (wantsAll(move)) break;
    presumed = [...presumed, presumedOf(move)];
  }
  return { kind: 'try', moves };
}

/** These are worth the whole machine: nothing is guessed beside them. */
const wantsAll = ({ purpose, alone = false }: Move): boolean =>
  alone || purpose === 'final' || purpose === 'all-at-once';

const presumedOf = ({ purpose, picks, expected }: Move): Seen => ({
  purpose,
  picks,
  verdict: { kind: (expected?.chance ?? 0) > 0.5 ? 'green' : 'broken', passed: 0, of: 0 },
  blamed: [],
});

function promisingMove({ candidates, seen, cost }: Search): Move | undefined {
  const kept = membersOf(candidates, largestGreen(aimsOnly(candidates, seen)));
  const refused = candidates.length - kept.reduce((sum, member) => sum + member, 0);
  if (refused === 0) return undefined;
  const tried = seen.filter(({ purpose }) => purpose === 'part' || purpose === 'one-more').length;
  if (tried >= Math.max(TRIALS_MIN, Math.ceil(TRIALS_FOR_EACH * refused * Math.log2(candidates.length)))) {
    return undefined;
  }
  const prospect = mostPromising(itemsOf(candidates), observationsOf(candidates, seen), kept, cost);
  if (prospect === undefined || !isWorthIts(prospect)) return undefined;
  const picks = picksOf(candidates, prospect.set);
  if (verdictOf(seen, picks) !== undefined) return undefined;
  const { chance, gain, costMs } = prospect;
  const extendsKept = kept.every((member, place) => member === 0 || prospect.set[place] === 1);
  const purpose = gain === 1 && extendsKept ? 'one-more' : 'part';
  return { purpose, picks, expected: { chance, gain, costMs } };
}

/** What is still refused is tried once more on top of everything that is kept: its partner may be there now. */
function retryMove({ candidates, seen, cost }: Search): Move | undefined {
  const kept = largestGreen(aimsOnly(candidates, seen));
  const names = new Set(kept.map(({ name }) => name));
  const expected = { chance: RETRY_CHANCE, gain: 1, costMs: cost.redMs };
  for (const { name, to } of candidates) {
    if (names.has(name)) continue;
    // What was red in a set of its own is retried only where that is cheap; what was never in one of its own, always.
    const alone = seen.some((trial) => trial.purpose === 'one-more' && trial.picks.some((pick) => pick.name === name));
    if (alone && !isWorthIts(expected)) continue;
    const picks = inOrder(candidates, [...kept, { name, to }]);
    // What only steered the search refuses nothing: such a set is asked again, in earnest.
    if (seen.some((trial) => sameSet(trial.picks, picks) && trial.isHint !== true)) continue;
    return { purpose: 'one-more', picks, expected };
  }
  return undefined;
}

/** Whatever was refused alone and then again on more: seldom green, and cheap to be sure of. */
const RETRY_CHANCE = 0.05;

function itemsOf(candidates: readonly Candidate[]): readonly Item[] {
  const places = (names: readonly string[] = []): readonly number[] =>
    names.map((name) => candidates.findIndex((other) => other.name === name)).filter((place) => place !== -1);
  return candidates.map(({ name, risk, installed, partners, needs, conflicts }) => ({
    name,
    risk,
    installed,
    partners: places(partners),
    needs: places(needs),
    conflicts: places(conflicts),
  }));
}

const observationsOf = (candidates: readonly Candidate[], seen: readonly Seen[]): readonly Observation[] => [
  { members: new Uint8Array(candidates.length), green: true, blamed: [] },
  ...answersAmong(aimsOnly(candidates, seen)).map((trial) => ({
    members: membersOf(candidates, trial.picks),
    green: isKept(trial.verdict),
    blamed: candidates.flatMap(({ name }, place) => (trial.blamed.includes(name) ? [place] : [])),
  })),
];

/** One answer for each set. What a limit ended orders the search like a red set, unless it was decided another time. */
const answersAmong = (seen: readonly Seen[]): readonly Seen[] =>
  seen.filter((trial) => firmest(seen.filter(({ picks }) => sameSet(picks, trial.picks))) === trial);

const membersOf = (candidates: readonly Candidate[], picks: readonly Pick[]): Membership =>
  Uint8Array.from(candidates, ({ name }) => (picks.some((pick) => pick.name === name) ? 1 : 0));

const picksOf = (candidates: readonly Candidate[], members: Membership): readonly Pick[] =>
  candidates.filter((_, place) => members[place] === 1).map(({ name, to }) => ({ name, to }));

function settled({ candidates, seen }: Search, kept: readonly Pick[]): Settled {
  const names = new Set(kept.map(({ name }) => name));
  const refused = candidates
    .filter(({ name, to }) => !kept.some((pick) => pick.name === name && pick.to === to))
    .map((candidate): Refused => refusalOf(candidate, { kept, seen }));
  const proofs = seen.filter((trial) => sameSet(trial.picks, kept) && isKept(trial.verdict));
  const proof = names.size === 0 ? null : (proofs.find(({ purpose }) => purpose === 'final') ?? proofs[0] ?? null);
  return { kind: 'settled', kept, refused, proof };
}

const firmness = (trial: Seen): number => (isDecided(trial) ? (trial.isHint === true ? 1 : 2) : 0);

/** The trial that says most about one refused upgrade: it alone on top of what is kept, else the smallest red set with it. */
function refusalOf(
  { name, to }: Candidate,
  { kept, seen }: { readonly kept: readonly Pick[]; readonly seen: readonly Seen[] },
): Refused {
  const without = kept.filter((pick) => pick.name !== name);
  const red = seen.filter(
    ({ picks, verdict }) => !isKept(verdict) && picks.some((pick) => pick.name === name && pick.to === to),
  );
  const alone = firmest(red.filter(({ picks }) => sameSet(picks, [...without, { name, to }])));
  // What a limit ended proves nothing: a trial that ran to its end tells more, and one in earnest more than a hint.
  const [smallest] = red.toSorted((a, b) => firmness(b) - firmness(a) || a.picks.length - b.picks.length);
  const trial = (alone !== undefined && (isDecided(alone) || smallest === undefined) ? alone : smallest) ?? null;
  const greenBefore =
    trial?.purpose === 'final' && seen.some((each) => isKept(each.verdict) && sameSet(each.picks, trial.picks));
  return { name, to, by: greenBefore ? 'unproven' : 'trial', seen: trial };
}

/** What can be kept at this moment, when no more can be tried. */
export function settledNow(search: Search): Settled {
  return settled(search, largestGreen(search.seen));
}
