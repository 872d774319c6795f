// `atomic serve --stdio`: one connection on standard input and output, as ssh makes it. Requests come one after another.

import { once } from 'node:events';
import type { Writable } from 'node:stream';

import { answer } from './answer.ts';
import type { Host } from './asked.ts';
import { framesIn, type Frame } from './frames.ts';
import { isEndFrame } from './messages.ts';

/** Ends when the other side does. */
export async function serveStdio(host: Host, input: AsyncIterable<Uint8Array>, output: Writable): Promise<void> {
  const frames = framesIn(input);
  for (let next = await frames.next(); next.done !== true; next = await frames.next()) {
    const request = oneRequest(next.value, frames);
    for await (const chunk of answer(host, request)) {
      if (!output.write(chunk)) await once(output, 'drain');
    }
    // A request that was refused early is still being sent: what is left of it says nothing any more.
    for await (const rest of request) if (isEndFrame(rest)) break;
  }
}

/** The frames of one request. Ends after its `end`, however little of it was read. */
function oneRequest(first: Frame, frames: AsyncIterator<Frame, void>): AsyncIterableIterator<Frame, void> {
  let given: Frame | null = null;
  const request: AsyncIterableIterator<Frame, void> = {
    async next() {
      if (given !== null && isEndFrame(given)) return { done: true, value: undefined };
      const next = given === null ? ({ done: false, value: first } as const) : await frames.next();
      if (next.done !== true) given = next.value;
      return next;
    },
    [Symbol.asyncIterator]: () => request,
  };
  return request;
}
