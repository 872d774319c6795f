// Which upgrades the table shows, in which order, and what each one says.

import type { PlannedUpgrade, Risk, TrialView, UpgradeView } from 'modernizer/protocol';

export const UPGRADE_FILTERS = ['all', 'kept', 'refused', 'open'] as const;
export type UpgradeFilter = (typeof UPGRADE_FILTERS)[number];
export type UpgradeColumn = 'name' | 'step' | 'risk' | 'state' | 'time';

/** The filter in the address, or all where it says nothing we know. */
export const parseUpgradeFilter = (text: unknown): UpgradeFilter =>
  UPGRADE_FILTERS.find((filter) => filter === text) ?? 'all';

export interface Sorting {
  /** Null: in the order of the plan. */
  readonly by: UpgradeColumn | null;
  readonly descending: boolean;
}

export const IN_PLAN_ORDER: Sorting = { by: null, descending: false };

/** First up, then down, then back to the order of the plan. */
export function nextSorting(sorting: Sorting, by: UpgradeColumn): Sorting {
  if (sorting.by !== by) return { by, descending: false };
  return sorting.descending ? IN_PLAN_ORDER : { by, descending: true };
}

function matchesFilter(upgrade: Pick<UpgradeView, 'state'>, filter: UpgradeFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'open':
      return upgrade.state === 'planned' || upgrade.state === 'trying';
    default:
      return upgrade.state === filter;
  }
}

export interface UpgradesAsked {
  readonly filter: UpgradeFilter;
  /** Words that each have to stand in its name, its versions, its cause or its call sites. */
  readonly find: string;
  readonly sorting: Sorting;
}

export function shownUpgrades(
  upgrades: readonly UpgradeView[],
  trials: readonly TrialView[],
  { filter, find, sorting }: UpgradesAsked,
): readonly UpgradeView[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = upgrades.filter((upgrade) => matchesFilter(upgrade, filter) && holdsWords(upgrade, words));
  if (sorting.by === null) return chosen;
  const { by } = sorting;
  const rank = by === 'time' ? (upgrade: UpgradeView) => timesOf(upgrade, trials).judgedMs ?? -1 : RANKS[by];
  const sign = sorting.descending ? -1 : 1;
  return chosen.toSorted((a, b) => sign * compare(rank(a), rank(b)) || a.name.localeCompare(b.name));
}

function holdsWords(upgrade: UpgradeView, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const { name, from, to, cause, where, verdict, diagnosis, kind } = upgrade;
  const symbols = diagnosis?.difference?.used.map(({ symbol }) => symbol) ?? [];
  const text = [name, from, to, cause, verdict?.kind, kind, ...where, ...symbols].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

export interface UpgradeTimes {
  /** How long the trial took that gave its verdict; null where none did, or where its answer was known already. */
  readonly judgedMs: number | null;
  readonly known: boolean;
  /** Trials that it was part of. */
  readonly tried: number;
}

export function timesOf(upgrade: Pick<UpgradeView, 'name' | 'trial'>, trials: readonly TrialView[]): UpgradeTimes {
  const judging = trials.find(({ id }) => id === upgrade.trial);
  const known = judging !== undefined && judging.answeredBy !== null && judging.answeredBy !== 'trial';
  return {
    judgedMs: known ? null : (judging?.wallMs ?? null),
    known,
    tried: trials.filter(({ upgrades }) => upgrades.includes(upgrade.name)).length,
  };
}

/** How what is kept was proven in the end: the last check, or null while there is none. */
export const proofOf = (trials: readonly TrialView[]): TrialView | null =>
  trials.findLast(({ purpose }) => purpose === 'final') ?? null;

export const countOf = (upgrades: readonly UpgradeView[], filter: UpgradeFilter): number =>
  upgrades.filter((upgrade) => matchesFilter(upgrade, filter)).length;

const STEPS: readonly PlannedUpgrade['step'][] = ['patch', 'minor', 'major'];
const RISKS: readonly Risk[] = ['low', 'medium', 'high'];
const STATES: readonly UpgradeView['state'][] = ['trying', 'planned', 'kept', 'refused'];

const RANKS: Readonly<Record<Exclude<UpgradeColumn, 'time'>, (upgrade: UpgradeView) => string | number>> = {
  name: (upgrade) => upgrade.name,
  step: (upgrade) => STEPS.indexOf(upgrade.step),
  risk: (upgrade) => RISKS.indexOf(upgrade.risk),
  state: (upgrade) => STATES.indexOf(upgrade.state),
};

const compare = (a: string | number, b: string | number): number =>
  typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b) : Number(a) - Number(b);

const KINDS: Readonly<Record<PlannedUpgrade['kind'], string>> = {
  dependencies: 'shipped',
  devDependencies: 'development',
  optionalDependencies: 'optional',
  peerDependencies: 'peer',
};
export const kindWord = (kind: PlannedUpgrade['kind']): string => KINDS[kind];

const STATE_WORDS: Readonly<Record<UpgradeView['state'], string>> = {
  planned: 'planned',
  trying: 'trying',
  kept: 'kept',
  refused: 'refused',
};
export const stateWord = (state: UpgradeView['state']): string => STATE_WORDS[state];
