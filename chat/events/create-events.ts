// The events of one chat: typed handlers, counters, and a mirror on an element for pages that use no package.
// Rule: a handler that throws stops nobody else; it is told as chat:error, and a handler of chat:error that throws is
// only counted, so that no error makes another one for ever.

import { createNanoEvents } from 'nanoevents';

import { eventUnknown } from './faults.ts';
import { EVERY_EVENT, eventNameOf, type EventOf } from './event-names.ts';

export interface EventCounts {
  readonly triggered: number;
  readonly handlers: number;
  readonly failures: number;
}

export interface EventStats {
  readonly triggered: number;
  readonly handlers: number;
  readonly failures: number;
  readonly events: Readonly<Record<string, EventCounts>>;
}

export interface Events {
  /** Calls the handler each time. Gives back what ends that. Aliases of the seed are understood. */
  on<Name extends string>(name: Name, handler: (data: EventOf<Name>) => unknown): () => void;
  once<Name extends string>(name: Name, handler: (data: EventOf<Name>) => unknown): () => void;
  triggerChatEvent<Name extends string>(name: Name, data: EventOf<Name>): void;
  getStats(): EventStats;
  /** Every event also as a CustomEvent on this target, with the data as `detail`. Gives back what ends that. */
  mirrorOn(target: EventTarget): () => void;
}

interface Counts {
  triggered: number;
  handlers: number;
  failures: number;
}

/** Said once in the life of a chat: whoever listens later hears it too. */
const LASTING: ReadonlySet<string> = new Set(['chatcore:ready']);
/** Names that modules make up are kept apart from each other, but not without end. */
const COUNTED_NAMES_MAX = 500;

export function createEvents(): Events {
  const emitter = createNanoEvents<Record<string, (data: unknown) => void>>();
  // Nothing inherited: no name can reach what every object has.
  emitter.events = Object.create(null) as typeof emitter.events;
  const counts = new Map<string, Counts>();
  const spare: Counts = { triggered: 0, handlers: 0, failures: 0 };

  const lasting = new Map<string, unknown>();

  const countsOf = (name: string): Counts => {
    const known = counts.get(name);
    if (known !== undefined) return known;
    if (counts.size >= COUNTED_NAMES_MAX) return spare;
    const fresh = { triggered: 0, handlers: 0, failures: 0 };
    counts.set(name, fresh);
    return fresh;
  };

  const on: Events['on'] = (spelling, handler) => {
    const name = known(spelling);
    const count = countsOf(name);
    const fail = (error: unknown): void => {
      count.failures += 1;
      if (name !== 'chat:error') trigger('chat:error', failureIn(`a handler of ${name}`, error));
    };
    const hear = (data: unknown): void => isolated(() => handler(data as never), fail);
    const off = emitter.on(name, hear);
    count.handlers += 1;
    let isOn = true;
    if (lasting.has(name)) queueMicrotask(() => (isOn ? hear(lasting.get(name)) : undefined));
    return () => {
      if (!isOn) return;
      isOn = false;
      count.handlers -= 1;
      off();
    };
  };

  const trigger = (name: string, data: unknown): void => {
    countsOf(name).triggered += 1;
    if (LASTING.has(name)) lasting.set(name, data);
    emitter.emit(name, data);
    emitter.emit(EVERY_EVENT, { name, data });
  };

  return {
    on,
    once: (name, handler) => {
      const off = on(name, (data) => {
        off();
        return handler(data);
      });
      return off;
    },
    triggerChatEvent: (spelling, data) => trigger(known(spelling), data),
    getStats: () => statsOf(counts),
    mirrorOn: (target) =>
      on(EVERY_EVENT, (told) => {
        const { name, data } = told as { readonly name: string; readonly data: unknown };
        target.dispatchEvent(new CustomEvent(name, { detail: data, bubbles: true, composed: true }));
      }),
  };
}

/** A handler may answer with a promise: that one is looked after as well. */
function isolated(work: () => unknown, fail: (error: unknown) => void): void {
  try {
    const answer = work();
    if (answer instanceof Promise) answer.catch(fail);
  } catch (error) {
    fail(error);
  }
}

const failureIn = (where: string, error: unknown): EventOf<'chat:error'> => ({
  where,
  userMessage: 'An error occurred. Please try again.',
  error,
});

function known(spelling: string): string {
  const name = eventNameOf(spelling);
  if (name === null) throw eventUnknown(spelling);
  return name;
}

function statsOf(counts: ReadonlyMap<string, Counts>): EventStats {
  const total = { triggered: 0, handlers: 0, failures: 0 };
  for (const each of counts.values()) {
    total.triggered += each.triggered;
    total.handlers += each.handlers;
    total.failures += each.failures;
  }
  return { ...total, events: Object.fromEntries([...counts].map(([name, each]) => [name, { ...each }])) };
}
