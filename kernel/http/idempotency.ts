// A repeated request with the same Idempotency-Key is answered from memory instead of being done twice.
// Rule: the key is taken in the store before anything is done, so two at once cannot both begin; an answer that was
// our fault (5xx) frees the key, everything else is kept for a day. Keys belong to the person who sent them.

import { createHash } from 'node:crypto';

import type { MiddlewareHandler } from 'hono';
import { sql, type Kysely } from 'kysely';

import { minutes, type Clock } from '../basics/index.ts';
import type { MigrationList, Store } from '../store/index.ts';
import { keyInvalid, keyReused, stillUnderWay } from './faults.ts';
import { problemResponse } from './problems.ts';

interface AnswerTables {
  readonly http_answers: {
    readonly key: string;
    readonly request: string;
    readonly status: number | null;
    readonly content_type: string | null;
    readonly body: string | null;
    readonly at: number;
  };
}
type Db = Kysely<AnswerTables>;

export const HTTP_MIGRATIONS: MigrationList = {
  product: 'http',
  migrations: [
    {
      name: '001-answers',
      async up(db) {
        await sql`create table http_answers (key text primary key, request text not null, status integer,
          content_type text, body text, at bigint not null)`.execute(db);
        await sql`create index http_answers_by_age on http_answers (at)`.execute(db);
      },
    },
  ],
};

const KEPT_MS = minutes(24 * 60);
/** A request that has not answered by then died with its process; its key may be used again. */
const UNDER_WAY_MS_MAX = minutes(2);
const KEY_PATTERN = /^[\x21-\x7e]{1,200}$/;
/** Longer answers are not kept; ours are ids and short documents. */
const BODY_LENGTH_MAX = 256 * 1024;

export interface IdempotencyOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Whose key it is, such as the person's id. */
  who(context: Parameters<MiddlewareHandler>[0]): string;
  /** True for requests whose keys are kept by what answers them. */
  isKeptBelow?(context: Parameters<MiddlewareHandler>[0]): boolean;
}

export function idempotent(options: IdempotencyOptions): MiddlewareHandler {
  return async (context, next) => {
    const given = context.req.header('idempotency-key');
    if (given === undefined || context.req.method !== 'POST') return next();
    if (options.isKeptBelow?.(context) === true) return next();
    if (!KEY_PATTERN.test(given)) return problemResponse(keyInvalid());
    const key = hashOf([options.who(context), given]);
    const body = await context.req.text();
    const request = hashOf([context.req.method, new URL(context.req.url).pathname, body]);
    const earlier = await takeKey(options, key, request);
    if (earlier !== undefined) return earlier;
    await next();
    await keepAnswer(options, key, context.res);
    return undefined;
  };
}

/** Undefined when the key is now ours; otherwise how the repeat is answered. */
async function takeKey(
  { store, clock }: IdempotencyOptions,
  key: string,
  request: string,
): Promise<Response | undefined> {
  return store.write(async (tx: Db) => {
    await tx
      .deleteFrom('http_answers')
      .where('at', '<', clock.now() - KEPT_MS)
      .execute();
    const row = await tx.selectFrom('http_answers').selectAll().where('key', '=', key).executeTakeFirst();
    const isAbandoned = row?.status === null && row.at < clock.now() - UNDER_WAY_MS_MAX;
    if (row === undefined || isAbandoned) {
      await tx.deleteFrom('http_answers').where('key', '=', key).execute();
      const taken = { key, request, status: null, content_type: null, body: null, at: clock.now() };
      await tx.insertInto('http_answers').values(taken).execute();
      return undefined;
    }
    if (row.request !== request) return problemResponse(keyReused(), { status: 422 });
    if (row.status === null) return problemResponse(stillUnderWay());
    return replay(row.status, row.content_type, row.body);
  });
}

function replay(status: number, contentType: string | null, body: string | null): Response {
  const headers = new Headers({ 'idempotency-replayed': 'true' });
  if (contentType !== null) headers.set('content-type', contentType);
  return new Response(body === '' ? null : body, { status, headers });
}

async function keepAnswer({ store }: IdempotencyOptions, key: string, response: Response): Promise<void> {
  const body = response.status < 500 ? await response.clone().text() : '';
  await store.write(async (tx: Db) => {
    if (response.status >= 500 || body.length > BODY_LENGTH_MAX) {
      await tx.deleteFrom('http_answers').where('key', '=', key).execute();
      return;
    }
    const answer = { status: response.status, content_type: response.headers.get('content-type'), body };
    await tx.updateTable('http_answers').set(answer).where('key', '=', key).execute();
  });
}

const hashOf = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
