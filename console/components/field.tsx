// A text field with its name, its explanation, and what is wrong with it: what, why, what next.

import { CircleAlert } from 'lucide-react';
import { useId, type ComponentProps } from 'react';

import { classes } from './classes.ts';

export interface FieldProblemFace {
  readonly what: string;
  readonly why: string;
  readonly next: string;
}

interface FieldFace extends Omit<ComponentProps<'input'>, 'onChange'> {
  readonly label: string;
  readonly detail?: string;
  readonly problem?: FieldProblemFace | undefined;
  readonly onText: (text: string) => void;
}

export function Field({ label, detail, problem, onText, className, ...input }: FieldFace) {
  const id = useId();
  const described = [detail !== undefined && `${id}-detail`, problem !== undefined && `${id}-problem`].filter(Boolean);
  return (
    <div className={className}>
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      {detail !== undefined && (
        <p id={`${id}-detail`} className="text-sm text-ink-soft">
          {detail}
        </p>
      )}
      <input
        id={id}
        aria-invalid={problem !== undefined}
        aria-describedby={described.length > 0 ? described.join(' ') : undefined}
        onChange={(event) => onText(event.target.value)}
        autoComplete="off"
        spellCheck={false}
        className={classes(
          'mt-1.5 h-9 w-full rounded-lg border border-control bg-surface px-3 font-mono text-sm placeholder:text-ink-faint',
          problem !== undefined && 'border-bad-solid',
        )}
        {...input}
      />
      {problem !== undefined && <ProblemText id={`${id}-problem`} problem={problem} />}
    </div>
  );
}

export function ProblemText({ id, problem }: { readonly id?: string; readonly problem: FieldProblemFace }) {
  return (
    <div
      id={id}
      role="alert"
      className="mt-2 flex gap-2 rounded-lg bg-bad-soft px-3 py-2 text-sm [overflow-wrap:anywhere]"
    >
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <p>
        <span className="font-semibold text-bad">{problem.what}</span> {problem.why} {problem.next}
      </p>
    </div>
  );
}
