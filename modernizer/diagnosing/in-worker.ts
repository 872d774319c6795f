// Looks into a refusal in a thread of its own, within bounds of time and memory: declarations of packages are code of
// strangers, and a type can keep a compiler busy for ever.

import { Worker } from 'node:worker_threads';

import type { Diagnosis, Refusal } from './look-into.ts';

/** Twenty times what the largest packages took on two busy cores (5 s for chai with its types). */
const LOOK_MS_MAX = 100_000;
/** A program over the declarations of the largest packages needs some 300 MB. */
const MEMORY_MEGABYTES_MAX = 1024;

export type BoundedDiagnosis =
  | { readonly kind: 'diagnosed'; readonly diagnosis: Diagnosis }
  | { readonly kind: 'not-known'; readonly reason: string };

/** Null when it was stopped. */
export function lookIntoBounded(
  refusal: Refusal,
  signal: AbortSignal,
  lookMsMax = LOOK_MS_MAX,
): Promise<BoundedDiagnosis | null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: refusal,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MEGABYTES_MAX },
      // It inherits no secrets: nothing in it needs an environment.
      env: {},
    });
    const end = (outcome: BoundedDiagnosis | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      void worker.terminate();
      resolve(outcome);
    };
    const stop = (): void => end(null);
    const reason = `looking at its API did not end within ${lookMsMax / 1000} s`;
    const timer = setTimeout(() => end({ kind: 'not-known', reason }), lookMsMax);
    signal.addEventListener('abort', stop, { once: true });
    worker.once('message', (diagnosis: Diagnosis) => end({ kind: 'diagnosed', diagnosis }));
    worker.once('error', (error: Error) =>
      end({ kind: 'not-known', reason: `looking at its API failed: ${error.message.slice(0, 200)}` }),
    );
  });
}
