// What the console asks about repositories, and what it orders done with them.

import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  FileDetail,
  Movement,
  PatchDetail,
  PatchGraph,
  PatchPage,
  Repositories,
  RepositoryDetail,
  RepositoryForgotten,
  RepositoryRegistered,
  StatisticsDetail,
  Tree,
  type Direction,
  type MovementAsked,
  type RepositoryToRegister,
} from 'atomic/protocol';

import { ask } from '../requests/ask.ts';
import type { Keyed } from '../requests/orders.ts';

/** Somebody may record in a terminal meanwhile. */
const FRESH_MS = 10_000;
const PATCHES_ON_A_PAGE = 50;
const ROOT = '/api/atomic/repositories';

type Texts = Readonly<Record<string, string | undefined>>;

export function pathOf(repository: string, rest: string, texts: Texts = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(texts)) if (value !== undefined && value !== '') query.set(key, value);
  const asked = query.toString();
  return `${ROOT}/${encodeURIComponent(repository)}${rest}${asked === '' ? '' : `?${asked}`}`;
}

export const repositoriesQuery = infiniteQueryOptions({
  queryKey: ['atomic', 'list'],
  queryFn: ({ signal, pageParam }) =>
    ask(Repositories, pageParam === undefined ? ROOT : `${ROOT}?cursor=${encodeURIComponent(pageParam)}`, { signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor ?? undefined,
  refetchInterval: FRESH_MS,
});

export interface InRepository {
  readonly repository: string;
  readonly channel?: string | undefined;
}

export const repositoryQuery = ({ repository, channel }: InRepository) =>
  queryOptions({
    queryKey: ['atomic', 'one', repository, channel ?? ''],
    queryFn: ({ signal }) => ask(RepositoryDetail, pathOf(repository, '', { channel }), { signal }),
    refetchInterval: FRESH_MS,
    placeholderData: keepPreviousData,
  });

export const historyQuery = (repository: string, texts: Texts) =>
  infiniteQueryOptions({
    queryKey: ['atomic', 'history', repository, texts],
    queryFn: ({ signal, pageParam }) =>
      ask(
        PatchPage,
        pathOf(repository, '/patches', { ...texts, limit: String(PATCHES_ON_A_PAGE), before: pageParam }),
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

export const patchQuery = ({ repository, channel }: InRepository, patch: string) =>
  queryOptions({
    queryKey: ['atomic', 'patch', repository, patch, channel ?? ''],
    queryFn: ({ signal }) =>
      ask(PatchDetail, pathOf(repository, `/patches/${encodeURIComponent(patch)}`, { channel }), { signal }),
  });

export const graphQuery = (repository: string, texts: Texts) =>
  queryOptions({
    queryKey: ['atomic', 'graph', repository, texts],
    queryFn: ({ signal }) => ask(PatchGraph, pathOf(repository, '/graph', texts), { signal }),
    placeholderData: keepPreviousData,
  });

export const treeQuery = (repository: string, texts: Texts) =>
  queryOptions({
    queryKey: ['atomic', 'tree', repository, texts],
    queryFn: ({ signal }) => ask(Tree, pathOf(repository, '/tree', texts), { signal }),
    placeholderData: keepPreviousData,
  });

export const fileQuery = (repository: string, texts: Texts & { readonly path: string }) =>
  infiniteQueryOptions({
    queryKey: ['atomic', 'file', repository, texts],
    queryFn: ({ signal, pageParam }) =>
      ask(FileDetail, pathOf(repository, '/file', { ...texts, from: String(pageParam) }), { signal }),
    initialPageParam: 1,
    getNextPageParam: ({ from, lines, linesInAll }) => {
      const next = from + (lines?.length ?? 0);
      return lines !== null && next <= linesInAll ? next : undefined;
    },
  });

export const statisticsQuery = (repository: string, texts: Texts) =>
  queryOptions({
    queryKey: ['atomic', 'statistics', repository, texts],
    queryFn: ({ signal }) => ask(StatisticsDetail, pathOf(repository, '/statistics', texts), { signal }),
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS * 6,
  });

// --- orders ----------------------------------------------------------------------------------------------------

export const registerRepository = ({ key, wanted }: Keyed & { readonly wanted: RepositoryToRegister }) =>
  ask(RepositoryRegistered, ROOT, { key, body: wanted });

export const forgetRepository = ({ key, repository }: Keyed & { readonly repository: string }) =>
  ask(RepositoryForgotten, pathOf(repository, ''), { key, method: 'DELETE' });

export interface MovementOrder {
  readonly repository: string;
  readonly channel: string;
  readonly direction: Direction;
  readonly asked: MovementAsked;
}

export const movePatches = ({ key, repository, channel, direction, asked }: MovementOrder & Keyed) =>
  ask(Movement, pathOf(repository, `/channels/${encodeURIComponent(channel)}/${direction}`), { key, body: asked });

/** What a movement would do. A question, though it is posted: nothing is written. */
export const planQuery = ({ repository, channel, direction, asked }: MovementOrder) =>
  queryOptions({
    queryKey: ['atomic', 'plan', repository, channel, direction, asked],
    queryFn: ({ signal }) =>
      ask(Movement, pathOf(repository, `/channels/${encodeURIComponent(channel)}/${direction}`), {
        body: { ...asked, dryRun: true, withDependents: true },
        signal,
      }),
    staleTime: 0,
    gcTime: 0,
  });
