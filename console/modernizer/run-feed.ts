// A run on the screen: its events, followed and folded, told to the page in batches.
// Rule: the view is folded from the events and nothing else, so a reload in the middle shows the same and goes on.

import { toFault, type Fault } from 'kernel/basics';
import { tailEvents, type Tail, type TailState } from 'kernel/protocol';
import { EMPTY_VIEW, foldEvent, type ModernizationView } from 'modernizer/protocol';

export interface Feed {
  readonly view: ModernizationView;
  readonly tail: TailState;
  /** Whether the server has been heard at all. */
  readonly heard: boolean;
  readonly fault: Fault | null;
}

export interface RunFeed {
  readonly current: () => Feed;
  readonly subscribe: (listener: () => void) => () => void;
  /** Follows the run until the returned function is called. May be started again: it goes on where it was. */
  readonly start: () => () => void;
}

export interface FeedMeans {
  readonly fetch: Tail['fetch'];
  /** Calls back soon, so that a long journal is drawn a few times and not once per event. */
  readonly soon: (then: () => void) => void;
}

/** Long enough to gather what arrives together, short enough to look immediate. */
const GATHER_MS = 60;

export const browserMeans: FeedMeans = {
  fetch: (url, init) => fetch(url, init),
  soon: (then) => void setTimeout(then, GATHER_MS),
};

export function createRunFeed(run: string, means: FeedMeans): RunFeed {
  const listeners = new Set<() => void>();
  let feed: Feed = { view: EMPTY_VIEW, tail: { kind: 'connecting', attempt: 0 }, heard: false, fault: null };
  let shown = feed;
  let telling = false;

  const tellSoon = (change: Partial<Feed>): void => {
    feed = { ...feed, ...change };
    if (telling) return;
    telling = true;
    means.soon(() => {
      telling = false;
      shown = feed;
      for (const listener of listeners) listener();
    });
  };

  const follow = async (signal: AbortSignal): Promise<void> => {
    try {
      const events = tailEvents({
        url: `/api/runs/${encodeURIComponent(run)}/events`,
        after: feed.view.lastSeq,
        fetch: means.fetch,
        signal,
        onState: (tail) => tellSoon(tail.kind === 'live' ? { tail, heard: true } : { tail }),
      });
      for await (const event of events) tellSoon({ view: foldEvent(feed.view, event), heard: true });
    } catch (thrown) {
      tellSoon({ fault: toFault(thrown, 'Following the run') });
    }
  };

  return {
    current: () => shown,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => {
      const stop = new AbortController();
      void follow(stop.signal);
      return () => stop.abort();
    },
  };
}
