// Every trial: as a tree of sets, each below the one it narrows or extends, or as a table that says the same.

import { FlaskConical } from 'lucide-react';
import { useMemo } from 'react';
import { countText } from 'kernel/basics';
import type { TrialView } from 'modernizer/protocol';

import { Card } from '../components/card.tsx';
import { Segmented } from '../components/segmented.tsx';
import type { RunSearch } from './run-search.ts';
import { flatTree, trialTree } from './trial-tree-state.ts';
import { TrialTable } from './trial-table.tsx';
import { TrialTree } from './trial-tree.tsx';

interface TrialsFace {
  readonly trials: readonly TrialView[];
  readonly nowMs: number;
  readonly search: RunSearch;
  readonly onSearch: (news: RunSearch) => void;
  readonly onOpen: (trial: string) => void;
}

type Drawn = 'tree' | 'table';

export function TrialsCard({ trials, nowMs, search, onSearch, onOpen }: TrialsFace) {
  const drawn: Drawn = search.trials === 'table' ? 'table' : 'tree';
  const tree = useMemo(() => trialTree(trials), [trials]);
  return (
    <Card
      title="Trials"
      icon={FlaskConical}
      bare
      aside={
        <>
          <span className="numeric text-xs text-ink-soft">{countText(trials.length, 'trial')}</span>
          <Segmented<Drawn>
            label="Show trials"
            value={drawn}
            onChange={(next) => onSearch({ trials: next === 'tree' ? '' : next })}
            segments={[
              { value: 'tree', label: 'Tree' },
              { value: 'table', label: 'Table' },
            ]}
          />
        </>
      }
    >
      {trials.length === 0 ? (
        <p className="px-5 py-8 text-center text-ink-soft">No trial yet. The first one tries the project as it is.</p>
      ) : drawn === 'tree' ? (
        <TrialTree nodes={tree} trials={trials} nowMs={nowMs} onOpen={onOpen} />
      ) : (
        <TrialTable nodes={flatTree(tree).map(({ node }) => node)} trials={trials} nowMs={nowMs} onOpen={onOpen} />
      )}
    </Card>
  );
}
