// Repositories over HTTP, as a web-standard handler: whatever server there is mounts it.
//
//   POST …/atomic/v1/<repository>/rpc              one request of the exchange and its answer, both streams of frames
//   GET  …/atomic/v1/<repository>/changes/<hash>   one patch, without what may change beside it: kept for ever by any cache
//
// Rule: who asks is looked at before anything else, also before it is said whether there is such a repository. Only a
// client that names our media type is answered, which no page of another site can do without being asked first.

import { Fault, Secret } from 'kernel/basics';

import { parseHash } from '../patches/hash.ts';
import type { Repository } from '../repository/repository.ts';
import { answer } from './answer.ts';
import type { Host } from './asked.ts';
import { remoteDenied, remoteFailed, remoteRepositoryUnknown } from './faults.ts';
import { framesIn } from './frames.ts';
import { bundleMessages } from './messages-in.ts';
import { encodeMessage, isFaultFrame } from './messages.ts';
import type { ReceivePolicy } from './receive-policy.ts';

export const MEDIA_TYPE = 'application/vnd.atomic.frames';

export interface ServedRepository {
  /** Stays open: whoever gives it closes it. */
  readonly repository: Repository;
  readonly policy: ReceivePolicy;
}

export interface Granted {
  readonly access: 'none' | 'read' | 'write';
  /** Who it is, for the audit log. Never the token. */
  readonly who: string;
}

export interface RemoteHandler {
  /** Undefined: there is none of that name. */
  readonly repositories: (name: string) => ServedRepository | undefined | Promise<ServedRepository | undefined>;
  readonly authorise: (token: Secret | null, repository: string) => Granted | Promise<Granted>;
}

const ROUTE = /\/atomic\/v1\/(.{1,1000})\/(?:(rpc)|changes\/([A-Za-z0-9]{1,100}))$/;
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,4096})$/i;

/** Never throws: what goes wrong is an answer. */
export async function handleRemoteRequest(request: Request, handler: RemoteHandler): Promise<Response> {
  try {
    return await handled(request, handler);
  } catch (thrown) {
    return faultResponse(thrown instanceof Fault ? thrown : remoteFailed(thrown));
  }
}

async function handled(request: Request, handler: RemoteHandler): Promise<Response> {
  const { pathname } = new URL(request.url);
  const [, encoded = '', rpc, change] = ROUTE.exec(pathname) ?? [];
  const name = decodedName(encoded);
  const token = tokenOf(request);
  const { access, who } = await handler.authorise(token, name);
  if (access === 'none') return deniedResponse(name, token !== null);
  const served = name === '' ? undefined : await handler.repositories(name);
  if (served === undefined) throw remoteRepositoryUnknown(name);
  const host: Host = { ...served, name, access, who };
  if (rpc !== undefined) return request.method === 'POST' ? rpcResponse(request, host) : methodResponse('POST');
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  return isRead ? changeResponse(request, host, change ?? '') : methodResponse('GET, HEAD');
}

function decodedName(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    // No name at all; it is said to be unknown.
    return '';
  }
}

function tokenOf(request: Request): Secret | null {
  const [, token] = BEARER.exec(request.headers.get('authorization') ?? '') ?? [];
  return token === undefined ? null : new Secret(token);
}

async function rpcResponse(request: Request, host: Host): Promise<Response> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim();
  if (type !== MEDIA_TYPE) return new Response(null, { status: 415, headers: { accept: MEDIA_TYPE } });
  const chunks = answer(
    host,
    framesIn(request.body ?? new ReadableStream<Uint8Array>({ start: (own) => own.close() })),
  );
  const first = await chunks.next();
  if (first.done === true) throw remoteFailed(new Error('There was no answer.'));
  const status = isFaultFrame(first.value) ? 400 : 200;
  return new Response(streamOf(first.value, chunks), { status, headers: { ...HEADERS, 'cache-control': 'no-store' } });
}

const HEADERS = { 'content-type': MEDIA_TYPE, 'x-content-type-options': 'nosniff' };

/** A chunk is made when the last one has been taken. */
function streamOf(first: Uint8Array, rest: AsyncGenerator<Uint8Array, void>): ReadableStream<Uint8Array> {
  let begun = false;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!begun) {
          begun = true;
          controller.enqueue(first);
          return;
        }
        const next = await rest.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await rest.return();
      },
    },
    { highWaterMark: 0 },
  );
}

/** A patch of any channel. One that nobody has in a channel any more was taken back, and is not given out. */
function changeResponse(request: Request, { repository }: Host, text: string): Response {
  const hash = parseHash(text);
  const { store } = repository;
  const number = hash === undefined ? undefined : store.patches.numberOf(hash);
  const isGiven =
    number !== undefined &&
    store.channels.list().some(({ name }) => store.channels.get(name)?.set.has(number) === true);
  if (hash === undefined || number === undefined || !isGiven) throw remoteRepositoryUnknown(`changes/${text}`);
  const headers = { ...HEADERS, etag: `"${hash}"`, 'cache-control': 'private, max-age=31536000, immutable' };
  if (request.headers.get('if-none-match')?.includes(`"${hash}"`) === true) {
    return new Response(null, { status: 304, headers });
  }
  if (request.method === 'HEAD') return new Response(null, { headers });
  const patch = { ...store.patches.patchBytes(number), attribution: null, signatures: [] };
  const frames = [...bundleMessages([{ kind: 'patch', patch }], 1), encodeMessage({ kind: 'end' })];
  return new Response(Uint8Array.from(Buffer.concat(frames)), { headers });
}

const methodResponse = (allow: string): Response => new Response(null, { status: 405, headers: { allow } });

function deniedResponse(name: string, hasToken: boolean): Response {
  const why = hasToken ? 'The token is not good for this repository.' : 'It asks for a token, and none was sent.';
  const response = faultResponse(remoteDenied(name, why));
  const headers = new Headers(response.headers);
  if (!hasToken) headers.set('www-authenticate', 'Bearer realm="atomic"');
  return new Response(response.body, { status: hasToken ? 403 : 401, headers });
}

const STATUS: Readonly<Record<string, number>> = {
  'not-found': 404,
  'not-allowed': 403,
  'wrong-use': 400,
  conflict: 409,
  limit: 413,
  unavailable: 503,
};

function faultResponse(fault: Fault): Response {
  const frames = [encodeMessage({ kind: 'fault', fault }), encodeMessage({ kind: 'end' })];
  return new Response(Uint8Array.from(Buffer.concat(frames)), {
    status: STATUS[fault.about.kind] ?? 500,
    headers: { ...HEADERS, 'cache-control': 'no-store' },
  });
}
