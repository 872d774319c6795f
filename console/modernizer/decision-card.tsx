// A question to a person: what, why, the ways to go on, and the evidence. One answer, given once.

import { MessageCircleQuestion } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import type { DecisionView } from 'modernizer/protocol';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { ChoiceCards } from '../components/choice-cards.tsx';
import { Moment } from '../components/moment.tsx';
import { firstChoice } from './decision-state.ts';

interface DecisionCardFace {
  readonly decision: DecisionView;
  /** Links to what the question rests on. */
  readonly evidence: ReactNode;
  readonly sending: boolean;
  readonly onAnswer: (option: string) => void;
  /** Where the question comes from, when it is not asked on its run's own page. */
  readonly from?: ReactNode;
}

export function DecisionCard({ decision, evidence, sending, onAnswer, from }: DecisionCardFace) {
  const [chosen, setChosen] = useState(() => firstChoice(decision));
  const question = useId();
  return (
    <Card
      title="Your decision"
      icon={MessageCircleQuestion}
      tone="accent"
      aside={
        <span className="text-xs text-ink-soft">
          {from} asked <Moment at={decision.askedAt} />
        </span>
      }
    >
      <form
        aria-labelledby={question}
        onSubmit={(event) => {
          event.preventDefault();
          onAnswer(chosen);
        }}
      >
        <h3 id={question} className="text-lg font-semibold [overflow-wrap:anywhere]">
          {decision.question}
        </h3>
        <p className="mt-1 max-w-3xl text-ink-soft [overflow-wrap:anywhere]">{decision.why}</p>
        <ChoiceCards
          className="mt-4 md:grid-cols-2"
          label={decision.question}
          value={chosen}
          onChange={setChosen}
          disabled={sending}
          choices={decision.options.map((option) => ({
            ...option,
            mark:
              option.id === decision.defaultOption ? (
                <span className="rounded-full bg-accent-soft px-2 text-xs font-medium text-accent-text group-data-[state=checked]:bg-surface">
                  default
                </span>
              ) : undefined,
          }))}
        />
        <div className="mt-4 flex flex-wrap items-center gap-3">
          <Button type="submit" look="primary" disabled={sending || chosen === ''}>
            {sending ? 'Sending…' : 'Decide'}
          </Button>
          {evidence}
        </div>
      </form>
    </Card>
  );
}
