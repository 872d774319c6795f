// A limit that survives a restart and counts over all processes: the generic cell rate algorithm in one statement.
// Rule: asking and counting are one atomic step, so a burst of requests at once cannot pass together.
// For what costs money or somebody's patience; requests in general have a cheaper limit in memory (limits.ts).

import { sql } from 'kysely';

import type { Clock } from '../basics/index.ts';
import type { MigrationList, Store } from '../store/index.ts';

interface LimitTables {
  readonly http_limits: { readonly key: string; readonly arrival: number };
}

export const LIMIT_MIGRATIONS: MigrationList = {
  product: 'limits',
  migrations: [
    {
      name: '001-limits',
      async up(db) {
        // The moment at which the key's allowance would be whole again, in milliseconds with fractions.
        await sql`create table http_limits (key text primary key, arrival double precision not null)`.execute(db);
        await sql`create index http_limits_by_arrival on http_limits (arrival)`.execute(db);
      },
    },
  ],
};

type Allowance =
  | { readonly kind: 'allowed'; readonly remaining: number }
  | { readonly kind: 'refused'; readonly retryAfterMs: number };

export interface DurableLimit {
  /** Takes `count` of the allowance at once, all or none. */
  take(key: string, count?: number): Promise<Allowance>;
}

export interface LimitOptions {
  readonly name: string;
  readonly requests: number;
  readonly inSeconds: number;
}

/** After so many takes the rows of those who have been quiet are removed. */
const SWEEP_EACH = 1000;

export function createDurableLimit(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  { name, requests, inSeconds }: LimitOptions,
): DurableLimit {
  const windowMs = inSeconds * 1000;
  const eachMs = windowMs / requests;
  let taken = 0;
  return {
    async take(key, count = 1) {
      const now = clock.now();
      const cost = eachMs * count;
      return store.write(async (tx) => {
        taken += 1;
        if (taken % SWEEP_EACH === 0) await sql`delete from http_limits where arrival < ${now - windowMs}`.execute(tx);
        const id = `${name}:${key}`;
        // An allowance of the future is a clock that was set back: nobody waits longer than a whole window for it.
        const { rows } = await sql<{ readonly arrival: number }>`
          insert into http_limits (key, arrival) values (${id}, ${now + cost})
          on conflict (key) do update set arrival =
            case when http_limits.arrival > ${now} then
              case when http_limits.arrival > ${now + windowMs} then ${now + windowMs} else http_limits.arrival end
            else ${now} end + ${cost}
          where case when http_limits.arrival > ${now} then
              case when http_limits.arrival > ${now + windowMs} then ${now + windowMs} else http_limits.arrival end
            else ${now} end + ${cost} <= ${now + windowMs}
          returning arrival`.execute(tx);
        const [row] = rows;
        if (row !== undefined && row.arrival <= now + windowMs) {
          return { kind: 'allowed', remaining: Math.floor((now + windowMs - row.arrival) / eachMs + 1e-6) };
        }
        const arrival = row === undefined ? await arrivalOf(tx, id) : now;
        return {
          kind: 'refused',
          retryAfterMs: Math.max(1, Math.ceil(Math.min(arrival, now + windowMs) + cost - now - windowMs)),
        };
      });
    },
  };
}

async function arrivalOf(tx: Parameters<Parameters<Store['write']>[0]>[0], id: string): Promise<number> {
  const { rows } = await sql<LimitTables['http_limits']>`select arrival from http_limits where key = ${id}`.execute(tx);
  return rows[0]?.arrival ?? 0;
}
