import type { PatchGraph } from 'atomic/protocol';

import { PatchRow } from './patch-row.tsx';
import { titleOf } from './words.ts';

/** Patches whose names a line has room for. */
const NAMED_MAX = 3;

interface GraphListFace {
  readonly repository: string;
  readonly channel: string | undefined;
  readonly graph: PatchGraph;
}

/** The graph in words: each patch, and which of the others it builds on. */
export function GraphList({ repository, channel, graph }: GraphListFace) {
  const titles = new Map(graph.nodes.map(({ hash, message }) => [hash, titleOf(message)]));
  return (
    <ul aria-label="Patches" className="divide-y">
      {graph.nodes.map((patch) => {
        const below = graph.edges.filter(({ from }) => from === patch.hash).map(({ to }) => titles.get(to) ?? to);
        return (
          <li key={patch.hash}>
            <PatchRow repository={repository} channel={channel} patch={patch} />
            <p className="truncate px-4 pb-2.5 text-xs text-ink-soft sm:px-5 md:pl-[152px]">{buildsOnText(below)}</p>
          </li>
        );
      })}
    </ul>
  );
}

export function buildsOnText(titles: readonly string[]): string {
  if (titles.length === 0) return 'Builds on none of these.';
  const more = titles.length - NAMED_MAX;
  return `Builds on: ${titles.slice(0, NAMED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}
