// Fetches the archives of a package and of its `@types` package from the registry, checked by their integrity.
// Rule: an archive with other bytes than were promised is no archive; what cannot be had is said with its reason.

import { createHash, timingSafeEqual } from 'node:crypto';

import semver from 'semver';

import { typesPackageOf } from '../differences/memory-program.ts';
import type { Packument, Registry } from '../../ecosystems/npm/registry.ts';
import { readPackage, type PackageFiles, type PackageReading } from './package-files.ts';

/** The files of one version. */
export async function fetchPackage(
  registry: Registry,
  { name, version }: { readonly name: string; readonly version: string },
  signal: AbortSignal,
): Promise<PackageReading> {
  const reading = await registry.packument(name, signal);
  if (reading.kind === 'not-found') return unreadable(`the registry has no package named ${name}`);
  if (reading.kind === 'unavailable') return unreadable(reading.reason);
  return fetchVersion(registry, reading.packument, version, signal);
}

/** The declarations that were published for a version by others; null where there are none. */
export async function fetchTypes(
  registry: Registry,
  { name, version }: { readonly name: string; readonly version: string },
  signal: AbortSignal,
): Promise<PackageFiles | null> {
  if (name.startsWith('@types/')) return null;
  const reading = await registry.packument(typesPackageOf(name), signal);
  if (reading.kind !== 'found') return null;
  const typesVersion = typesVersionFor([...reading.packument.versions.keys()], version);
  if (typesVersion === null) return null;
  const found = await fetchVersion(registry, reading.packument, typesVersion, signal);
  // Where a package has types of its own by now, its `@types` are an empty note that says so.
  const declares = found.kind === 'package' && [...found.package.files.keys()].some((path) => path.endsWith('.d.ts'));
  return declares ? found.package : null;
}

/** Declarations are numbered by major and minor of what they describe: the newest that is not newer than it. */
export function typesVersionFor(versions: readonly string[], version: string): string | null {
  const { major, minor } = semver.coerce(version) ?? { major: 0, minor: 0 };
  const same = versions.filter((each) => semver.major(each) === major);
  const older = same.filter((each) => semver.minor(each) <= minor);
  return semver.maxSatisfying(older.length > 0 ? older : same, '*');
}

async function fetchVersion(
  registry: Registry,
  packument: Packument,
  version: string,
  signal: AbortSignal,
): Promise<PackageReading> {
  const dist = packument.versions.get(version)?.dist;
  if (dist === undefined) return unreadable(`the registry has no version ${version} of ${packument.name}`);
  const archive = await registry.tarball(onRegistry(dist.tarball, registry.url), signal);
  if (archive.kind === 'unavailable') return unreadable(archive.reason);
  if (dist.integrity !== undefined && !matches(archive.bytes, dist.integrity)) {
    return unreadable(
      `the archive of ${packument.name}@${version} arrived with other bytes than the registry promised`,
    );
  }
  return readPackage(archive.bytes);
}

const unreadable = (reason: string): PackageReading => ({ kind: 'unreadable', reason });

/** Registries that mirror others name the original's address; the path on this one is the same. */
function onRegistry(tarball: string, registryUrl: string): string {
  const [wanted, base] = [new URL(tarball), new URL(registryUrl)];
  return wanted.hostname === 'registry.npmjs.org' && wanted.host !== base.host
    ? new URL(wanted.pathname.slice(1), base).href
    : tarball;
}

function matches(bytes: Uint8Array, integrity: string): boolean {
  const strongest = integrity.split(/\s+/).find((part) => part.startsWith('sha512-'));
  if (strongest === undefined) return true;
  const wanted = Buffer.from(strongest.slice('sha512-'.length), 'base64');
  const found = createHash('sha512').update(bytes).digest();
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}
