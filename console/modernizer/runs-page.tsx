// Every modernization, newest first.

import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Plus, Wrench } from 'lucide-react';
import type { RunSummary } from 'kernel/protocol';

import { Button, buttonLook } from '../components/button.tsx';
import { Empty } from '../components/empty.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Screen } from '../components/screen.tsx';
import { Segmented } from '../components/segmented.tsx';
import { faceOf, mapFace } from '../requests/face.ts';
import { runsQuery } from '../requests/queries.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { runLook } from './looks.ts';
import { ModernizerTabs } from './modernizer-tabs.tsx';
import { RunLine } from './run-line.tsx';
import { parseRunFilter, RUN_FILTERS, runsOf, statusOf, type RunFilter } from './runs-state.ts';

export function RunsPage() {
  usePageTitle('Modernizer');
  const filter = parseRunFilter(useSearch({ from: '/modernizer' }).status);
  const navigate = useNavigate({ from: '/modernizer' });
  const pages = useInfiniteQuery(runsQuery(statusOf(filter)));
  const face = mapFace(faceOf(pages), (data) => runsOf(data.pages));
  return (
    <>
      <PageHeader
        title="Modernizer"
        lead="Upgrades a project as far as it can go and proves each step in a sandbox. Your own copy is never touched."
        actions={
          <Link to="/modernizer/new" className={buttonLook({ look: 'primary' })}>
            <Plus aria-hidden /> New run
          </Link>
        }
      />
      <ModernizerTabs />
      <div className="mb-4">
        <Segmented<RunFilter>
          label="Show runs"
          value={filter}
          onChange={(status) => void navigate({ search: status === 'all' ? {} : { status }, replace: true })}
          segments={RUN_FILTERS.map((value) => ({ value, label: filterWord(value) }))}
        />
      </div>
      <Screen face={face} loading="Loading the runs">
        {(runs) => (
          <>
            <RunsList runs={runs} filter={filter} />
            {pages.hasNextPage && (
              <div className="mt-4 text-center">
                <Button disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                  {pages.isFetchingNextPage ? 'Loading…' : 'Load more'}
                </Button>
              </div>
            )}
          </>
        )}
      </Screen>
    </>
  );
}

const filterWord = (filter: RunFilter): string => {
  const status = statusOf(filter);
  return status === undefined ? 'All' : runLook(status).word;
};

function RunsList({ runs, filter }: { readonly runs: readonly RunSummary[]; readonly filter: RunFilter }) {
  if (runs.length > 0) {
    return (
      <ul aria-label="Runs" className="divide-y overflow-hidden rounded-xl border bg-surface shadow-card">
        {runs.map((run) => (
          <li key={run.id}>
            <RunLine run={run} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <Empty icon={Wrench} title={filter === 'all' ? 'No run yet' : 'No run is like that'}>
      {filter === 'all' ? (
        <>
          <p>Give it an old project, or try it on a sample: a few minutes show what it does.</p>
          <Link to="/modernizer/new" className={buttonLook({ look: 'primary', className: 'mt-5' })}>
            <Plus aria-hidden /> Start the first run
          </Link>
        </>
      ) : (
        <p>Choose another state above.</p>
      )}
    </Empty>
  );
}
