// Finds the workspaces of a project: the manifests that its patterns name. Only reads, follows no link, and is bounded.

import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import picomatch from 'picomatch';
import { parse } from 'yaml';
import * as z from 'zod';

import { readManifest, type Manifest } from '../ecosystems/npm/manifest.ts';
import type { WorkspaceManifest } from '../ecosystems/workspaces.ts';

export type WorkspacesReading =
  | { readonly kind: 'workspaces'; readonly workspaces: readonly WorkspaceManifest[] }
  | { readonly kind: 'wrong'; readonly why: string }
  | { readonly kind: 'manifest-unreadable'; readonly file: string; readonly reason: string; readonly line: number };

/** The largest known monorepos have some hundred packages. */
const WORKSPACES_MAX = 500;
const FOLDERS_MAX = 50_000;
const DEPTH_MAX = 8;
const MANIFEST_BYTES_MAX = 4 * 1024 * 1024;
const PASSED_OVER = new Set(['node_modules', '.git', '.tandem', '.yarn']);

const Patterns = z.array(z.string());
const DeclaredWorkspaces = z.union([
  Patterns,
  z.object({ packages: Patterns.default([]) }).transform(({ packages }) => packages),
]);
const PnpmWorkspace = z.object({ packages: Patterns.default([]) }).nullable();

/** The patterns that a manifest's `workspaces` or a pnpm-workspace.yaml names. Undefined: they are none. */
export function workspacePatterns(manifest: Manifest, pnpmWorkspace: string | null): readonly string[] | undefined {
  if (pnpmWorkspace === null) {
    if (manifest.workspaces === undefined) return [];
    const declared = DeclaredWorkspaces.safeParse(manifest.workspaces);
    return declared.success ? declared.data : undefined;
  }
  try {
    const declared = PnpmWorkspace.safeParse(parse(pnpmWorkspace, { maxAliasCount: 0 }));
    return declared.success ? (declared.data?.packages ?? []) : undefined;
  } catch {
    // What is no YAML names nothing; the person is told of the file by the caller.
    return undefined;
  }
}

export async function findWorkspaces(root: string, patterns: readonly string[]): Promise<WorkspacesReading> {
  if (patterns.length === 0) return { kind: 'workspaces', workspaces: [] };
  const outside = patterns.find((pattern) => /^!?(?:\/|(?:\.\.)(?:\/|$))|\/\.\.(?:\/|$)/.test(pattern));
  if (outside !== undefined) return { kind: 'wrong', why: `The pattern "${outside}" leads out of the project` };
  const places = await foldersWithManifest(root, matcherOf(patterns));
  if (places === undefined || places.length > WORKSPACES_MAX) {
    return { kind: 'wrong', why: `Its patterns name more than ${WORKSPACES_MAX} packages, or lie in too many folders` };
  }
  const workspaces: WorkspaceManifest[] = [];
  for (const place of places) {
    const file = join(root, place, 'package.json');
    const reading = readManifest(await readFile(file, 'utf8'));
    if (reading.kind === 'unreadable') return { ...reading, kind: 'manifest-unreadable', file };
    workspaces.push({ place, manifest: reading.manifest });
  }
  const twice = twoOfOneName(workspaces);
  if (twice !== null) return { kind: 'wrong', why: twice };
  return { kind: 'workspaces', workspaces };
}

function matcherOf(patterns: readonly string[]): (place: string) => boolean {
  const clean = (pattern: string): string => pattern.replace(/^\.\//, '').replace(/\/+$/, '');
  const wanted = picomatch(patterns.filter((pattern) => !pattern.startsWith('!')).map(clean));
  const unwanted = picomatch(patterns.filter((pattern) => pattern.startsWith('!')).map((each) => clean(each.slice(1))));
  return (place) => wanted(place) && !unwanted(place);
}

/** In the order of their names; undefined when there are too many folders to look at. */
async function foldersWithManifest(
  root: string,
  matches: (place: string) => boolean,
): Promise<readonly string[] | undefined> {
  const found: string[] = [];
  const folders = [''];
  let seen = 0;
  for (let place = folders.shift(); place !== undefined; place = folders.shift()) {
    for (const entry of await readdir(join(root, place), { withFileTypes: true })) {
      if (!entry.isDirectory() || PASSED_OVER.has(entry.name)) continue;
      seen += 1;
      if (seen > FOLDERS_MAX) return undefined;
      const inner = place === '' ? entry.name : `${place}/${entry.name}`;
      if (inner.split('/').length < DEPTH_MAX) folders.push(inner);
      if (matches(inner) && (await isManifest(join(root, inner, 'package.json')))) found.push(inner);
    }
  }
  return found.sort();
}

const isManifest = (file: string): Promise<boolean> =>
  lstat(file).then(
    (stat) => stat.isFile() && stat.size <= MANIFEST_BYTES_MAX,
    () => false,
  );

function twoOfOneName(workspaces: readonly WorkspaceManifest[]): string | null {
  const places = new Map<string, string>();
  for (const { place, manifest } of workspaces) {
    const before = manifest.name === '' ? undefined : places.get(manifest.name);
    if (before !== undefined) return `Two of its packages are named ${manifest.name}: ${before} and ${place}`;
    places.set(manifest.name, place);
  }
  return null;
}
