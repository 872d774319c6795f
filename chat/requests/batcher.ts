// Puts small requests into one: up to 50, or what comes within 10 ms, to POST /api/batch.
// Rules: only what may be sent twice goes in; order stays; one that fails fails alone.

import * as z from 'zod/mini';

import { newId } from 'kernel/basics';
import { Problem } from 'kernel/protocol';

import { ChatError, kindOfStatus, failedWith } from './chat-error.ts';
import type { Method, Requests } from './create-requests.ts';
import { batchUnkeyed } from './faults.ts';

export const BATCH_MAX = 50;
export const BATCH_MS = 10;

export interface BatchItem {
  readonly method: Method;
  readonly path: string;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

const BatchResults = z.object({
  results: z.array(z.object({ id: z.string(), status: z.number(), body: z.optional(z.unknown()) })),
});

interface Waiting extends BatchItem {
  readonly id: string;
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export interface Batcher {
  /** The item's own answer; throws its own ChatError. */
  add(item: BatchItem): Promise<unknown>;
  /** Sends what waits now. */
  flush(): Promise<void>;
}

export function createBatcher(requests: Requests): Batcher {
  let waiting: Waiting[] = [];
  let timer: AbortController | null = null;

  const flush = async (): Promise<void> => {
    timer?.abort();
    timer = null;
    const items = waiting;
    waiting = [];
    if (items.length > 0) await sendBatch(requests, items);
  };
  return {
    add: (item) => {
      if (item.method !== 'GET' && item.idempotencyKey === undefined) throw batchUnkeyed(item.method, item.path);
      return new Promise<unknown>((resolve, reject) => {
        waiting.push({ ...item, id: String(waiting.length), resolve, reject });
        if (waiting.length === BATCH_MAX) return void flush();
        if (timer !== null) return;
        const mine = new AbortController();
        timer = mine;
        void requests.clock.sleep(BATCH_MS, mine.signal).then(() => (mine.signal.aborted ? undefined : flush()));
      });
    },
    flush,
  };
}

async function sendBatch(requests: Requests, items: readonly Waiting[]): Promise<void> {
  const body = {
    requests: items.map(({ id, method, path, body, idempotencyKey }) => ({
      id,
      method,
      path: requests.urlOf(path).replace(/^https?:\/\/[^/]+/, ''),
      body,
      idempotencyKey,
    })),
  };
  try {
    const options = { idempotencyKey: newId<'batch'>(), schema: BatchResults };
    const { results } = await requests.request('POST', '/batch', body, options);
    const byId = new Map(results.map((result) => [result.id, result]));
    for (const item of items) settle(item, byId.get(item.id), requests);
  } catch (error) {
    for (const item of items) item.reject(error);
  }
}

function settle(
  item: Waiting,
  result: { readonly status: number; readonly body?: unknown } | undefined,
  { texts }: Requests,
): void {
  if (result === undefined) return item.reject(failedWith('other', texts));
  if (result.status < 400) return item.resolve(result.body);
  const kind = kindOfStatus(result.status);
  const problem = Problem.safeParse(result.body);
  item.reject(
    new ChatError({
      kind,
      userMessage: texts[kind],
      status: result.status,
      problem: problem.success ? problem.data : null,
    }),
  );
}
