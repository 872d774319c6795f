// All upgrades with their verdicts, to filter, to sort and to open. A table, on a phone a stack of cards.

import { PackageCheck } from 'lucide-react';
import { useState } from 'react';
import type { UpgradeView } from 'modernizer/protocol';

import { Card } from '../components/card.tsx';
import { Segmented } from '../components/segmented.tsx';
import { useNarrow } from '../components/use-narrow.ts';
import { UpgradeStack } from './upgrade-stack.tsx';
import { UpgradesTable } from './upgrades-table.tsx';
import {
  countOf,
  IN_PLAN_ORDER,
  nextSorting,
  shownUpgrades,
  UPGRADE_FILTERS,
  type Sorting,
  type UpgradeFilter,
} from './upgrades-state.ts';

interface UpgradesFace {
  readonly upgrades: readonly UpgradeView[];
  /** Null until the planner is through. */
  readonly planned: boolean;
  readonly onOpenTrial: (trial: string) => void;
}

const FILTER_WORDS: Readonly<Record<UpgradeFilter, string>> = {
  all: 'All',
  kept: 'Kept',
  refused: 'Refused',
  open: 'Open',
};

export function UpgradesCard({ upgrades, planned, onOpenTrial }: UpgradesFace) {
  const narrow = useNarrow();
  const [filter, setFilter] = useState<UpgradeFilter>('all');
  const [sorting, setSorting] = useState<Sorting>(IN_PLAN_ORDER);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const shown = shownUpgrades(upgrades, filter, sorting);
  const toggle = (name: string): void =>
    setOpened((now) => new Set(now.has(name) ? [...now].filter((other) => other !== name) : [...now, name]));
  const rows = { upgrades: shown, opened, onToggle: toggle, onOpenTrial };
  return (
    <Card
      title="Upgrades"
      icon={PackageCheck}
      bare
      aside={
        <Segmented<UpgradeFilter>
          label="Show upgrades"
          value={filter}
          onChange={setFilter}
          segments={UPGRADE_FILTERS.map((value) => ({
            value,
            label: FILTER_WORDS[value],
            count: countOf(upgrades, value),
          }))}
        />
      }
    >
      {shown.length === 0 ? (
        <p className="px-5 py-8 text-center text-ink-soft">{emptyText(planned, upgrades.length, filter)}</p>
      ) : narrow ? (
        <UpgradeStack {...rows} />
      ) : (
        <UpgradesTable {...rows} sorting={sorting} onSort={(by) => setSorting(nextSorting(sorting, by))} />
      )}
    </Card>
  );
}

function emptyText(planned: boolean, count: number, filter: UpgradeFilter): string {
  if (!planned) return 'The planner has not listed them yet.';
  if (count === 0) return 'Nothing to upgrade: every declared range takes the newest version already.';
  return `No upgrade is ${filter === 'open' ? 'open' : filter}.`;
}
