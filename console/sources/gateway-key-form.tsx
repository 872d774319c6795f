import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { toFault } from 'kernel/basics';
import type { IssuedGatewayKey } from 'tandem/protocol';

import { Button } from '../components/button.tsx';
import { Field, ProblemText } from '../components/field.tsx';
import { microUsdOf } from '../components/money.ts';
import { freshKey } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { issueGatewayKey } from './queries.ts';

interface GatewayKeyFormFace {
  readonly onIssued: (issued: IssuedGatewayKey) => void;
  readonly onCancel: () => void;
}

export function GatewayKeyForm({ onIssued, onCancel }: GatewayKeyFormFace) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [budget, setBudget] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const issue = useOrder({
    send: issueGatewayKey,
    doing: 'Making the key',
    quiet: true,
    done: (issued) => {
      void queries.invalidateQueries({ queryKey: ['sources', 'gateway-keys'] });
      void queries.invalidateQueries({ queryKey: ['costs'] });
      onIssued(issued);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const budgetMicroUsd = budget.trim() === '' ? null : microUsdOf(budget);
    const isRight = budget.trim() === '' || (budgetMicroUsd !== null && budgetMicroUsd > 0);
    setIsWrong(!isRight);
    if (isRight) issue.mutate({ key: freshKey(), wanted: { name: name.trim(), budgetMicroUsd } });
  };
  return (
    <form onSubmit={submit} className="border-b bg-canvas px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-end gap-3">
        <Field
          label="What is it for?"
          value={name}
          onText={setName}
          maxLength={100}
          required
          className="w-64 max-w-full"
        />
        <Field
          label="Budget in dollars, if any"
          inputMode="decimal"
          value={budget}
          onText={setBudget}
          className="w-48"
          problem={
            isWrong
              ? { what: 'This is no amount.', why: 'A budget is a number of dollars above 0.', next: '' }
              : undefined
          }
        />
        <Button type="submit" look="primary" disabled={issue.isPending}>
          Make it
        </Button>
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      {issue.error !== null && <ProblemText problem={toFault(issue.error, 'Making the key')} />}
    </form>
  );
}
