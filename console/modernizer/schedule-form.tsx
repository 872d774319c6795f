// The form of a new schedule: which project, which days, what time, in which zone; and when that would be.

import { useQuery } from '@tanstack/react-query';
import { CalendarPlus } from 'lucide-react';
import { useRef, useState, type FormEvent } from 'react';
import { toFault } from 'kernel/basics';
import type { ProjectSummary } from 'modernizer/protocol';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Field, ProblemText, type FieldProblemFace } from '../components/field.tsx';
import { SelectField } from '../components/select-field.tsx';
import { tell } from '../components/tell.ts';
import { addSchedule, freshKey } from '../requests/orders.ts';
import { projectsQuery } from '../requests/queries.ts';
import { useOrder } from '../requests/use-order.ts';
import { placeText } from './projects-state.ts';
import { HERE, TimeFields } from './schedule-time.tsx';
import { checkSchedule, emptySchedule, wallText, type ScheduleForm, type ScheduleProblem } from './schedules-state.ts';

const OTHER_FOLDER = { value: '', label: 'Another folder here' };
export function ScheduleFormCard({ project }: { readonly project: string }) {
  const projects = useQuery(projectsQuery).data?.projects ?? [];
  const [form, setForm] = useState<ScheduleForm>(emptySchedule(HERE, project));
  const [problem, setProblem] = useState<ScheduleProblem>();
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
        <TimeFields form={form} change={change} problem={problem} />
        {problem?.field === 'form' && <ProblemText problem={problem} />}
        <Button type="submit" look="primary" disabled={add.isPending} className="w-full">
          {add.isPending ? 'Making it…' : 'Make the schedule'}
        </Button>
      </form>
    </Card>
  );
}

interface ProjectFieldFace {
  readonly form: ScheduleForm;
  readonly change: (news: Partial<ScheduleForm>) => void;
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
