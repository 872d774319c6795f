// Opens the port and closes it again without breaking off what is being answered.

import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

import { getRequestListener } from '@hono/node-server';

import type { Clock } from 'kernel/basics';

import { cannotListen, portTaken } from '../faults.ts';

/** Answers still under way when the server ends have this long; a supervisor usually kills after ten seconds. */
const DRAIN_MS = 5000;
/** A connection that has had its answer is kept open by its browser, so we look for such again and again. */
const DRAIN_LOOK_MS = 25;
const ASK_MS_MAX = 1000;

export interface Listening {
  readonly host: string;
  readonly port: number;
  close(clock: Clock): Promise<void>;
}

type Fetch = (request: Request, env: object) => Response | Promise<Response>;

/** An app that speaks in requests and responses of the web, on Node's server. */
export const listenerOf = (fetch: Fetch): RequestListener => getRequestListener(fetch as never);

export async function listen(listener: RequestListener, host: string, port: number): Promise<Listening> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      void faultOf(cause, host, port).then(reject);
    });
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    host,
    port: address.port,
    async close(clock) {
      const closed = new Promise<'closed'>((resolve) => server.close(() => resolve('closed')));
      const giveUpAt = clock.now() + DRAIN_MS;
      for (;;) {
        if (clock.now() < giveUpAt) server.closeIdleConnections();
        else server.closeAllConnections();
        if ((await Promise.race([closed, clock.sleep(DRAIN_LOOK_MS)])) === 'closed') return;
      }
    },
  };
}

/** How people write the address of a server that listens there. */
export function urlOf(host: string, port: number): string {
  const anywhere = host === '0.0.0.0' || host === '::' || host === '';
  const name = anywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

async function faultOf(cause: NodeJS.ErrnoException, host: string, port: number) {
  const place = `${host}:${port}`;
  if (cause.code !== 'EADDRINUSE') return cannotListen(place, cause);
  return portTaken(place, await whoListens(urlOf(host, port)));
}

async function whoListens(url: string): Promise<string> {
  try {
    const response = await fetch(`${url}/api/health/live`, { signal: AbortSignal.timeout(ASK_MS_MAX) });
    const text = await response.text();
    return text.includes('event-loop') ? 'Another Tandem' : 'Another program';
  } catch {
    // It listens but does not speak HTTP in time: some other program then.
    return 'Another program';
  }
}
