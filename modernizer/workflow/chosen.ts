// The planned upgrades that a set of a search means, each at the version that the set names.

import type { PlannedUpgrade } from '../protocol/index.ts';
import type { Plan } from '../planning/plan-upgrades.ts';
import type { Candidate, Pick } from '../validating/search/seen.ts';

/** In the plan's order. A name that the plan does not hold is left out. */
export const chosen = (plan: Plan, picks: readonly Pick[]): readonly PlannedUpgrade[] =>
  plan.upgrades.flatMap((upgrade) => {
    const pick = picks.find(({ name }) => name === upgrade.name);
    return pick === undefined ? [] : [atVersion(upgrade, pick.to)];
  });

function atVersion(upgrade: PlannedUpgrade, to: string): PlannedUpgrade {
  const older = upgrade.older?.find((each) => each.to === to);
  return older === undefined ? upgrade : { ...upgrade, ...older };
}

export const candidatesOf = (plan: Plan): readonly Candidate[] =>
  plan.upgrades.map(({ name, from, to, risk, older = [], ...upgrade }) => ({
    name,
    to,
    risk,
    installed: from === to,
    partners: upgrade.partners ?? [],
    needs: upgrade.needs ?? [],
    conflicts: upgrade.conflicts ?? [],
    older: older.map((each) => each.to),
  }));
