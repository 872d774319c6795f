// The thread of in-worker.ts: looks into one refusal and says what it found.

import { parentPort, workerData } from 'node:worker_threads';

import { lookInto, type Refusal } from './look-into.ts';

// A thread's port has no origin; the rule means windows.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(lookInto(workerData as Refusal));
