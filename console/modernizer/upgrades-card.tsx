// The upgrade matrix: all upgrades with their verdicts, to filter, to sort and to open. On a phone a stack of cards.

import { PackageCheck } from 'lucide-react';
import { memo, useState } from 'react';
import type { ModernizationView, TrialView, UpgradeView } from 'modernizer/protocol';

import { Card } from '../components/card.tsx';
import { Chip } from '../components/chip.tsx';
import { FindField } from './find-field.tsx';
import { Segmented } from '../components/segmented.tsx';
import { useNarrow } from '../components/use-narrow.ts';
import { trialLook } from './looks.ts';
import type { RunSearch } from './run-search.ts';
import { UpgradeStack } from './upgrade-stack.tsx';
import { UpgradesTable } from './upgrades-table.tsx';
import {
  countOf,
  IN_PLAN_ORDER,
  nextSorting,
  parseUpgradeFilter,
  proofOf,
  shownUpgrades,
  UPGRADE_FILTERS,
  type Sorting,
  type UpgradeFilter,
} from './upgrades-state.ts';

interface UpgradesFace {
  readonly upgrades: readonly UpgradeView[];
  readonly trials: readonly TrialView[];
  /** Null until the planner is through. */
  readonly plan: ModernizationView['plan'];
  readonly search: RunSearch;
  readonly onSearch: (news: RunSearch) => void;
  readonly onOpenTrial: (trial: string) => void;
}

const FILTER_WORDS: Readonly<Record<UpgradeFilter, string>> = {
  all: 'All',
  kept: 'Kept',
  refused: 'Refused',
  open: 'Open',
};

/** Drawn when something of it changes, not with the clock of the run. */
export const UpgradesCard = memo(function UpgradesCard(face: UpgradesFace) {
  const { upgrades, trials, plan, search, onSearch, onOpenTrial } = face;
  const narrow = useNarrow();
  const [sorting, setSorting] = useState<Sorting>(IN_PLAN_ORDER);
  const filter = parseUpgradeFilter(search.state);
  const find = search.find ?? '';
  const shown = shownUpgrades(upgrades, trials, { filter, find, sorting });
  const toggle = (name: string): void => onSearch({ upgrade: search.upgrade === name ? '' : name });
  const rows = { upgrades: shown, trials, plan, opened: search.upgrade, onToggle: toggle, onOpenTrial };
  return (
    <Card
      title="Upgrades"
      icon={PackageCheck}
      bare
      aside={
        <>
          <FindField
            label="Find an upgrade by name, version, cause or place"
            placeholder="Name, cause, file"
            find={find}
            onFind={(text) => onSearch({ find: text })}
          />
          <Segmented<UpgradeFilter>
            label="Show upgrades"
            value={filter}
            onChange={(state) => onSearch({ state: state === 'all' ? '' : state })}
            segments={UPGRADE_FILTERS.map((value) => ({
              value,
              label: FILTER_WORDS[value],
              count: countOf(upgrades, value),
            }))}
          />
        </>
      }
    >
      <ProofLine trials={trials} onOpenTrial={onOpenTrial} />
      {shown.length === 0 ? (
        <p className="px-5 py-8 text-center text-ink-soft">
          {find === '' ? emptyText(plan !== null, upgrades.length, filter) : `No upgrade here says “${find}”.`}
        </p>
      ) : narrow ? (
        <UpgradeStack {...rows} />
      ) : (
        <UpgradesTable {...rows} sorting={sorting} onSort={(by) => setSorting(nextSorting(sorting, by))} />
      )}
    </Card>
  );
});

/** What is kept together was run once more, in fresh trees: with how much luck. */
function ProofLine({ trials, onOpenTrial }: Pick<UpgradesFace, 'trials' | 'onOpenTrial'>) {
  const proof = proofOf(trials);
  if (proof === null) return null;
  const { verdict } = proof;
  const text =
    verdict === null
      ? 'What is kept is being proven in fresh trees.'
      : `What is kept was installed and run afresh: ${verdict.passed} of ${verdict.of} trees green.`;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-2.5 text-sm sm:px-5">
      <Chip look={trialLook(proof)} />
      <span className="min-w-0 flex-1">{text}</span>
      <button
        type="button"
        onClick={() => onOpenTrial(proof.id)}
        className="rounded font-medium text-accent-text hover:underline"
      >
        Open the proof
      </button>
    </div>
  );
}

function emptyText(planned: boolean, count: number, filter: UpgradeFilter): string {
  if (!planned) return 'The planner has not listed them yet.';
  if (count === 0) return 'Nothing to upgrade: every declared range takes the newest version already.';
  return `No upgrade is ${filter === 'open' ? 'open' : filter}.`;
}
