import { createContext, useContext, useSyncExternalStore } from 'react';

import { connectionOf, createConnection, type Connection, type ConnectionStore } from './connection-state.ts';

export const ConnectionContext = createContext<ConnectionStore>(createConnection());
export const useConnectionStore = (): ConnectionStore => useContext(ConnectionContext);

export function useConnection(): Connection {
  const store = useConnectionStore();
  return connectionOf(useSyncExternalStore(store.subscribe, store.current));
}
