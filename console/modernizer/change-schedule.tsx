// The form of a change: what a schedule is called, when it is, and how its project is upgraded.
// Not here: which project it is. Another project is another schedule.

import { Pencil } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { toFault } from 'kernel/basics';
import type { Schedule } from 'modernizer/protocol';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Field, ProblemText } from '../components/field.tsx';
import { SelectField } from '../components/select-field.tsx';
import { tell } from '../components/tell.ts';
import { Toggle } from '../components/toggle.tsx';
import { changeSchedule, freshKey } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { ENGINE_CHOICES } from './new-run-state.ts';
import { TimeFields } from './schedule-time.tsx';
import { checkChange, formOf, wallText, type ChangeForm, type ScheduleProblem } from './schedules-state.ts';

interface ChangeFace {
  readonly schedule: Schedule;
  /** It was changed, or nobody wants to any more. */
  readonly onEnd: () => void;
}

export function ChangeScheduleCard({ schedule, onEnd }: ChangeFace) {
  const [form, setForm] = useState<ChangeForm>(formOf(schedule));
  const [problem, setProblem] = useState<ScheduleProblem>();
  const drawn = useRef<HTMLFormElement>(null);
  // Who asked for it by a row of the list is led to it, wherever it stands on a narrow screen.
  useEffect(() => drawn.current?.querySelector('input')?.focus(), []);
  const change = (news: Partial<ChangeForm>): void => {
    setForm({ ...form, ...news });
    setProblem(undefined);
  };
  const changing = useOrder({
    send: changeSchedule,
    doing: 'Changing the schedule',
    quiet: true,
    done: ({ title, paused, nextTimes, recurrence }) => {
      const next = paused ? 'It is paused.' : `Next: ${wallText(nextTimes[0] ?? '', recurrence.zone)}.`;
      tell(`The schedule of ${title} is changed.`, { tone: 'good', detail: next });
      onEnd();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const checked = checkChange(form, schedule);
    if (checked.kind === 'wrong') return setProblem(checked.problem);
    changing.mutate(
      { key: freshKey(), schedule: schedule.id, change: checked.change },
      {
        onError: (thrown) => {
          const { what, why, next } = toFault(thrown, 'Changing the schedule');
          setProblem({ field: 'form', what, why, next });
        },
      },
    );
  };
  return (
    <Card title={`Change the schedule of ${schedule.title}`} icon={Pencil}>
      <form ref={drawn} onSubmit={submit} noValidate className="space-y-5">
        <Field
          label="Title"
          value={form.title}
          onText={(title) => change({ title })}
          problem={problem?.field === 'title' ? problem : undefined}
        />
        <TimeFields form={form} change={change} problem={problem} />
        <OptionFields form={form} change={change} problem={problem} />
        {problem?.field === 'form' && <ProblemText problem={problem} />}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" look="primary" disabled={changing.isPending} className="flex-1">
            {changing.isPending ? 'Changing it…' : 'Keep the change'}
          </Button>
          <Button onClick={onEnd}>Leave it as it was</Button>
        </div>
      </form>
    </Card>
  );
}

interface OptionFace {
  readonly form: ChangeForm;
  readonly change: (news: Partial<ChangeForm>) => void;
  readonly problem: ScheduleProblem | undefined;
}

function OptionFields({ form, change, problem }: OptionFace) {
  return (
    <>
      <Field
        label="Command that tests it"
        detail="Empty: its own npm test."
        placeholder="npm test"
        value={form.tests}
        onText={(tests) => change({ tests })}
      />
      <Field
        label="Command that starts it"
        detail="Empty: its start script, if it has one."
        placeholder="npm start"
        value={form.start}
        onText={(start) => change({ start })}
      />
      <SelectField
        label="Node releases"
        labelShown
        className="w-full"
        value={form.engines}
        options={ENGINE_CHOICES.map(({ id: value, label }) => ({ value, label }))}
        onChange={(id) => change({ engines: ENGINE_CHOICES.find((choice) => choice.id === id)?.id ?? form.engines })}
      />
      <Field
        label="Time limit in minutes"
        inputMode="numeric"
        value={form.maxMinutes}
        onText={(maxMinutes) => change({ maxMinutes })}
        problem={problem?.field === 'maxMinutes' ? problem : undefined}
      />
      <Toggle
        label="Take uncommitted changes along"
        on={form.includeUncommitted}
        onChange={(includeUncommitted) => change({ includeUncommitted })}
      />
    </>
  );
}
