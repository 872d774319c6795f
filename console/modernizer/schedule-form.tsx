// The form of a new schedule: which project, which days, what time, in which zone; and when that would be.

import { useQuery } from '@tanstack/react-query';
import { CalendarPlus } from 'lucide-react';
import { ToggleGroup } from 'radix-ui';
import { useId, useRef, useState, type FormEvent } from 'react';
import { toFault } from 'kernel/basics';
import { dayName, type ProjectSummary, type Recurrence } from 'modernizer/protocol';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Field, ProblemText, type FieldProblemFace } from '../components/field.tsx';
import { Segmented } from '../components/segmented.tsx';
import { SelectField } from '../components/select-field.tsx';
import { tell } from '../components/tell.ts';
import { addSchedule, freshKey, previewSchedule } from '../requests/orders.ts';
import { projectsQuery } from '../requests/queries.ts';
import { useOrder } from '../requests/use-order.ts';
import { placeText } from './projects-state.ts';
import {
  checkSchedule,
  emptySchedule,
  isZone,
  recurrenceOf,
  wallText,
  type ScheduleForm,
  type ScheduleProblem,
} from './schedules-state.ts';

const HERE = new Intl.DateTimeFormat().resolvedOptions().timeZone;
const ZONES: readonly string[] = [...new Set(['UTC', HERE, ...Intl.supportedValuesOf('timeZone')])];
const OTHER_FOLDER = { value: '', label: 'Another folder here' };
const EVERY: readonly { readonly value: Recurrence['every']; readonly label: string }[] = [
  { value: 'day', label: 'Every day' },
  { value: 'week', label: 'Days of the week' },
  { value: 'month', label: 'Once a month' },
];

