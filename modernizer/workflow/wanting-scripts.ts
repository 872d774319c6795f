// Which refused upgrades may be red because install scripts were not run.
// Rule: only scripts that the upgrade brings count: the project is green without those that were there before.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { LockedPackages, Tree } from '../ecosystems/installer.ts';
import type { Execution } from './execution.ts';
import { installerOf } from './planner.ts';
import { evidenceOf } from './run-folder.ts';
import type { Mend, ProjectRecord, Settlement, WantingScripts } from './state.ts';

/** Those that a trial refused; what its lockfile installs is in its evidence. */
export async function wantingScripts(
  execution: Execution,
  project: ProjectRecord,
  refused: Settlement['refused'],
): Promise<readonly WantingScripts[]> {
  const installer = installerOf(project);
  const treeIn = async (file: string): Promise<Tree | null> => {
    const text = await readFile(file, 'utf8').catch(() => null);
    const reading = text === null ? null : installer.readLockfile(text, []);
    return reading?.kind === 'tree' ? reading.tree : null;
  };
  const before = await treeIn(execution.folder.baselineLock);
  const allowed = execution.input.options.allowScripts ?? [];
  const found: WantingScripts[] = [];
  for (const { name, to, trial, verdict } of refused) {
    if (trial === null || verdict.kind !== 'broken') continue;
    const after = await treeIn(join(execution.folder.root, evidenceOf(trial), installer.lockfile));
    const brought = before === null || after === null ? [] : scriptsBrought(before, after);
    const scripts = brought.filter((each) => !allowed.includes(each));
    if (scripts.length > 0) found.push({ name, to, trial, scripts });
  }
  return found;
}

/** Packages with an install script of which the second tree has a version that the first has not. Pure. */
export function scriptsBrought(before: Tree, after: Tree): readonly string[] {
  const known = versionsOf(before.packages);
  const now = versionsOf(after.packages);
  return after.scripted.filter((name) => [...(now.get(name) ?? [])].some((version) => !known.get(name)?.has(version)));
}

function versionsOf(packages: LockedPackages): ReadonlyMap<string, ReadonlySet<string>> {
  if (packages.by === 'name') return packages.versions;
  const names = Map.groupBy(packages.versions, ([place]) => place.slice(place.lastIndexOf('node_modules/') + 13));
  return new Map([...names].map(([name, found]) => [name, new Set(found.map(([, version]) => version))]));
}

/** What is tried once a person allowed some of them: each upgrade that wants one of those. Pure. */
export const mendsBy = (wanting: readonly WantingScripts[], allowed: readonly string[]): readonly Mend[] =>
  wanting.flatMap(({ name, to, scripts }) => {
    const own = scripts.filter((each) => allowed.includes(each));
    if (own.length === 0) return [];
    const sentence = `The install scripts of ${own.join(', ')} run, as a person allowed.`;
    return [{ name, to, sentence, files: [], answer: null }];
  });
