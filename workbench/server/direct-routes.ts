// Routes that are answered on Node's own request and response: those that are called so often, and whose work is so short,
// that the way through the web's Request, Response and Headers would be most of it.
// Rule: what passes here has passed the guards of every request: the name it came by, the log, the numbers, the headers.
// What is not exactly such a route, by method and path, goes the ordinary way, as does a name that is not ours.
// Not here: who may call (each route asks for a key of its own; cookies count for nothing).

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import { bytesText, mebibytes, newId } from 'kernel/basics';
import { bodyTooLarge } from 'kernel/http';
import { inContext, type Log } from 'kernel/telemetry';

import { HEADERS, observerOf } from './guards.ts';
import type { ServerContext } from './context.ts';

/** Providers take requests of 20 to 50 MB, pictures included. */
const BODY_BYTES_MAX = mebibytes(64);

export interface DirectCall {
  /** Names in small letters. */
  header(name: string): string | undefined;
  text(): Promise<string>;
  /** Calls back once when who asked is gone before the answer was sent. */
  onGone(then: () => void): void;
}

export interface DirectAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Pieces that end early where nobody reads them any more. */
  readonly body: string | AsyncGenerator<string>;
}

/** Answers a POST to exactly this path. Does not throw: what goes wrong is an answer in the route's own words. */
export interface DirectRoute {
  readonly path: string;
  answer(call: DirectCall): Promise<DirectAnswer>;
}

export type DirectServer = Pick<ServerContext, 'log' | 'metrics' | 'isHostAllowed' | 'products'>;

export function directListener(server: DirectServer, otherwise: RequestListener): RequestListener {
  const routes = new Map(server.products.flatMap(({ direct = [] }) => direct.map((route) => [route.path, route])));
  const observe = observerOf(server.log, server.metrics);
  return (incoming, outgoing) => {
    const route = incoming.method === 'POST' ? routes.get(incoming.url ?? '') : undefined;
    const isOurs = route !== undefined && server.isHostAllowed(incoming.headers.host ?? '');
    if (!isOurs) return otherwise(incoming, outgoing);
    const startedAt = performance.now();
    inContext({ request: newId<'request'>() }, () => {
      const answered = route.answer(callOf(incoming, outgoing)).then((answer) => {
        const tookMs = performance.now() - startedAt;
        const sent = send(outgoing, answer);
        observe({ method: 'POST', path: route.path, status: answer.status, tookMs });
        return sent;
      });
      answered.catch((error: unknown) => broken(server.log, outgoing, error));
    });
  };
}

function callOf(incoming: IncomingMessage, outgoing: ServerResponse): DirectCall {
  return {
    header(name) {
      const value = incoming.headers[name];
      return typeof value === 'string' ? value : value?.[0];
    },
    text: () => textOf(incoming),
    onGone: (then) => void outgoing.once('close', () => outgoing.writableFinished || then()),
  };
}

function textOf(incoming: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    incoming.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length <= BODY_BYTES_MAX) pieces.push(piece);
      else reject(bodyTooLarge(bytesText(BODY_BYTES_MAX)));
    });
    incoming.once('end', () =>
      resolve(new TextDecoder().decode(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces))),
    );
    incoming.once('error', reject);
  });
}

async function send(outgoing: ServerResponse, { status, headers, body }: DirectAnswer): Promise<void> {
  if (typeof body === 'string') {
    // Head and body leave in one packet.
    outgoing.writeHead(status, { ...HEADERS, ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
    return;
  }
  outgoing.writeHead(status, { ...HEADERS, ...headers });
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    outgoing.once('close', () => {
      isGone = true;
      resolve();
    });
  });
  for await (const piece of body) {
    if (isGone) break;
    if (outgoing.write(piece)) continue;
    await Promise.race([gone, new Promise<void>((resolve) => outgoing.once('drain', resolve))]);
  }
  outgoing.end();
}

/** Nobody can be told more than that it broke: a route says in its own words what it can. */
function broken(log: Log, outgoing: ServerResponse, error: unknown): void {
  log.error('direct-route-broken', { error });
  outgoing.destroy();
}
