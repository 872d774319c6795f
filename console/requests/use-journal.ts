import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RunSummary } from 'kernel/protocol';
import type { ModernizationView } from 'modernizer/protocol';

import { readJournal } from './journal.ts';

/** A run as its journal had it when the list was read; read on, not anew, whenever the list says there is more. */
export function useJournal(run: Pick<RunSummary, 'id' | 'lastSeq'>) {
  const queries = useQueryClient();
  return useQuery({
    queryKey: ['journal', run.id, run.lastSeq],
    queryFn: async ({ signal }) => {
      const known = queries.getQueryData<ModernizationView>(['journal', run.id]);
      const view = await readJournal({ run, known, fetch: (url, init) => fetch(url, init), signal });
      queries.setQueryData(['journal', run.id], view);
      return view;
    },
    staleTime: Infinity,
    // The newest is kept under the run alone; those of passed moments are not needed again.
    gcTime: 10_000,
    placeholderData: keepPreviousData,
  });
}
