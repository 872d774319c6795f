// Every open decision of every run, oldest first: who waits longest is asked about first.

import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Inbox } from 'lucide-react';
import type { RunSummary } from 'kernel/protocol';

import { Empty } from '../components/empty.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Screen } from '../components/screen.tsx';
import { OpenDecisions } from '../modernizer/open-decisions.tsx';
import { faceOf } from '../requests/face.ts';
import { waitingRunsQuery } from '../requests/queries.ts';
import { useJournal } from '../requests/use-journal.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { longestWaitingFirst } from './decisions-state.ts';

export function DecisionsPage() {
  usePageTitle('Decisions');
  const waiting = useQuery(waitingRunsQuery);
  return (
    <>
      <PageHeader
        title="Decisions"
        lead="Where several ways are right, Tandem asks you. The run waits; nothing is lost meanwhile."
      />
      <Screen face={faceOf(waiting)} loading="Loading the open decisions">
        {({ runs }) =>
          runs.length === 0 ? (
            <Empty icon={Inbox} title="No decision is open">
              <p>When a run finds several right ways, its question appears here and on its own page.</p>
            </Empty>
          ) : (
            <ul aria-label="Open decisions" className="space-y-6">
              {longestWaitingFirst(runs).map((run) => (
                <li key={run.id}>
                  <DecisionsOf run={run} />
                </li>
              ))}
            </ul>
          )
        }
      </Screen>
    </>
  );
}

function DecisionsOf({ run }: { readonly run: RunSummary }) {
  const navigate = useNavigate();
  const journal = useJournal(run);
  return (
    <Screen face={faceOf(journal)} loading={`Loading the question of ${run.title}`}>
      {(view) => (
        <OpenDecisions
          run={run.id}
          view={view}
          onOpenTrial={(trial) =>
            void navigate({ to: '/modernizer/runs/$run', params: { run: run.id }, search: { trial } })
          }
          from={
            <Link
              to="/modernizer/runs/$run"
              params={{ run: run.id }}
              className="rounded font-medium text-accent-text hover:underline"
            >
              {run.title}
            </Link>
          }
        />
      )}
    </Screen>
  );
}
