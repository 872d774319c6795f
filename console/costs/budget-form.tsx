import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { toFault } from 'kernel/basics';
import type { Budget } from 'tandem/protocol';

import { Button } from '../components/button.tsx';
import { Field, ProblemText } from '../components/field.tsx';
import { microUsdOf } from '../components/money.ts';
import { SelectField } from '../components/select-field.tsx';
import { tell } from '../components/tell.ts';
import { freshKey } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { setBudget } from './queries.ts';

const SCOPES = [
  { value: 'all', label: 'Everything', subject: null },
  { value: 'person', label: 'A person', subject: 'Whose id' },
  { value: 'product', label: 'A product', subject: 'Product, such as chat' },
  { value: 'run', label: 'A run', subject: 'The run’s id' },
  { value: 'key', label: 'A gateway key', subject: 'The key’s id' },
] as const;
const PERIODS = [
  { value: 'day', label: 'a day' },
  { value: 'month', label: 'a month' },
  { value: 'total', label: 'in all' },
] as const;
type Scope = (typeof SCOPES)[number]['value'];
type Period = (typeof PERIODS)[number]['value'];

interface BudgetFormFace {
  /** The one whose limit is changed. */
  readonly before?: Budget;
  readonly onEnd: () => void;
}

export function BudgetForm({ before, onEnd }: BudgetFormFace) {
  const queries = useQueryClient();
  const [scope, setScope] = useState<Scope>(before?.scope ?? 'all');
  const [subject, setSubject] = useState(before?.subject ?? '');
  const [period, setPeriod] = useState<Period>(before?.period ?? 'month');
  const [dollars, setDollars] = useState(before === undefined ? '' : String(before.limitMicroUsd / 1_000_000));
  const [isWrong, setIsWrong] = useState(false);
  const save = useOrder({
    send: setBudget,
    doing: 'Setting the budget',
    quiet: true,
    done: () => {
      void queries.invalidateQueries({ queryKey: ['costs'] });
      tell('The budget is set.', { tone: 'good' });
      onEnd();
    },
  });
  const subjectLabel = SCOPES.find(({ value }) => value === scope)?.subject ?? null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const limitMicroUsd = microUsdOf(dollars);
    setIsWrong(limitMicroUsd === null);
    if (limitMicroUsd === null) return;
    const whose = subjectLabel === null ? '' : subject.trim();
    save.mutate({ key: freshKey(), draft: { scope, subject: whose, period, limitMicroUsd, note: before?.note ?? '' } });
  };
  const fault = save.error === null ? undefined : toFault(save.error, 'Setting the budget');
  return (
    <form onSubmit={submit} className="space-y-3 border-b bg-canvas px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-end gap-3">
        {before === undefined && (
          <SelectField
            label="What it is for"
            value={scope}
            options={SCOPES}
            onChange={(value) => setScope(SCOPES.find((each) => each.value === value)?.value ?? 'all')}
          />
        )}
        {before === undefined && subjectLabel !== null && (
          <Field label={subjectLabel} value={subject} onText={setSubject} className="w-56" required />
        )}
        <Field
          label="Limit in US dollars"
          inputMode="decimal"
          value={dollars}
          onText={setDollars}
          className="w-40"
          problem={isWrong ? LIMIT_WRONG : undefined}
        />
        {before === undefined && (
          <SelectField
            label="Period"
            value={period}
            options={PERIODS}
            onChange={(value) => setPeriod(PERIODS.find((each) => each.value === value)?.value ?? 'month')}
          />
        )}
        <span className="flex gap-2">
          <Button type="submit" look="primary" disabled={save.isPending}>
            Save
          </Button>
          <Button look="quiet" onClick={onEnd}>
            Cancel
          </Button>
        </span>
      </div>
      {fault !== undefined && <ProblemText problem={fault} />}
    </form>
  );
}

const LIMIT_WRONG = { what: 'This is no amount.', why: 'A limit is a number of dollars.', next: 'Such as 12.50.' };
