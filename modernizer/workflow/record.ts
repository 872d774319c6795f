// The journal of one run as its worker writes it: events in, and what is known so far out.
// Rule: a writer that was fenced off stops at once; whoever took the run over goes on from the same journal.

import type { RunId } from 'kernel/basics';
import type { Journal } from 'kernel/journal';

import { EMPTY_VIEW, foldEvent, type EventData, type EventKind, type ModernizationView } from '../protocol/index.ts';

/** Thrown through the workflow when this process no longer owns the run. Never shown to a person. */
export class RunLost extends Error {
  override readonly name = 'RunLost';
}

export interface RunRecorder {
  readonly run: RunId;
  readonly epoch: number;
  emit<Kind extends EventKind>(kind: Kind, data: EventData<Kind>): Promise<void>;
  /** Everything written so far, folded. */
  view(): ModernizationView;
}

/** Events read from the journal in one go. */
const PAGE = 500;

export async function openRecord(journal: Journal, run: RunId, epoch: number): Promise<RunRecorder> {
  let view = await readView(journal, run);
  const write = async (kind: EventKind, data: unknown): Promise<void> => {
    const appended = await journal.append(run, epoch, kind, data);
    if (appended.kind === 'fenced-off') throw new RunLost(`Run ${run} was taken over.`);
    // Others write too (a decision, a request to stop): their lines lie between ours.
    if (appended.event.seq > view.lastSeq + 1) view = await readOn(journal, run, view, appended.event.seq - 1);
    view = foldEvent(view, appended.event);
  };
  let last = Promise.resolve();
  return {
    run,
    epoch,
    view: () => view,
    emit(kind, data) {
      // One after the other: trials run beside each other, and the view must never go back.
      const written = last.then(() => write(kind, data));
      last = written.catch(() => undefined);
      return written;
    },
  };
}

export const readView = (journal: Journal, run: RunId): Promise<ModernizationView> =>
  readOn(journal, run, EMPTY_VIEW, Number.MAX_SAFE_INTEGER);

async function readOn(journal: Journal, run: RunId, from: ModernizationView, upTo: number): Promise<ModernizationView> {
  let view = from;
  for (;;) {
    const events = await journal.read(run, view.lastSeq, PAGE);
    for (const event of events) if (event.seq <= upTo) view = foldEvent(view, event);
    if (events.length < PAGE || view.lastSeq >= upTo) return view;
  }
}
