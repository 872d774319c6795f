// Whether the page hears the server: what the badge in the top bar says.
// A run page hears it all the time by its events; other pages when they ask.

import type { TailState } from 'kernel/protocol';

export type Connection =
  | { readonly kind: 'connected' }
  | { readonly kind: 'live' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'away' };

export interface ConnectionFacts {
  readonly reachable: boolean;
  /** The events that are being followed, or null where none are. */
  readonly tail: TailState | null;
}

export function connectionOf({ reachable, tail }: ConnectionFacts): Connection {
  switch (tail?.kind) {
    case 'live':
      return { kind: 'live' };
    case 'waiting':
      return { kind: 'away' };
    case 'connecting':
      return tail.attempt > 0 ? { kind: 'away' } : { kind: 'connecting' };
    default:
      return { kind: reachable ? 'connected' : 'away' };
  }
}

export interface ConnectionStore {
  readonly current: () => ConnectionFacts;
  readonly subscribe: (listener: () => void) => () => void;
  readonly tell: (facts: Partial<ConnectionFacts>) => void;
}

export function createConnection(): ConnectionStore {
  let facts: ConnectionFacts = { reachable: true, tail: null };
  const listeners = new Set<() => void>();
  return {
    current: () => facts,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell: (news) => {
      facts = { ...facts, ...news };
      for (const listener of listeners) listener();
    },
  };
}
