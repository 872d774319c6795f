// Installed trees by what they hold, shared by all runs of this TANDEM_HOME. Files of equal packages are the same files.
// Rule: a tree appears whole or not at all, and nothing that runs code of a project ever writes into one: trials see it
// through a layer of their own, or get a copy. Bounded in number and age; one that may be in use is never removed.

import { mkdir, readdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { minutes, newId, type Clock } from 'kernel/basics';
import { removeTree } from 'kernel/sandbox';

import { readManifest } from '../../ecosystems/npm/manifest.ts';
import { readOwnFile } from '../../ecosystems/read-own-file.ts';
import type { KnownTree } from './plan-tree.ts';

/** Trees of one machine that are kept; of equal packages each has only the folders of its own. */
const TREES_MAX = 150;
const UNUSED_MS_MAX = minutes(7 * 24 * 60);
/** Longer than any trial may take: a tree used within this time may still be in use. */
const IN_USE_MS = minutes(180);
/** Enough to find nearly every package of a search again; each is a list of some hundred lines. */
const LOOKED_AT_MAX = 60;

export interface TreeStore {
  /** The installed packages of this tree, or undefined; what is taken counts as used. */
  take(key: string): Promise<string | undefined>;
  /** Trees that packages can be taken from, the latest used first. */
  known(): Promise<readonly KnownTree[]>;
  /** The installed packages of a tree that has this version of a package at its top, with all it needs; null: none. */
  withPackage(name: string, version: string): Promise<string | null>;
  placeOf(key: string): string;
  /** An empty folder in which a tree is made; `keep` or `drop` ends it. */
  begin(): Promise<string>;
  /** Makes what is in `making` the tree of this key; where it is there already, that one stands. */
  keep(making: string, tree: KnownTree): Promise<string>;
  drop(making: string): Promise<void>;
}

/** @param root Folder of trees made on one kind of machine. */
export function openTreeStore(root: string, clock: Clock): TreeStore {
  const placeOf = (key: string): string => join(root, key, 'node_modules');
  const lists = new Map<string, KnownTree>();
  const take = async (key: string): Promise<string | undefined> => {
    const now = new Date(clock.now());
    const isThere = await utimes(join(root, key), now, now).then(
      () => true,
      () => false,
    );
    return isThere ? placeOf(key) : undefined;
  };
  const known = async (): Promise<readonly KnownTree[]> => {
    const latest = (await datedTrees(root)).slice(0, LOOKED_AT_MAX);
    const found = latest.map(async ({ name }) => {
      const list = lists.get(name) ?? (await readList(join(root, name)));
      if (list !== undefined) lists.set(name, list);
      return list ?? [];
    });
    return (await Promise.all(found)).flat();
  };
  return {
    placeOf,
    take,
    known,
    async withPackage(name, version) {
      for (const { key, at } of await known()) {
        if (at[`node_modules/${name}`] === undefined) continue;
        const isIt = (await versionIn(join(placeOf(key), name))) === version;
        const modules = isIt ? await take(key) : undefined;
        if (modules !== undefined) return modules;
      }
      return null;
    },
    async begin() {
      const making = join(root, `${MAKING}${newId<'tree'>()}`);
      await mkdir(making, { recursive: true, mode: 0o700 });
      return making;
    },
    async keep(making, tree) {
      await writeFile(join(making, LIST), JSON.stringify(tree));
      const now = new Date(clock.now());
      await utimes(making, now, now);
      // Two makers of the same tree: the second finds it there, and both are equal.
      await rename(making, join(root, tree.key)).catch(() => removeTree(making));
      await clearUnused(root, clock);
      return placeOf(tree.key);
    },
    drop: (making) => removeTree(making),
  };
}

/** Null where the tree has just been cleared away. */
async function versionIn(folder: string): Promise<string | null> {
  const text = await readOwnFile(join(folder, 'package.json'));
  const reading = text === null ? null : readManifest(text);
  return reading?.kind === 'manifest' ? reading.manifest.version : null;
}

const MAKING = '.making-';
const LIST = 'tree.json';

async function readList(folder: string): Promise<KnownTree | undefined> {
  const text = await readFile(join(folder, LIST), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as KnownTree);
}

interface Dated {
  readonly name: string;
  readonly usedAt: number;
}

/** The latest used first. */
async function datedTrees(root: string): Promise<readonly Dated[]> {
  const names = await readdir(root).catch(() => []);
  const dated = names.map(async (name) => ({ name, usedAt: await usedAtOf(join(root, name)) }));
  return (await Promise.all(dated)).sort((a, b) => b.usedAt - a.usedAt);
}

const usedAtOf = (folder: string): Promise<number> =>
  stat(folder).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );

async function clearUnused(root: string, clock: Clock): Promise<void> {
  const now = clock.now();
  for (const [place, { name, usedAt }] of (await datedTrees(root)).entries()) {
    const idleMs = now - usedAt;
    // What a killed process was making is as old as its last step.
    const isOver = place >= TREES_MAX || idleMs > UNUSED_MS_MAX || name.startsWith(MAKING);
    if (isOver && idleMs > IN_USE_MS) await removeTree(join(root, name));
  }
}
