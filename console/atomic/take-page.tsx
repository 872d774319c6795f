// Take and leave: every patch of a channel has a switch; what switching it would mean is explained before it is done.

import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { RepositoryDetail } from 'atomic/protocol';

import { Button } from '../components/button.tsx';
import { Segmented } from '../components/segmented.tsx';
import { HistoryFilters } from './history-filters.tsx';
import { MovementDrawer } from './movement-drawer.tsx';
import { RepositoryFrame } from './repository-frame.tsx';
import { changed, textsIn } from '../shell/address-texts.ts';
import { TakeAll } from './take-all.tsx';
import { TakeList } from './take-list.tsx';
import { chosenText, directionOf, parseSide, toggled, type Chosen, type Side } from './take-state.ts';

export function TakePage() {
  const { repository } = useParams({ from: '/atomic/$repository/take' });
  const search = useSearch({ from: '/atomic/$repository/take' });
  const navigate = useNavigate({ from: '/atomic/$repository/take' });
  return (
    <RepositoryFrame
      repository={repository}
      channel={search.channel}
      title="Take and leave"
      onChannel={(channel) => void navigate({ search: changed(search, { channel }) })}
    >
      {(detail) => (
        // What was chosen is of one list: another channel or side begins anew.
        <Taking
          key={`${search.channel ?? detail.current} ${search.side ?? 'in'}`}
          detail={detail}
          repository={repository}
          channel={search.channel ?? detail.current}
        />
      )}
    </RepositoryFrame>
  );
}

interface TakingFace {
  readonly detail: RepositoryDetail;
  readonly repository: string;
  readonly channel: string;
}

const FILTERS = ['actor', 'model', 'author', 'text', 'expr', 'path'] as const;

function Taking({ detail, repository, channel }: TakingFace) {
  const search = useSearch({ from: '/atomic/$repository/take' });
  const navigate = useNavigate({ from: '/atomic/$repository/take' });
  const side = parseSide(search.side);
  const filters = textsIn(search, FILTERS);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [plan, setPlan] = useState<Chosen | null>(null);
  const direction = directionOf(side);
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <Segmented<Side>
          label="Which patches"
          value={side}
          onChange={(next) => void navigate({ search: changed(search, { side: next === 'in' ? '' : next }) })}
          segments={[
            { value: 'in', label: `In ${channel}` },
            { value: 'out', label: 'Not in it' },
          ]}
        />
        <TakeAll
          models={detail.models}
          expr={filters.expr}
          direction={direction}
          onPlan={(expr) => setPlan({ patches: [], expr })}
        />
      </div>
      <HistoryFilters
        detail={detail}
        search={filters}
        onChange={(news) => void navigate({ search: changed(search, news), replace: true })}
        onClear={() => void navigate({ search: textsIn(search, ['channel', 'side']), replace: true })}
      />
      <TakeList
        {...{ repository, channel, side, chosen }}
        filters={filters}
        onToggle={(hash) => setChosen(toggled(chosen, hash))}
      />
      {chosen.size > 0 && (
        <div
          role="status"
          className="sticky bottom-20 z-20 mt-4 flex flex-wrap items-center gap-3 rounded-xl border border-accent-line bg-surface px-4 py-3 shadow-raised md:bottom-4"
        >
          <span className="numeric mr-auto font-medium">{chosenText(chosen.size, direction)}</span>
          <Button look="quiet" onClick={() => setChosen(new Set())}>
            Put the switches back
          </Button>
          <Button look="primary" onClick={() => setPlan({ patches: [...chosen] })}>
            See what happens
          </Button>
        </div>
      )}
      {plan !== null && (
        <MovementDrawer
          {...{ repository, channel, direction }}
          chosen={plan}
          onClose={() => setPlan(null)}
          onDone={() => {
            setPlan(null);
            setChosen(new Set());
          }}
        />
      )}
    </>
  );
}
