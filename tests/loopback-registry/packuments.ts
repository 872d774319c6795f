// Fixture packages as the documents that a registry serves: a packument for each name, a tarball for each version.

import { createHash } from 'node:crypto';
import { tarball, type TarEntry } from './tarball.ts';

export interface FixturePackage {
  readonly name: string;
  readonly version: string;
  /** The rest of its package.json: dependencies, peerDependencies, engines, bin, scripts, deprecated. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Contents by path inside the package. */
  readonly files?: Readonly<Record<string, string>>;
  /** Entries written as they are, beside the files: hostile paths and links. */
  readonly rawEntries?: readonly TarEntry[];
  /** Dist-tags it gets; `latest` unless told. Of several versions with one tag the last given has it. */
  readonly tags?: readonly string[];
  /** ISO-8601; a day after the version given before it unless told. */
  readonly publishedAt?: string;
}

export interface PublishedVersion {
  readonly version: string;
  readonly tarball: Buffer;
  readonly tarballPath: string;
  readonly integrity: string;
  readonly shasum: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly publishedAt: string;
}

export interface PublishedPackage {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly versions: ReadonlyMap<string, PublishedVersion>;
}

const FIRST_PUBLISHED_MS = Date.UTC(2020, 0, 1);
const DAY_MS = 86_400_000;

export function publish(fixtures: readonly FixturePackage[]): ReadonlyMap<string, PublishedPackage> {
  const published = new Map<string, PublishedPackage>();
  for (const name of new Set(fixtures.map((fixture) => fixture.name))) {
    const own = fixtures.filter((fixture) => fixture.name === name);
    const tags = own.flatMap(({ version, tags: tagged }) => (tagged ?? ['latest']).map((tag) => [tag, version]));
    const versions = own.map((fixture, index) => [fixture.version, publishedVersion(fixture, index)] as const);
    published.set(name, { name, tags: Object.fromEntries(tags), versions: new Map(versions) });
  }
  return published;
}

/** The full document of a package, with tarballs at `url` (without a slash at its end). */
export function packumentOf(published: PublishedPackage, url: string): Record<string, unknown> {
  const versions = [...published.versions.values()];
  return {
    _id: published.name,
    name: published.name,
    'dist-tags': published.tags,
    versions: Object.fromEntries(versions.map((version) => [version.version, versionDocument(version, url)])),
    time: Object.fromEntries(versions.map((version) => [version.version, version.publishedAt])),
  };
}

export const versionDocument = (version: PublishedVersion, url: string): Record<string, unknown> => ({
  ...version.manifest,
  dist: { integrity: version.integrity, shasum: version.shasum, tarball: `${url}${version.tarballPath}` },
});

function publishedVersion(fixture: FixturePackage, index: number): PublishedVersion {
  const manifest = { ...fixture.manifest, name: fixture.name, version: fixture.version };
  const files = { ...fixture.files, 'package.json': JSON.stringify(manifest, null, 2) };
  const entries = Object.entries(files).map(([path, content]) => ({ path: `package/${path}`, content, mode: 0o755 }));
  const bytes = tarball([...entries, ...(fixture.rawEntries ?? [])]);
  const unscoped = fixture.name.slice(fixture.name.lastIndexOf('/') + 1);
  return {
    version: fixture.version,
    tarball: bytes,
    tarballPath: `/${fixture.name}/-/${unscoped}-${fixture.version}.tgz`,
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    shasum: createHash('sha1').update(bytes).digest('hex'),
    manifest,
    publishedAt: fixture.publishedAt ?? new Date(FIRST_PUBLISHED_MS + index * DAY_MS).toISOString(),
  };
}
