// Plays the Modernizer's search against a planted truth, without installing anything.

import { nextMove, type Search } from 'modernizer';

import { plantedGreen, type Planted } from './planted.ts';

/** What a trial of a small project takes on a quiet machine. */
const COST = { greenMs: 2000, redMs: 3000 };
const RISKS = ['low', 'medium', 'high'] as const;
const STEPS_MAX = 300;

export function playSearch(planted: Planted): { readonly kept: number; readonly trials: number } {
  const { size, linked = [] } = planted;
  const nameOf = (place: number): string => `u${place}`;
  const candidates = Array.from({ length: size }, (_, place) => ({
    name: nameOf(place),
    to: '2.0.0',
    older: [],
    risk: RISKS[place % RISKS.length] ?? 'low',
    installed: false,
    partners: linked.flatMap(([one, other]) =>
      one === place ? [nameOf(other)] : other === place ? [nameOf(one)] : [],
    ),
  }));
  const seen: Search['seen'][number][] = [];
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const decision = nextMove({ candidates, seen, cost: COST });
    if (decision.kind === 'settled') {
      return { kept: decision.kept.length, trials: seen.filter(({ purpose }) => purpose !== 'final').length };
    }
    const { purpose, picks } = decision.move;
    const taken = candidates.map(({ name }) => picks.some((pick) => pick.name === name));
    const green = plantedGreen(planted, taken);
    const verdict = { kind: green ? ('green' as const) : ('broken' as const), passed: green ? 1 : 0, of: 1 };
    seen.push({ purpose, picks, verdict, blamed: [] });
  }
  throw new Error('The search did not end.');
}
