// The project as it was before anything was changed: what it could be judged by, and how sure that is.

import { Gauge } from 'lucide-react';
import type { Baseline, TrialView } from 'modernizer/protocol';

import { Card } from '../components/card.tsx';
import { Chip } from '../components/chip.tsx';
import { classes } from '../components/classes.ts';
import { levelLines } from './baseline-state.ts';
import { baselineLook } from './looks.ts';

const BAR = { yes: 'bg-good-solid', no: 'bg-bad-solid', 'not tried': 'bg-line-strong' } as const;

interface BaselineFace {
  readonly baseline: Baseline | null;
  readonly trials: readonly TrialView[];
}

export function BaselineCard({ baseline, trials }: BaselineFace) {
  return (
    <Card
      title="As it is today"
      icon={Gauge}
      aside={baseline === null ? undefined : <Chip look={baselineLook(baseline)} />}
    >
      {baseline === null ? (
        <p className="text-ink-soft">Not judged yet. The project is tried several times before anything is changed.</p>
      ) : (
        <>
          <p>{baseline.label}</p>
          <ol aria-label="Levels" className="mt-4 space-y-1.5">
            {levelLines(trials).map(({ level, text, state }) => (
              <li key={level} className="flex items-center gap-3 text-sm">
                <span aria-hidden className={classes('h-1.5 w-8 rounded-full', BAR[state])} />
                <span className={state === 'yes' ? '' : 'text-ink-soft'}>
                  <span className="numeric">{level}</span> {text}
                </span>
                <span className="ml-auto text-xs text-ink-soft">{state}</span>
              </li>
            ))}
          </ol>
          {baseline.verdict.of > 0 && (
            <p className="numeric mt-4 text-sm text-ink-soft">
              {baseline.verdict.passed} of {baseline.verdict.of} runs of the suite were green.
            </p>
          )}
          {baseline.flaky.length > 0 && (
            <div className="mt-4">
              <h3 className="text-sm font-medium text-warn">Flaky before anything was changed</h3>
              <ul className="mt-1 list-disc space-y-0.5 pl-5 text-sm text-ink-soft">
                {baseline.flaky.map((name) => (
                  <li key={name} className="[overflow-wrap:anywhere]">
                    {name}
                  </li>
                ))}
              </ul>
            </div>
          )}
        </>
      )}
    </Card>
  );
}
