import { Link } from '@tanstack/react-router';
import { CalendarClock, CalendarPlus, GitCompareArrows, MessageCircleQuestion, Play } from 'lucide-react';
import type { ProjectSummary } from 'modernizer/protocol';

import { Button, buttonLook } from '../components/button.tsx';
import { Chip } from '../components/chip.tsx';
import { Moment } from '../components/moment.tsx';
import { runLook } from './looks.ts';
import { canStartAgain, comparedOf, placeText, sharesOf, sharesText, type Share } from './projects-state.ts';
import { Upcoming } from './upcoming.tsx';

interface RowFace {
  readonly project: ProjectSummary;
  readonly starting: boolean;
  readonly onAgain: () => void;
}

/** One project: its newest run, what came of it, what waits, when it is next, and what can be done. */
export function ProjectRow({ project, starting, onAgain }: RowFace) {
  const { last, title } = project;
  const place = placeText(project.project);
  return (
    <div className="grid items-center gap-x-5 gap-y-3 px-4 py-4 sm:px-5 lg:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)_minmax(0,0.8fr)_230px]">
      <Link
        to="/modernizer/runs/$run"
        params={{ run: last.run }}
        data-row=""
        className="min-w-0 rounded hover:underline"
      >
        <span className="block truncate font-semibold">{title}</span>
        {place !== title && <span className="block truncate font-mono text-xs leading-5 text-ink-soft">{place}</span>}
        <span className="sr-only">Open its newest run</span>
      </Link>
      <div className="min-w-0 space-y-1">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <Chip look={runLook(last.status)} />
          <span className="text-sm text-ink-soft">
            <Moment at={last.startedAt} />
          </span>
        </p>
        <SharesLine last={last} />
      </div>
      <div className="min-w-0 space-y-1 text-sm">
        {last.waits > 0 && (
          <Link
            to="/decisions"
            className="inline-flex items-center gap-1.5 rounded font-medium text-accent-text hover:underline"
          >
            <MessageCircleQuestion aria-hidden className="size-4" />
            {last.waits === 1 ? 'One decision waits' : `${last.waits} decisions wait`}
          </Link>
        )}
        <ScheduleLine project={project} />
      </div>
      <Actions project={project} starting={starting} onAgain={onAgain} />
    </div>
  );
}

const GROUND: Readonly<Record<Share['kind'], string>> = {
  kept: 'bg-good-solid',
  refused: 'hatched bg-sunken',
  open: 'bg-line-strong',
};

function SharesLine({ last }: Pick<ProjectSummary, 'last'>) {
  return (
    <p className="text-xs text-ink-soft">
      <span aria-hidden className="mb-1 flex h-1.5 max-w-52 gap-px overflow-hidden rounded-full bg-sunken">
        {sharesOf(last).map(({ kind, share }) => (
          <span key={kind} className={GROUND[kind]} style={{ width: `${share * 100}%` }} />
        ))}
      </span>
      <span className="numeric">{sharesText(last)}</span>
    </p>
  );
}

function ScheduleLine({ project: { key, schedule } }: Pick<RowFace, 'project'>) {
  if (schedule === null) {
    return (
      <Link
        to="/modernizer/schedules"
        search={{ project: key }}
        className="inline-flex items-center gap-1.5 rounded text-ink-soft hover:text-ink hover:underline"
      >
        <CalendarPlus aria-hidden className="size-4" /> Not scheduled
      </Link>
    );
  }
  return (
    <Link
      to="/modernizer/schedules"
      title={schedule.text}
      className="inline-flex items-center gap-1.5 rounded text-ink-soft hover:text-ink hover:underline"
    >
      <CalendarClock aria-hidden className="size-4 shrink-0" />
      {schedule.nextAt === null ? 'Schedule paused' : <Upcoming at={schedule.nextAt} />}
    </Link>
  );
}

function Actions({ project, starting, onAgain }: RowFace) {
  const compared = comparedOf(project);
  return (
    <div className="flex flex-wrap gap-2 lg:justify-end">
      {compared !== null && (
        <Link
          to="/modernizer/compare"
          search={compared}
          aria-label={`Compare the two newest runs of ${project.title}`}
          className={buttonLook({ size: 'small', look: 'quiet' })}
        >
          <GitCompareArrows aria-hidden /> Compare
        </Link>
      )}
      <Button size="small" disabled={starting || !canStartAgain(project)} onClick={onAgain}>
        <Play aria-hidden /> Start again
        <span className="sr-only">with {project.title}</span>
      </Button>
    </div>
  );
}
