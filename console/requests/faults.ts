// The faults of asking the workbench for something.

import { Fault, type FaultKind } from 'kernel/basics';
import type { Problem } from 'kernel/protocol';

export const serverAway = (cause: unknown): Fault =>
  new Fault('SERVER_AWAY', {
    what: 'Tandem does not answer.',
    why: 'The server is stopped, or the connection to it is broken.',
    next: 'Start it with npm start. This page reads on by itself once it answers.',
    about: { kind: 'unavailable', service: 'workbench' },
    cause,
  });

export const answerUnreadable = (path: string, why: string): Fault =>
  new Fault('ANSWER_UNREADABLE', {
    what: `The answer to ${path} could not be read.`,
    why,
    next: 'Reload the page: the server and this page may be of different versions.',
  });

/** A problem+json answer in the server's own words, or the bare status where there are none. */
export const refused = (path: string, status: number, problem: Problem | undefined): Fault =>
  new Fault(problem?.code ?? `HTTP_${status}`, {
    what: problem?.title ?? `${path} was refused.`,
    why: [problem?.detail ?? `The server answered with status ${status}.`, ...fieldsOf(problem)].join(' '),
    next: problem?.next ?? 'Reload the page; if that does not help, run tandem doctor.',
    about: aboutOf(status),
  });

const fieldsOf = (problem: Problem | undefined): readonly string[] =>
  (problem?.errors ?? []).map((error) => `${error.path}: ${error.message}`);

function aboutOf(status: number): FaultKind {
  switch (status) {
    case 401:
      return { kind: 'not-signed-in' };
    case 403:
      return { kind: 'not-allowed' };
    case 404:
      return { kind: 'not-found' };
    case 400:
    case 422:
      return { kind: 'wrong-use' };
    case 409:
      return { kind: 'conflict' };
    default:
      return { kind: 'unexpected' };
  }
}
