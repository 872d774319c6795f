import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import type { RunSummary } from 'kernel/protocol';

import { Chip } from '../components/chip.tsx';
import { Moment } from '../components/moment.tsx';
import { runLook } from './looks.ts';
import { tookText } from './runs-state.ts';

/** One run in a list. */
export function RunLine({ run }: { readonly run: RunSummary }) {
  const took = tookText(run);
  return (
    <Link
      to="/modernizer/runs/$run"
      params={{ run: run.id }}
      data-row=""
      className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-3 -outline-offset-2 transition-colors hover:bg-sunken sm:px-5 md:grid-cols-[minmax(0,1fr)_130px_110px_90px_auto]"
    >
      <span className="min-w-0">
        <span className="block truncate font-medium">{run.title}</span>
        <span className="block truncate text-xs text-ink-soft">{run.reason ?? run.source}</span>
      </span>
      <span className="justify-self-end md:justify-self-start">
        <Chip look={runLook(run.status)} />
      </span>
      <span className="text-sm text-ink-soft">
        <Moment at={run.startedAt} />
      </span>
      <span className="numeric justify-self-end text-right text-sm text-ink-soft">
        {took ?? <span className="text-xs">not ended</span>}
      </span>
      <ChevronRight aria-hidden className="size-4 text-ink-faint max-md:hidden" />
    </Link>
  );
}
