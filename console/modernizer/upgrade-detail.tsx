// Why an upgrade was judged as it was: cause, place, risk, evidence.

import { FlaskConical } from 'lucide-react';
import type { UpgradeView } from 'modernizer/protocol';

import { Button } from '../components/button.tsx';
import { Prose } from '../components/prose.tsx';
import { kindWord } from './upgrades-state.ts';

interface DetailFace {
  readonly upgrade: UpgradeView;
  readonly onOpenTrial: (trial: string) => void;
}

export function UpgradeDetail({ upgrade, onOpenTrial }: DetailFace) {
  const { trial } = upgrade;
  return (
    <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-2">
      {upgrade.cause !== null && (
        <div className="sm:col-span-2">
          <dt className="text-xs text-ink-soft">Cause</dt>
          <dd className="[overflow-wrap:anywhere]">
            <Prose text={upgrade.cause} />
          </dd>
        </div>
      )}
      {upgrade.where.length > 0 && (
        <div>
          <dt className="text-xs text-ink-soft">Where</dt>
          {upgrade.where.map((place) => (
            <dd key={place} className="font-mono text-xs leading-5 [overflow-wrap:anywhere]">
              {place}
            </dd>
          ))}
        </div>
      )}
      <div>
        <dt className="text-xs text-ink-soft">Risk before it was tried: {upgrade.risk}</dt>
        {upgrade.reasons.length === 0 && <dd>Nothing speaks against it.</dd>}
        {upgrade.reasons.map((reason) => (
          <dd key={reason}>
            <Prose text={reason} />
          </dd>
        ))}
      </div>
      <div>
        <dt className="text-xs text-ink-soft">Declared as</dt>
        <dd>
          {kindWord(upgrade.kind)} <code className="font-mono text-xs">({upgrade.kind})</code>
        </dd>
      </div>
      {upgrade.raisesEngines !== null && (
        <div>
          <dt className="text-xs text-ink-soft">Raises the declared Node releases to</dt>
          <dd className="font-mono text-xs leading-5">{upgrade.raisesEngines}</dd>
        </div>
      )}
      {upgrade.evidence !== null && (
        <div>
          <dt className="text-xs text-ink-soft">Evidence</dt>
          <dd className="font-mono text-xs leading-5 [overflow-wrap:anywhere]">{upgrade.evidence}</dd>
        </div>
      )}
      {trial !== null && (
        <div className="sm:col-span-2">
          <dt className="sr-only">Trial</dt>
          <dd>
            <Button size="small" onClick={() => onOpenTrial(trial)}>
              <FlaskConical aria-hidden /> Open its trial
            </Button>
          </dd>
        </div>
      )}
    </dl>
  );
}
