// The history of a channel: its filters, and pages that may overlap.

import type { ActorClass, PatchLine, PatchPage, RepositoryDetail } from 'atomic/protocol';
import { ACTOR_CLASSES } from 'atomic/protocol';

import { CLASS_WORDS } from './looks.ts';
import type { HistorySearch } from './search.ts';
import { modelWord, patchesText, sumOf } from './words.ts';

export type ClassFilter = 'all' | ActorClass;

export const parseClass = (text: string | undefined): ClassFilter =>
  ACTOR_CLASSES.find((actor) => actor === text) ?? 'all';

export const classSegments = ({ counts }: Pick<RepositoryDetail, 'counts'>) =>
  [
    { value: 'all', label: 'All', count: sumOf(counts) },
    ...ACTOR_CLASSES.map((actor) => ({ value: actor, label: CLASS_WORDS[actor].word, count: counts[actor] })),
  ] as const;

export const modelOptions = ({ models }: Pick<RepositoryDetail, 'models'>) => [
  { value: '', label: 'Any model' },
  ...models.map(({ model, patches }) => ({ value: model, label: `${modelWord(model)} (${patches})` })),
];

/** Pages of a list that grows at its head may overlap: each patch once, where it stands newest. */
export function patchesOf(pages: readonly PatchPage[]): readonly PatchLine[] {
  const seen = new Set<string>();
  return pages.flatMap(({ patches }) => patches).filter(({ hash }) => !seen.has(hash) && seen.add(hash).has(hash));
}

export const isFiltered = (search: HistorySearch): boolean => Object.keys(search).some((key) => key !== 'channel');

/** What is shown, for those who hear the page. */
export const shownText = (shown: number, hasMore: boolean): string =>
  hasMore ? `${patchesText(shown)} shown, and there are more.` : `${patchesText(shown)} shown.`;
