import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';

import { Fault, manualClock, Secret, type ManualClock, type RunId } from '../basics/index.ts';
import { createJournal, JOURNAL_MIGRATIONS, type Journal } from '../journal/index.ts';
import { Problem } from '../protocol/index.ts';
import { DATABASES, temporaryStore, type TemporaryDatabase } from '../store/temporary-databases.ts';
import type { Store } from '../store/index.ts';
import { createLog } from '../telemetry/index.ts';
import { HTTP_MIGRATIONS, idempotent } from './idempotency.ts';
import { limitBody, rateLimit } from './limits.ts';
import { faultHandler, notFoundHandler, statusOf } from './problems.ts';
import { afterOf, sseOfRun } from './sse.ts';
import { PageQuery, validated } from './validated.ts';

const lines: string[] = [];
const app = (): Hono => {
  const made = new Hono();
  made.onError(faultHandler(createLog({ output: { write: (line) => lines.push(line) } })));
  made.notFound(notFoundHandler);
  return made;
};
const problemFrom = async (response: Response): Promise<Problem> => {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return Problem.parse(await response.json());
};
const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', ...headers },
});

describe('problems', () => {
  test('a fault is answered as a problem with its code and what to do', async () => {
    const made = app();
    made.get('/a', () => {
      throw new Fault('X_LOST', { what: 'X is lost.', why: 'Gone.', next: 'Look.', about: { kind: 'not-found' } });
    });
    const response = await made.request('/a');
    expect(response.status).toBe(404);
    expect(await problemFrom(response)).toEqual({
      type: 'urn:tandem:fault:X_LOST',
      title: 'X is lost.',
      status: 404,
      detail: 'Gone.',
      code: 'X_LOST',
      next: 'Look.',
    });
  });

  test('what was not foreseen is logged with its details and answered without them', async () => {
    const made = app();
    made.get('/a', () => {
      throw new Error('SELECT * FROM inner_workings');
    });
    const response = await made.request('/a');
    expect(response.status).toBe(500);
    expect(JSON.stringify(await problemFrom(response))).not.toContain('inner_workings');
    expect(lines.join('')).toContain('inner_workings');
  });

  test('every kind of fault has a status', () => {
    expect(statusOf({ kind: 'conflict' })).toBe(409);
    expect(statusOf({ kind: 'not-signed-in' })).toBe(401);
    expect(statusOf({ kind: 'not-allowed' })).toBe(403);
    expect(statusOf({ kind: 'unavailable', service: 'store' })).toBe(503);
    expect(statusOf({ kind: 'llm', provider: 'a', model: 'b', reason: 'timeout' })).toBe(504);
    expect(statusOf({ kind: 'unexpected' })).toBe(500);
  });

  test('an address that leads nowhere and a body that is no JSON are problems too', async () => {
    const made = app();
    made.post('/a', validated('json', z.object({})), (context) => context.text('ok'));
    expect((await problemFrom(await made.request('/nowhere'))).code).toBe('NO_SUCH_PLACE');
    const broken = await made.request('/a', post('{"a":'));
    expect([broken.status, (await problemFrom(broken)).code]).toEqual([400, 'BODY_NOT_JSON']);
  });

  test('wrong input names each field that is wrong', async () => {
    const made = app();
    const Body = z.object({ name: z.string(), size: z.object({ width: z.number() }) });
    made.post('/a', validated('json', Body), (context) => context.text('ok'));
    const { code, errors } = await problemFrom(await made.request('/a', post('{"size":{"width":"x"}}')));
    expect(code).toBe('REQUEST_INVALID');
    expect(errors?.map((error) => error.path)).toEqual(['name', 'size.width']);
    expect(errors?.[1]?.message).toContain('expected number');
    expect((await made.request('/a', post('{"name":"a","size":{"width":1}}'))).status).toBe(200);
  });

  test('a page has a size within limits, and a default', async () => {
    const made = app();
    made.get('/a', validated('query', PageQuery), (context) => context.json(context.req.valid('query')));
    expect(await (await made.request('/a')).json()).toEqual({ limit: 50 });
    expect(await (await made.request('/a?limit=7&cursor=x')).json()).toEqual({ limit: 7, cursor: 'x' });
    for (const wrong of ['0', '201', 'x', '1.5', '-1'])
      expect((await made.request(`/a?limit=${wrong}`)).status).toBe(400);
  });

  test('no known secret is in a problem', async () => {
    const secret = new Secret('pr0blem-secret');
    const made = app();
    made.get('/*', () => {
      throw new Fault('A_B', { what: `No ${secret.reveal()}`, why: secret.reveal(), next: secret.reveal() });
    });
    expect(await (await made.request(`/${secret.reveal()}`)).text()).not.toContain('pr0blem');
    expect(await (await app().request(`/${secret.reveal()}`)).text()).not.toContain('pr0blem');
  });
});

