// The budgets: what may be spent, what is, what is set aside for calls under way, and when one would be used up.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { OctagonAlert, Pencil, PiggyBank, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Budget, Forecast } from 'tandem/protocol';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Chip } from '../components/chip.tsx';
import { Question } from '../components/question.tsx';
import { Screen } from '../components/screen.tsx';
import { tell } from '../components/tell.ts';
import { faceOf } from '../requests/face.ts';
import { freshKey } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { BudgetForm } from './budget-form.tsx';
import { budgetTitle, budgetUse } from './costs-state.ts';
import { budgetsQuery, removeBudget } from './queries.ts';

interface BudgetsCardFace {
  readonly forecast: Forecast;
  readonly mayChange: boolean;
}

export function BudgetsCard({ forecast, mayChange }: BudgetsCardFace) {
  const budgets = useQuery(budgetsQuery);
  const [isSetting, setIsSetting] = useState(false);
  const usedUpOn = new Map(forecast.budgets.map(({ id, usedUpOn }) => [id, usedUpOn]));
  return (
    <div id="budgets" className="scroll-mt-20">
      <Card
        title="Budgets"
        icon={PiggyBank}
        bare
        aside={
          mayChange &&
          !isSetting && (
            <Button size="small" onClick={() => setIsSetting(true)}>
              <Plus aria-hidden /> Set a budget
            </Button>
          )
        }
      >
        {isSetting && <BudgetForm onEnd={() => setIsSetting(false)} />}
        <Screen face={faceOf(budgets)} loading="Loading the budgets">
          {({ budgets: all }) =>
            all.length === 0 ? (
              <p className="px-5 py-6 text-center text-ink-soft">
                No budget is set: nothing but the providers themselves stops the spending.
              </p>
            ) : (
              <ul aria-label="Budgets" className="divide-y">
                {all.map((budget) => (
                  <li key={budget.id}>
                    <BudgetLine budget={budget} usedUpOn={usedUpOn.get(budget.id) ?? null} mayChange={mayChange} />
                  </li>
                ))}
              </ul>
            )
          }
        </Screen>
      </Card>
    </div>
  );
}

interface BudgetLineFace {
  readonly budget: Budget;
  readonly usedUpOn: string | null;
  readonly mayChange: boolean;
}

function BudgetLine({ budget, usedUpOn, mayChange }: BudgetLineFace) {
  const [isChanging, setIsChanging] = useState(false);
  const title = budgetTitle(budget);
  const use = budgetUse(budget);
  if (isChanging) return <BudgetForm before={budget} onEnd={() => setIsChanging(false)} />;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 sm:px-5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 text-sm font-medium [overflow-wrap:anywhere]">
          {title}
          {use.isUsedUp && <Chip look={{ tone: 'bad', icon: OctagonAlert, word: 'used up' }} />}
        </p>
        <div
          role="progressbar"
          aria-label={title}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(use.spent * 100)}
          aria-valuetext={use.text}
          className="mt-2 flex h-2 overflow-hidden rounded-full bg-line"
        >
          <span className={use.isUsedUp ? 'bg-bad-solid' : 'bg-accent'} style={{ width: `${use.spent * 100}%` }} />
          <span className="hatched" style={{ width: `${use.held * 100}%` }} />
        </div>
        <p className="numeric mt-1 text-xs text-ink-soft">
          {use.text}
          {usedUpOn !== null && !use.isUsedUp && `; at this pace used up on ${usedUpOn}`}
          {budget.note !== '' && budget.scope !== 'key' && `. ${budget.note}`}
        </p>
      </div>
      {mayChange && <Changing budget={budget} title={title} onChange={() => setIsChanging(true)} />}
    </div>
  );
}

interface ChangingFace {
  readonly budget: Budget;
  readonly title: string;
  readonly onChange: () => void;
}

function Changing({ budget, title, onChange }: ChangingFace) {
  const queries = useQueryClient();
  const [isAsked, setIsAsked] = useState(false);
  const remove = useOrder({
    send: removeBudget,
    doing: 'Removing the budget',
    done: () => {
      void queries.invalidateQueries({ queryKey: ['costs'] });
      tell('The budget is removed.', { detail: title });
    },
  });
  return (
    <span className="flex">
      <Button look="quiet" size="icon" className="size-8" aria-label={`Change: ${title}`} onClick={onChange}>
        <Pencil aria-hidden />
      </Button>
      <Button
        look="quiet"
        size="icon"
        className="size-8"
        aria-label={`Remove: ${title}`}
        onClick={() => setIsAsked(true)}
      >
        <Trash2 aria-hidden />
      </Button>
      {isAsked && (
        <Question
          title={`Remove this budget: ${title}?`}
          detail="From then on nothing of it is held back. What was spent stays in the ledger."
          yes="Remove it"
          onYes={() => remove.mutate({ key: freshKey(), id: budget.id })}
          onClose={() => setIsAsked(false)}
        />
      )}
    </span>
  );
}
