// The inside of the thread that exchanges patches over HTTP: who may do what was decided before a request comes here.
// Rule: a repository is open for one request, until the last byte of its answer was taken or nobody wants it any more.

import { parentPort } from 'node:worker_threads';

import { receivePolicy } from 'atomic/receive-policy';
import { handleRemoteRequest } from 'atomic/remotes';
import { openRepository } from 'atomic/repository';

import type { ExchangeAsked, ExchangeReplied } from './exchange-thread.ts';

type Body = ReadableStream<Uint8Array<ArrayBuffer>>;

parentPort?.on('message', (asked: ExchangeAsked) => void exchange(asked));

async function exchange({ id, root, granted, method, url, headers, body }: ExchangeAsked): Promise<void> {
  const request = new Request(url, { method, headers, body, ...(body === null ? {} : { duplex: 'half' }) });
  let close = (): void => undefined;
  const response = await handleRemoteRequest(request, {
    authorise: () => granted,
    repositories: () => {
      if (root === null || granted.access === 'none') return undefined;
      const repository = openRepository(root, { readOnly: granted.access === 'read', processName: 'the workbench' });
      close = () => repository.close();
      return { repository, policy: receivePolicy(root, process.env) };
    },
  });
  const answered = response.body === null ? null : endingWith(response.body, () => close());
  if (answered === null) close();
  const replied: ExchangeReplied = { id, status: response.status, headers: [...response.headers], body: answered };
  parentPort?.postMessage(replied, answered === null ? [] : [answered]);
}

/** The same bytes; `end` is called once after the last of them, or when they are given up. */
function endingWith(body: Body, end: () => void): Body {
  const reader = body.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const next = await reader.read();
          if (!next.done) return controller.enqueue(next.value);
          end();
          controller.close();
        } catch (thrown) {
          end();
          controller.error(thrown);
        }
      },
      async cancel(reason) {
        try {
          await reader.cancel(reason);
        } finally {
          end();
        }
      },
    },
    { highWaterMark: 0 },
  );
}
