// Tries sets of upgrades, several at once, until nothing is left to try, the time is up or a person stops it.
// Rule: it only asks what validating/search decides, and every answer is in the journal before the next is asked; so a
// run that was killed asks for what is missing, and for nothing else.

import { isKept, type PlannedUpgrade, type Verdict } from '../protocol/index.ts';
import type { Plan } from '../planning/plan-upgrades.ts';
import type { BaselineRecord } from '../validating/baseline.ts';
import type { TrialCost } from '../validating/search/choose-set.ts';
import { nextMoves, settledNow, type Settled } from '../validating/search/next-moves.ts';
import {
  isPointless,
  sameSet,
  type Move,
  type Pick,
  type Purpose,
  type Search,
  type Seen,
} from '../validating/search/seen.ts';
import { candidatesOf, chosen } from './chosen.ts';
import { endedBy, type Execution } from './execution.ts';
import { percentText } from './percent-text.ts';
import { tellProgress } from './tell-progress.ts';
import type { Settlement } from './state.ts';
import type { Answered, Trials } from './trials.ts';

/** Fresh trees in which the kept set is proven in the end. */
export const FRESH_TREES = 5;
/** A suite faster than this is run once more before a set counts as green: it costs nothing. The proof runs it five times. */
const QUICK_SUITE_MS = 1_000;
/** How often a red suite is run, on average: once or twice when much fails, up to five times when one test does. */
const RED_RUNS = 2;

interface Settling {
  readonly plan: Plan;
  readonly trials: SearchTrials;
  readonly baseline: SuiteCost;
  /** Begun with the first proof, beside it. Never rejects. */
  whileProving?(refused: Settlement['refused']): Promise<void>;
}

type SearchTrials = Omit<Trials, 'known'>;
type SuiteCost = { readonly [Key in 'installMs' | 'levels' | 'slowestStepMs']: BaselineRecord[Key] };

/** What settling needs of an execution. */
export interface Settler {
  readonly record: Execution['record'];
  readonly signals: Execution['signals'];
  readonly ports: { readonly trialsAtOnce: number };
}

/** A trial of the search, with the evidence it left. */
interface Told extends Seen {
  readonly answered: Answered;
}

export async function settle(
  execution: Settler,
  { plan, trials, baseline, whileProving }: Settling,
): Promise<Settlement> {
  const candidates = candidatesOf(plan);
  const seen: Told[] = (await trials.finished()).flatMap(({ purpose, picks, answered }) =>
    isOfSearch(purpose) ? [toldOf({ purpose, picks }, answered)] : [],
  );
  const search: Search = { candidates, seen, cost: costOf(baseline) };
  const greenRunsWanted = baseline.slowestStepMs < QUICK_SUITE_MS ? 2 : 1;
  const ask = async ({ purpose, picks, expected, alone = false }: Move, pointless: AbortSignal): Promise<void> => {
    const upgrades = chosen(plan, picks);
    const asked = {
      purpose,
      upgrades,
      greenRunsWanted,
      expected,
      alone,
      why: whyOf({ purpose, expected, alone }, upgrades),
    };
    const answered = await trials.ask(purpose === 'final' ? { ...asked, freshTrees: FRESH_TREES } : asked, pointless);
    if (answered === null) return;
    const told = toldOf({ purpose, picks }, answered);
    seen.push(told);
    await tellKept(execution, { plan, seen, told });
  };
  let beside: Promise<void> | undefined;
  const begin = (move: Move): void => {
    if (move.purpose === 'final') beside ??= whileProving?.(settlementOf(settledNow(search), seen, false).refused);
  };
  try {
    return await asLongAsItGoes(execution, { search, seen, ask, begin });
  } finally {
    await beside;
  }
}

interface Going {
  readonly search: Search;
  readonly seen: readonly Told[];
  ask(move: Move, pointless: AbortSignal): Promise<void>;
  /** A move is about to be made. */
  begin(move: Move): void;
}

interface Running {
  readonly over: Promise<Move>;
  readonly pointless: AbortController;
}

async function asLongAsItGoes(execution: Settler, { search, seen, ask, begin }: Going): Promise<Settlement> {
  const running = new Map<Move, Running>();
  try {
    while (!execution.signals.any.aborted) {
      const free = execution.ports.trialsAtOnce - running.size;
      const next = nextMoves(search, [...running.keys()], free);
      if (next.kind === 'settled') return settlementOf(next, seen, false);
      for (const move of next.moves) {
        await tellProgress(execution, {
          phase: PHASES[move.purpose],
          ahead: aheadOf(search, move),
          known: seen.length + 1,
        });
        begin(move);
        const pointless = new AbortController();
        running.set(move, { over: ask(move, pointless.signal).then(() => move), pointless });
      }
      running.delete(await Promise.race([...running.values()].map(({ over }) => over)));
      for (const [move, { pointless }] of running) if (isPointless(move, seen)) pointless.abort();
    }
  } finally {
    // What still runs belongs to this run: its slots and folders are given back before anybody goes on.
    await Promise.allSettled([...running.values()].map(({ over }) => over));
  }
  endedBy(execution.signals);
  return settlementOf(settledNow(search), seen, true);
}

