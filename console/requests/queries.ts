// What the console asks the workbench, and how often. Everything live about one run comes by its events instead.

import { infiniteQueryOptions, QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import { isFinal, RunPage, RunSummary, type RunStatus } from 'kernel/protocol';
import { Comparison, Projects, Samples, Schedules, TrialEvidence, TrialLog } from 'modernizer/protocol';
import { Home, Machine, Session } from 'tandem/protocol';

import { ask, isAway } from './ask.ts';
import { askHealth } from './health.ts';

const LIST_FRESH_MS = 5_000;
const MACHINE_FRESH_MS = 60_000;
const RUNS_ON_A_PAGE = 25;
const RECENT_RUNS = 8;
/** More open decisions than anybody can answer in one go. */
const OPEN_DECISIONS_MAX = 50;

/** Says after each answer whether the server could be reached at all. */
export function createQueries(heard: (reachable: boolean) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onSuccess: () => heard(true),
      onError: (error) => heard(!isAway(error)),
    }),
    defaultOptions: {
      queries: {
        staleTime: LIST_FRESH_MS,
        retry: (failures, error) => isAway(error) && failures < 2,
        refetchOnWindowFocus: true,
        networkMode: 'always',
      },
      mutations: { retry: (failures, error) => isAway(error) && failures < 2, networkMode: 'always' },
    },
  });
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => ask(Session, '/api/session', { signal }),
  staleTime: MACHINE_FRESH_MS,
  refetchInterval: MACHINE_FRESH_MS,
});

export const machineQuery = queryOptions({
  queryKey: ['machine'],
  queryFn: ({ signal }) => ask(Machine, '/api/machine', { signal }),
  staleTime: MACHINE_FRESH_MS,
});

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => askHealth(signal),
  refetchInterval: LIST_FRESH_MS * 2,
});

export const homeQuery = queryOptions({
  queryKey: ['home'],
  queryFn: ({ signal }) => ask(Home, '/api/home', { signal }),
  refetchInterval: LIST_FRESH_MS,
});

export interface TrialAsked {
  readonly run: string;
  readonly trial: string;
}

export const trialPath = ({ run, trial }: TrialAsked): string =>
  `/api/modernizer/runs/${encodeURIComponent(run)}/trials/${encodeURIComponent(trial)}`;

export const readTrialLog = (asked: TrialAsked, from: number, signal: AbortSignal): Promise<TrialLog> =>
  ask(TrialLog, `${trialPath(asked)}/log?from=${from}`, { signal });

/** `ended`: what a trial left behind is complete then, and never changes. */
export const evidenceQuery = (asked: TrialAsked, ended: boolean) =>
  queryOptions({
    queryKey: ['evidence', asked.run, asked.trial, ended],
    queryFn: ({ signal }) => ask(TrialEvidence, `${trialPath(asked)}/evidence`, { signal }),
    staleTime: ended ? Infinity : LIST_FRESH_MS,
  });

export const samplesQuery = queryOptions({
  queryKey: ['samples'],
  queryFn: ({ signal }) => ask(Samples, '/api/modernizer/samples', { signal }),
  staleTime: Infinity,
});

export const projectsQuery = queryOptions({
  queryKey: ['runs', 'projects'],
  queryFn: ({ signal }) => ask(Projects, '/api/modernizer/projects', { signal }),
  refetchInterval: LIST_FRESH_MS,
});

export const schedulesQuery = queryOptions({
  queryKey: ['schedules'],
  queryFn: ({ signal }) => ask(Schedules, '/api/modernizer/schedules', { signal }),
  refetchInterval: LIST_FRESH_MS * 2,
});

export const comparisonQuery = (a: string, b: string) =>
  queryOptions({
    queryKey: ['runs', 'comparison', a, b],
    queryFn: ({ signal }) =>
      ask(Comparison, `/api/modernizer/comparison?${new URLSearchParams({ a, b }).toString()}`, { signal }),
  });

export interface RunsAsked {
  readonly status?: RunStatus | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export function runsPath({ status, cursor, limit }: RunsAsked): string {
  const asked = new URLSearchParams({ product: 'modernizer', limit: String(limit) });
  if (status !== undefined) asked.set('status', status);
  if (cursor !== undefined) asked.set('cursor', cursor);
  return `/api/runs?${asked.toString()}`;
}

export const runsQuery = (status: RunStatus | undefined) =>
  infiniteQueryOptions({
    queryKey: ['runs', 'pages', status ?? 'all'],
    queryFn: ({ signal, pageParam }) =>
      ask(RunPage, runsPath({ status, cursor: pageParam, limit: RUNS_ON_A_PAGE }), { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: LIST_FRESH_MS,
  });

export const recentRunsQuery = queryOptions({
  queryKey: ['runs', 'recent'],
  queryFn: ({ signal }) => ask(RunPage, runsPath({ limit: RECENT_RUNS }), { signal }),
  refetchInterval: LIST_FRESH_MS,
});

export const waitingRunsQuery = queryOptions({
  queryKey: ['runs', 'waiting'],
  queryFn: ({ signal }) => ask(RunPage, runsPath({ status: 'needs-person', limit: OPEN_DECISIONS_MAX }), { signal }),
  refetchInterval: LIST_FRESH_MS,
});

export const runQuery = (run: string) =>
  queryOptions({
    queryKey: ['runs', 'one', run],
    queryFn: ({ signal }) => ask(RunSummary, `/api/runs/${encodeURIComponent(run)}`, { signal }),
    refetchInterval: ({ state }) => (state.data !== undefined && isFinal(state.data.status) ? false : LIST_FRESH_MS),
  });