describe('limits', () => {
  test('a body beyond the limit is refused', async () => {
    const made = app();
    made.use(limitBody(10));
    made.post('/a', async (context) => context.text(await context.req.text()));
    expect((await made.request('/a', post('12345'))).status).toBe(200);
    const response = await made.request('/a', post('12345678901'));
    expect([response.status, (await problemFrom(response)).code]).toEqual([413, 'BODY_TOO_LARGE']);
  });

  test('who asks too often is told how long to wait, and nobody else is kept from asking', async () => {
    const made = app();
    made.use(rateLimit({ requests: 2, inSeconds: 60, who: (context) => context.req.header('x-who') ?? '' }));
    made.get('/a', (context) => context.text('ok'));
    const ask = (who: string) => made.request('/a', { headers: { 'x-who': who } });
    expect((await ask('a')).headers.get('ratelimit')).toMatch(/^"default";r=1;t=60$/);
    await ask('a');
    const refused = await ask('a');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(refused.headers.get('ratelimit')).toMatch(/r=0/);
    expect((await problemFrom(refused)).code).toBe('TOO_MANY_REQUESTS');
    expect((await ask('b')).status).toBe(200);
  });
});

for (const kind of DATABASES) {
  describe(`on ${kind.name}`, () => {
    let database: TemporaryDatabase;
    let store: Store;
    let journal: Journal;
    let clock: ManualClock;
    beforeEach(async () => {
      clock = manualClock();
      ({ store, database } = await temporaryStore(kind, [JOURNAL_MIGRATIONS, HTTP_MIGRATIONS]));
      journal = createJournal(store, clock);
    });
    afterEach(() => database.remove());

    describe('idempotency keys', () => {
      const counting = (status: () => 200 | 404 | 503 = () => 200, gate: Promise<void> = Promise.resolve()) => {
        let count = 0;
        const made = app();
        made.use(idempotent({ store, clock, who: (context) => context.req.header('x-who') ?? '' }));
        made.post('/a', async (context) => {
          count += 1;
          await gate;
          return context.json({ count, got: await context.req.json() }, status());
        });
        return { ask: (body: string, headers = {}) => made.request('/a', post(body, headers)), count: () => count };
      };
      const key = { 'idempotency-key': 'k1' };

      test('a repeat gets the first answer and nothing is done twice', async () => {
        const { ask, count } = counting();
        const first = await ask('{"a":1}', key);
        const second = await ask('{"a":1}', key);
        expect(await second.json()).toEqual(await first.json());
        expect([second.headers.get('idempotency-replayed'), second.headers.get('content-type')]).toEqual([
          'true',
          'application/json',
        ]);
        expect(count()).toBe(1);
      });

      test('another body with the same key is refused, another person’s same key is not', async () => {
        const { ask, count } = counting();
        await ask('{"a":1}', key);
        const other = await ask('{"a":2}', key);
        expect([other.status, (await problemFrom(other)).code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
        expect((await ask('{"a":2}', { ...key, 'x-who': 'somebody' })).status).toBe(200);
        expect(count()).toBe(2);
      });

      test('a repeat while the first is under way is refused, until its process is surely gone', async () => {
        const gate = Promise.withResolvers<void>();
        const { ask, count } = counting(() => 200, gate.promise);
        const first = ask('{}', key);
        while (count() === 0) await new Promise((resolve) => setImmediate(resolve));
        expect((await ask('{}', key)).status).toBe(409);
        gate.resolve();
        expect((await first).status).toBe(200);
        expect((await ask('{}', key)).headers.get('idempotency-replayed')).toBe('true');
      });

      test('an answer that was our fault frees the key, one that was not is kept', async () => {
        let status: 200 | 404 | 503 = 503;
        const { ask, count } = counting(() => status);
        await ask('{}', key);
        status = 404;
        expect((await ask('{}', key)).status).toBe(404);
        status = 200;
        expect((await ask('{}', key)).status).toBe(404);
        expect(count()).toBe(2);
      });

      test('after a day a key is forgotten, and a key that is none is refused', async () => {
        const { ask, count } = counting();
        await ask('{}', key);
        await clock.advance(24 * 60 * 60_000 + 1);
        await ask('{}', key);
        expect(count()).toBe(2);
        expect((await ask('{}', { 'idempotency-key': 'x'.repeat(201) })).status).toBe(400);
        await ask('{}');
        await ask('{}');
        expect(count()).toBe(4);
      });
    });

    describe('events of a run', () => {
      const begun = async (): Promise<RunId> =>
        (await journal.start({ product: 'p', title: 't', source: 's', owner: 'o', input: null })).run.id;
      const follow = (run: RunId, after = 0, signal = new AbortController().signal) =>
        sseOfRun(journal, run, { clock, after, signal });

      test('each event is one message with its number, and the end is told', async () => {
        const run = await begun();
        const secret = new Secret('sse-s3cret-value');
        await journal.append(run, null, 'noted', { text: 'two\nlines', secret });
        const response = follow(run);
        await journal.setStatus(run, null, 'done', null);
        const text = await response.text();
        expect(response.headers.get('content-type')).toBe('text/event-stream');
        const [retry, event, end] = text.split('\n\n');
        expect([retry, end]).toEqual(['retry: 1000', 'event: end\ndata: {}']);
        expect(event).toMatch(/^id: 1\ndata: \{.*"kind":"noted".*\}$/);
        expect(text).not.toContain('sse-s3cret');
      });

      test('a reader goes on after the last event it saw', async () => {
        const run = await begun();
        for (let step = 0; step < 5; step += 1) await journal.append(run, null, 'noted', step);
        await journal.setStatus(run, null, 'done', null);
        const ids = [...(await follow(run, 3).text()).matchAll(/^id: (\d+)$/gm)].map((match) => match[1]);
        expect(ids).toEqual(['4', '5']);
      });

      test('the header counts before the address, and nonsense counts as nothing', () => {
        const check = (url: string, header: string | undefined, expected: number): void => {
          const request = new Request(
            `http://x${url}`,
            header === undefined ? {} : { headers: { 'last-event-id': header } },
          );
          expect(afterOf(request)).toBe(expected);
        };
        check('/', undefined, 0);
        check('/?after=7', undefined, 7);
        check('/?after=7', '9', 9);
        check('/?after=-1', undefined, 0);
        check('/', '1e9', 0);
      });

      test('a silent run is heard to be alive, and a server that ends lets the reader come again', async () => {
        const run = await begun();
        const closing = new AbortController();
        const reader = follow(run, 0, closing.signal).body?.pipeThrough(new TextDecoderStream()).getReader();
        expect((await reader?.read())?.value).toBe('retry: 1000\n\n');
        const silence = reader?.read();
        while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
        await clock.advance(15_000);
        expect((await silence)?.value).toBe(': still here\n\n');
        const rest = reader?.read();
        closing.abort();
        expect(await rest).toEqual({ value: undefined, done: true });
      });

      test('a reader that goes away leaves nothing behind', async () => {
        const run = await begun();
        const response = follow(run);
        const reader = response.body?.getReader();
        await reader?.read();
        await reader?.cancel();
        await journal.append(run, null, 'noted', {});
        expect(clock.sleepers).toBe(0);
      });
    });
  });
}