const SEARCHED: ReadonlySet<string> = new Set<Purpose>(['all-at-once', 'part', 'one-more', 'older', 'final']);
const isOfSearch = (purpose: string): purpose is Purpose => SEARCHED.has(purpose);

function toldOf(
  { purpose, picks }: { readonly purpose: Purpose; readonly picks: readonly Pick[] },
  answered: Answered,
): Told {
  const { verdict, resolver, isHint = false } = answered.result;
  const blamed = resolver?.kind === 'resolver-conflict' ? resolver.chain.map(withoutVersion) : [];
  return { purpose, picks, verdict, blamed, answered, ...(isHint ? { isHint } : {}) };
}

const withoutVersion = (spec: string): string => {
  const at = spec.indexOf('@', 1);
  return at === -1 ? spec : spec.slice(0, at);
};

function costOf({ installMs, levels, slowestStepMs }: SuiteCost): TrialCost {
  const others = levels.filter(({ level }) => level > 1 && level < 4).reduce((sum, { wallMs }) => sum + wallMs, 0);
  const once = installMs + others;
  return { greenMs: once + slowestStepMs, redMs: once + RED_RUNS * slowestStepMs };
}

const PHASES: Readonly<Record<Purpose, string>> = {
  'all-at-once': 'Trying all upgrades at once',
  part: 'Trying the part that promises most for its time',
  'one-more': 'Trying one upgrade on top of what is kept',
  older: 'Trying older versions of what is refused',
  final: 'Proving what is kept in fresh trees',
};

/** Why this set is tried at this moment, for people. */
function whyOf({ purpose, expected, alone }: Asked, upgrades: readonly PlannedUpgrade[]): string {
  if (alone) return 'A limit ended it the first time: once more, with nothing beside it.';
  switch (purpose) {
    case 'all-at-once':
      return 'If all of them are green together, nothing else has to be tried.';
    case 'final':
      return `What is kept has to be green in ${FRESH_TREES} fresh trees.`;
    case 'older':
      return 'Their newest version is refused: halfway between it and the installed one.';
    default: {
      const { chance, gain } = expected ?? { chance: 0, gain: 0 };
      const more = gain === 1 ? 'one upgrade more' : `${gain} upgrades more`;
      return `${percentText(chance)} likely to be green, and it would keep ${more}: of ${upgrades.length}, the most for its time.`;
    }
  }
}

type Asked = { readonly purpose: Purpose; readonly expected: Move['expected']; readonly alone: boolean };

/** Trials to come, roughly: each refused upgrade is tried once on top, older ones besides, and the proof. */
function aheadOf({ candidates, seen }: Search, move: Move): number {
  if (move.purpose === 'final') return 1;
  if (seen.length === 0) return 2;
  const green = Math.max(0, ...seen.filter(({ verdict }) => isKept(verdict)).map(({ picks }) => picks.length));
  return candidates.length - green + 1;
}

/** Shows at once what grew; the analyzer says of each refusal why. */
async function tellKept(
  execution: Settler,
  { plan, seen, told }: { readonly plan: Plan; readonly seen: readonly Told[]; readonly told: Told },
): Promise<void> {
  if (!isKept(told.verdict)) return;
  const larger = seen.some(
    ({ picks, verdict }) => isKept(verdict) && picks.length > told.picks.length && !sameSet(picks, told.picks),
  );
  if (larger) return;
  for (const { name, to } of chosen(plan, told.picks)) {
    await execution.record.emit('upgrade-kept', { name, to, verdict: told.verdict, trial: told.answered.trial });
  }
}

const NO_VERDICT: Verdict = { kind: 'broken', passed: 0, of: 0 };

/** `cut`: it had to end before everything was tried. */
function settlementOf({ kept, refused, proof }: Settled, seen: readonly Told[], cut: boolean): Settlement {
  const proven = seen.find((trial) => trial === proof);
  const trialOf = (trial: Seen | null): Answered | undefined => seen.find((each) => each === trial)?.answered;
  const untried = cut ? refused.filter((each) => each.seen === null || each.seen.picks.length > kept.length + 1) : [];
  return {
    kept: kept.map((pick) => ({
      ...pick,
      verdict: proven?.verdict ?? NO_VERDICT,
      trial: proven?.answered.trial ?? '',
    })),
    refused: refused
      .filter((each) => !untried.includes(each))
      .map(({ name, to, by, seen: trial }) => ({
        name,
        to,
        by,
        verdict: trial?.verdict ?? NO_VERDICT,
        trial: trialOf(trial)?.trial ?? null,
      })),
    untried: untried.map(({ name }) => name),
    proof: proven?.verdict ?? null,
  };
}
