// The faults of reading a run's events from a server.

import { Fault, type FaultKind } from '../basics/index.ts';
import type { Problem } from './problem.ts';

/** The server said no, and would say so again: its own words when it gave them as problem+json. */
export const eventsRefused = (url: string, status: number, problem: Problem | undefined): Fault =>
  new Fault(problem?.code ?? 'EVENTS_REFUSED', {
    what: problem?.title ?? 'The events of this run were not sent.',
    why: problem?.detail ?? `The server answered ${url} with status ${status}.`,
    next: problem?.next ?? 'Reload the page; if that does not help, run tandem doctor.',
    about: kindOf(status),
  });

export const eventUnreadable = (url: string, reason: string): Fault =>
  new Fault('EVENT_UNREADABLE', {
    what: 'An event of this run could not be read.',
    why: `${url} sent something that is no event: ${reason}.`,
    next: 'Reload the page: the server and this page may be of different versions.',
    about: { kind: 'unexpected' },
  });

function kindOf(status: number): FaultKind {
  if (status === 401) return { kind: 'not-signed-in' };
  if (status === 403) return { kind: 'not-allowed' };
  if (status === 404) return { kind: 'not-found' };
  return { kind: 'unexpected' };
}
