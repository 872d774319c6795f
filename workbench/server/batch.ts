// Several requests in one: POST /api/batch with up to 50 of them, each answered by itself.
// Rule: a part is a request like any other: the same person, the same guards, its own place in the limit. A part that
// fails fails alone; parts that change something carry a key of their own, so that a repeated batch does nothing twice.

import type { Hono } from 'hono';
import * as z from 'zod/mini';

import { validated } from 'kernel/http';

import { authorize, type ServerEnv } from './context.ts';
import { described } from './openapi.ts';

const PARTS_MAX = 50;

const Part = z.discriminatedUnion('method', [
  z.object({
    id: z.string().check(z.maxLength(100)),
    method: z.literal('GET'),
    path: z.string().check(z.maxLength(2000)),
  }),
  z.object({
    id: z.string().check(z.maxLength(100)),
    method: z.literal('POST'),
    path: z.string().check(z.maxLength(2000)),
    body: z.optional(z.unknown()),
    idempotencyKey: z.string().check(z.minLength(1), z.maxLength(200)),
  }),
]);
const Loose = z.looseObject({ id: z.optional(z.unknown()) });
const Batch = z.object({ requests: z.array(Loose).check(z.minLength(1), z.maxLength(PARTS_MAX)) });
const Result = z.object({ id: z.string(), status: z.number(), body: z.unknown() });
const Results = z.object({ results: z.array(Result) });
type Result = z.infer<typeof Result>;

/** `answer` is the whole server, so that a part passes everything a request of its own would. */
export function addBatch(
  app: Hono<ServerEnv>,
  answer: (request: Request, env: unknown) => Response | Promise<Response>,
): void {
  app.post(
    '/api/batch',
    described({ summary: 'Up to 50 requests at once, each answered by itself', tag: 'Workbench', answer: Results }),
    authorize(),
    validated('json', Batch),
    async (context) => {
      const { requests } = context.req.valid('json');
      const results: Result[] = [];
      // One after the other: within a chat the order of messages is the order in which they were sent.
      for (const given of requests) {
        results.push(await partOf(given, context.req.raw, (request) => answer(request, context.env)));
      }
      return context.json({ results });
    },
  );
}

async function partOf(
  given: z.infer<typeof Loose>,
  whole: Request,
  answer: (request: Request) => Response | Promise<Response>,
): Promise<Result> {
  const id = typeof given.id === 'string' ? given.id.slice(0, 100) : '';
  const part = Part.safeParse(given);
  if (!part.success) return refused(id, 'A part is a GET, or a POST with an idempotencyKey, and has an id and a path.');
  const { method, path } = part.data;
  const url = new URL(path, whole.url);
  const isOurs = url.origin === new URL(whole.url).origin && /^\/api\/(?!batch\b)/.test(url.pathname);
  if (!path.startsWith('/api/') || !isOurs) return refused(id, 'Its path is not one under /api.');
  if (/\/(events|ui-stream|csv)\b/.test(url.pathname)) return refused(id, 'A stream cannot be a part of a batch.');
  const headers = new Headers(whole.headers);
  for (const name of ['content-length', 'idempotency-key', 'accept']) headers.delete(name);
  headers.set('content-type', 'application/json');
  if (part.data.method === 'POST') headers.set('idempotency-key', part.data.idempotencyKey);
  const body = part.data.method === 'POST' ? JSON.stringify(part.data.body ?? {}) : null;
  const response = await answer(new Request(url, { method, headers, body }));
  return { id, status: response.status, body: await bodyOf(response) };
}

const refused = (id: string, detail: string): Result => ({
  id,
  status: 400,
  body: {
    type: 'urn:tandem:fault:REQUEST_INVALID',
    title: 'The part was not accepted.',
    status: 400,
    detail,
    code: 'REQUEST_INVALID',
    next: 'Correct the part and send it again.',
  },
});

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!(response.headers.get('content-type') ?? '').includes('json')) return text === '' ? null : text;
  return JSON.parse(text);
}
