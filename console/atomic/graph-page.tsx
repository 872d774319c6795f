// What builds on what among the newest patches of a channel, as a picture or as a list.

import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { FilterX, GitFork, SquareFunction } from 'lucide-react';
import { lazy, Suspense, useCallback, useState } from 'react';
import type { PatchGraph } from 'atomic/protocol';

import { Card } from '../components/card.tsx';
import { Empty } from '../components/empty.tsx';
import { Screen } from '../components/screen.tsx';
import { Segmented } from '../components/segmented.tsx';
import { useNarrow } from '../components/use-narrow.ts';
import { faceOf } from '../requests/face.ts';
import { GraphList } from './graph-list.tsx';
import { classSegments, parseClass, type ClassFilter } from './history-state.ts';
import { graphQuery } from './queries.ts';
import { RepositoryFrame } from './repository-frame.tsx';
import { changed } from '../shell/address-texts.ts';
import { SearchField } from './search-field.tsx';
import { SelectField } from '../components/select-field.tsx';
import { patchesText } from './words.ts';

const PatchPicture = lazy(async () => ({ default: (await import('./patch-picture.tsx')).PatchPicture }));

const LIMITS = ['25', '50', '100', '200'];
const LIMIT_USUAL = '50';

export function GraphPage() {
  const { repository } = useParams({ from: '/atomic/$repository/graph' });
  const search = useSearch({ from: '/atomic/$repository/graph' });
  const navigate = useNavigate({ from: '/atomic/$repository/graph' });
  const { channel, actor, expr, limit = LIMIT_USUAL } = search;
  const graph = useQuery(graphQuery(repository, { channel, actor, expr, limit }));
  const change = (news: typeof search): void => void navigate({ search: changed(search, news), replace: true });
  return (
    <RepositoryFrame
      repository={repository}
      channel={channel}
      title="Graph"
      onChannel={(name) => void navigate({ search: changed(search, { channel: name }) })}
    >
      {(detail) => (
        <>
          <section aria-label="Filter" className="mb-4 flex flex-wrap items-center gap-2">
            <Segmented<ClassFilter>
              label="Written by"
              value={parseClass(actor)}
              onChange={(value) => change({ actor: value === 'all' ? '' : value })}
              segments={classSegments(detail)}
            />
            <SelectField
              label="How many"
              value={limit}
              onChange={(value) => change({ limit: value })}
              options={LIMITS.map((value) => ({ value, label: `Newest ${value}` }))}
            />
            <SearchField
              label="Expression, as for atomic log --where"
              placeholder="file=src/**"
              icon={SquareFunction}
              mono
              value={expr ?? ''}
              onSearch={(text) => change({ expr: text })}
              className="min-w-56 flex-1"
            />
          </section>
          <Screen face={faceOf(graph)} loading="Loading the graph">
            {(value) => <GraphDrawing repository={repository} channel={channel} graph={value} />}
          </Screen>
        </>
      )}
    </RepositoryFrame>
  );
}

interface GraphDrawingFace {
  readonly repository: string;
  readonly channel: string | undefined;
  readonly graph: PatchGraph;
}

type Drawn = 'picture' | 'list';

export function GraphDrawing({ repository, channel, graph }: GraphDrawingFace) {
  const navigate = useNavigate();
  const narrow = useNarrow();
  const [chosen, setChosen] = useState<Drawn | null>(null);
  const onFailed = useCallback(() => setChosen('list'), []);
  // On a phone the list says it in a third of the height; the picture is one tap away.
  const drawn = chosen ?? (narrow ? 'list' : 'picture');
  if (graph.nodes.length === 0) {
    return (
      <Empty icon={FilterX} title="No patch is like that">
        <p>Change the filter above.</p>
      </Empty>
    );
  }
  return (
    <Card
      title={`${patchesText(graph.nodes.length)}, and what builds on what`}
      icon={GitFork}
      bare
      aside={
        <Segmented<Drawn>
          label="Show the graph as"
          value={drawn}
          onChange={setChosen}
          segments={[
            { value: 'picture', label: 'Picture' },
            { value: 'list', label: 'List' },
          ]}
        />
      }
    >
      <p className="border-b px-4 py-2 text-sm text-ink-soft sm:px-5">
        An arrow leads from a patch to what it builds on. Patches that no arrows connect may be taken and left in any
        order.
        {graph.others > 0 && ` ${patchesText(graph.others)} more of the channel are not drawn.`}
      </p>
      {drawn === 'picture' && (
        <Suspense fallback={<div className="h-[560px] animate-shimmer bg-sunken" />}>
          <PatchPicture
            nodes={graph.nodes}
            edges={graph.edges}
            label={`${patchesText(graph.nodes.length)} and what builds on what. The list below says the same.`}
            height={560}
            movable
            onOpen={(hash) =>
              void navigate({
                to: '/atomic/$repository/patches/$patch',
                params: { repository, patch: hash },
                search: channel === undefined ? {} : { channel },
              })
            }
            onFailed={onFailed}
          />
        </Suspense>
      )}
      <div className={drawn === 'picture' ? 'sr-only' : undefined}>
        <GraphList repository={repository} channel={channel} graph={graph} />
      </div>
    </Card>
  );
}
