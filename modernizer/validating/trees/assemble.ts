// Puts a tree together from trees that are there: the nearest one as it is, then what differs, then the commands.
// Rule: files are linked, not copied, and only npm and this file ever write where it works; both replace, never change,
// a file. What it makes equals what npm installs from the same lockfile (`npm run bench trees-of-trials` compares).

import { execFile } from 'node:child_process';
import { link, lstat, mkdir, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

import type { TreePlan } from './plan-tree.ts';
import { folderOf, type PlacedPackage, type Places } from './read-places.ts';

const run = promisify(execFile);

/** @param placeOf Where the packages of a known tree lie. */
export async function assemble(
  folder: string,
  { places, plan }: { readonly places: Places; readonly plan: TreePlan },
  placeOf: (tree: string) => string,
): Promise<void> {
  const modules = join(folder, 'node_modules');
  if (plan.base === null) await mkdir(modules);
  else await run('cp', ['--archive', '--link', placeOf(plan.base), modules]);
  for (const path of plan.remove) await rm(join(folder, path), { recursive: true, force: true });
  for (const path of plan.empty) await emptyOwn(join(folder, path));
  for (const { place, piece } of plan.add) {
    await linkOwn(join(dirname(placeOf(piece.tree)), piece.place), join(folder, place));
  }
  const present = presentOf(places, new Set([...plan.missing, ...plan.leftOut]));
  await linkCommands(folder, present);
  await writeOwnLock(modules, places, present);
}

const presentOf = ({ packages }: Places, absent: ReadonlySet<string>): readonly PlacedPackage[] =>
  packages.filter(({ place }) => !absent.has(place));

/** After npm has brought what was missing: of two packages with one command it would have linked the first. */
export const linkAllCommands = (folder: string, places: Places, { leftOut }: TreePlan): Promise<void> =>
  linkCommands(folder, presentOf(places, new Set(leftOut)));

const NESTED = 'node_modules';

/** Everything of a package but the packages that lie in it. */
async function emptyOwn(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== NESTED) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function linkOwn(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await linkEntries(from, to, (name) => name !== NESTED);
}

async function linkEntries(from: string, to: string, isWanted: (name: string) => boolean): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (!isWanted(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(target);
      await linkEntries(source, target, () => true);
    } else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else await link(source, target);
  }
}

/** All commands anew: which are there depends on every package of their folder, and the first has the command. */
async function linkCommands(folder: string, packages: readonly PlacedPackage[]): Promise<void> {
  const folders = new Set(packages.map(({ place }) => folderOf(place)));
  for (const each of [...folders, NESTED]) await rm(join(folder, each, '.bin'), { recursive: true, force: true });
  for (const { place, bin } of packages.toSorted((a, b) => a.place.localeCompare(b.place, 'en'))) {
    const commands = join(folder, folderOf(place), '.bin');
    for (const [name, file] of Object.entries(bin)) {
      const aim = join(folder, place, file);
      if (!(await isThere(aim)) || (await isThere(join(commands, name)))) continue;
      await mkdir(commands, { recursive: true });
      await symlink(relative(commands, aim), join(commands, name));
    }
  }
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** What npm keeps in a tree to know it again; written last, since npm trusts it only if nothing is newer. */
async function writeOwnLock(modules: string, places: Places, present: readonly PlacedPackage[]): Promise<void> {
  const packages = Object.fromEntries(present.map(({ place }) => [place, places.entries[place]]));
  const lock = { lockfileVersion: 3, requires: true, packages };
  await rm(join(modules, '.package-lock.json'), { force: true });
  await writeFile(join(modules, '.package-lock.json'), `${JSON.stringify(lock, null, 2)}\n`);
}
