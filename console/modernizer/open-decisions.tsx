import { FlaskConical } from 'lucide-react';
import type { ReactNode } from 'react';
import { openDecisions, type DecisionView, type ModernizationView } from 'modernizer/protocol';

import { Button } from '../components/button.tsx';
import { tell } from '../components/tell.ts';
import { answerDecision, freshKey } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { DecisionCard } from './decision-card.tsx';
import { evidenceOf } from './decision-state.ts';

interface OpenDecisionsFace {
  readonly run: string;
  readonly view: ModernizationView;
  readonly onOpenTrial: (trial: string) => void;
  readonly from?: ReactNode;
}

/** Every open question of a run. An answered one leaves when the journal says so, here and everywhere else. */
export function OpenDecisions({ run, view, onOpenTrial, from }: OpenDecisionsFace) {
  return openDecisions(view).map((decision) => (
    <OpenDecision key={decision.id} run={run} view={view} decision={decision} onOpenTrial={onOpenTrial} from={from} />
  ));
}

function OpenDecision({
  run,
  view,
  decision,
  onOpenTrial,
  from,
}: OpenDecisionsFace & { readonly decision: DecisionView }) {
  const answer = useOrder({
    send: answerDecision,
    doing: 'Sending your answer',
    done: () => tell('Decided. The run goes on with it.', { tone: 'good' }),
  });
  const evidence = evidenceOf(decision, view);
  return (
    <DecisionCard
      decision={decision}
      from={from}
      // Stays closed after a success, until the journal confirms it: the same question is not answered twice.
      sending={answer.isPending || answer.isSuccess}
      onAnswer={(option) => answer.mutate({ key: freshKey(), run, decision: decision.id, option })}
      evidence={evidence.map(({ trial, text }) => (
        <Button key={trial} look="quiet" size="small" onClick={() => onOpenTrial(trial)}>
          <FlaskConical aria-hidden /> {text}
        </Button>
      ))}
    />
  );
}
