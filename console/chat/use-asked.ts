// Something that a module of the chat keeps on the server: asked when the panel is drawn, and again after each change.

import { useQuery } from '@tanstack/react-query';
import { handleApiError } from 'chat/requests';

import { tell } from '../components/tell.ts';

/** Does something, and says in a toast when it fails. True when it was done. */
export type Change = (doing: string, work: () => Promise<unknown>) => Promise<boolean>;

const changeThen =
  (then: () => void): Change =>
  async (doing, work) => {
    try {
      await work();
      then();
      return true;
    } catch (thrown) {
      const { problem, userMessage } = handleApiError(thrown);
      const detail = problem === null ? userMessage : [problem.detail, problem.next].filter(Boolean).join(' ');
      tell(problem?.title ?? `${doing} did not work.`, { tone: 'bad', detail });
      return false;
    }
  };

export const change: Change = changeThen(() => {});

export interface Asked<Thing> {
  readonly value: readonly Thing[];
  /** Why nothing could be read; null where it could. */
  readonly problem: string | null;
  readonly change: Change;
}

export function useAsked<Thing>(name: string, ask: () => Promise<readonly Thing[]> | undefined): Asked<Thing> {
  const query = useQuery({ queryKey: ['chat-modules', name], queryFn: async () => (await ask()) ?? [], staleTime: 0 });
  return {
    value: query.data ?? [],
    problem: query.error === null ? null : handleApiError(query.error).userMessage,
    change: changeThen(() => void query.refetch()),
  };
}
