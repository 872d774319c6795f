// Keys of providers that a person added in the console, beside those of the configuration.
// Rule: they lie in the store sealed with the secret of this installation; shown are only first and last characters.

import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

import { instant, newId, Secret, toIso, type Clock } from 'kernel/basics';
import type { Provider } from 'kernel/models';
import type { MigrationList, Store } from 'kernel/store';
import { sql, type Kysely } from 'kysely';

import { keptKeyUnreadable } from './faults.ts';

interface SourceTables {
  readonly provider_keys: {
    readonly id: string;
    readonly provider: Provider;
    readonly sealed: string;
    readonly masked: string;
    readonly added_by: string;
    readonly added_at: number;
  };
  readonly model_routes: { readonly id: string; readonly routes: string };
}
type Db = Kysely<SourceTables>;

export const SOURCE_MIGRATIONS: MigrationList = {
  product: 'sources',
  migrations: [
    {
      name: '001-provider-keys-routes',
      async up(db) {
        await sql`create table provider_keys (
          id text primary key, provider text not null, sealed text not null, masked text not null,
          added_by text not null, added_at bigint not null)`.execute(db);
        await sql`create table model_routes (id text primary key, routes text not null)`.execute(db);
      },
    },
  ],
};

interface KeptKey {
  readonly id: string;
  readonly provider: Provider;
  readonly masked: string;
  readonly addedAt: string;
  readonly key: Secret;
}

export interface KeptKeys {
  list(): Promise<readonly KeptKey[]>;
  add(provider: Provider, key: Secret, by: string): Promise<string>;
  remove(id: string): Promise<boolean>;
  routes(): Promise<string | undefined>;
  setRoutes(json: string): Promise<void>;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function createKeptKeys(store: Store, clock: Clock, secret: Secret): KeptKeys {
  const sealing = createHmac('sha256', secret.reveal()).update('provider keys').digest();
  return {
    async list() {
      const rows = await store
        .read<SourceTables>()
        .selectFrom('provider_keys')
        .selectAll()
        .orderBy('added_at')
        .execute();
      return rows.map(({ id, provider, masked, added_at, sealed }) => ({
        id,
        provider,
        masked,
        addedAt: toIso(instant(added_at)),
        key: new Secret(opened(sealed, sealing, masked)),
      }));
    },
    async add(provider, key, by) {
      const id = newId<'provider-key'>();
      const row = {
        id,
        provider,
        sealed: sealedAs(key.reveal(), sealing),
        masked: masked(key.reveal()),
        added_by: by,
        added_at: clock.now(),
      };
      await store.write((tx: Db) => tx.insertInto('provider_keys').values(row).execute(), { durable: true });
      return id;
    },
    async remove(id) {
      const removed = await store.write(
        (tx: Db) => tx.deleteFrom('provider_keys').where('id', '=', id).executeTakeFirst(),
        {
          durable: true,
        },
      );
      return removed.numDeletedRows > 0n;
    },
    async routes() {
      const row = await store.read<SourceTables>().selectFrom('model_routes').select('routes').executeTakeFirst();
      return row?.routes;
    },
    async setRoutes(routes) {
      await store.write((tx: Db) =>
        tx
          .insertInto('model_routes')
          .values({ id: 'routes', routes })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ routes }))
          .execute(),
      );
    },
  };
}

/** Enough to tell two keys apart, too little to use one. */
export const masked = (key: string): string => (key.length < 12 ? '…' : `${key.slice(0, 4)}…${key.slice(-4)}`);

function sealedAs(text: string, key: Uint8Array): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

function opened(sealed: string, key: Uint8Array, shown: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw keptKeyUnreadable(shown, cause);
  }
}
