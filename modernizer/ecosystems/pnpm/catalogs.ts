// The default catalog of pnpm: ranges that stand once in pnpm-workspace.yaml, and that workspaces name by `catalog:`.
// Rule: what workspaces take from it is one upgrade of one place, the catalog; an edit touches the one value it is about.
// Not here: named catalogs. Who keeps two versions of one thing has a reason; they are left alone.

import { isScalar, parseDocument, type Document, type Scalar } from 'yaml';

import type { DependencyKind } from '../../protocol/index.ts';
import type { Manifest } from '../npm/manifest.ts';

export const CATALOG_FILE = 'pnpm-workspace.yaml';

/** As pnpm spells the default one; both may not be there at once. */
const PLACES: readonly (readonly string[])[] = [['catalog'], ['catalogs', 'default']];
const KINDS = ['dependencies', 'optionalDependencies', 'devDependencies'] as const satisfies readonly DependencyKind[];

/** The ranges that manifests take from the catalog, as if it were a manifest itself; undefined when they take none. */
export function catalogManifest(text: string, manifests: readonly Manifest[]): Manifest | undefined {
  const catalog = documentOf(text);
  if (catalog === undefined) return undefined;
  const ranges: Record<(typeof KINDS)[number], Record<string, string>> = {
    dependencies: {},
    optionalDependencies: {},
    devDependencies: {},
  };
  const taken = new Set<string>();
  // The first kind is the strictest: what one workspace needs to run counts as that for all of them.
  for (const kind of KINDS) {
    for (const [name, range] of manifests.flatMap((manifest) => Object.entries(manifest[kind]))) {
      const entry = isDefault(range) && !taken.has(name) ? entryOf(catalog, name) : undefined;
      if (entry === undefined) continue;
      taken.add(name);
      ranges[kind][name] = entry.value;
    }
  }
  if (taken.size === 0) return undefined;
  return { name: '', version: '0.0.0', scripts: {}, engines: {}, ...ranges, peerDependencies: {}, text };
}

const isDefault = (range: string): boolean => /^catalog:(?:default)?$/.test(range.trim());

/** The text with each range of the catalog changed and nothing else. */
export function withCatalogRanges(
  text: string,
  changes: readonly { readonly name: string; readonly toRange: string }[],
): string {
  return changes.reduce((changed, { name, toRange }) => {
    const catalog = documentOf(changed);
    const entry = catalog === undefined ? undefined : entryOf(catalog, name);
    if (entry === undefined) return changed;
    const { start, end } = entry;
    return `${changed.slice(0, start)}${inStyle(changed.slice(start, end), toRange)}${changed.slice(end)}`;
  }, text);
}

/** In the quotes that stand there; a range that no plain text can be is quoted. */
function inStyle(before: string, range: string): string {
  const quote = /^["']/.exec(before)?.[0] ?? (/^[\w^~.-]+$/.test(range) ? '' : "'");
  return `${quote}${range}${quote}`;
}

function documentOf(text: string): Document | undefined {
  const document = parseDocument(text);
  return document.errors.length > 0 ? undefined : document;
}

interface Entry {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

function entryOf(document: Document, name: string): Entry | undefined {
  for (const place of PLACES) {
    const node = document.getIn([...place, name], true);
    if (!isText(node) || node.range == null) continue;
    const [start, end] = node.range;
    return { value: node.value, start, end };
  }
  return undefined;
}

const isText = (node: unknown): node is Scalar<string> => isScalar(node) && typeof node.value === 'string';
