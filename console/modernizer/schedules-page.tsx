// Which project is upgraded by itself and when: every schedule with its next times, and the form of a new one or of a
// change. Which one is being changed stands in the address.

import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { CalendarClock, Pause, Pencil, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { recurrenceText, type Schedule } from 'modernizer/protocol';

import { Button, buttonLook } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Chip, type Look } from '../components/chip.tsx';
import { Moment } from '../components/moment.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Question } from '../components/question.tsx';
import { Screen } from '../components/screen.tsx';
import { faceOf } from '../requests/face.ts';
import { changeSchedule, freshKey, removeSchedule } from '../requests/orders.ts';
import { schedulesQuery } from '../requests/queries.ts';
import { useOrder } from '../requests/use-order.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { ChangeScheduleCard } from './change-schedule.tsx';
import { ModernizerTabs } from './modernizer-tabs.tsx';
import { placeText } from './projects-state.ts';
import { ScheduleFormCard } from './schedule-form.tsx';
import { outcomeText, wallText } from './schedules-state.ts';
import { Upcoming } from './upcoming.tsx';

export function SchedulesPage() {
  usePageTitle('Schedules');
  const { project, schedule: id } = useSearch({ from: '/modernizer/schedules' });
  const navigate = useNavigate();
  const asked = useQuery(schedulesQuery);
  const face = faceOf(asked);
  const changed = asked.data?.schedules.find((schedule) => schedule.id === id);
  return (
    <>
      <PageHeader
        title="Schedules"
        lead="Projects that are upgraded by themselves. A server has to run at the time; a time that it missed is made up once."
      />
      <ModernizerTabs />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_380px]">
        <Screen face={face} loading="Loading the schedules">
          {({ schedules }) => <SchedulesCard schedules={schedules} />}
        </Screen>
        {changed === undefined ? (
          <ScheduleFormCard key={project ?? ''} project={project ?? ''} />
        ) : (
          <ChangeScheduleCard
            key={changed.id}
            schedule={changed}
            onEnd={() => void navigate({ to: '/modernizer/schedules', search: {} })}
          />
        )}
      </div>
    </>
  );
}

export function SchedulesCard({ schedules }: { readonly schedules: readonly Schedule[] }) {
  return (
    <Card title="Schedules" icon={CalendarClock} bare>
      {schedules.length === 0 ? (
        <p className="px-5 py-8 text-center text-ink-soft">
          No schedule yet. Every Monday at six is a good time for what came out in the week.
        </p>
      ) : (
        <ul aria-label="Schedules" className="divide-y">
          {schedules.map((schedule) => (
            <li key={schedule.id}>
              <ScheduleRow schedule={schedule} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const ACTIVE: Look = { tone: 'good', icon: CalendarClock, word: 'Active' };
const PAUSED: Look = { tone: 'idle', icon: Pause, word: 'Paused' };

function ScheduleRow({ schedule }: { readonly schedule: Schedule }) {
  const { title, project, recurrence, paused, nextTimes } = schedule;
  const place = placeText(project);
  return (
    <div className="flex flex-wrap items-start gap-x-5 gap-y-3 px-4 py-4 sm:px-5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="min-w-0 font-semibold [overflow-wrap:anywhere]">{title}</span>
          <Chip look={paused ? PAUSED : ACTIVE} />
        </p>
        {place !== title && <p className="truncate font-mono text-xs leading-5 text-ink-soft">{place}</p>}
        <p className="mt-1 text-sm first-letter:uppercase">{recurrenceText(recurrence)}</p>
        {nextTimes.length > 0 && (
          <ul aria-label="Next times" className="numeric mt-1 flex flex-wrap gap-x-4 text-xs text-ink-soft">
            {nextTimes.map((at, index) => (
              <li key={at} title={at}>
                {wallText(at, recurrence.zone)}
                {index === 0 && (
                  <>
                    {' '}
                    (<Upcoming at={at} />)
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
        <LastLine schedule={schedule} />
      </div>
      <Tools schedule={schedule} />
    </div>
  );
}

function LastLine({ schedule }: { readonly schedule: Schedule }) {
  const text = outcomeText(schedule);
  const { last } = schedule;
  if (text === null || last === null) return <p className="mt-1 text-xs text-ink-soft">Its time has not come yet.</p>;
  return (
    <p className="mt-1 text-xs text-ink-soft [overflow-wrap:anywhere]">
      Last time <Moment at={last.at} />: {text}{' '}
      {last.run !== null && (
        <Link
          to="/modernizer/runs/$run"
          params={{ run: last.run }}
          className="rounded font-medium text-accent-text underline underline-offset-2"
        >
          Open that run
        </Link>
      )}
    </p>
  );
}

function Tools({ schedule: { id, title, paused } }: { readonly schedule: Schedule }) {
  const [asks, setAsks] = useState(false);
  const pausing = useOrder({ send: changeSchedule, doing: paused ? 'Resuming the schedule' : 'Pausing the schedule' });
  const removing = useOrder({ send: removeSchedule, doing: 'Removing the schedule' });
  return (
    <div className="flex flex-wrap gap-2">
      <Link
        to="/modernizer/schedules"
        search={{ schedule: id }}
        aria-label={`Change the schedule of ${title}`}
        className={buttonLook({ size: 'small' })}
      >
        <Pencil aria-hidden /> Change
      </Link>
      <Button
        size="small"
        data-row=""
        disabled={pausing.isPending}
        aria-label={paused ? `Resume the schedule of ${title}` : `Pause the schedule of ${title}`}
        onClick={() => pausing.mutate({ key: freshKey(), schedule: id, change: { paused: !paused } })}
      >
        {paused ? <Play aria-hidden /> : <Pause aria-hidden />} {paused ? 'Resume' : 'Pause'}
      </Button>
      <Button
        size="small"
        look="danger"
        disabled={removing.isPending}
        aria-label={`Remove the schedule of ${title}`}
        onClick={() => setAsks(true)}
      >
        <Trash2 aria-hidden /> Remove
      </Button>
      {asks && (
        <Question
          title={`Remove the schedule of ${title}?`}
          detail="It is not started by itself any more. Its runs and their evidence stay."
          yes="Remove it"
          onYes={() => removing.mutate({ key: freshKey(), schedule: id })}
          onClose={() => setAsks(false)}
        />
      )}
    </div>
  );
}
