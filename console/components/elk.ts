// Lays out a graph by ELK, in a worker of our own origin (the page allows no other).

import ELK, { type ElkNode } from 'elkjs/lib/elk-api.js';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';

/** ELK needs a moment to load its worker; a page that waits longer than this shows a list instead. */
const ANSWER_MS_MAX = 15_000;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Rejects when the worker cannot be started or does not answer in time. */
export async function layOutGraph(graph: ElkNode): Promise<ElkNode> {
  const worker = new Worker(workerUrl);
  const elk = new ELK({ workerFactory: () => worker });
  try {
    return await Promise.race([elk.layout(graph), failing(worker)]);
  } finally {
    elk.terminateWorker();
  }
}

const failing = (worker: Worker): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error('ELK did not answer in time.')), ANSWER_MS_MAX);
    worker.addEventListener('error', () => reject(new Error('The layout worker could not be started.')));
  });
