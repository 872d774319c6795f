import { ChevronDown } from 'lucide-react';

import { Chip } from '../components/chip.tsx';
import { classes } from '../components/classes.ts';
import { elapsedText } from '../components/words.ts';
import { UpgradeDetail } from './upgrade-detail.tsx';
import { riskLook, upgradeLook } from './looks.ts';
import { CauseLine, Versions, WarningLine, type UpgradeRows } from './upgrade-parts.tsx';
import { stateWord, timesOf } from './upgrades-state.ts';

/** The upgrades where a table has no room: one card each. */
export function UpgradeStack({ upgrades, trials, plan, opened, onToggle, onOpenTrial }: UpgradeRows) {
  return (
    <ul aria-label="Upgrades" className="divide-y">
      {upgrades.map((upgrade) => {
        const open = opened === upgrade.name;
        const { judgedMs } = timesOf(upgrade, trials);
        return (
          <li key={upgrade.name}>
            <button
              type="button"
              data-row=""
              aria-expanded={open}
              onClick={() => onToggle(upgrade.name)}
              className="w-full space-y-2 px-4 py-3 text-left -outline-offset-2"
            >
              <span className="flex items-center gap-2">
                <span className="min-w-0 flex-1 font-semibold [overflow-wrap:anywhere]">{upgrade.name}</span>
                <Chip look={upgradeLook(upgrade)} />
                <ChevronDown
                  aria-hidden
                  className={classes('size-4 shrink-0 text-ink-faint transition-transform', open && 'rotate-180')}
                />
              </span>
              <Versions upgrade={upgrade} />
              <WarningLine upgrade={upgrade} plan={plan} />
              <span className="block text-xs text-ink-soft">
                {stateWord(upgrade.state)}, {upgrade.step} step, {riskLook(upgrade.risk).word} risk
                {judgedMs === null ? '' : `, judged in ${elapsedText(judgedMs)}`}
              </span>
              {!open && <CauseLine upgrade={upgrade} />}
            </button>
            {open && (
              <div className="px-4 pb-4">
                <UpgradeDetail upgrade={upgrade} trials={trials} plan={plan} onOpenTrial={onOpenTrial} />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
