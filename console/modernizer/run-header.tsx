// Which run this is, how it stands, and what can be done with it.

import { Link } from '@tanstack/react-router';
import { FileText, GitCompareArrows, Play } from 'lucide-react';
import type { ModernizationView } from 'modernizer/protocol';

import { Button, buttonLook } from '../components/button.tsx';
import { Chip } from '../components/chip.tsx';
import { Moment } from '../components/moment.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { freshKey, reportPath, resumeRun } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { runLook } from './looks.ts';
import { actionsOf, elapsedOf, progressOf, runTitle } from './run-state.ts';
import { StopButton } from './stop-button.tsx';

interface RunHeaderFace {
  readonly run: string;
  readonly view: ModernizationView;
  readonly nowMs: number;
}

export function RunHeader({ run, view, nowMs }: RunHeaderFace) {
  const elapsed = elapsedOf(view, nowMs);
  const { started } = view;
  const place = started === null ? run : started.project;
  return (
    <header>
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <div className="flex flex-wrap items-center gap-3">
            <h1 className="text-2xl font-semibold tracking-tight [overflow-wrap:anywhere]">{runTitle(view)}</h1>
            <span role="status">
              <Chip look={runLook(view.status)} />
            </span>
          </div>
          {place !== runTitle(view) && (
            <p className="mt-1 font-mono text-xs leading-5 text-ink-soft [overflow-wrap:anywhere]">{place}</p>
          )}
          <p className="numeric flex flex-wrap gap-x-2 text-sm text-ink-soft">
            {view.startedAt === null ? (
              <span>Waiting for somebody to take it up.</span>
            ) : (
              <>
                <span>
                  Started <Moment at={view.startedAt} />
                </span>
                <span aria-hidden>·</span>
                <span>{view.finishedAt === null ? `${elapsed} so far` : `took ${elapsed}`}</span>
                <span aria-hidden>·</span>
                <span>
                  {started?.sandbox.unsafe === true ? 'no sandbox (unsafe)' : `sandbox: ${started?.sandbox.backEnd}`}
                </span>
                <span aria-hidden>·</span>
                <span>engines: {started?.options.engines}</span>
                {started?.schedule !== undefined && (
                  <>
                    <span aria-hidden>·</span>
                    <Link to="/modernizer/schedules" className="rounded text-accent-text underline underline-offset-2">
                      begun by its schedule
                    </Link>
                  </>
                )}
              </>
            )}
          </p>
        </div>
        <RunButtons run={run} view={view} />
      </div>
      <Progress view={view} />
    </header>
  );
}

function Progress({ view }: { readonly view: ModernizationView }) {
  const progress = progressOf(view);
  if (progress === null) return null;
  return (
    <div className="mt-5">
      <div className="mb-2 flex flex-wrap justify-between gap-x-4 text-sm">
        <span className="font-medium">{progress.phase}</span>
        <span className="numeric text-ink-soft">
          {progress.trials}, {progress.remaining}
        </span>
      </div>
      <ProgressBar label="Progress of the run" done={progress.done} expected={progress.expected} />
    </div>
  );
}

function RunButtons({ run, view }: { readonly run: string; readonly view: ModernizationView }) {
  const can = actionsOf(view);
  const resume = useOrder({ send: resumeRun, doing: 'Resuming the run' });
  return (
    <div className="flex flex-wrap gap-2">
      {can.report && (
        <a href={reportPath(run)} target="_blank" rel="noopener" className={buttonLook()}>
          <FileText aria-hidden /> Report
        </a>
      )}
      {can.report && (
        <Link to="/modernizer/compare" search={{ b: run }} className={buttonLook()}>
          <GitCompareArrows aria-hidden /> Compare
        </Link>
      )}
      {can.resume && (
        <Button look="primary" disabled={resume.isPending} onClick={() => resume.mutate({ key: freshKey(), run })}>
          <Play aria-hidden /> {resume.isPending ? 'Resuming…' : 'Resume'}
        </Button>
      )}
      {can.stop && <StopButton run={run} />}
    </div>
  );
}
