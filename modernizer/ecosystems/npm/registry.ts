// Asks an npm registry what versions a package has and what each of them needs.
// Rule: an answer is whole and of the right shape, or it is no answer: half a packument is `unavailable`.
// Not here: installing (the sandbox reaches the registry by a proxy of its own).

import { ConstantBackoff, handleAll, retry } from 'cockatiel';
import semver from 'semver';
import * as z from 'zod';

import type { Secret } from 'kernel/basics';

const VersionManifest = z.object({
  version: z.string(),
  type: z.string().optional().catch(undefined),
  engines: z
    .object({ node: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  peerDependencies: z.record(z.string(), z.string()).optional().catch(undefined),
  peerDependenciesMeta: z
    .record(z.string(), z.object({ optional: z.boolean().optional() }))
    .optional()
    .catch(undefined),
  /** Operating systems it is for, such as `darwin` or `!win32`. */
  os: z.array(z.string()).optional().catch(undefined),
  exports: z.unknown().optional(),
  types: z.unknown().optional(),
  typings: z.unknown().optional(),
  deprecated: z.union([z.string(), z.boolean()]).optional().catch(undefined),
  dist: z.object({ tarball: z.string(), integrity: z.string().optional() }).optional().catch(undefined),
});
export type VersionManifest = Readonly<z.infer<typeof VersionManifest>>;

const PackumentJson = z.object({
  name: z.string(),
  'dist-tags': z.record(z.string(), z.string()).catch({}),
  versions: z.record(z.string(), VersionManifest),
  time: z.record(z.string(), z.string()).catch({}),
});

export interface Packument {
  readonly name: string;
  readonly latest: string | null;
  readonly versions: ReadonlyMap<string, VersionManifest>;
  /** ISO dates of publication, by version. */
  readonly publishedAt: Readonly<Record<string, string>>;
}

export type PackumentReading =
  | { readonly kind: 'found'; readonly packument: Packument }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface Registry {
  readonly url: string;
  packument(name: string, signal: AbortSignal): Promise<PackumentReading>;
  /** Bytes of a tarball, at most `TARBALL_BYTES_MAX`. */
  tarball(url: string, signal: AbortSignal): Promise<TarballReading>;
}

type TarballReading =
  { readonly kind: 'bytes'; readonly bytes: Uint8Array } | { readonly kind: 'unavailable'; readonly reason: string };

/** One answer of a registry. Measured: 565 KB for express, 0.06–0.23 s; a slow line gets a hundred times that. */
const ANSWER_MS_MAX = 30_000;
/** The longest packuments known are near 30 MB. */
const PACKUMENT_BYTES_MAX = 64 * 1024 * 1024;
/** Old packages that carry their tests are far below this. */
const TARBALL_BYTES_MAX = 64 * 1024 * 1024;
const TRIES_AGAIN = 2;
const WAIT_MS = 400;

export interface RegistryAccess {
  /** Between two tries. */
  readonly waitMs?: number;
  /** The value of the Authorization header; sent to this registry alone. */
  readonly authorization?: Secret | null;
}

/** A registry at a base address such as `https://registry.npmjs.org/`. */
export function npmRegistry(url: string, { waitMs = WAIT_MS, authorization = null }: RegistryAccess = {}): Registry {
  const base = url.endsWith('/') ? url : `${url}/`;
  const ask: Ask = (place, signal) =>
    fetch(place, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
      redirect: 'follow',
      headers:
        authorization === null || place.origin !== new URL(base).origin
          ? {}
          : { authorization: authorization.reveal() },
    });
  const again = retry(handleAll, { maxAttempts: TRIES_AGAIN, backoff: new ConstantBackoff(waitMs) });
  return {
    url: base,
    async packument(name, signal) {
      const place = new URL(name.startsWith('@') ? name.replace('/', '%2f') : name, base);
      try {
        return await again.execute(() => askPackument(ask, place, signal), signal);
      } catch (error) {
        return { kind: 'unavailable', reason: reasonOf(error) };
      }
    },
    async tarball(tarballUrl, signal) {
      try {
        return await again.execute(async () => {
          const response = await ask(new URL(tarballUrl), signal);
          if (!response.ok) throw new Error(`it answered ${response.status}`);
          return { kind: 'bytes' as const, bytes: await boundedBytes(response, TARBALL_BYTES_MAX) };
        }, signal);
      } catch (error) {
        return { kind: 'unavailable', reason: reasonOf(error) };
      }
    },
  };
}

type Ask = (place: URL, signal: AbortSignal) => Promise<Response>;

async function askPackument(ask: Ask, place: URL, signal: AbortSignal): Promise<PackumentReading> {
  const response = await ask(place, signal);
  if (response.status === 404) return { kind: 'not-found' };
  if (!response.ok) throw new Error(`it answered ${response.status}`);
  const bytes = await boundedBytes(response, PACKUMENT_BYTES_MAX);
  const parsed = PackumentJson.safeParse(jsonOf(bytes));
  if (!parsed.success) throw new Error('its answer was cut off or is not what a registry says');
  const { data } = parsed;
  const versions = new Map(Object.entries(data.versions).filter(([version]) => semver.valid(version) !== null));
  return {
    kind: 'found',
    packument: { name: data.name, latest: data['dist-tags']['latest'] ?? null, versions, publishedAt: data.time },
  };
}

async function boundedBytes(response: Response, bytesMax: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.byteLength;
    if (length > bytesMax) throw new Error(`its answer is longer than ${bytesMax} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `it gave no whole answer within ${ANSWER_MS_MAX / 1000} s`;
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const code = cause !== undefined && 'code' in cause ? String(cause.code) : undefined;
  if (code === 'ECONNREFUSED') return 'nobody listens at that address';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name could not be resolved';
  return cause?.message === undefined || cause.message === '' ? error.message : `${error.message}: ${cause.message}`;
}
