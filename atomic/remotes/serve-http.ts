// `atomic serve --port`: repositories over plain HTTP, for a machine of one's own or behind a proxy that adds TLS.
// Rule: bound to this machine unless told otherwise, and then only names of this machine are answered, so that no page of
// another site reaches it by a name of its own. A connection that says nothing is closed.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { handleRemoteRequest, type RemoteHandler } from './handle-request.ts';

export interface HttpOptions {
  readonly handler: RemoteHandler;
  /** 0: any that is free. */
  readonly port: number;
  /** This machine by default. */
  readonly host?: string;
  /** A failure of one connection, in words. */
  readonly report?: (text: string) => void;
}

export interface ServedHttp {
  readonly port: number;
  /** `http://127.0.0.1:4610/atomic/v1/` */
  readonly url: string;
  close(): Promise<void>;
}

export const LOOPBACK = '127.0.0.1';
/** Headers of a request are a few lines; a client that takes longer holds a connection for nothing. */
const HEADERS_MS = 10_000;
/** Between two chunks of a bundle a slow disk may take its time. */
const IDLE_MS = 120_000;
/** Each holds a block or two in memory. */
const CONNECTIONS_MAX = 256;

export async function serveHttp({ handler, port, host = LOOPBACK, report }: HttpOptions): Promise<ServedHttp> {
  const server = createServer({ headersTimeout: HEADERS_MS, requestTimeout: 0 }, (request, response) => {
    respond(handler, host, { request, response }).catch((thrown: unknown) => {
      // The other side went away, or never listened.
      report?.(thrown instanceof Error ? thrown.message : String(thrown));
      response.destroy();
    });
  });
  server.setTimeout(IDLE_MS);
  server.maxConnections = CONNECTIONS_MAX;
  await listening(server, port, host);
  const { port: bound } = server.address() as AddressInfo;
  const name = isIP(host) === 6 ? `[${host}]` : host;
  return { port: bound, url: `http://${name}:${bound}/atomic/v1/`, close: () => closed(server) };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

interface Connection {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function respond(handler: RemoteHandler, bound: string, { request, response }: Connection): Promise<void> {
  if (isLoopback(bound) && !isLoopback(hostNamed(request.headers.host ?? ''))) {
    response.writeHead(421).end();
    return;
  }
  const answered = await handleRemoteRequest(requestOf(request), handler);
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  if (answered.body === null) {
    response.end();
    return;
  }
  await pipeline(Readable.fromWeb(answered.body), response);
}

const hostNamed = (header: string): string => header.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);

function requestOf(request: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string') headers.set(name, value);
  }
  const url = new URL(request.url ?? '/', 'http://atomic.invalid');
  const method = request.method ?? 'GET';
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers });
  return new Request(url, { method, headers, body: Readable.toWeb(request), duplex: 'half' });
}
