// Looks at what npm has installed: is everything of the lockfile there, and nothing besides?
// Rule: a tree in which anything else lies is nobody's but its trial's.

import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { KnownTree } from './plan-tree.ts';
import { folderOf, type Places } from './read-places.ts';

/** The tree as it can be kept, or why it cannot. */
export async function lookAtTree(
  folder: string,
  { key, packages }: Places,
): Promise<KnownTree | { readonly kind: 'not-shared'; readonly reason: string }> {
  const at: Record<string, string> = {};
  const leftOut: string[] = [];
  for (const { place, integrity, optional } of packages) {
    if (await isFolder(join(folder, place))) at[place] = integrity;
    else if (optional) leftOut.push(integrity);
    else return { kind: 'not-shared', reason: `${place} was not installed` };
  }
  const stranger = await strangerIn(folder, new Set(Object.keys(at)));
  if (stranger !== undefined) return { kind: 'not-shared', reason: `${stranger} is not in the lockfile` };
  return { key, at, leftOut };
}

const isFolder = (path: string): Promise<boolean> =>
  lstat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );

async function strangerIn(folder: string, places: ReadonlySet<string>): Promise<string | undefined> {
  const folders = new Set([...places].flatMap((place) => [folderOf(place), `${place}/node_modules`]));
  for (const modules of folders) {
    for (const path of await packagesIn(folder, modules)) if (!places.has(path)) return path;
  }
  return undefined;
}

/** What lies in a folder of packages, those of a scope one by one. */
async function packagesIn(folder: string, modules: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, modules)).catch(() => []);
  const found: string[] = [];
  for (const name of names) {
    if (name === '.bin' || name === '.package-lock.json') continue;
    const path = `${modules}/${name}`;
    if (name.startsWith('@')) found.push(...(await readdir(join(folder, path))).map((inner) => `${path}/${inner}`));
    else found.push(path);
  }
  return found;
}
