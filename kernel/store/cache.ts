// Answers kept for a while: in memory for this process, in the store for all of them.
// Rule: what is over is never given, whatever is in the way of its removal. One caller computes, the others of the same
// moment wait for it. Keys say whose the answer is; nothing personal is kept under a shared key.

import { sql, type Kysely } from 'kysely';

import type { Clock } from '../basics/index.ts';
import { cacheValueTooLarge } from './faults.ts';
import type { MigrationList, Store } from './store.ts';

interface CacheTables {
  readonly kept_answers: {
    readonly key: string;
    readonly value: string;
    readonly expires_at: number;
    readonly tag: string;
  };
}
type Db = Kysely<CacheTables>;

export const CACHE_MIGRATIONS: MigrationList = {
  product: 'cache',
  migrations: [
    {
      name: '001-kept-answers',
      async up(db) {
        await sql`create table kept_answers (
          key text primary key, value text not null, expires_at bigint not null, tag text not null)`.execute(db);
        await sql`create index kept_answers_by_end on kept_answers (expires_at)`.execute(db);
        await sql`create index kept_answers_by_tag on kept_answers (tag)`.execute(db);
      },
    },
  ],
};

const VALUE_LENGTH_MAX = 256 * 1024;
const IN_MEMORY_MAX = 1000;
/** After so many answers were kept, those that are over are removed. */
const SWEEP_EACH = 100;
/** How long another process may still give what was forgotten here. */
const BELIEVED_MS = 2000;

interface CacheOptions {
  readonly ttlMs: number;
  /** What is forgotten together. */
  readonly tag?: string;
}

export interface Cache {
  /** The kept answer, or the computed one, which is then kept. What cannot be computed is not kept. */
  get<Value>(key: string, options: CacheOptions, compute: () => Promise<Value>): Promise<Value>;
  /** Everything that was kept with this tag. */
  forget(tag: string): Promise<void>;
  stats(): { readonly hits: number; readonly misses: number; readonly inMemory: number };
}

interface Kept {
  readonly value: unknown;
  readonly expiresAt: number;
  readonly believedUntil: number;
  readonly tag: string;
}

export function createCache(store: Store, clock: Clock): Cache {
  const memory = new Map<string, Kept>();
  const underWay = new Map<string, Promise<unknown>>();
  const counted = { hits: 0, misses: 0, kept: 0 };
  const remember = (key: string, kept: Kept): void => {
    memory.delete(key);
    memory.set(key, kept);
    // The one that was not asked for longest goes: a map keeps the order in which keys came.
    for (const oldest of memory.keys()) {
      if (memory.size <= IN_MEMORY_MAX) break;
      memory.delete(oldest);
    }
  };
  const find = async (key: string): Promise<Kept | undefined> => {
    const now = clock.now();
    const here = memory.get(key);
    if (here !== undefined && here.expiresAt > now && here.believedUntil > now) {
      remember(key, here);
      return here;
    }
    const row = await store
      .read<CacheTables>()
      .selectFrom('kept_answers')
      .selectAll()
      .where('key', '=', key)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const kept = {
      value: JSON.parse(row.value) as unknown,
      expiresAt: row.expires_at,
      believedUntil: now + BELIEVED_MS,
      tag: row.tag,
    };
    remember(key, kept);
    return kept;
  };
  const computeAndKeep = async (key: string, { ttlMs, tag = '' }: CacheOptions, compute: () => Promise<unknown>) => {
    const value = await compute();
    const now = clock.now();
    await keep(
      store,
      { key, value: textOf(key, value), expires_at: now + ttlMs, tag },
      counted.kept % SWEEP_EACH === 0 ? now : null,
    );
    counted.kept += 1;
    remember(key, { value, expiresAt: now + ttlMs, believedUntil: now + BELIEVED_MS, tag });
    return value;
  };
  const findOrCompute = async (key: string, options: CacheOptions, compute: () => Promise<unknown>) => {
    const kept = await find(key);
    if (kept === undefined) counted.misses += 1;
    else counted.hits += 1;
    return kept === undefined ? computeAndKeep(key, options, compute) : kept.value;
  };
  return {
    async get<Value>(key: string, options: CacheOptions, compute: () => Promise<Value>): Promise<Value> {
      const running = underWay.get(key);
      if (running !== undefined) return (await running) as Value;
      const answer = findOrCompute(key, options, compute).finally(() => underWay.delete(key));
      underWay.set(key, answer);
      return (await answer) as Value;
    },
    async forget(tag) {
      for (const [key, kept] of memory) if (kept.tag === tag) memory.delete(key);
      await store.write((tx: Db) => tx.deleteFrom('kept_answers').where('tag', '=', tag).execute());
    },
    stats: () => ({ hits: counted.hits, misses: counted.misses, inMemory: memory.size }),
  };
}

function textOf(key: string, value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  if (text.length > VALUE_LENGTH_MAX) throw cacheValueTooLarge(key, text.length, VALUE_LENGTH_MAX);
  return text;
}

async function keep(
  store: Store,
  row: { readonly key: string; readonly value: string; readonly expires_at: number; readonly tag: string },
  sweepBefore: number | null,
): Promise<void> {
  await store.write(async (tx: Db) => {
    if (sweepBefore !== null) await tx.deleteFrom('kept_answers').where('expires_at', '<=', sweepBefore).execute();
    const { key: _, ...changed } = row;
    await tx
      .insertInto('kept_answers')
      .values(row)
      .onConflict((conflict) => conflict.column('key').doUpdateSet(changed))
      .execute();
  });
}
