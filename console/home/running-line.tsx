// A run that is at work now, with its progress. Its events say how far it is, as on its own page.

import { Link } from '@tanstack/react-router';
import type { RunSummary } from 'kernel/protocol';

import { Chip } from '../components/chip.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { runLook } from '../modernizer/looks.ts';
import { progressOf } from '../modernizer/run-state.ts';
import { useJournal } from '../requests/use-journal.ts';

export function RunningLine({ run }: { readonly run: RunSummary }) {
  const view = useJournal(run).data;
  const progress = view === undefined ? null : progressOf(view);
  return (
    <Link
      to="/modernizer/runs/$run"
      params={{ run: run.id }}
      data-row=""
      className="block space-y-2 px-4 py-3.5 -outline-offset-2 transition-colors hover:bg-sunken sm:px-5"
    >
      <span className="flex flex-wrap items-center gap-3">
        <span className="min-w-0 flex-1 truncate font-medium">{run.title}</span>
        <Chip look={runLook(run.status)} />
      </span>
      {progress !== null && (
        <>
          <ProgressBar label={`Progress of ${run.title}`} done={progress.done} expected={progress.expected} />
          <span className="numeric flex flex-wrap justify-between gap-x-4 text-xs text-ink-soft">
            <span>{progress.phase}</span>
            <span>
              {progress.trials}, {progress.remaining}
            </span>
          </span>
        </>
      )}
    </Link>
  );
}
