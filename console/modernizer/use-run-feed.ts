import { useEffect, useMemo, useSyncExternalStore } from 'react';

import { useConnectionStore } from '../shell/connection-context.ts';
import { browserMeans, createRunFeed, type Feed } from './run-feed.ts';

/** Follows a run for as long as the page shows it, and lets the badge in the top bar say how well it is heard. */
export function useRunFeed(run: string): Feed {
  const feed = useMemo(() => createRunFeed(run, browserMeans), [run]);
  const connection = useConnectionStore();
  useEffect(() => feed.start(), [feed]);
  const current = useSyncExternalStore(feed.subscribe, feed.current);
  useEffect(() => connection.tell({ tail: current.tail }), [connection, current.tail]);
  useEffect(() => () => connection.tell({ tail: null }), [connection]);
  return current;
}
