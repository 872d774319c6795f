// What two manifests of one package say about how it can be loaded: ES module only, deep imports, Node, entry. Pure.

import semver from 'semver';

export type ManifestChange =
  /** require() gives a namespace where it gave what the package exported. */
  | { readonly kind: 'es-module-only'; readonly before: string; readonly after: string }
  /** Files that were there for everybody can no longer be imported. */
  | { readonly kind: 'deep-import-blocked'; readonly specifier: string }
  | { readonly kind: 'node-raised'; readonly before: string | null; readonly after: string }
  | { readonly kind: 'entry-moved'; readonly before: string; readonly after: string }
  | { readonly kind: 'command-gone'; readonly command: string };

type Manifest = Readonly<Record<string, unknown>>;

/** `specifiers`: how the project imports it, such as `uuid/v4`; `afterFiles`: the paths in the new package. */
export function manifestChanges(
  before: Manifest,
  after: Manifest,
  { specifiers, afterFiles }: { readonly specifiers: readonly string[]; readonly afterFiles: ReadonlySet<string> },
): readonly ManifestChange[] {
  const changes: ManifestChange[] = [];
  if (!isEsModuleOnly(before) && isEsModuleOnly(after)) {
    changes.push({ kind: 'es-module-only', before: 'CommonJS', after: 'ES module only' });
  }
  for (const specifier of specifiers) {
    const subpath = specifier
      .split('/')
      .slice(specifier.startsWith('@') ? 2 : 1)
      .join('/');
    if (subpath !== '' && !isOffered(after, subpath, afterFiles))
      changes.push({ kind: 'deep-import-blocked', specifier });
  }
  const [nodeBefore, nodeAfter] = [nodeOf(before), nodeOf(after)];
  if (nodeAfter !== null && floorOf(nodeAfter) !== null && isHigher(nodeBefore, nodeAfter)) {
    changes.push({ kind: 'node-raised', before: nodeBefore, after: nodeAfter });
  }
  const [mainBefore, mainAfter] = [mainOf(before), mainOf(after)];
  if (mainBefore !== mainAfter) changes.push({ kind: 'entry-moved', before: mainBefore, after: mainAfter });
  for (const command of commandsOf(before)) {
    if (!commandsOf(after).includes(command)) changes.push({ kind: 'command-gone', command });
  }
  return changes;
}

/** True when nothing but an ES module is behind the package's name. */
export function isEsModuleOnly(manifest: Manifest): boolean {
  const entry = rootOf(manifest['exports']);
  if (entry === undefined)
    return manifest['type'] === 'module' ? !mainOf(manifest).endsWith('.cjs') : mainOf(manifest).endsWith('.mjs');
  const targets = targetsOf(entry, new Set(['require', 'node', 'default', 'module-sync']));
  return (
    targets.length > 0 &&
    targets.every((path) => path.endsWith('.mjs') || (manifest['type'] === 'module' && !path.endsWith('.cjs')))
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function rootOf(exports: unknown): unknown {
  if (!isObject(exports)) return exports ?? undefined;
  return Object.keys(exports).some((key) => key.startsWith('.')) ? exports['.'] : exports;
}

/** Nested conditions of manifests are two or three deep. */
const CONDITIONS_DEPTH_MAX = 8;

function targetsOf(entry: unknown, conditions: ReadonlySet<string>, depth = 0): readonly string[] {
  if (typeof entry === 'string') return [entry];
  if (Array.isArray(entry)) return targetsOf(entry[0], conditions, depth + 1);
  if (!isObject(entry) || depth > CONDITIONS_DEPTH_MAX) return [];
  for (const [condition, target] of Object.entries(entry)) {
    if (!conditions.has(condition)) continue;
    const found = targetsOf(target, conditions, depth + 1);
    if (found.length > 0) return found;
  }
  return [];
}

function isOffered(manifest: Manifest, subpath: string, files: ReadonlySet<string>): boolean {
  const { exports } = manifest;
  if (exports === undefined || exports === null) {
    return ['', '.js', '.json', '.cjs', '.node', '/index.js', '/package.json'].some((end) =>
      files.has(`${subpath}${end}`),
    );
  }
  if (!isObject(exports)) return false;
  return Object.entries(exports).some(([key, target]) => {
    if (target === null) return false;
    const [start = '', end = ''] = key.split('*');
    const asked = `./${subpath}`;
    return key.includes('*') ? asked.startsWith(start) && asked.endsWith(end) : key === asked;
  });
}

const mainOf = (manifest: Manifest): string =>
  typeof manifest['main'] === 'string' && manifest['main'] !== '' ? manifest['main'].replace(/^\.\//, '') : 'index.js';

const nodeOf = (manifest: Manifest): string | null => {
  const engines = manifest['engines'];
  return isObject(engines) && typeof engines['node'] === 'string' ? engines['node'] : null;
};

const floorOf = (range: string): string | null =>
  semver.validRange(range) === null ? null : (semver.minVersion(range)?.version ?? null);

const isHigher = (before: string | null, after: string): boolean =>
  semver.gt(floorOf(after) ?? '0.0.0', (before === null ? null : floorOf(before)) ?? '0.0.0');

export const commandsOf = (manifest: Manifest): readonly string[] => {
  const { bin, name } = manifest;
  if (typeof bin === 'string') return [typeof name === 'string' ? (name.split('/').at(-1) ?? name) : ''];
  return isObject(bin) ? Object.keys(bin) : [];
};
