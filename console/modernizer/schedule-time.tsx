// When a schedule is: which days, what time, in which zone; and when that would be.

import { useQuery } from '@tanstack/react-query';
import { ToggleGroup } from 'radix-ui';
import { useId } from 'react';
import { toFault } from 'kernel/basics';
import { dayName, type Recurrence } from 'modernizer/protocol';

import { Field, ProblemText } from '../components/field.tsx';
import { Segmented } from '../components/segmented.tsx';
import { previewSchedule } from '../requests/orders.ts';
import { isZone, recurrenceOf, wallText, type ScheduleProblem, type TimeForm } from './schedules-state.ts';

export const HERE = new Intl.DateTimeFormat().resolvedOptions().timeZone;
const ZONES: readonly string[] = [...new Set(['UTC', HERE, ...Intl.supportedValuesOf('timeZone')])];
const EVERY: readonly { readonly value: Recurrence['every']; readonly label: string }[] = [
  { value: 'day', label: 'Every day' },
  { value: 'week', label: 'Days of the week' },
  { value: 'month', label: 'Once a month' },
];

interface PartFace {
  readonly form: TimeForm;
  readonly change: (news: Partial<TimeForm>) => void;
}

export function TimeFields({ form, change, problem }: PartFace & { readonly problem: ScheduleProblem | undefined }) {
  return (
    <>
      <WhenFields form={form} change={change} />
      {problem?.field === 'when' && <ProblemText problem={problem} />}
      <ZoneField form={form} change={change} problem={problem?.field === 'zone' ? problem : undefined} />
      <Preview form={form} />
    </>
  );
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

function Preview({ form }: { readonly form: TimeForm }) {
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
