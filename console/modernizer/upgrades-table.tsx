import { ArrowDown, ArrowUp, ChevronRight, ChevronsUpDown } from 'lucide-react';
import { Fragment, useId } from 'react';
import type { TrialView, UpgradeView } from 'modernizer/protocol';

import { Chip, TEXT } from '../components/chip.tsx';
import { classes } from '../components/classes.ts';
import { elapsedText } from '../components/words.ts';
import { UpgradeDetail } from './upgrade-detail.tsx';
import { riskLook, upgradeLook } from './looks.ts';
import { CauseLine, Versions, WarningLine, WholeCause, type UpgradeRows } from './upgrade-parts.tsx';
import { kindWord, stateWord, timesOf, type Sorting, type UpgradeColumn } from './upgrades-state.ts';

interface TableFace extends UpgradeRows {
  readonly sorting: Sorting;
  readonly onSort: (by: UpgradeColumn) => void;
}

const COLUMNS = 7;

/** The matrix: a row for each upgrade, opened to its detail. */
export function UpgradesTable({ upgrades, trials, plan, opened, onToggle, onOpenTrial, sorting, onSort }: TableFace) {
  return (
    <table className="w-full table-fixed text-left">
      <caption className="sr-only">Upgrades with their verdicts</caption>
      <colgroup>
        <col className="w-[21%]" />
        <col className="w-[18%]" />
        <col className="w-[8%]" />
        <col className="w-[10%]" />
        <col className="w-[13%]" />
        <col className="w-[9%]" />
        <col />
      </colgroup>
      <thead className="border-b text-xs text-ink-soft">
        <tr>
          <Heading text="Name" by="name" sorting={sorting} onSort={onSort} first />
          <th scope="col" className="px-3 font-medium">
            From, to
          </th>
          <Heading text="Step" by="step" sorting={sorting} onSort={onSort} />
          <Heading text="Risk" by="risk" sorting={sorting} onSort={onSort} />
          <Heading text="Verdict" by="state" sorting={sorting} onSort={onSort} />
          <Heading text="Time" by="time" sorting={sorting} onSort={onSort} />
          <th scope="col" className="px-3 font-medium">
            Cause
          </th>
        </tr>
      </thead>
      <tbody className="divide-y">
        {upgrades.map((upgrade) => (
          <Fragment key={upgrade.name}>
            <Row upgrade={upgrade} trials={trials} plan={plan} open={opened === upgrade.name} onToggle={onToggle} />
            {opened === upgrade.name && (
              <tr className="bg-sunken">
                <td colSpan={COLUMNS} className="py-4 pl-12 pr-5">
                  <UpgradeDetail upgrade={upgrade} trials={trials} plan={plan} onOpenTrial={onOpenTrial} />
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

interface RowFace extends Pick<UpgradeRows, 'plan'> {
  readonly upgrade: UpgradeView;
  readonly trials: readonly TrialView[];
  readonly open: boolean;
  readonly onToggle: (name: string) => void;
}

function Row({ upgrade, trials, plan, open, onToggle }: RowFace) {
  const cause = useId();
  return (
    <tr className="group align-top focus-within:bg-sunken hover:bg-sunken">
      <th scope="row" className="py-3 pl-4 pr-3 font-normal">
        <button
          type="button"
          data-row=""
          aria-expanded={open}
          aria-describedby={upgrade.cause === null || open ? undefined : cause}
          onClick={() => onToggle(upgrade.name)}
          className="flex w-full items-start gap-1.5 text-left"
        >
          <ChevronRight
            aria-hidden
            className={classes('mt-1 size-4 shrink-0 text-ink-faint transition-transform', open && 'rotate-90')}
          />
          <span className="min-w-0">
            <span className="block font-semibold [overflow-wrap:anywhere]">{upgrade.name}</span>
            <span className="block text-xs text-ink-soft">{kindWord(upgrade.kind)}</span>
          </span>
        </button>
      </th>
      <td className="px-3 py-3">
        <Versions upgrade={upgrade} />
        <WarningLine upgrade={upgrade} plan={plan} />
      </td>
      <td className="px-3 py-3">{upgrade.step}</td>
      <td className="px-3 py-3">
        <RiskWord upgrade={upgrade} />
      </td>
      <td className="px-3 py-3">
        <Chip look={upgradeLook(upgrade)} />
        {upgrade.verdict !== null && (
          <span className="mt-0.5 block pl-2.5 text-xs text-ink-soft">{stateWord(upgrade.state)}</span>
        )}
      </td>
      <td className="px-3 py-3">
        <Times upgrade={upgrade} trials={trials} />
      </td>
      <td className="relative py-3 pl-3 pr-5">
        <CauseLine upgrade={upgrade} />
        {upgrade.cause !== null && !open && <WholeCause id={cause} cause={upgrade.cause} />}
      </td>
    </tr>
  );
}

function RiskWord({ upgrade }: { readonly upgrade: UpgradeView }) {
  const { icon: Icon, tone, word } = riskLook(upgrade.risk);
  return (
    <span
      title={upgrade.reasons.join(' ')}
      className={classes('inline-flex items-center gap-1.5', TEXT[tone], tone === 'idle' && 'text-ink-soft')}
    >
      <Icon aria-hidden className="size-4" />
      {word}
    </span>
  );
}

/** How long the judging trial took, and how many trials it was part of. */
function Times({ upgrade, trials }: Pick<RowFace, 'upgrade' | 'trials'>) {
  const { judgedMs, known, tried } = timesOf(upgrade, trials);
  if (tried === 0) return <span className="text-xs text-ink-soft">not tried</span>;
  return (
    <span className="numeric block">
      {known ? 'known' : judgedMs === null ? '' : elapsedText(judgedMs)}
      <span className="block text-xs text-ink-soft">{tried === 1 ? 'one trial' : `${tried} trials`}</span>
    </span>
  );
}

interface HeadingFace {
  readonly text: string;
  readonly by: UpgradeColumn;
  readonly sorting: Sorting;
  readonly onSort: (by: UpgradeColumn) => void;
  readonly first?: boolean;
}

function Heading({ text, by, sorting, onSort, first }: HeadingFace) {
  const sorted = sorting.by === by;
  const Icon = !sorted ? ChevronsUpDown : sorting.descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={!sorted ? undefined : sorting.descending ? 'descending' : 'ascending'}
      className={classes('px-3 font-medium', first === true && 'pl-4')}
    >
      <button type="button" onClick={() => onSort(by)} className="inline-flex h-9 items-center gap-1 hover:text-ink">
        {text}
        <Icon aria-hidden className="size-3.5" />
      </button>
    </th>
  );
}
