// Where the steps of the workflow stand, computed by ELK in a worker of our own origin (the page allows no other).

import ELK from 'elkjs/lib/elk-api.js';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';

import { EDGES } from './workflow-state.ts';

export interface Placed {
  readonly x: number;
  readonly y: number;
}

export interface NodeSize {
  readonly width: number;
  readonly height: number;
}

export type Direction = 'RIGHT' | 'DOWN';

/** ELK needs a moment to load its worker; a page that waits longer than this shows the list instead. */
const ANSWER_MS_MAX = 8_000;

export async function layOut(
  ids: readonly string[],
  size: NodeSize,
  direction: Direction,
): Promise<ReadonlyMap<string, Placed>> {
  const worker = new Worker(workerUrl);
  const elk = new ELK({ workerFactory: () => worker });
  const deadline = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('ELK did not answer in time.')), ANSWER_MS_MAX);
    worker.addEventListener('error', () => reject(new Error('The layout worker could not be started.')));
  });
  try {
    const laidOut = await Promise.race([
      elk.layout({
        id: 'workflow',
        layoutOptions: {
          'elk.algorithm': 'layered',
          'elk.direction': direction,
          'elk.layered.spacing.nodeNodeBetweenLayers': '40',
          'elk.spacing.nodeNode': '24',
          'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
          'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
        },
        children: ids.map((id) => ({ id, ...size })),
        edges: EDGES.map(({ from, to }) => ({ id: `${from}-${to}`, sources: [from], targets: [to] })),
      }),
      deadline,
    ]);
    return new Map((laidOut.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
  } finally {
    elk.terminateWorker();
  }
}
