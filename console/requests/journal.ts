// A run's journal read up to where its summary says it stands, then closed.
// Rule: no connection stays open. A browser has six to a server; lists that followed each run would use them up.

import { tailEvents, type RunSummary, type Tail } from 'kernel/protocol';
import { EMPTY_VIEW, foldEvent, type ModernizationView } from 'modernizer/protocol';

export interface JournalAsked {
  readonly run: Pick<RunSummary, 'id' | 'lastSeq'>;
  /** What was folded before, to read on from there. */
  readonly known: ModernizationView | undefined;
  readonly fetch: Tail['fetch'];
  readonly signal: AbortSignal;
}

export async function readJournal({
  run,
  known = EMPTY_VIEW,
  fetch,
  signal,
}: JournalAsked): Promise<ModernizationView> {
  let view = known;
  if (view.lastSeq >= run.lastSeq) return view;
  const url = `/api/runs/${encodeURIComponent(run.id)}/events`;
  for await (const event of tailEvents({ url, after: view.lastSeq, fetch, signal })) {
    view = foldEvent(view, event);
    if (view.lastSeq >= run.lastSeq) return view;
  }
  return view;
}
