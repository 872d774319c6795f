// Starting a run: which project, and how.

import { useNavigate, useSearch } from '@tanstack/react-router';
import { toFault } from 'kernel/basics';
import { useEffect, useRef, useState, type FormEvent } from 'react';

import { Button } from '../components/button.tsx';
import { ProblemText } from '../components/field.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { tell } from '../components/tell.ts';
import { freshKey, startRun } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { usePageTitle } from '../shell/page-title.ts';
import {
  checkForm,
  EMPTY_FORM,
  problemOf,
  type FieldProblem,
  type NewRunField,
  type NewRunForm,
} from './new-run-state.ts';
import { OptionsCard, ProjectCard } from './new-run-cards.tsx';

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
