// Exchanges patches over HTTP in a thread of its own: a large push or clone holds up neither the server nor the console.
// Rule: bodies go through as streams, so that nothing is held as a whole. Who asks, and what they may, is decided here in
// the server; the thread is only told.

import { Worker } from 'node:worker_threads';

import type { Granted } from 'atomic/remotes';

import { repositoriesBusy, repositoriesEnded } from './faults.ts';

/** Beginning at once; each goes on as a stream afterwards. */
const BEGINNING_MAX = 32;

export interface ExchangeAsked {
  readonly id: number;
  /** Null: there is no such repository. */
  readonly root: string | null;
  readonly granted: Granted;
  readonly method: string;
  readonly url: string;
  readonly headers: [string, string][];
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
}

export interface ExchangeReplied {
  readonly id: number;
  readonly status: number;
  readonly headers: [string, string][];
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
}

export class ExchangeThread {
  readonly #beginning = new Map<number, PromiseWithResolvers<ExchangeReplied>>();
  #worker: Worker | null = null;
  #asked = 0;

  async exchange(request: Request, root: string | null, granted: Granted): Promise<Response> {
    if (this.#beginning.size >= BEGINNING_MAX) throw repositoriesBusy();
    this.#asked += 1;
    const id = this.#asked;
    const { method, url, body } = request;
    const reply = Promise.withResolvers<ExchangeReplied>();
    this.#beginning.set(id, reply);
    try {
      const asked: ExchangeAsked = { id, root, granted, method, url, headers: [...request.headers], body };
      this.#started().postMessage(asked, body === null ? [] : [body]);
      const { status, headers, body: answer } = await reply.promise;
      return new Response(answer, { status, headers });
    } finally {
      this.#beginning.delete(id);
    }
  }

  /** What is under way breaks off: patches come in one transaction, and the other side asks again. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    this.#lost(worker);
    await worker.terminate();
  }

  #started(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(new URL('exchange-main.ts', import.meta.url), { name: 'exchange', execArgv: [] });
    worker.on('message', (replied: ExchangeReplied) => this.#beginning.get(replied.id)?.resolve(replied));
    worker.on('error', () => this.#lost(worker));
    worker.on('exit', () => this.#lost(worker));
    this.#worker = worker;
    return worker;
  }

  #lost(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const { reject } of this.#beginning.values()) reject(repositoriesEnded());
  }
}
