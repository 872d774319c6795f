// The inside of the thread that reads repositories: one question after the other, each answered or refused.

import { parentPort } from 'node:worker_threads';

import { Fault, minutes } from 'kernel/basics';

import { OpenRepositories } from './open-repositories.ts';
import { answer, type Queries, type Question } from './questions.ts';
import type { Asked, Replied } from './thread.ts';

const IDLE_MS_MAX = minutes(2);
const LOOK_MS = minutes(1);

const open = new OpenRepositories(() => performance.now());
setInterval(() => open.closeIdle(IDLE_MS_MAX), LOOK_MS).unref();

parentPort?.on('message', ({ id, root, name, query }: Asked) => {
  parentPort?.postMessage({ id, ...reply(root, name, query) } satisfies Replied, []);
});

function reply(root: string, name: Question, query: Queries[Question]): Omit<Replied, 'id'> {
  try {
    return { document: answer(open, { root, name, query }) };
  } catch (thrown) {
    // Crosses the threads as its parts; what is no Fault is a mistake of ours, and is told with its stack.
    if (!(thrown instanceof Fault)) return { mistake: thrown instanceof Error ? (thrown.stack ?? '') : String(thrown) };
    const { code, what, why, next, about } = thrown;
    return { fault: { code, what, why, next, about } };
  }
}
