// A real npm registry on 127.0.0.1 for tests: packages are given as data, faults can be switched on for each.
// It answers packuments in the full format only, whatever the client accepts, as some registries do.
// Not here: publishing, search and advisories (405 or 404, as on registries that lack them).

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  packumentOf,
  publish,
  versionDocument,
  type FixturePackage,
  type PublishedPackage,
  type PublishedVersion,
} from './packuments.ts';

/**
 * `down`: the connection breaks without an answer. `half-answer`: the packument stops in its middle.
 * `half-tarball`: the tarball does. `slow`: no answer ever comes. `broken-integrity`: the tarball's bytes are not
 * those of its integrity. `missing-tarball`: 404 for it. `status-500`: the server fails.
 */
export type RegistryFault =
  'down' | 'half-answer' | 'half-tarball' | 'slow' | 'broken-integrity' | 'missing-tarball' | 'status-500';

interface RegistryRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
}

export interface LoopbackRegistrySettings {
  readonly packages: readonly FixturePackage[];
  /** By package name; `*` for all of them. */
  readonly faults?: Readonly<Record<string, RegistryFault>>;
}

export interface LoopbackRegistry {
  /** Such as `http://127.0.0.1:40123/`. */
  readonly url: string;
  readonly packages: ReadonlyMap<string, PublishedPackage>;
  requests(): readonly RegistryRequest[];
  /** Switches a fault on for a package or, with `*`, for all; null switches it off. */
  setFault(name: string, fault: RegistryFault | null): void;
  close(): Promise<void>;
}

/** What a request asks for; `undefined` is a 404. */
type Wanted =
  | { readonly kind: 'packument'; readonly published: PublishedPackage }
  | { readonly kind: 'version'; readonly published: PublishedPackage; readonly version: PublishedVersion }
  | { readonly kind: 'tarball'; readonly published: PublishedPackage; readonly version: PublishedVersion };

export async function startLoopbackRegistry(settings: LoopbackRegistrySettings): Promise<LoopbackRegistry> {
  const packages = publish(settings.packages);
  const faults = new Map(Object.entries(settings.faults ?? {}));
  const requests: RegistryRequest[] = [];
  let origin = '';

  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    requests.push({ method: request.method ?? '', path, authorization: request.headers.authorization ?? null });
    const wanted = wantedBy(path, packages);
    const name = wanted?.published.name ?? '';
    const fault = faults.get(name) ?? faults.get('*');
    // A fault of the whole registry also hits what it does not have.
    if (fault === 'down') return void request.socket.destroy();
    if (fault === 'slow') return;
    if (fault === 'status-500') return answerJson(response, 500, { error: 'The registry failed.' });
    if (request.method !== 'GET' && request.method !== 'HEAD') return answerJson(response, 405, { error: 'No.' });
    if (wanted === undefined) return answerJson(response, 404, { error: 'Not found' });
    answer(request, response, { wanted, fault, origin });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${portOf(server.address())}`;

  return {
    url: `${origin}/`,
    packages,
    requests: () => requests,
    setFault(name, fault) {
      if (fault === null) faults.delete(name);
      else faults.set(name, fault);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Finds `/name`, `/@scope%2fname`, `/name/1.0.0`, `/name/latest` and `/name/-/name-1.0.0.tgz`. */
function wantedBy(path: string, packages: ReadonlyMap<string, PublishedPackage>): Wanted | undefined {
  const decoded = decodedPath(path);
  const name = /^\/((?:@[^/]+\/)?[^/]+)/.exec(decoded)?.[1] ?? '';
  const published = packages.get(name);
  if (published === undefined) return undefined;
  const rest = decoded.slice(name.length + 2);
  if (rest === '') return { kind: 'packument', published };
  const exact = published.versions.get(published.tags[rest] ?? rest);
  if (exact !== undefined) return { kind: 'version', published, version: exact };
  const version = [...published.versions.values()].find((candidate) => candidate.tarballPath === decoded);
  return version === undefined ? undefined : { kind: 'tarball', published, version };
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path.split('?')[0] ?? '');
  } catch (thrown) {
    if (thrown instanceof URIError) return '/';
    throw thrown;
  }
}

interface Answer {
  readonly wanted: Wanted;
  readonly fault: RegistryFault | undefined;
  readonly origin: string;
}

function answer(request: IncomingMessage, response: ServerResponse, { wanted, fault, origin }: Answer): void {
  if (wanted.kind !== 'tarball') {
    const document =
      wanted.kind === 'packument' ? packumentOf(wanted.published, origin) : versionDocument(wanted.version, origin);
    const body = Buffer.from(JSON.stringify(document));
    return send(request, response, { type: 'application/json', body, cut: fault === 'half-answer' });
  }
  if (fault === 'missing-tarball') return answerJson(response, 404, { error: 'Not found' });
  const body = fault === 'broken-integrity' ? otherBytes(wanted.version.tarball) : wanted.version.tarball;
  send(request, response, { type: 'application/octet-stream', body, cut: fault === 'half-tarball' });
}

interface Body {
  readonly type: string;
  readonly body: Buffer;
  /** Announces the whole, sends half, and breaks the connection. */
  readonly cut: boolean;
}

function send(request: IncomingMessage, response: ServerResponse, { type, body, cut }: Body): void {
  response.writeHead(200, { 'content-type': type, 'content-length': body.length });
  if (request.method === 'HEAD') return void response.end();
  if (!cut) return void response.end(body);
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy());
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** A valid gzip stream still, with one byte of its header's time changed: only the integrity tells. */
function otherBytes(original: Buffer): Buffer {
  const changed = Buffer.from(original);
  changed.writeUInt8(changed.readUInt8(4) ^ 1, 4);
  return changed;
}

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0;
