// Why an upgrade was judged as it was: cause, API difference with call sites, risk, evidence.

import { FlaskConical } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ModernizationView, TrialView, UpgradeView } from 'modernizer/protocol';

import { Button } from '../components/button.tsx';
import { Chip } from '../components/chip.tsx';
import { Prose } from '../components/prose.tsx';
import { ApiDifference } from './api-difference.tsx';
import { verdictLook } from './looks.ts';
import { kindWord } from './upgrades-state.ts';
import { UpgradeWarnings } from './warnings-list.tsx';
import { warningsOf } from './warnings-state.ts';

interface DetailFace {
  readonly upgrade: UpgradeView;
  readonly trials: readonly TrialView[];
  readonly plan: ModernizationView['plan'];
  readonly onOpenTrial: (trial: string) => void;
}

export function UpgradeDetail({ upgrade, trials, plan, onOpenTrial }: DetailFace) {
  const { insteadOf } = upgrade;
  const diagnosis = upgrade.diagnosis ?? insteadOf?.diagnosis ?? null;
  return (
    <div className="space-y-4">
      {insteadOf !== null && <Instead name={upgrade.name} insteadOf={insteadOf} onOpenTrial={onOpenTrial} />}
      {upgrade.cause !== null && (
        <p className="text-sm [overflow-wrap:anywhere]">
          <span className="sr-only">Cause: </span>
          <Prose text={upgrade.cause} />
        </p>
      )}
      <CodeChange upgrade={upgrade} onOpenTrial={onOpenTrial} />
      {diagnosis !== null && <ApiDifference name={upgrade.name} diagnosis={diagnosis} />}
      {diagnosis === null && upgrade.state === 'refused' && (
        <p className="text-sm text-ink-soft">
          Its API was not compared: the verdict is not about the code that uses it.
        </p>
      )}
      <UpgradeWarnings warnings={warningsOf(upgrade, plan)} />
      <Facts upgrade={upgrade} trials={trials} onOpenTrial={onOpenTrial} />
    </div>
  );
}

/** The change of code or the install scripts it is kept with, or what was tried in vain. */
function CodeChange({ upgrade, onOpenTrial }: Pick<DetailFace, 'upgrade' | 'onOpenTrial'>) {
  const { rewrite, attempts } = upgrade;
  if (rewrite === null && attempts.length === 0) return null;
  return (
    <div className="space-y-2 rounded-lg border bg-surface px-3 py-2.5 text-sm">
      {rewrite !== null && (
        <>
          <p className="font-medium">
            Kept with {rewrite.files.length === 0 ? 'install scripts that were allowed' : 'a change of code'}
          </p>
          <p className="[overflow-wrap:anywhere]">
            <Prose text={rewrite.sentence} />
          </p>
          <ul>
            {rewrite.files
              .flatMap(({ places }) => places)
              .map((place) => (
                <li key={place} className="font-mono text-xs leading-5 [overflow-wrap:anywhere]">
                  {place}
                </li>
              ))}
          </ul>
        </>
      )}
      {attempts.map(({ sentence, verdict, trial }) => (
        <div key={sentence}>
          <p className="flex flex-wrap items-center gap-2 font-medium">
            Tried to mend it
            <Chip look={verdictLook(verdict)} />
          </p>
          <p className="mt-1 [overflow-wrap:anywhere]">
            <Prose text={sentence} />
          </p>
          {trial !== null && (
            <Button size="small" className="mt-2" onClick={() => onOpenTrial(trial)}>
              <FlaskConical aria-hidden /> Open its trial
            </Button>
          )}
        </div>
      ))}
    </div>
  );
}

interface InsteadFace {
  readonly name: string;
  readonly insteadOf: NonNullable<UpgradeView['insteadOf']>;
  readonly onOpenTrial: (trial: string) => void;
}

function Instead({ name, insteadOf, onOpenTrial }: InsteadFace) {
  const trial = insteadOf.trial ?? null;
  return (
    <div className="rounded-lg border bg-surface px-3 py-2.5 text-sm">
      <p className="flex flex-wrap items-center gap-2 font-medium">
        The newest, {name} {insteadOf.to}, was refused
        <Chip look={verdictLook(insteadOf.verdict)} />
      </p>
      <p className="mt-1 [overflow-wrap:anywhere]">
        <Prose text={insteadOf.cause} />
      </p>
      {trial !== null && (
        <Button size="small" className="mt-2" onClick={() => onOpenTrial(trial)}>
          <FlaskConical aria-hidden /> Open the trial that refused it
        </Button>
      )}
    </div>
  );
}

function Facts({ upgrade, trials, onOpenTrial }: Omit<DetailFace, 'plan'>) {
  const { trial } = upgrade;
  const wavered = trials.find(({ id }) => id === trial)?.quarantined ?? [];
  return (
    <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-2">
      {upgrade.diagnosis === null && upgrade.where.length > 0 && (
        <Fact title="Where">
          {upgrade.where.map((place) => (
            <dd key={place} className="font-mono text-xs leading-5 [overflow-wrap:anywhere]">
              {place}
            </dd>
          ))}
        </Fact>
      )}
      <Fact title={`Risk before it was tried: ${upgrade.risk}`}>
        {upgrade.reasons.length === 0 && <dd>Nothing speaks against it.</dd>}
        {upgrade.reasons.map((reason) => (
          <dd key={reason}>
            <Prose text={reason} />
          </dd>
        ))}
      </Fact>
      <Fact title="Declared as">
        <dd>
          {kindWord(upgrade.kind)} <code className="font-mono text-xs">({upgrade.kind})</code>
        </dd>
      </Fact>
      {upgrade.raisesEngines !== null && (
        <Fact title="Raises the declared Node releases to">
          <dd className="font-mono text-xs leading-5">{upgrade.raisesEngines}</dd>
        </Fact>
      )}
      {wavered.length > 0 && (
        <Fact title="Tests that wavered, named and not counted">
          {wavered.map((test) => (
            <dd key={test} className="[overflow-wrap:anywhere]">
              {test}
            </dd>
          ))}
        </Fact>
      )}
      {upgrade.evidence !== null && (
        <Fact title="Evidence">
          <dd className="font-mono text-xs leading-5 [overflow-wrap:anywhere]">{upgrade.evidence}</dd>
        </Fact>
      )}
      {trial !== null && trial !== '' && (
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

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-soft">{title}</dt>
      {children}
    </div>
  );
}
