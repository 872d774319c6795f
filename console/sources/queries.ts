// What the console asks about who answers, and what it orders changed there.

import { queryOptions } from '@tanstack/react-query';
import {
  GatewayKeyList,
  IssuedGatewayKey,
  Routes,
  Sources,
  type GatewayKeyDraft,
  type ProviderKeyDraft,
  type RouteShape,
} from 'tandem/protocol';

import { ask, order } from '../requests/ask.ts';
import type { Keyed } from '../requests/orders.ts';

/** A leg cools down for seconds. */
const FRESH_MS = 5_000;
const ROOT = '/api/sources';

export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: ({ signal }) => ask(Sources, ROOT, { signal }),
  refetchInterval: FRESH_MS,
});

export const gatewayKeysQuery = queryOptions({
  queryKey: ['sources', 'gateway-keys'],
  queryFn: async ({ signal }) => (await ask(GatewayKeyList, `${ROOT}/gateway-keys`, { signal })).keys,
});

// --- orders ----------------------------------------------------------------------------------------------------

export const addKey = ({ key, wanted }: Keyed & { readonly wanted: ProviderKeyDraft }): Promise<void> =>
  order(`${ROOT}/keys`, { key, body: wanted });

export const removeKey = ({ key, id }: Keyed & { readonly id: string }): Promise<void> =>
  order(`${ROOT}/keys/${encodeURIComponent(id)}`, { key, method: 'DELETE' });

export const discover = ({ key }: Keyed) => ask(Sources, `${ROOT}/discover`, { key, body: {} });

export const setRoutes = ({ key, routes }: Keyed & { readonly routes: readonly RouteShape[] }) =>
  ask(Routes, `${ROOT}/routes`, { key, method: 'PUT', body: { routes } });

export const issueGatewayKey = ({ key, wanted }: Keyed & { readonly wanted: GatewayKeyDraft }) =>
  ask(IssuedGatewayKey, `${ROOT}/gateway-keys`, { key, body: wanted });

export const revokeGatewayKey = ({ key, id }: Keyed & { readonly id: string }): Promise<void> =>
  order(`${ROOT}/gateway-keys/${encodeURIComponent(id)}`, { key, method: 'DELETE' });
