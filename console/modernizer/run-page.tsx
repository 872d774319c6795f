// One run, live. Everything on it is folded from the journal; what is open and what is filtered is in the address.

import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback } from 'react';
import { openDecisions, type ModernizationView } from 'modernizer/protocol';

import { Screen } from '../components/screen.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { useNow } from '../components/use-now.ts';
import { runQuery } from '../requests/queries.ts';
import { mapFace } from '../requests/face.ts';
import { changed } from '../shell/address-texts.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { AnsweredCard } from './answered-card.tsx';
import { BaselineCard } from './baseline-card.tsx';
import { EndingCard } from './ending-card.tsx';
import { PlanCard } from './plan-card.tsx';
import { RunHeader } from './run-header.tsx';
import type { RunSearch } from './run-search.ts';
import { asListed, isTicking, runFaceOf, runTitle } from './run-state.ts';
import { TrialsCard } from './trials-card.tsx';
import { UpgradesCard } from './upgrades-card.tsx';
import { useRunFeed } from './use-run-feed.ts';
import { WorkflowCard } from './workflow-card.tsx';

// Loaded when they are needed: most looks at a run open no evidence, and most runs ask nothing.
const OpenDecisions = lazy(async () => ({ default: (await import('./open-decisions.tsx')).OpenDecisions }));
const EvidenceDrawer = lazy(async () => ({ default: (await import('./evidence-drawer.tsx')).EvidenceDrawer }));

export function RunPage() {
  const { run } = useParams({ from: '/modernizer/runs/$run' });
  const search = useSearch({ from: '/modernizer/runs/$run' });
  const navigate = useNavigate({ from: '/modernizer/runs/$run' });
  const feed = useRunFeed(run);
  const listed = useQuery(runQuery(run));
  const face = mapFace(runFaceOf(feed), (view) => asListed(view, listed.data));
  usePageTitle(face.kind === 'ready' ? runTitle(face.value) : 'Run');
  const look = (news: RunSearch): void =>
    void navigate({ search: (now) => changed(now, news), resetScroll: false, replace: true });
  // A trial that is opened can be left by going back. The same function each time: rows that ended are drawn once.
  const openTrial = useCallback(
    (trial: string) => void navigate({ search: (now) => changed(now, { trial }), resetScroll: false }),
    [navigate],
  );
  return (
    <Screen face={face} loading="Reading the journal of the run" heading="Run">
      {(view) => <RunDrawing run={run} view={view} search={search} onSearch={look} onOpenTrial={openTrial} />}
    </Screen>
  );
}

export interface RunDrawingFace {
  readonly run: string;
  readonly view: ModernizationView;
  readonly search: RunSearch;
  /** What the address says anew; an empty text takes it away. */
  readonly onSearch: (news: RunSearch) => void;
  readonly onOpenTrial: (trial: string) => void;
}

export function RunDrawing({ run, view, search, onSearch, onOpenTrial }: RunDrawingFace) {
  const nowMs = useNow(isTicking(view.status) ? 1000 : null);
  const opened = view.trials.find((known) => known.id === search.trial);
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
      <UpgradesCard
        upgrades={view.upgrades}
        trials={view.trials}
        plan={view.plan}
        search={search}
        onSearch={onSearch}
        onOpenTrial={onOpenTrial}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_320px]">
        <TrialsCard trials={view.trials} nowMs={nowMs} search={search} onSearch={onSearch} onOpen={onOpenTrial} />
        <div className="space-y-6 max-lg:-order-1">
          <BaselineCard baseline={view.baseline} trials={view.trials} />
          <AnsweredCard decisions={view.decisions} />
          <PlanCard plan={view.plan} />
        </div>
      </div>
      {opened !== undefined && (
        <Suspense fallback={null}>
          <EvidenceDrawer
            key={opened.id}
            run={run}
            trial={opened}
            part={search.part}
            onPart={(part) => onSearch({ part: part === 'log' ? '' : part })}
            onClose={() => onSearch({ trial: '', part: '' })}
          />
        </Suspense>
      )}
    </div>
  );
}
