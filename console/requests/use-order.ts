import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toFault } from 'kernel/basics';

import { tell } from '../components/tell.ts';

interface Ordering<Wanted, Result> {
  readonly send: (wanted: Wanted) => Promise<Result>;
  /** What was being done, for the message when it fails. */
  readonly doing: string;
  readonly done?: (result: Result) => void;
  /** The form shows the fault itself, next to the field. */
  readonly quiet?: boolean;
}

/** Sends an order, says in a toast what, why, next when it fails, and has the lists read anew when it went well. */
export function useOrder<Wanted, Result>({ send, doing, done, quiet }: Ordering<Wanted, Result>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: (result) => {
      void queries.invalidateQueries({ queryKey: ['home'] });
      void queries.invalidateQueries({ queryKey: ['runs'] });
      void queries.invalidateQueries({ queryKey: ['schedules'] });
      done?.(result);
    },
    onError: (thrown) => {
      if (quiet === true) return;
      const fault = toFault(thrown, doing);
      tell(fault.what, { tone: 'bad', detail: `${fault.why} ${fault.next}` });
    },
  });
}
