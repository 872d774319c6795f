import { MessageCircleReply } from 'lucide-react';
import type { DecisionView } from 'modernizer/protocol';

import { Card } from '../components/card.tsx';
import { answerText } from './decision-state.ts';

/** What was asked and decided, and by whom: a decision is part of the evidence. */
export function AnsweredCard({ decisions }: { readonly decisions: readonly DecisionView[] }) {
  const answered = decisions.filter((decision) => decision.answer !== null);
  if (answered.length === 0) return null;
  return (
    <Card title="Decided" icon={MessageCircleReply} bare>
      <dl className="divide-y">
        {answered.map((decision) => (
          <div key={decision.id} className="px-4 py-2.5 [overflow-wrap:anywhere] sm:px-5">
            <dt className="text-sm text-ink-soft">{decision.question}</dt>
            <dd className="font-medium">{answerText(decision)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
