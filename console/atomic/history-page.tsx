// The patches of a channel, newest first, each with who wrote it.

import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { FilterX, History } from 'lucide-react';
import { useEffect } from 'react';
import type { PatchLine } from 'atomic/protocol';

import { Button } from '../components/button.tsx';
import { CopyLine } from '../components/copy-line.tsx';
import { Empty } from '../components/empty.tsx';
import { Screen } from '../components/screen.tsx';
import { faceOf, mapFace } from '../requests/face.ts';
import { HistoryFilters } from './history-filters.tsx';
import { isFiltered, patchesOf, shownText } from './history-state.ts';
import { PatchRow } from './patch-row.tsx';
import { historyQuery } from './queries.ts';
import { RepositoryFrame } from './repository-frame.tsx';
import { changed } from '../shell/address-texts.ts';
import { channelIn, type HistorySearch } from './search.ts';
import { SharesCard } from './shares-card.tsx';

export function HistoryPage() {
  const { repository } = useParams({ from: '/atomic/$repository' });
  const search = useSearch({ from: '/atomic/$repository' });
  const navigate = useNavigate({ from: '/atomic/$repository' });
  return (
    <RepositoryFrame
      repository={repository}
      channel={search.channel}
      title="History"
      onChannel={(channel) => void navigate({ search: changed(search, { channel }) })}
    >
      {(detail) => (
        <>
          <SharesCard repository={repository} channel={search.channel} />
          <HistoryFilters
            detail={detail}
            search={search}
            onChange={(news) => void navigate({ search: changed(search, news), replace: true })}
            onClear={() => void navigate({ search: channelIn(search), replace: true })}
          />
          <PatchList repository={repository} search={search} />
        </>
      )}
    </RepositoryFrame>
  );
}

function PatchList({ repository, search }: { readonly repository: string; readonly search: HistorySearch }) {
  const pages = useInfiniteQuery(historyQuery(repository, search));
  const face = mapFace(faceOf(pages), (data) => patchesOf(data.pages));
  const isEmptySoFar = face.kind === 'ready' && face.value.length === 0 && pages.hasNextPage;
  const { fetchNextPage, isFetchingNextPage } = pages;
  const isToLookOn = isEmptySoFar && !isFetchingNextPage;
  // A filter that finds nothing in the first few thousand patches looks on by itself.
  useEffect(() => {
    if (isToLookOn) void fetchNextPage();
  }, [isToLookOn, fetchNextPage]);
  return (
    <Screen face={face} loading="Loading the patches">
      {(patches) => (
        <>
          <p role="status" className="sr-only">
            {shownText(patches.length, pages.hasNextPage)}
          </p>
          <Patches patches={patches} repository={repository} search={search} isLooking={isEmptySoFar} />
          {pages.hasNextPage && patches.length > 0 && (
            <div className="mt-4 text-center">
              <Button disabled={pages.isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {pages.isFetchingNextPage ? 'Loading…' : 'Load older patches'}
              </Button>
            </div>
          )}
        </>
      )}
    </Screen>
  );
}

interface PatchesFace {
  readonly patches: readonly PatchLine[];
  readonly repository: string;
  readonly search: HistorySearch;
  readonly isLooking: boolean;
}

export function Patches({ patches, repository, search, isLooking }: PatchesFace) {
  if (patches.length > 0) {
    return (
      <ul aria-label="Patches" className="divide-y overflow-hidden rounded-xl border bg-surface shadow-card">
        {patches.map((patch) => (
          <li key={patch.hash}>
            <PatchRow repository={repository} channel={search.channel} patch={patch} />
          </li>
        ))}
      </ul>
    );
  }
  if (isLooking) return <p className="py-12 text-center text-ink-soft">Looking through older patches…</p>;
  return isFiltered(search) ? (
    <Empty icon={FilterX} title="No patch is like that">
      <p>Change the filter above, or clear it.</p>
    </Empty>
  ) : (
    <Empty icon={History} title="No patch yet">
      <p>This channel is empty. Record what lies in the folder:</p>
      <CopyLine className="mt-3 text-left" line='atomic record --all -m "The beginning"' label="Copy the command" />
    </Empty>
  );
}
