// What the planner looked at and left as it is, and which facts the registry could not give.

import { ListX } from 'lucide-react';
import type { ModernizationView } from 'modernizer/protocol';

import { Card } from '../components/card.tsx';
import { warningsBesides, warningWord } from './warnings-state.ts';

export function PlanCard({ plan }: { readonly plan: ModernizationView['plan'] }) {
  if (plan === null) return null;
  const silent = plan.signals.filter((signal) => signal.state === 'unavailable');
  const warned = warningsBesides(plan);
  if (plan.leftAlone.length === 0 && silent.length === 0) return null;
  return (
    <Card title="Left as it is, and unknown" icon={ListX} bare>
      <dl className="divide-y">
        {plan.leftAlone.map((left) => (
          <div key={left.name} className="px-4 py-2.5 sm:px-5">
            <dt className="min-w-0 [overflow-wrap:anywhere]">
              <span className="font-medium">{left.name}</span>{' '}
              <code className="font-mono text-xs text-ink-soft">{left.range}</code>
            </dt>
            <dd className="text-sm text-ink-soft">{left.reason}</dd>
            {warned
              .filter(({ name }) => name === left.name)
              .map((warning) => (
                <dd key={`${warning.kind} ${warning.text}`} className="text-sm text-warn [overflow-wrap:anywhere]">
                  {warningWord(warning)}: {warning.text}
                </dd>
              ))}
          </div>
        ))}
        {silent.map((signal) => (
          <div key={signal.name} className="px-4 py-2.5 sm:px-5">
            <dt>
              <span className="font-medium">{signal.name}</span> <span className="text-xs text-warn">unknown</span>
            </dt>
            <dd className="text-sm text-ink-soft">{signal.reason ?? 'The registry does not tell.'}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
