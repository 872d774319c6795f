// Keys with which other tools speak to the gateway: each belongs to a person, and may have a budget of its own.
// Rule: a key is shown once; what is kept is its hash. One that was taken back ends also in the middle of a stream.

import { hash, randomBytes } from 'node:crypto';

import { instant, newId, toIso, type Clock } from 'kernel/basics';
import type { MigrationList, Store } from 'kernel/store';
import { sql, type Kysely } from 'kysely';

import { gatewayKeyNameWrong, gatewayKeyUnknown } from './faults.ts';

interface KeyTables {
  readonly gateway_keys: {
    readonly id: string;
    readonly name: string;
    readonly person: string;
    readonly hash: string;
    readonly created_at: number;
    readonly revoked_at: number | null;
  };
}
type Db = Kysely<KeyTables>;

export const GATEWAY_MIGRATIONS: MigrationList = {
  product: 'gateway',
  migrations: [
    {
      name: '001-keys',
      async up(db) {
        await sql`create table gateway_keys (
          id text primary key, name text not null, person text not null, hash text not null unique,
          created_at bigint not null, revoked_at bigint)`.execute(db);
      },
    },
  ],
};

interface GatewayKey {
  readonly id: string;
  readonly name: string;
  readonly person: string;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

const KEY_START = 'tk_';
/** How long an answer of the database about a key is believed; a key that is taken back here ends at once. */
const BELIEVED_MS = 1000;
const BELIEVED_MAX = 5000;

export interface GatewayKeys {
  issue(person: string, name: string): Promise<{ readonly id: string; readonly key: string }>;
  list(): Promise<readonly GatewayKey[]>;
  /** By id or its unique beginning. */
  revoke(prefix: string): Promise<string>;
  whose(key: string): Promise<{ readonly id: string; readonly person: string } | undefined>;
  /** Calls back when a key is taken back by this process. */
  onRevoked(then: (id: string) => void): void;
}

export function createGatewayKeys(store: Store, clock: Clock): GatewayKeys {
  const rows = () => store.read<KeyTables>().selectFrom('gateway_keys').selectAll();
  const believed = new Map<string, { readonly untilMs: number; readonly id: string; readonly person: string }>();
  const watching: ((id: string) => void)[] = [];
  return {
    async issue(person, name) {
      if (name.trim() === '' || name.length > 100) throw gatewayKeyNameWrong();
      const key = `${KEY_START}${randomBytes(24).toString('base64url')}`;
      const id = newId<'key'>();
      const row = { id, name: name.trim(), person, hash: hashOf(key), created_at: clock.now(), revoked_at: null };
      await store.write((tx: Db) => tx.insertInto('gateway_keys').values(row).execute(), { durable: true });
      return { id, key };
    },
    async list() {
      const all = await rows().orderBy('created_at', 'desc').execute();
      return all.map(({ id, name, person, created_at, revoked_at }) => ({
        id,
        name,
        person,
        createdAt: toIso(instant(created_at)),
        revokedAt: revoked_at === null ? null : toIso(instant(revoked_at)),
      }));
    },
    async revoke(prefix) {
      const ids = (await rows().execute()).map((row) => row.id).filter((id) => id.startsWith(prefix.toLowerCase()));
      const [id, another] = ids;
      if (id === undefined || another !== undefined || prefix === '') throw gatewayKeyUnknown(prefix, ids.length);
      const at = clock.now();
      await store.write(
        (tx: Db) => tx.updateTable('gateway_keys').set({ revoked_at: at }).where('id', '=', id).execute(),
        { durable: true },
      );
      believed.clear();
      for (const then of watching) then(id);
      return id;
    },
    async whose(key) {
      if (!key.startsWith(KEY_START)) return undefined;
      const hash = hashOf(key);
      const known = believed.get(hash);
      if (known !== undefined && known.untilMs > clock.now()) return known;
      const row = await rows().where('hash', '=', hash).executeTakeFirst();
      if (row === undefined || row.revoked_at !== null) return undefined;
      if (believed.size >= BELIEVED_MAX) believed.clear();
      believed.set(hash, { id: row.id, person: row.person, untilMs: clock.now() + BELIEVED_MS });
      return { id: row.id, person: row.person };
    },
    onRevoked: (then) => void watching.push(then),
  };
}

const hashOf = (key: string): string => hash('sha256', key, 'base64url');
