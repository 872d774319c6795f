// Every trial in order: what it was for, how it ended, how long it took beside the others.

import { ChevronRight, FlaskConical } from 'lucide-react';
import { countText } from 'kernel/basics';
import type { TrialView } from 'modernizer/protocol';

import { Card } from '../components/card.tsx';
import { Chip, TEXT } from '../components/chip.tsx';
import { classes } from '../components/classes.ts';
import { trialLook } from './looks.ts';
import { answeredText, namesOf, purposeWord, trialBar, upgradesText } from './trials-state.ts';

interface TimelineFace {
  readonly trials: readonly TrialView[];
  readonly nowMs: number;
  readonly onOpen: (trial: string) => void;
}

export function TrialTimeline({ trials, nowMs, onOpen }: TimelineFace) {
  return (
    <Card
      title="Trials"
      icon={FlaskConical}
      bare
      aside={<span className="numeric text-xs text-ink-soft">{countText(trials.length, 'trial')}</span>}
    >
      {trials.length === 0 ? (
        <p className="px-5 py-8 text-center text-ink-soft">No trial yet. The first one tries the project as it is.</p>
      ) : (
        <ol aria-label="Trials" className="divide-y">
          {trials.map((trial) => (
            <li key={trial.id}>
              <TrialRow trial={trial} trials={trials} nowMs={nowMs} onOpen={onOpen} />
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

interface RowFace extends TimelineFace {
  readonly trial: TrialView;
}

function TrialRow({ trial, trials, nowMs, onOpen }: RowFace) {
  const bar = trialBar(trial, trials, nowMs);
  const answered = answeredText(trial, trials);
  const look = trialLook(trial);
  return (
    <button
      type="button"
      data-row=""
      onClick={() => onOpen(trial.id)}
      className="grid w-full grid-cols-[auto_1fr_auto] items-center gap-x-3 gap-y-1.5 px-4 py-3 text-left -outline-offset-2 transition-colors hover:bg-sunken sm:px-5 md:grid-cols-[auto_minmax(0,1fr)_128px_180px_auto]"
    >
      <span className="numeric w-6 text-right text-ink-faint">{trial.number}</span>
      <span className="min-w-0">
        <span className="block font-medium">{purposeWord(trial.purpose)}</span>
        <span className="block truncate font-mono text-xs text-ink-soft">{upgradesText(namesOf(trial))}</span>
        {trial.why !== null && <span className="block text-xs text-ink-soft max-md:hidden">{trial.why}</span>}
      </span>
      <span className="max-md:justify-self-end">
        <Chip look={look} />
      </span>
      <span className="col-span-2 col-start-2 flex items-center gap-3 md:col-span-1 md:col-start-auto">
        {answered === null ? (
          <>
            <span aria-hidden className="h-1.5 flex-1 overflow-hidden rounded-full bg-sunken">
              <span
                className={classes('block h-full rounded-full bg-current opacity-70', TEXT[look.tone])}
                style={{ width: `${Math.max(bar.share * 100, 2)}%` }}
              />
            </span>
            <span className="numeric w-20 text-right text-xs text-ink-soft">{bar.text}</span>
          </>
        ) : (
          <span className="text-xs text-ink-soft">{answered}</span>
        )}
      </span>
      <ChevronRight aria-hidden className="size-4 text-ink-faint max-md:hidden" />
      <span className="sr-only">Open its log</span>
    </button>
  );
}
