// The one way out of the install phase: a proxy to the configured registry, on a Unix socket in the scratch folder.
// Rule: it decides by registry-paths.ts, adds the host's credentials outside of the sandbox, and passes bodies on
// unchanged, so that lockfiles name the registry itself. Everything is bounded: size, time, redirects, memory.

import { closeSync, constants, openSync } from 'node:fs';
import {
  Agent as HttpAgent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { basename, dirname } from 'node:path';
import { getCACertificates } from 'node:tls';
import { gunzipSync, gzipSync } from 'node:zlib';

import { mebibytes, scrub, seconds, type Secret } from '../basics/index.ts';
import { codeOf } from './files.ts';
import { PackumentMemory, type Kept } from './packument-memory.ts';
import { HERE, mayFollow, registryPathOf } from './registry-paths.ts';

export interface RegistryProxySettings {
  readonly registry: URL;
  /** Where the socket is made; its folder must be private. */
  readonly socket: string;
  readonly authorization?: Secret | null;
  /** PEM, trusted beside what Node trusts. */
  readonly certificates?: string | null;
}

export interface RegistryProxyCounts {
  readonly requests: number;
  /** Packuments answered from memory. */
  readonly hits: number;
  readonly refused: number;
  readonly failed: number;
  readonly bytesKept: number;
}

export interface RegistryProxy {
  counts(): RegistryProxyCounts;
  close(): Promise<void>;
}

/** A run of forty trials met 30 MiB of compressed packuments. */
const MEMORY_BYTES_MAX = mebibytes(64);
/** The largest packuments are near 30 MiB where a registry does not compress. */
const PACKUMENT_BYTES_MAX = mebibytes(64);
/** What a packument may become when it is unpacked to be changed. */
const PLAIN_BYTES_MAX = mebibytes(256);
/** Larger packages than any that people upgrade by hand; browsers in a package reach 200 MiB. */
const TARBALL_BYTES_MAX = mebibytes(512);
const IDLE_MS_MAX = seconds(30);
const ANSWER_MS_MAX = seconds(300);
const REDIRECTS_MAX = 3;
const HEADERS_PASSED = ['content-type', 'content-encoding', 'content-length', 'etag', 'last-modified', 'cache-control'];

export async function startRegistryProxy(settings: RegistryProxySettings): Promise<RegistryProxy> {
  const counts = { requests: 0, hits: 0, refused: 0, failed: 0 };
  const memory = new PackumentMemory(MEMORY_BYTES_MAX);
  const upstream = upstreamOf(settings);

  const server = createServer((request, response) => {
    counts.requests += 1;
    const target = request.url ?? '';
    const here = target.startsWith(`${HERE}/`) ? `http://${request.headers.host ?? ''}${HERE}` : null;
    const asked = here === null ? target : target.slice(HERE.length);
    const path = registryPathOf(request.method ?? '', asked, settings.registry);
    if (path.kind === 'refused') {
      counts.refused += 1;
      return refuse(response, path.status, path.why);
    }
    const answered = path.kind === 'tarball' ? passTarball(path.url) : passPackument(path.url);
    answered.catch((thrown: unknown) => {
      counts.failed += 1;
      const why = scrub(thrown instanceof Error ? thrown.message : String(thrown));
      if (response.headersSent) response.destroy();
      else refuse(response, 502, `${settings.registry.origin} could not be asked: ${why}`);
    });

    async function passPackument(url: URL): Promise<void> {
      const accept = request.headers.accept ?? '*/*';
      const encoding = acceptsGzip(request) ? 'gzip' : 'identity';
      const key = `${encoding} ${accept} ${here ?? ''} ${url.pathname}`;
      const { isHit, answer } = memory.get(key, async () => {
        const kept = await upstream.collect(url, { accept, 'accept-encoding': encoding });
        return here === null ? kept : withTarballsAt(kept, here, settings.registry);
      });
      if (isHit) counts.hits += 1;
      const kept = await answer;
      if (kept.headers['etag'] !== undefined && request.headers['if-none-match'] === kept.headers['etag']) {
        return void response.writeHead(304, { etag: kept.headers['etag'] }).end();
      }
      response.writeHead(kept.status, { ...kept.headers, 'content-length': kept.body.length });
      response.end(request.method === 'HEAD' ? undefined : kept.body);
    }

    async function passTarball(url: URL): Promise<void> {
      const answer = await upstream.open(url, { accept: '*/*', 'accept-encoding': 'identity' });
      response.on('close', () => answer.destroy());
      response.writeHead(answer.statusCode ?? 502, headersOf(answer));
      if (request.method === 'HEAD') return void response.end();
      let bytes = 0;
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > TARBALL_BYTES_MAX) throw new RangeError('the tarball is larger than any that may pass');
        if (!response.write(chunk)) await once(response, 'drain');
        if (response.destroyed) return;
      }
      response.end();
    }
  });
  await listen(server, settings.socket);
  return {
    counts: () => ({ ...counts, bytesKept: memory.bytes }),
    close: () =>
      new Promise((resolve) => {
        upstream.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Asks the registry, following the redirects that may be followed, under limits of time and size. */
function upstreamOf({ registry, authorization, certificates }: RegistryProxySettings) {
  // The host's own web proxy, if it names one, stays the host's way out.
  const common = { keepAlive: true, proxyEnv: process.env };
  const ca = typeof certificates === 'string' ? [...getCACertificates('default'), certificates] : undefined;
  const agents = { http: new HttpAgent(common), https: new HttpsAgent(ca === undefined ? common : { ...common, ca }) };

  async function open(url: URL, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> {
    let to = url;
    for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
      // Credentials are for the registry itself, never for the host that it redirects to.
      const own =
        to.origin === registry.origin && authorization != null ? { authorization: authorization.reveal() } : {};
      const answer = await ask(to, { ...headers, ...own }, agents);
      const location = answer.headers.location;
      if (
        answer.statusCode === undefined ||
        answer.statusCode < 300 ||
        answer.statusCode > 399 ||
        location === undefined
      ) {
        return answer;
      }
      answer.destroy();
      to = new URL(location, to);
      if (!mayFollow(to, registry)) throw new Error(`it redirects to ${to.host}, where the proxy may not go`);
    }
    throw new Error('it redirects too often');
  }

  async function collect(url: URL, headers: Readonly<Record<string, string>>): Promise<Kept> {
    const answer = await open(url, headers);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > PACKUMENT_BYTES_MAX) throw new RangeError('the packument is larger than any that may pass');
      chunks.push(chunk);
    }
    return { status: answer.statusCode ?? 502, headers: headersOf(answer), body: Buffer.concat(chunks) };
  }

  return {
    open,
    collect,
    close(): void {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

type Headers = Readonly<Record<string, string>>;

/**
 * A connection that was used before may be closed by the registry at this very moment: then another is taken, at last
 * one that nobody has used.
 */
async function ask(url: URL, headers: Headers, agents: Agents): Promise<IncomingMessage> {
  for (;;) {
    const { answer, request } = askOnce(url, headers, agents);
    try {
      return await answer;
    } catch (thrown) {
      const isStale = request.reusedSocket && (codeOf(thrown) === 'ECONNRESET' || codeOf(thrown) === 'EPIPE');
      if (!isStale) throw thrown;
    }
  }
}

function askOnce(url: URL, headers: Headers, agents: Agents) {
  const options = {
    headers: { ...headers, 'user-agent': 'tandem' },
    timeout: IDLE_MS_MAX,
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  };
  const request =
    url.protocol === 'https:'
      ? httpsRequest(url, { ...options, agent: agents.https })
      : httpRequest(url, { ...options, agent: agents.http });
  const answer = new Promise<IncomingMessage>((resolve, reject) => request.on('response', resolve).on('error', reject));
  request.on('timeout', () => request.destroy(new Error(`nothing came for ${IDLE_MS_MAX / 1000} s`)));
  request.end();
  return { answer, request };
}

function headersOf(answer: IncomingMessage): Record<string, string> {
  const passed = HEADERS_PASSED.map((name) => [name, answer.headers[name]] as const);
  return Object.fromEntries(passed.filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}

/** Tarballs of the registry itself, by whichever of its names, are to be had at the address that was asked. */
function withTarballsAt(kept: Kept, here: string, registry: URL): Kept {
  if (kept.status !== 200) return kept;
  const packed = kept.headers['content-encoding'] === 'gzip';
  const plain = packed ? gunzipSync(kept.body, { maxOutputLength: PLAIN_BYTES_MAX }) : kept.body;
  const named = plain
    .toString('utf8')
    .replaceAll(/("tarball"\s*:\s*")(https?:\/\/[^/"]+)\/([^"]*")/g, (whole, before: string, origin: string, path) => {
      const own = origin === registry.origin;
      if (!own && !KNOWN_ORIGIN.test(origin)) return whole;
      // A mirror lies under a path of its own, the original at the top.
      return `${before}${here}${own ? '/' : registry.pathname}${String(path)}`;
    });
  // The answer is another one than the registry's: its tag would lie.
  const { etag: _etag, ...headers } = kept.headers;
  // As it came: packed, ten times as many packuments are remembered.
  return { ...kept, headers, body: packed ? gzipSync(named, { level: 1 }) : Buffer.from(named) };
}

/** Registries that mirror others name the original's address in their packuments. */
const KNOWN_ORIGIN = /^https?:\/\/registry\.(?:npmjs\.org|yarnpkg\.com)$/;

const acceptsGzip = (request: IncomingMessage): boolean => String(request.headers['accept-encoding']).includes('gzip');

function refuse(response: ServerResponse, status: number, error: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error }));
}

const once = (response: ServerResponse, event: 'drain'): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off(event, done).off('close', done);
      resolve();
    };
    response.on(event, done).on('close', done);
  });

/** Socket paths end at 107 characters; through the folder's descriptor any folder will do. */
async function listen(server: ReturnType<typeof createServer>, socket: string): Promise<void> {
  const folder = openSync(dirname(socket), constants.O_RDONLY | constants.O_DIRECTORY);
  const path = `/proc/self/fd/${folder}/${basename(socket)}`;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  server.once('close', () => closeSync(folder));
}
