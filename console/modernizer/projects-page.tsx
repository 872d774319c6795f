// Every project on one page: what its newest run brought, what waits for a person, when it is next.

import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { FolderKanban, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Projects } from 'modernizer/protocol';

import { buttonLook } from '../components/button.tsx';
import { Empty } from '../components/empty.tsx';
import { FindField } from './find-field.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Screen } from '../components/screen.tsx';
import { Segmented } from '../components/segmented.tsx';
import { tell } from '../components/tell.ts';
import { faceOf } from '../requests/face.ts';
import { freshKey, startRun } from '../requests/orders.ts';
import { projectsQuery } from '../requests/queries.ts';
import { useOrder } from '../requests/use-order.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { ModernizerTabs } from './modernizer-tabs.tsx';
import { ProjectRow } from './project-row.tsx';
import { againOf, PROJECT_FILTERS, projectCount, shownProjects, type ProjectFilter } from './projects-state.ts';

const FILTER_WORDS: Readonly<Record<ProjectFilter, string>> = {
  all: 'All',
  waiting: 'Needs you',
  running: 'Running',
  scheduled: 'Scheduled',
  unscheduled: 'Not scheduled',
};

export function ProjectsPage() {
  usePageTitle('Projects');
  const face = faceOf(useQuery(projectsQuery));
  return (
    <>
      <PageHeader
        title="Projects"
        lead="Every project that was upgraded here, with its newest run."
        actions={
          <Link to="/modernizer/new" className={buttonLook({ look: 'primary' })}>
            <Plus aria-hidden /> New run
          </Link>
        }
      />
      <ModernizerTabs />
      <Screen face={face} loading="Loading the projects">
        {(projects) => <ProjectsList {...projects} />}
      </Screen>
    </>
  );
}

export function ProjectsList({ projects, cut }: Projects) {
  const [filter, setFilter] = useState<ProjectFilter>('all');
  const [find, setFind] = useState('');
  const navigate = useNavigate();
  const start = useOrder({
    send: startRun,
    doing: 'Starting the run',
    done: ({ run, already }) => {
      if (already) tell('This project is being upgraded already. Here is that run.');
      void navigate({ to: '/modernizer/runs/$run', params: { run } });
    },
  });
  if (projects.length === 0) return <NoProject />;
  const shown = shownProjects(projects, filter, find);
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <FindField label="Find a project by name or place" placeholder="Name, place" find={find} onFind={setFind} />
        <Segmented<ProjectFilter>
          label="Show projects"
          value={filter}
          onChange={setFilter}
          segments={PROJECT_FILTERS.map((value) => ({
            value,
            label: FILTER_WORDS[value],
            count: projectCount(projects, value),
          }))}
        />
      </div>
      {shown.length === 0 ? (
        <p className="rounded-xl border border-dashed px-5 py-10 text-center text-ink-soft">
          No project is like that. Choose another state above, or other words.
        </p>
      ) : (
        <ul aria-label="Projects" className="divide-y overflow-hidden rounded-xl border bg-surface shadow-card">
          {shown.map((project) => (
            <li key={project.key}>
              <ProjectRow
                project={project}
                starting={start.isPending}
                onAgain={() => start.mutate({ key: freshKey(), wanted: againOf(project) })}
              />
            </li>
          ))}
        </ul>
      )}
      {cut && <p className="mt-3 text-sm text-ink-soft">Projects whose runs are long ago are not listed here.</p>}
    </>
  );
}

function NoProject() {
  return (
    <Empty icon={FolderKanban} title="No project yet">
      <p>A project stands here from its first run on.</p>
      <Link to="/modernizer/new" className={buttonLook({ look: 'primary', className: 'mt-5' })}>
        <Plus aria-hidden /> Start the first run
      </Link>
    </Empty>
  );
}
