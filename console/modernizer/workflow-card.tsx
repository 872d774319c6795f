// The workflow as a graph or as a list, as the person likes; the list is there for screen readers in both cases.

import { Workflow } from 'lucide-react';
import { lazy, Suspense, useCallback, useState } from 'react';
import type { ModernizationView } from 'modernizer/protocol';

import { Card } from '../components/card.tsx';
import { Segmented } from '../components/segmented.tsx';
import { useNarrow } from '../components/use-narrow.ts';
import { WorkflowList } from './workflow-list.tsx';
import { workflowSteps } from './workflow-state.ts';

const WorkflowGraph = lazy(async () => ({ default: (await import('./workflow-graph.tsx')).WorkflowGraph }));

type Drawn = 'graph' | 'list';

export function WorkflowCard({ view }: { readonly view: ModernizationView }) {
  const narrow = useNarrow();
  const [chosen, setChosen] = useState<Drawn | null>(null);
  const onFailed = useCallback(() => setChosen('list'), []);
  // On a phone the list says it in a third of the height; the graph is one tap away.
  const drawn = chosen ?? (narrow ? 'list' : 'graph');
  const steps = workflowSteps(view);
  return (
    <Card
      title="Workflow"
      icon={Workflow}
      bare
      aside={
        <Segmented<Drawn>
          label="Show the workflow as"
          value={drawn}
          onChange={setChosen}
          segments={[
            { value: 'graph', label: 'Graph' },
            { value: 'list', label: 'List' },
          ]}
        />
      }
    >
      {drawn === 'graph' && (
        <Suspense fallback={<div className="h-54 animate-shimmer bg-sunken" />}>
          <WorkflowGraph steps={steps} direction={narrow ? 'DOWN' : 'RIGHT'} onFailed={onFailed} />
        </Suspense>
      )}
      <div className={drawn === 'graph' ? 'sr-only' : undefined}>
        <WorkflowList steps={steps} />
      </div>
    </Card>
  );
}
