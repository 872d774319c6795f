// Every transport there is, within this process and over its loopback: for tests.

import { PassThrough } from 'node:stream';

import type { Host } from './asked.ts';
import { openRepository } from '../repository/repository.ts';
import { handleRemoteRequest } from './handle-request.ts';
import { httpPeer } from './http-peer.ts';
import type { Peer } from './peer.ts';
import { OPEN_POLICY } from './receive-policy.ts';
import { serveHttp } from './serve-http.ts';
import { serveStdio } from './serve-stdio.ts';
import type { Side } from './side.samples.ts';

export interface Transport {
  readonly name: string;
  /** A way to a side; it is gone when the peer is closed. */
  reach(side: Side, host?: Partial<Omit<Host, 'repository'>>): Promise<Peer>;
}

const TIMEOUT_MS = 20_000;

const hostOf = (side: Side, host: Partial<Omit<Host, 'repository'>> = {}): Host => ({
  repository: openRepository(side.root),
  name: side.root,
  access: 'write',
  who: 'Other',
  policy: OPEN_POLICY,
  ...host,
});

const local: Transport = { name: 'a path', reach: (side, host) => Promise.resolve(side.peer(host)) };

const http: Transport = {
  name: 'HTTP',
  async reach(side, how) {
    const host = hostOf(side, how);
    const served = await serveHttp({
      port: 0,
      handler: { repositories: () => host, authorise: () => ({ access: host.access, who: host.who }) },
    });
    const peer = httpPeer({ url: new URL('name', served.url), token: null, timeoutMs: TIMEOUT_MS });
    return closingToo(peer, async () => {
      await served.close();
      host.repository.close();
    });
  },
};

/** The handler alone, as another server would mount it. */
const handler: Transport = {
  name: 'the web handler',
  reach(side, how) {
    const host = hostOf(side, how);
    const remote = { repositories: () => host, authorise: () => ({ access: host.access, who: host.who }) };
    return Promise.resolve({
      url: 'http://atomic.invalid/atomic/v1/name',
      async *exchange(body) {
        const request = new Request('http://atomic.invalid/atomic/v1/name/rpc', {
          method: 'POST',
          headers: { 'content-type': 'application/vnd.atomic.frames' },
          body: ReadableStream.from(body),
          duplex: 'half',
        });
        const response = await handleRemoteRequest(request, remote);
        if (response.body !== null) yield* response.body;
      },
      close: () => Promise.resolve(host.repository.close()),
    });
  },
};

const stdio: Transport = {
  name: 'standard input and output',
  reach(side, how) {
    const host = hostOf(side, how);
    const [there, back] = [new PassThrough(), new PassThrough()];
    const serving = serveStdio(host, there, back);
    const chunks = back.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array, unknown>;
    return Promise.resolve({
      url: 'ssh://host/path',
      async *exchange(body) {
        const sent = (async () => {
          for await (const chunk of body) there.write(chunk);
        })();
        for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
        await sent;
      },
      async close() {
        there.end();
        await serving;
        host.repository.close();
      },
    });
  },
};

const closingToo = (peer: Peer, close: () => Promise<void>): Peer => ({
  ...peer,
  async close() {
    await peer.close();
    await close();
  },
});

export const TRANSPORTS: readonly Transport[] = [local, http, handler, stdio];
