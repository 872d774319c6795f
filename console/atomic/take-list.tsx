// The patches of one side, each with its switch.

import { useInfiniteQuery } from '@tanstack/react-query';
import { ListChecks } from 'lucide-react';

import { Button } from '../components/button.tsx';
import { Empty } from '../components/empty.tsx';
import { Screen } from '../components/screen.tsx';
import { faceOf, mapFace } from '../requests/face.ts';
import { isFiltered, patchesOf } from './history-state.ts';
import { historyQuery } from './queries.ts';
import type { HistorySearch } from './search.ts';
import { TakeRow } from './take-row.tsx';
import type { Side } from './take-state.ts';

interface TakeListFace {
  readonly repository: string;
  readonly channel: string;
  readonly side: Side;
  readonly filters: Omit<HistorySearch, 'channel'>;
  readonly chosen: ReadonlySet<string>;
  readonly onToggle: (hash: string) => void;
}

export function TakeList({ repository, channel, side, filters, chosen, onToggle }: TakeListFace) {
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
