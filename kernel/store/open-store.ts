// Opens the database that a url names. The rest of Tandem does not know which one it is.

import { fileURLToPath } from 'node:url';

import { systemClock, type Clock } from '../basics/index.ts';
import { storeUrlWrong } from './faults.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  readonly clock?: Clock;
  /** PostgreSQL only: the schema that holds all our tables; `public` by default. */
  readonly schema?: string;
}

export type StoreUrl =
  { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string };

/** Which database a url names, or undefined when it names none. `sqlite:///a/b.db` is the file /a/b.db. */
export function parseStoreUrl(url: string): StoreUrl | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, pathname } = new URL(url);
  if (protocol === 'postgres:' || protocol === 'postgresql:') return { kind: 'postgres', url };
  if (protocol !== 'sqlite:' || hostname !== '' || pathname.length < 2) return undefined;
  return { kind: 'sqlite', path: fileURLToPath(`file://${pathname}`) };
}

/** The url of an SQLite file at an absolute path. */
export const sqliteUrl = (path: string): string => `sqlite://${path.split('/').map(encodeURIComponent).join('/')}`;

/** Opens the database; call `migrate` before anything else. */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Store> {
  const clock = options.clock ?? systemClock;
  const parsed = parseStoreUrl(url);
  if (parsed === undefined) throw storeUrlWrong(url);
  if (parsed.kind === 'sqlite') return openSqliteStore(parsed.path, { clock });
  // Loaded here and not above: most machines never speak to a PostgreSQL server.
  const { openPostgresStore } = await import('./postgres-store.ts');
  return openPostgresStore(parsed.url, { clock, schema: options.schema ?? 'public' });
}
