// Starting a run: which project, and how.

import { useNavigate, useSearch } from '@tanstack/react-router';
import { toFault } from 'kernel/basics';
import { useEffect, useRef, useState, type FormEvent } from 'react';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { ChoiceCards } from '../components/choice-cards.tsx';
import { Field, ProblemText } from '../components/field.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Segmented } from '../components/segmented.tsx';
import { tell } from '../components/tell.ts';
import { Toggle } from '../components/toggle.tsx';
import { freshKey, startRun } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { usePageTitle } from '../shell/page-title.ts';
import {
  checkForm,
  EMPTY_FORM,
  ENGINE_CHOICES,
  problemOf,
  type FieldProblem,
  type NewRunField,
  type NewRunForm,
} from './new-run-state.ts';
import { SampleCards } from './sample-cards.tsx';

export function NewRunPage() {
  usePageTitle('New run');
  const { sample } = useSearch({ from: '/modernizer/new' });
  const navigate = useNavigate();
  const [form, setForm] = useState<NewRunForm>(
    sample === undefined ? EMPTY_FORM : { ...EMPTY_FORM, from: 'sample', sample },
  );
  const [problem, setProblem] = useState<FieldProblem>();
  // The same wish keeps its key however often it is sent; a changed form is another wish.
  const key = useRef(freshKey());
  const change = (news: Partial<NewRunForm>): void => {
    setForm({ ...form, ...news });
    setProblem(undefined);
    key.current = freshKey();
  };
  const start = useOrder({
    send: startRun,
    doing: 'Starting the run',
    quiet: true,
    done: ({ run, already }) => {
      if (already) tell('This project is being upgraded already. Here is that run.');
      void navigate({ to: '/modernizer/runs/$run', params: { run } });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const checked = checkForm(form);
    if (checked.kind === 'wrong') return setProblem(checked.problem);
    start.mutate(
      { key: key.current, wanted: checked.wanted },
      {
        onError: (thrown) => {
          setProblem(problemOf(toFault(thrown, 'Starting the run')));
          key.current = freshKey();
        },
      },
    );
  };
  const drawn = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (problem !== undefined) showProblem(drawn.current);
  }, [problem]);
  const at = (field: NewRunField): FieldProblem | undefined => (problem?.field === field ? problem : undefined);

  return (
    <form ref={drawn} onSubmit={submit} noValidate className="mx-auto max-w-3xl space-y-6">
      <PageHeader
        title="New run"
        lead="Tandem works in a copy. It tries every upgrade in a sandbox and keeps what stays green."
      />
      <ProjectCard form={form} change={change} problem={at('project')} />
      <OptionsCard form={form} change={change} at={at} />
      {at('form') !== undefined && problem !== undefined && <ProblemText problem={problem} />}
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={start.isPending}>
          {start.isPending ? 'Starting…' : 'Start the run'}
        </Button>
      </div>
    </form>
  );
}

/** A refusal is useless out of sight: the field it is about gets the focus, or else the message comes into view. */
function showProblem(form: HTMLFormElement | null): void {
  const field = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  if (field) field.focus();
  else form?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'center' });
}

interface PartFace {
  readonly form: NewRunForm;
  readonly change: (news: Partial<NewRunForm>) => void;
}

function ProjectCard({ form, change, problem }: PartFace & { readonly problem: FieldProblem | undefined }) {
  return (
    <Card
      title="Project"
      aside={
        <Segmented<NewRunForm['from']>
          label="Where the project comes from"
          value={form.from}
          onChange={(from) => change({ from })}
          segments={[
            { value: 'path', label: 'A folder here' },
            { value: 'sample', label: 'A sample' },
          ]}
        />
      }
    >
      {form.from === 'path' ? (
        <Field
          label="Path of the project"
          detail="A folder with a package.json, on the machine Tandem runs on."
          placeholder="/home/you/projects/shop"
          value={form.path}
          onText={(path) => change({ path })}
          problem={problem}
        />
      ) : (
        <>
          <SampleCards value={form.sample} onChange={(sample) => change({ sample })} />
          {problem !== undefined && <ProblemText problem={problem} />}
        </>
      )}
    </Card>
  );
}

interface OptionsFace extends PartFace {
  readonly at: (field: NewRunField) => FieldProblem | undefined;
}

function OptionsCard({ form, change, at }: OptionsFace) {
  return (
    <Card title="How">
      <div className="space-y-6">
        <div className="grid gap-6 sm:grid-cols-2">
          <Field
            label="Command that tests it"
            detail="Empty: its own npm test."
            placeholder="npm test"
            value={form.tests}
            onText={(tests) => change({ tests })}
            problem={at('tests')}
          />
          <Field
            label="Command that starts it"
            detail="Empty: its start script, if it has one."
            placeholder="npm start"
            value={form.start}
            onText={(start) => change({ start })}
            problem={at('start')}
          />
        </div>
        <fieldset>
          <legend className="mb-1.5 text-sm font-medium">Which Node releases it has to run on</legend>
          <ChoiceCards
            label="Which Node releases it has to run on"
            value={form.engines}
            choices={ENGINE_CHOICES}
            onChange={(id) =>
              change({ engines: ENGINE_CHOICES.find((choice) => choice.id === id)?.id ?? form.engines })
            }
          />
        </fieldset>
        <div className="grid items-start gap-6 sm:grid-cols-2">
          <Field
            label="Time limit in minutes"
            detail="The run ends by then with what it has."
            inputMode="numeric"
            value={form.maxMinutes}
            onText={(maxMinutes) => change({ maxMinutes })}
            problem={at('maxMinutes')}
          />
          <Toggle
            label="Take uncommitted changes along"
            detail="Otherwise a folder with uncommitted changes is refused."
            on={form.includeUncommitted}
            onChange={(includeUncommitted) => change({ includeUncommitted })}
          />
        </div>
      </div>
    </Card>
  );
}
