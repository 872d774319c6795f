// Asks repositories in a thread of its own, so that no question holds up the server.
// Rule: what waits is bounded, and so is waiting. A question that takes too long is given up and the thread with it, unless
// patches are being moved: that is never cut off.

import { Worker } from 'node:worker_threads';

import { durationText, Fault, seconds, type Clock, type FaultParts } from 'kernel/basics';

import { repositoriesBusy, repositoriesEnded, repositorySlow } from './faults.ts';
import type { Answers, Queries, Question } from './questions.ts';

/** A page of the console asks four questions at once; more than this is a flood. */
const WAITING_MAX = 64;
/** Opening a repository of some ten thousand patches for the first time takes a few seconds. */
const ANSWER_MS_MAX = seconds(45);

export interface Asked {
  readonly id: number;
  readonly root: string;
  readonly name: Question;
  readonly query: Queries[Question];
}

/** One of the three. */
export interface Replied {
  readonly id: number;
  readonly document?: Answers[Question];
  readonly fault?: FaultParts & { readonly code: string };
  readonly mistake?: string;
}

interface Waiting {
  readonly name: Question;
  readonly reply: PromiseWithResolvers<Omit<Replied, 'id'>>;
}

export interface AskRepository {
  <Name extends Question>(root: string, name: Name, query: Queries[Name]): Promise<Answers[Name]>;
}

export class RepositoryThread {
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #asked = 0;
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly ask: AskRepository = async (root, name, query) => {
    if (this.#isClosed) throw repositoriesEnded();
    if (this.#waiting.size >= WAITING_MAX) throw repositoriesBusy();
    this.#asked += 1;
    const id = this.#asked;
    const answered = new AbortController();
    const reply = Promise.withResolvers<Omit<Replied, 'id'>>();
    this.#waiting.set(id, { name, reply });
    this.#started().postMessage({ id, root, name, query } satisfies Asked, []);
    void this.#giveUp(root, id, answered.signal);
    try {
      return documentOf(await reply.promise);
    } finally {
      this.#waiting.delete(id);
      answered.abort();
    }
  };

  /** Waits for patches that are being moved, then ends the thread. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#moves().map(({ reply }) => reply.promise));
    await this.#end();
  }

  #started(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(new URL('thread-main.ts', import.meta.url), { name: 'repositories', execArgv: [] });
    worker.on('message', ({ id, ...reply }: Replied) => this.#waiting.get(id)?.reply.resolve(reply));
    // It ended without being told to: out of memory, or a mistake of ours. Those who wait are told.
    worker.on('error', () => this.#lost(worker));
    worker.on('exit', () => this.#lost(worker));
    this.#worker = worker;
    return worker;
  }

  #lost(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const { reply } of this.#waiting.values()) reply.reject(repositoriesEnded());
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    this.#lost(worker);
    await worker.terminate();
  }

  async #giveUp(root: string, id: number, answered: AbortSignal): Promise<void> {
    await this.#clock.sleep(ANSWER_MS_MAX, answered);
    if (answered.aborted) return;
    this.#waiting.get(id)?.reply.reject(repositorySlow(root, durationText(ANSWER_MS_MAX)));
    if (this.#moves().length === 0) await this.#end();
  }

  #moves(): readonly Waiting[] {
    return [...this.#waiting.values()].filter(({ name }) => name === 'move');
  }
}

function documentOf<Name extends Question>({ document, fault, mistake }: Omit<Replied, 'id'>): Answers[Name] {
  if (document !== undefined) return document as Answers[Name];
  if (fault === undefined) throw new Error(`A question about a repository went wrong: ${mistake ?? 'no answer'}`);
  const { code, ...parts } = fault;
  throw new Fault(code, parts);
}
