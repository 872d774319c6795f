// What could make a set of upgrades red, as guesses that trials confirm or refute: an upgrade that breaks by itself, two
// that do not go together, one that needs another, several that work only together. Pure.
// Rule: a green set refutes every guess it violates; a red set says that one of those it violates is true.
// The likelihoods are rough on purpose: they only order trials, verdicts come from trials alone.

import type { Risk } from '../../protocol/index.ts';

/** An upgrade as the search sees it: its place in the plan, how risky it looked, and whom it is linked to by peers. */
export interface Item {
  readonly name: string;
  readonly risk: Risk;
  /** True when the version is installed already: then hardly anything can break. */
  readonly installed: boolean;
  /** Places of the items that name it as a peer or that it names. */
  readonly partners: readonly number[];
  /** Places whose upgrade its declared peer ranges ask for, and those that they exclude. */
  readonly needs?: readonly number[];
  readonly conflicts?: readonly number[];
}

/** Members of the plan that are upgraded, by place: 1 for upgraded, 0 for left as it was. */
export type Membership = Uint8Array;

export interface Observation {
  readonly members: Membership;
  readonly green: boolean;
  /** Places that the resolver named when it refused; empty when it said nothing. */
  readonly blamed: readonly number[];
}

export type Constraint =
  | { readonly kind: 'breaks'; readonly members: readonly [number]; readonly likelihood: number }
  | { readonly kind: 'conflict'; readonly members: readonly [number, number]; readonly likelihood: number }
  /** The first needs the second. */
  | { readonly kind: 'needs'; readonly members: readonly [number, number]; readonly likelihood: number }
  | { readonly kind: 'together'; readonly members: readonly number[]; readonly likelihood: number };

/** How often upgrades of each risk broke a suite in the thirteen projects of the research, rounded. */
const BREAKS: Readonly<Record<Risk, number>> = { low: 0.04, medium: 0.15, high: 0.3 };
const BREAKS_INSTALLED = 0.002;
const LINKED = { conflict: 0.05, needs: 0.12, together: 0.12 } as const;
/** What peer ranges declare is nearly always so; a project can tell npm to look away. */
const DECLARED = 0.9;
const STRANGERS = { conflict: 0.004, needs: 0.006, together: 0.015 } as const;
/** A family of peers is green together or not at all, one time in ten. */
const FAMILY = 0.1;
/** All guesses together that some three or more strangers belong together; none is likelier than that two of them do. */
const SUSPECT_FAMILIES = 0.1;
const SUSPECT_FAMILY = 0.008;
/** Above this number of items only linked ones and suspects are thought of in pairs: pairs grow with the square. */
const ALL_PAIRS_MAX = 20;
const SUSPECT_PAIRS_MAX = 24;
/** 2^7 subsets are 128 guesses. */
const SUSPECT_FAMILY_MAX = 7;

/** Every guess that no green set has refuted. */
export function openConstraints(items: readonly Item[], seen: readonly Observation[]): readonly Constraint[] {
  const suspects = suspectsAmong(items, seen);
  const guesses: Constraint[] = items.map(({ risk, installed }, place) => ({
    kind: 'breaks',
    members: [place],
    likelihood: installed ? BREAKS_INSTALLED : BREAKS[risk],
  }));
  for (const [first, second] of pairsToThinkOf(items, suspects)) {
    const likely = items[first]?.partners.includes(second) === true ? LINKED : STRANGERS;
    guesses.push(
      conflictOf(items, [first, second], likely.conflict),
      needOf(items, [first, second], likely.needs),
      needOf(items, [second, first], likely.needs),
      { kind: 'together', members: [first, second], likelihood: likely.together },
    );
  }
  for (const family of familiesOf(items)) {
    if (family.length > 2) guesses.push({ kind: 'together', members: family, likelihood: FAMILY });
  }
  guesses.push(...suspectFamilies(suspects));
  const greens = seen.filter(({ green }) => green);
  return guesses.filter((guess) => greens.every(({ members }) => !isViolated(guess, members)));
}

type Pair = readonly [number, number];

const conflictOf = (items: readonly Item[], [one, other]: Pair, otherwise: number): Constraint => ({
  kind: 'conflict',
  members: [one, other],
  likelihood: items[one]?.conflicts?.includes(other) === true ? DECLARED : otherwise,
});

const needOf = (items: readonly Item[], [one, other]: Pair, otherwise: number): Constraint => ({
  kind: 'needs',
  members: [one, other],
  likelihood: items[one]?.needs?.includes(other) === true ? DECLARED : otherwise,
});

export function isViolated({ kind, members }: Constraint, set: Membership): boolean {
  const [first, second = first] = members;
  if (first === undefined) return false;
  switch (kind) {
    case 'breaks':
      return set[first] === 1;
    case 'conflict':
      return set[first] === 1 && set[second] === 1;
    case 'needs':
      return set[first] === 1 && set[second] === 0;
    case 'together':
      return members.some((place) => set[place] !== set[first]);
  }
}

/** Items that were in a red set and never in a green one. */
function suspectsAmong(items: readonly Item[], seen: readonly Observation[]): readonly number[] {
  if (seen.every(({ green }) => green)) return [];
  return [...items.keys()].filter((place) => !seen.some(({ green, members }) => green && members[place] === 1));
}

function pairsToThinkOf(items: readonly Item[], suspects: readonly number[]): readonly (readonly [number, number])[] {
  const all = items.length <= ALL_PAIRS_MAX;
  const suspected = new Set(suspects.length <= SUSPECT_PAIRS_MAX ? suspects : []);
  const pairs: (readonly [number, number])[] = [];
  for (const [first, item] of items.entries()) {
    const others = all
      ? [...items.keys()]
      : [...new Set([...item.partners, ...(suspected.has(first) ? suspected : [])])];
    for (const second of others) if (second > first) pairs.push([first, second]);
  }
  return pairs;
}

/** Items that are linked by peers, directly or over others. */
export function familiesOf(items: readonly Item[]): readonly (readonly number[])[] {
  const placed = new Set<number>();
  const families: number[][] = [];
  for (const place of items.keys()) {
    if (placed.has(place)) continue;
    const family: number[] = [];
    const open = [place];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (placed.has(next)) continue;
      placed.add(next);
      family.push(next);
      open.push(...(items[next]?.partners ?? []));
    }
    families.push(family.sort((a, b) => a - b));
  }
  return families;
}

function suspectFamilies(suspects: readonly number[]): readonly Constraint[] {
  if (suspects.length < 3 || suspects.length > SUSPECT_FAMILY_MAX) return [];
  const families: (readonly number[])[] = [];
  for (let mask = 0; mask < 1 << suspects.length; mask += 1) {
    const members = suspects.filter((_, bit) => (mask & (1 << bit)) !== 0);
    if (members.length > 2) families.push(members);
  }
  const likelihood = Math.min(SUSPECT_FAMILY, SUSPECT_FAMILIES / families.length);
  return families.map((members) => ({ kind: 'together', members, likelihood }));
}
