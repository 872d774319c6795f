// Take and leave: every patch of a channel has a switch; what switching it would mean is explained before it is done.

import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import type { RepositoryDetail } from 'atomic/protocol';

import { Button } from '../components/button.tsx';
import { Empty } from '../components/empty.tsx';
import { Screen } from '../components/screen.tsx';
import { Segmented } from '../components/segmented.tsx';
import { faceOf, mapFace } from '../requests/face.ts';
import { HistoryFilters } from './history-filters.tsx';
import { isFiltered, patchesOf } from './history-state.ts';
import { MovementDrawer } from './movement-drawer.tsx';
import { historyQuery } from './queries.ts';
import { RepositoryFrame } from './repository-frame.tsx';
import { changed, textsIn } from './search.ts';
import { TakeAll } from './take-all.tsx';
import { TakeRow } from './take-row.tsx';
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
      <Switches
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

interface SwitchesFace {
  readonly repository: string;
  readonly channel: string;
  readonly side: Side;
  readonly filters: Readonly<Partial<Record<(typeof FILTERS)[number], string>>>;
  readonly chosen: ReadonlySet<string>;
  readonly onToggle: (hash: string) => void;
}

function Switches({ repository, channel, side, filters, chosen, onToggle }: SwitchesFace) {
  const of = side === 'in' ? 'channel' : 'outside';
  const pages = useInfiniteQuery(historyQuery(repository, { channel, ...filters, of }));
  const face = mapFace(faceOf(pages), (data) => patchesOf(data.pages));
  return (
    <Screen face={face} loading="Loading the patches">
      {(patches) =>
        patches.length === 0 && !pages.hasNextPage ? (
          <Empty icon={ListChecks} title={noneTitle(side, isFiltered(filters))}>
            <p>{side === 'in' ? 'Change the filter above.' : 'What is left out of the channel is listed here.'}</p>
          </Empty>
        ) : (
          <>
            <ul aria-label="Patches" className="divide-y overflow-hidden rounded-xl border bg-surface shadow-card">
              {patches.map((patch) => (
                <li key={patch.hash}>
                  <TakeRow
                    {...{ repository, channel, side, patch }}
                    isChosen={chosen.has(patch.hash)}
                    onToggle={() => onToggle(patch.hash)}
                  />
                </li>
              ))}
            </ul>
            {pages.hasNextPage && (
              <div className="mt-4 text-center">
                <Button disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                  {pages.isFetchingNextPage ? 'Loading…' : 'Load older patches'}
                </Button>
              </div>
            )}
          </>
        )
      }
    </Screen>
  );
}

const noneTitle = (side: Side, filtered: boolean): string => {
  if (filtered) return 'No patch is like that';
  return side === 'in' ? 'The channel has no patch' : 'The channel has every patch';
};
