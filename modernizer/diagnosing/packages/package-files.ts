// The files of a published package that tell what it offers: manifest, declarations, sources, changelog; in memory.
// Rule: nothing of a package is written to disk or run here. A path that leads out, a link and whatever passes a
// bound is left out, and that something was left out is told.

import { Readable } from 'node:stream';

import { Parser } from 'tar';

export interface PackageFiles {
  readonly name: string;
  readonly version: string;
  /** Text by path in the package, such as `lib/index.d.ts`. */
  readonly files: ReadonlyMap<string, string>;
  /** True when a bound was passed and files are missing. */
  readonly partial: boolean;
}

export type PackageReading =
  | { readonly kind: 'package'; readonly package: PackageFiles }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** The largest packages of declarations known (@types/node, typescript) have some hundreds of files. */
const FILES_MAX = 5_000;
/** One text; bundles and minified files beyond it are nothing that a person calls. */
const TEXT_BYTES_MAX = 2 * 1024 * 1024;
const TEXTS_BYTES_MAX = 24 * 1024 * 1024;

const TOLD =
  /\.(?:d\.[cm]?ts|[cm]?[jt]sx?|json)$|(?:^|\/)(?:changelog|history|changes|releases?|migrat\w*|upgrad\w*)[^/]*$/i;

/** Reads an archive as the registry gives it. */
export async function readPackage(archive: Uint8Array): Promise<PackageReading> {
  const texts = new Map<string, string>();
  let [bytes, partial] = [0, false];
  const parser = new Parser({
    strict: true,
    filter: (path, entry) => {
      const place = insideOf(path);
      if (place === undefined || !('type' in entry) || !/^(?:Old)?File$/.test(entry.type) || !TOLD.test(place))
        return false;
      const fits = texts.size < FILES_MAX && entry.size <= TEXT_BYTES_MAX && bytes + entry.size <= TEXTS_BYTES_MAX;
      if (fits) bytes += entry.size;
      else partial = true;
      return fits;
    },
    onReadEntry: (entry) => {
      const parts: Buffer[] = [];
      const place = insideOf(entry.path);
      entry.on('data', (part: Buffer) => parts.push(part));
      entry.on('end', () => {
        if (place !== undefined) texts.set(place, Buffer.concat(parts).toString('utf8'));
      });
    },
  });
  try {
    await new Promise<void>((resolve, reject) => {
      parser.on('end', resolve).on('error', reject);
      Readable.from([Buffer.from(archive)]).pipe(parser);
    });
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
  return packageOf(texts, partial);
}

function packageOf(files: ReadonlyMap<string, string>, partial: boolean): PackageReading {
  const manifest = manifestOf(files);
  const { name, version } = manifest;
  if (typeof name !== 'string' || typeof version !== 'string') {
    return { kind: 'unreadable', reason: 'its archive holds no manifest with a name and a version' };
  }
  return { kind: 'package', package: { name, version, files, partial } };
}

/** The manifest as far as it is an object; nothing of it is to be trusted. */
export function manifestOf(files: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(files.get('package.json') ?? '{}');
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    // What cannot be parsed names nothing; the caller says that the archive holds no manifest.
    return {};
  }
}

/** The path without the archive's top folder; undefined for what leads out of it. */
function insideOf(path: string): string | undefined {
  const parts = path
    .split('/')
    .slice(1)
    .filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') || path.startsWith('/') || path.includes('\\')
    ? undefined
    : parts.join('/');
}
