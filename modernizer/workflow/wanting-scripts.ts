// Which refused upgrades may be red because install scripts were not run.
// Rule: only scripts that the upgrade brings count, and that its log names: the project is green without those that were
// there before, and what is kept without those that it brought.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { LockedPackages, Tree } from '../ecosystems/installer.ts';
import { namedInLog } from './ask-scripts.ts';
import type { Execution } from './execution.ts';
import { installerOf } from './planner.ts';
import { evidenceOf } from './run-folder.ts';
import type { Mend, ProjectRecord, Settlement, WantingScripts } from './state.ts';

/** Those that a trial refused; what its lockfile installs is in its evidence. */
export async function wantingScripts(
  execution: Execution,
  project: ProjectRecord,
  { refused, kept }: Pick<Settlement, 'refused' | 'kept'>,
): Promise<readonly WantingScripts[]> {
  const installer = installerOf(project);
  const treeIn = async (file: string): Promise<Tree | null> => {
    const text = await readFile(file, 'utf8').catch(() => null);
    const reading = text === null ? null : installer.readLockfile(text, []);
    return reading?.kind === 'tree' ? reading.tree : null;
  };
  const treeOf = (trial: string): Promise<Tree | null> =>
    treeIn(join(execution.folder.root, evidenceOf(trial), installer.lockfile));
  const proven = kept[0] === undefined ? null : await treeOf(kept[0].trial);
  const before = [await treeIn(execution.folder.baselineLock), proven].filter((tree) => tree !== null);
  const allowed = execution.input.options.allowScripts ?? [];
  const found: WantingScripts[] = [];
  for (const { name, to, trial, verdict } of refused) {
    if (trial === null || verdict.kind !== 'broken') continue;
    const after = await treeOf(trial);
    const brought = before.length === 0 || after === null ? [] : scriptsBrought(before, after);
    const scripts = await namedInLog(
      execution,
      trial,
      brought.filter((each) => !allowed.includes(each)),
    );
    if (scripts.length > 0) found.push({ name, to, trial, scripts });
  }
  return found;
}

/** Packages with an install script of which the last tree has a version that none of the others has. Pure. */
export function scriptsBrought(before: readonly Tree[], after: Tree): readonly string[] {
  const known = before.map(({ packages }) => versionsOf(packages));
  const now = versionsOf(after.packages);
  return after.scripted.filter((name) =>
    [...(now.get(name) ?? [])].some((version) => !known.some((versions) => versions.get(name)?.has(version))),
  );
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
