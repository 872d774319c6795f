// One run, live. Everything on it is folded from the journal; which trial is open is in the address.

import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { openDecisions, type ModernizationView } from 'modernizer/protocol';

import { Screen } from '../components/screen.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { useNow } from '../components/use-now.ts';
import { runQuery } from '../requests/queries.ts';
import { mapFace } from '../requests/face.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { AnsweredCard } from './answered-card.tsx';
import { BaselineCard } from './baseline-card.tsx';
import { EndingCard } from './ending-card.tsx';
import { PlanCard } from './plan-card.tsx';
import { RunHeader } from './run-header.tsx';
import { asListed, isTicking, runFaceOf, runTitle } from './run-state.ts';
import { TrialTimeline } from './trial-timeline.tsx';
import { UpgradesCard } from './upgrades-card.tsx';
import { useRunFeed } from './use-run-feed.ts';
import { WorkflowCard } from './workflow-card.tsx';

// Loaded when they are needed: most looks at a run open no log, and most runs ask nothing.
const OpenDecisions = lazy(async () => ({ default: (await import('./open-decisions.tsx')).OpenDecisions }));
const LogDrawer = lazy(async () => ({ default: (await import('./log-drawer.tsx')).LogDrawer }));

export function RunPage() {
  const { run } = useParams({ from: '/modernizer/runs/$run' });
  const { trial } = useSearch({ from: '/modernizer/runs/$run' });
  const navigate = useNavigate({ from: '/modernizer/runs/$run' });
  const feed = useRunFeed(run);
  const listed = useQuery(runQuery(run));
  const face = mapFace(runFaceOf(feed), (view) => asListed(view, listed.data));
  usePageTitle(face.kind === 'ready' ? runTitle(face.value) : 'Run');
  const openTrial = (id: string | undefined): void =>
    void navigate({ search: id === undefined ? {} : { trial: id }, resetScroll: false, replace: trial !== undefined });
  return (
    <Screen face={face} loading="Reading the journal of the run" heading="Run">
      {(view) => <RunDrawing run={run} view={view} trial={trial} onOpenTrial={openTrial} />}
    </Screen>
  );
}

export interface RunDrawingFace {
  readonly run: string;
  readonly view: ModernizationView;
  /** The trial whose log is open. */
  readonly trial: string | undefined;
  readonly onOpenTrial: (trial: string | undefined) => void;
}

export function RunDrawing({ run, view, trial, onOpenTrial }: RunDrawingFace) {
  const nowMs = useNow(isTicking(view.status) ? 1000 : null);
  const opened = view.trials.find((known) => known.id === trial);
  return (
    <div className="space-y-6">
      <RunHeader run={run} view={view} nowMs={nowMs} />
      {openDecisions(view).length > 0 && (
        <Suspense fallback={<Skeleton label="Loading the question" />}>
          <OpenDecisions run={run} view={view} onOpenTrial={onOpenTrial} />
        </Suspense>
      )}
      <EndingCard run={run} view={view} />
      <WorkflowCard view={view} />
      <UpgradesCard upgrades={view.upgrades} planned={view.plan !== null} onOpenTrial={onOpenTrial} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_320px]">
        <TrialTimeline trials={view.trials} nowMs={nowMs} onOpen={onOpenTrial} />
        <div className="space-y-6 max-lg:-order-1">
          <BaselineCard baseline={view.baseline} trials={view.trials} />
          <AnsweredCard decisions={view.decisions} />
          <PlanCard plan={view.plan} />
        </div>
      </div>
      {opened !== undefined && (
        <Suspense fallback={null}>
          <LogDrawer key={opened.id} run={run} trial={opened} onClose={() => onOpenTrial(undefined)} />
        </Suspense>
      )}
    </div>
  );
}