export function ScheduleFormCard({ project }: { readonly project: string }) {
  const projects = useQuery(projectsQuery).data?.projects ?? [];
  const [form, setForm] = useState<ScheduleForm>(emptySchedule(HERE, project));
  const [problem, setProblem] = useState<ScheduleProblem | (FieldProblemFace & { readonly field: 'form' })>();
  const key = useRef(freshKey());
  const change = (news: Partial<ScheduleForm>): void => {
    setForm({ ...form, ...news });
    setProblem(undefined);
    key.current = freshKey();
  };
  const add = useOrder({
    send: addSchedule,
    doing: 'Making the schedule',
    quiet: true,
    done: ({ title, nextTimes, recurrence }) => {
      tell(`${title} is scheduled.`, {
        tone: 'good',
        detail: `Next: ${wallText(nextTimes[0] ?? '', recurrence.zone)}.`,
      });
      setForm(emptySchedule(form.zone));
      key.current = freshKey();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const checked = checkSchedule(form, projects);
    if (checked.kind === 'wrong') return setProblem(checked.problem);
    add.mutate(
      { key: key.current, wanted: checked.wanted },
      {
        onError: (thrown) => {
          const { what, why, next } = toFault(thrown, 'Making the schedule');
          setProblem({ field: 'form', what, why, next });
          key.current = freshKey();
        },
      },
    );
  };
  return (
    <Card title="A new schedule" icon={CalendarPlus}>
      <form onSubmit={submit} noValidate className="space-y-5">
        <ProjectField
          form={form}
          change={change}
          projects={projects}
          problem={problem?.field === 'project' ? problem : undefined}
        />
        <WhenFields form={form} change={change} />
        {problem?.field === 'when' && <ProblemText problem={problem} />}
        <ZoneField form={form} change={change} problem={problem?.field === 'zone' ? problem : undefined} />
        <Preview form={form} />
        {problem?.field === 'form' && <ProblemText problem={problem} />}
        <Button type="submit" look="primary" disabled={add.isPending} className="w-full">
          {add.isPending ? 'Making it…' : 'Make the schedule'}
        </Button>
      </form>
    </Card>
  );
}

interface ProjectFieldFace extends PartFace {
  readonly projects: readonly ProjectSummary[];
  readonly problem: FieldProblemFace | undefined;
}

/** One of the projects that are known, or a folder. */
function ProjectField({ form, change, projects, problem }: ProjectFieldFace) {
  const options = [
    ...projects.map(({ key: value, title, project: choice }) => ({ value, label: labelOf(title, placeText(choice)) })),
    OTHER_FOLDER,
  ];
  return (
    <div>
      <SelectField
        label="Project"
        labelShown
        className="w-full"
        value={form.project}
        options={options}
        onChange={(chosen) => change({ project: chosen })}
      />
      {form.project === '' && (
        <Field
          className="mt-3"
          label="Path of the project"
          placeholder="/home/you/projects/shop"
          value={form.path}
          onText={(path) => change({ path })}
          problem={problem}
        />
      )}
    </div>
  );
}

const labelOf = (title: string, place: string): string => (title === place ? title : `${title} (${place})`);

interface PartFace {
  readonly form: ScheduleForm;
  readonly change: (news: Partial<ScheduleForm>) => void;
}

function WhenFields({ form, change }: PartFace) {
  return (
    <div className="space-y-3">
      <Segmented<Recurrence['every']>
        label="How often"
        value={form.every}
        onChange={(every) => change({ every })}
        segments={EVERY}
      />
      {form.every === 'week' && (
        <ToggleGroup.Root
          type="multiple"
          aria-label="Days of the week"
          value={form.days.map(String)}
          onValueChange={(days) => change({ days: days.map(Number).toSorted((a, b) => a - b) })}
          className="grid grid-cols-7 gap-1"
        >
          {[1, 2, 3, 4, 5, 6, 7].map((day) => (
            <ToggleGroup.Item
              key={day}
              value={String(day)}
              className="h-8 rounded-lg border border-control text-xs font-medium text-ink-soft hover:text-ink data-[state=on]:border-accent data-[state=on]:bg-accent data-[state=on]:text-accent-ink"
            >
              <span aria-hidden>{dayName(day).slice(0, 2)}</span>
              <span className="sr-only">{dayName(day)}</span>
            </ToggleGroup.Item>
          ))}
        </ToggleGroup.Root>
      )}
      <div className="grid grid-cols-2 gap-3">
        <Field label="Time" type="time" value={form.at} onText={(at) => change({ at })} />
        {form.every === 'month' && (
          <Field
            label="Day of the month"
            type="number"
            min={1}
            max={28}
            value={form.day}
            onText={(day) => change({ day })}
          />
        )}
      </div>
    </div>
  );
}

function ZoneField({ form, change, problem }: PartFace & { readonly problem: ScheduleProblem | undefined }) {
  const list = useId();
  return (
    <>
      <Field
        label="Time zone"
        detail="It is the clock on the wall there that counts, in summer and in winter."
        list={list}
        value={form.zone}
        onText={(zone) => change({ zone })}
        problem={problem}
      />
      <datalist id={list}>
        {ZONES.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}

function Preview({ form }: { readonly form: ScheduleForm }) {
  const recurrence = recurrenceOf(form);
  const preview = useQuery({
    queryKey: ['schedule-preview', recurrence],
    queryFn: ({ signal }) => previewSchedule(recurrence as Recurrence, signal),
    // While somebody types there are many names that are none.
    enabled: recurrence !== undefined && isZone(recurrence.zone),
    retry: false,
  });
  if (recurrence === undefined) return null;
  if (!isZone(recurrence.zone)) {
    return (
      <p role="status" className="text-sm text-ink-soft">
        When that is shows once the time zone has its whole name.
      </p>
    );
  }
  if (preview.isError) {
    const { what, why, next } = toFault(preview.error, 'Asking when that is');
    return <ProblemText problem={{ what, why, next }} />;
  }
  if (preview.data === undefined) return null;
  return (
    <div role="status" className="rounded-lg bg-sunken px-3 py-2.5 text-sm">
      <p className="first-letter:uppercase">{preview.data.text}</p>
      <ul className="numeric mt-1 text-xs text-ink-soft">
        {preview.data.nextTimes.map((at) => (
          <li key={at}>{wallText(at, recurrence.zone)}</li>
        ))}
      </ul>
    </div>
  );
}
