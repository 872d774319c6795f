// What nobody can deal with where agents and editors are joined to a repository.

import { Fault } from 'kernel/basics';

export const hookAgentUnknown = (name: string, known: readonly string[]): Fault =>
  new Fault('ATOMIC_HOOK_AGENT_UNKNOWN', {
    what: name === '' ? 'No agent was named.' : `There is no agent called ${JSON.stringify(name)}.`,
    why: `Atomic knows ${known.join(', ')}.`,
    next: 'Name one of them, or use --all.',
    about: { kind: 'wrong-use' },
  });

export const editorSocketTaken = (path: string): Fault =>
  new Fault('ATOMIC_EDITOR_SOCKET_TAKEN', {
    what: `The socket ${path} is in use.`,
    why: 'Another atomic hook serve, or an atomic mcp, takes what editors tell of this repository.',
    next: 'Use that one, or end it first.',
    about: { kind: 'conflict' },
  });

export const editorSocketFailed = (path: string, cause: unknown): Fault =>
  new Fault('ATOMIC_EDITOR_SOCKET_FAILED', {
    what: `The socket ${path} cannot be opened.`,
    why: cause instanceof Error ? cause.message : String(cause),
    next: 'Look whether the folder may be written to and its path is shorter than 100 characters.',
    about: { kind: 'unavailable', service: 'editor socket' },
    cause,
  });
