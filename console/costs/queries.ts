// What the console asks about money, and what it orders done with it.

import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  Budget,
  Budgets,
  CostLines,
  CostReport,
  Forecast,
  PriceShown,
  type BudgetDraft,
  type CostKey,
  type PriceDraft,
} from 'tandem/protocol';

import { ask, order } from '../requests/ask.ts';
import type { Keyed } from '../requests/orders.ts';

/** Somebody may be answered meanwhile. */
const FRESH_MS = 10_000;
const LINES_ON_A_PAGE = 50;
const ROOT = '/api/costs';

export type LinesAsked = Readonly<Record<string, string | undefined>>;

export function costsPath(rest: string, asked: LinesAsked): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) if (value !== undefined && value !== '') query.set(name, value);
  const text = query.toString();
  return `${ROOT}${rest}${text === '' ? '' : `?${text}`}`;
}

export const reportQuery = (by: CostKey, asked: LinesAsked) =>
  queryOptions({
    queryKey: ['costs', 'report', by, asked],
    queryFn: ({ signal }) => ask(CostReport, costsPath('/report', { ...asked, by }), { signal }),
    refetchInterval: FRESH_MS,
    placeholderData: keepPreviousData,
  });

export const linesQuery = (asked: LinesAsked) =>
  infiniteQueryOptions({
    queryKey: ['costs', 'lines', asked],
    queryFn: ({ signal, pageParam }) =>
      ask(CostLines, costsPath('/lines', { ...asked, limit: String(LINES_ON_A_PAGE), cursor: pageParam }), { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const forecastQuery = queryOptions({
  queryKey: ['costs', 'forecast'],
  queryFn: ({ signal }) => ask(Forecast, `${ROOT}/forecast`, { signal }),
  refetchInterval: FRESH_MS,
});

export const budgetsQuery = queryOptions({
  queryKey: ['costs', 'budgets'],
  queryFn: ({ signal }) => ask(Budgets, `${ROOT}/budgets`, { signal }),
  refetchInterval: FRESH_MS,
});

export const csvPath = (asked: LinesAsked): string => costsPath('/csv', asked);

// --- orders ----------------------------------------------------------------------------------------------------

export const setBudget = ({ key, draft }: Keyed & { readonly draft: BudgetDraft }) =>
  ask(Budget, `${ROOT}/budgets`, { key, method: 'PUT', body: draft });

export const removeBudget = ({ key, id }: Keyed & { readonly id: string }): Promise<void> =>
  order(`${ROOT}/budgets/${encodeURIComponent(id)}`, { key, method: 'DELETE' });

export const lookUpPrice = (model: Pick<PriceDraft, 'provider' | 'model'>) =>
  ask(PriceShown, costsPath('/price', { ...model }));

export const setPrice = ({ key, price }: Keyed & { readonly price: PriceDraft }) =>
  ask(PriceShown, `${ROOT}/price`, { key, method: 'PUT', body: price });
