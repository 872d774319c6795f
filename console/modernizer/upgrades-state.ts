// Which upgrades the table shows, in which order, and what each one says.

import type { PlannedUpgrade, Risk, UpgradeView } from 'modernizer/protocol';

export const UPGRADE_FILTERS = ['all', 'kept', 'refused', 'open'] as const;
export type UpgradeFilter = (typeof UPGRADE_FILTERS)[number];
export type UpgradeColumn = 'name' | 'step' | 'risk' | 'state';

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

export function shownUpgrades(
  upgrades: readonly UpgradeView[],
  filter: UpgradeFilter,
  sorting: Sorting,
): readonly UpgradeView[] {
  const chosen = upgrades.filter((upgrade) => matchesFilter(upgrade, filter));
  if (sorting.by === null) return chosen;
  const rank = RANKS[sorting.by];
  const sign = sorting.descending ? -1 : 1;
  return chosen.toSorted((a, b) => sign * compare(rank(a), rank(b)) || a.name.localeCompare(b.name));
}

export const countOf = (upgrades: readonly UpgradeView[], filter: UpgradeFilter): number =>
  upgrades.filter((upgrade) => matchesFilter(upgrade, filter)).length;

const STEPS: readonly PlannedUpgrade['step'][] = ['patch', 'minor', 'major'];
const RISKS: readonly Risk[] = ['low', 'medium', 'high'];
const STATES: readonly UpgradeView['state'][] = ['trying', 'planned', 'kept', 'refused'];

const RANKS: Readonly<Record<UpgradeColumn, (upgrade: UpgradeView) => string | number>> = {
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
