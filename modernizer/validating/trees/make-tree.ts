// The installed tree of a lockfile, for a trial to stand on: the one that is there, or one put together from others, with
// npm bringing what no other has. npm works here without any file of the project, so nothing of a project runs.
// Rule: what cannot be shared, and whatever goes wrong here, is installed by npm for the trial alone.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Outcome } from 'kernel/sandbox';

import { assemble, linkAllCommands } from './assemble.ts';
import { lookAtTree } from './look-at-tree.ts';
import { planTree, type TreePlan } from './plan-tree.ts';
import { readPlaces, type Places } from './read-places.ts';
import type { TreeStore } from './tree-store.ts';

export interface TreePorts {
  readonly store: TreeStore;
  /** npm, Node, processor, registry: what the same lockfile installs differently on. */
  readonly machine: string;
  /** Runs npm in a folder that holds a manifest and a lockfile and nothing else of the project. */
  npm(folder: string, task: 'install' | 'install-locked'): Promise<Outcome>;
}

export interface TreeWanted {
  readonly manifestText: string;
  readonly lockText: string;
}

export type MadeTree =
  | { readonly kind: 'tree'; readonly modules: string; readonly by: 'known' | 'assembled' | 'npm' }
  | { readonly kind: 'not-shared'; readonly reason: string }
  | { readonly kind: 'stopped' };

export async function makeTree(ports: TreePorts, wanted: TreeWanted): Promise<MadeTree> {
  const places = readPlaces(wanted.lockText, ports.machine);
  if (places.kind === 'not-shared') return places;
  const known = await ports.store.take(places.key);
  if (known !== undefined) return { kind: 'tree', modules: known, by: 'known' };
  const making = await ports.store.begin();
  try {
    return await made(ports, wanted, { places, making });
  } catch (error) {
    // A tree that was being linked went away, or a file system that cannot link: npm installs it instead.
    if (!(error instanceof Error && 'code' in error)) throw error;
    return { kind: 'not-shared', reason: error.message };
  } finally {
    await ports.store.drop(making);
  }
}

interface Making {
  readonly places: Places;
  readonly making: string;
}

async function made(ports: TreePorts, wanted: TreeWanted, { places, making }: Making): Promise<MadeTree> {
  const { store } = ports;
  await writeFile(join(making, 'package.json'), wanted.manifestText);
  await writeFile(join(making, 'package-lock.json'), wanted.lockText);
  const plan = planTree(places, await store.known());
  if (plan.base !== null) await assemble(making, { places, plan }, store.placeOf);
  if (plan.base === null || plan.missing.length > 0) {
    const failed = await byNpm(ports, { plan, making, lockText: wanted.lockText });
    if (failed !== null) return failed;
    if (plan.base !== null) await linkAllCommands(making, places, plan);
  }
  const tree = await lookAtTree(making, places);
  if ('kind' in tree) return tree;
  const modules = await store.keep(making, tree);
  return { kind: 'tree', modules, by: plan.base === null || plan.missing.length > 0 ? 'npm' : 'assembled' };
}

interface ByNpm {
  readonly plan: TreePlan;
  readonly making: string;
  readonly lockText: string;
}

/** Null when everything of the lockfile, and nothing else, was installed. */
async function byNpm(ports: TreePorts, { plan, making, lockText }: ByNpm): Promise<MadeTree | null> {
  const outcome = await ports.npm(making, plan.base === null ? 'install-locked' : 'install');
  if (outcome.kind === 'stopped') return { kind: 'stopped' };
  if (outcome.kind !== 'exited' || outcome.code !== 0) return { kind: 'not-shared', reason: 'npm did not install it' };
  const after = await readFile(join(making, 'package-lock.json'), 'utf8');
  const [before, now] = [readPlaces(lockText, ports.machine), readPlaces(after, ports.machine)];
  const isSame = before.kind === 'places' && now.kind === 'places' && before.key === now.key;
  return isSame ? null : { kind: 'not-shared', reason: 'npm resolved it otherwise' };
}
