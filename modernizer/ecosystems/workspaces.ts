// A project as the manifests it is made of: its top, and one for each workspace. Pure.
// Rule: what several workspaces declare is one upgrade, and moves in all of them together.

import { raisedRange } from './npm/ranges.ts';
import { readManifest, withNodeEngine, withRanges, type Manifest } from './npm/manifest.ts';
import { CATALOG_FILE, withCatalogRanges } from './pnpm/catalogs.ts';
import type { DependencyKind, PlannedUpgrade } from '../protocol/index.ts';

export interface WorkspaceManifest {
  /** Folder of the workspace with `/`, '' for the top; the file itself for the catalog of pnpm. */
  readonly place: string;
  readonly manifest: Manifest;
}

/** The text of a manifest, as it is to be written. */
export interface ManifestFile {
  readonly place: string;
  readonly text: string;
}

export const filesOf = (manifests: readonly WorkspaceManifest[]): readonly ManifestFile[] =>
  manifests.map(({ place, manifest }) => ({ place, text: manifest.text }));

/** Those that can be read; what was written by us can. */
export const readManifests = (files: readonly ManifestFile[]): readonly WorkspaceManifest[] =>
  files.flatMap(({ place, text }) => {
    const reading = readManifest(text);
    return reading.kind === 'manifest' ? [{ place, manifest: reading.manifest }] : [];
  });

export const manifestPath = (place: string): string =>
  place === CATALOG_FILE ? place : place === '' ? 'package.json' : `${place}/package.json`;

/** Where an upgrade changes a range: in the top, unless it says otherwise. */
function changesOf(upgrade: ChangedRange): readonly RangeAt[] {
  const { name, kind, fromRange, toRange, to, places } = upgrade;
  if (places === undefined) return [{ place: '', name, kind, fromRange, toRange }];
  return places.map((each) => ({ ...each, name, toRange: raisedRange(each.fromRange, to) }));
}

export type ChangedRange = Pick<PlannedUpgrade, 'name' | 'kind' | 'fromRange' | 'toRange' | 'to' | 'places'>;

interface RangeAt {
  readonly place: string;
  readonly name: string;
  readonly kind: DependencyKind;
  readonly fromRange: string;
  readonly toRange: string;
}

/** The manifests with each upgrade's ranges changed and nothing else. */
export function withUpgrades(
  files: readonly ManifestFile[],
  upgrades: readonly ChangedRange[],
): readonly ManifestFile[] {
  const changes = upgrades.flatMap(changesOf);
  return files.map(({ place, text }) => {
    const own = changes.filter((change) => change.place === place);
    return { place, text: place === CATALOG_FILE ? withCatalogRanges(text, own) : withRanges(text, own) };
  });
}

/** The manifests that declare a Node release with another one; the top where none does. */
export function withNodeEngines(files: readonly ManifestFile[], range: string): readonly ManifestFile[] {
  const declares = ({ text }: ManifestFile): boolean => /"engines"\s*:\s*\{[^}]*"node"\s*:/.test(text);
  const some = files.some(declares);
  return files.map((file) =>
    declares(file) || (!some && file.place === '') ? { ...file, text: withNodeEngine(file.text, range) } : file,
  );
}

/** The same text for the same manifests: what a question about them is told apart by. */
export const questionText = (files: readonly ManifestFile[]): string => {
  const [first, ...others] = files;
  return first !== undefined && others.length === 0 ? first.text : JSON.stringify(files);
};

/** Names of workspaces that need each other in a circle, the first again at its end; null when none do. */
export function circleAmong(manifests: readonly WorkspaceManifest[]): readonly string[] | null {
  const byName = new Map(manifests.map(({ manifest }) => [manifest.name, manifest]));
  const done = new Set<string>();
  const from = (name: string, path: readonly string[]): readonly string[] | null => {
    const again = path.indexOf(name);
    if (again !== -1) return [...path.slice(again), name];
    const manifest = byName.get(name);
    if (manifest === undefined || done.has(name)) return null;
    for (const next of neededBy(manifest)) {
      const found = from(next, [...path, name]);
      if (found !== null) return found;
    }
    done.add(name);
    return null;
  };
  for (const name of byName.keys()) {
    const found = name === '' ? null : from(name, []);
    if (found !== null) return found;
  }
  return null;
}

const neededBy = ({ dependencies, devDependencies, optionalDependencies }: Manifest): readonly string[] =>
  Object.keys({ ...devDependencies, ...optionalDependencies, ...dependencies });
