// The trees of a run's trials: kept beside those of other runs, made in the sandbox, seen through layers where the
// sandbox has them. Decision 0024.

import { createHash } from 'node:crypto';
import { join } from 'node:path';

import type { Sandbox } from 'kernel/sandbox';

import { NPM } from '../ecosystems/npm/npm.ts';
import { openResolver } from '../ecosystems/npm/resolver/resolver.ts';
import { installJob, JOB_ENVIRONMENT, type TrialLimits } from '../validating/run-step.ts';
import { makeTree, type MadeTree, type TreeWanted } from '../validating/trees/make-tree.ts';
import { openTreeStore } from '../validating/trees/tree-store.ts';
import type { ModernizerPorts } from './ports.ts';

export interface Trees {
  /** Whether a trial of this run can see its tree through a layer; tried once. */
  canLayer(): Promise<boolean>;
  make(wanted: TreeWanted, limits: TrialLimits, signal: AbortSignal): Promise<MadeTree>;
  /** The installed packages of a tree that has this version of a package at its top, with all it needs; null: none. */
  withPackage(name: string, version: string): Promise<string | null>;
  /** Lockfiles that this run resolved, by their manifest. */
  readonly resolved: Map<string, string>;
  /** What npm resolves for the files in a folder, quickly; null where npm's own command has to be asked. */
  lockfileFor(folder: string, signal: AbortSignal): Promise<string | null>;
  /** Ends what was begun for this run. */
  close(): Promise<void>;
}

export interface TreesSetting {
  readonly sandbox: Sandbox;
  /** Host folder for npm's cache. */
  readonly cache: string;
  /** Where the trials of the run have their files. */
  readonly trials: string;
}

export function openTrees(
  { home, clock, versions, registry }: Pick<ModernizerPorts, 'home' | 'clock' | 'versions' | 'registry'>,
  { sandbox, cache, trials }: TreesSetting,
): Trees {
  const machine = JSON.stringify([versions.node, versions.npm, process.platform, process.arch, registry]);
  const folder = createHash('sha256').update(machine).digest('hex').slice(0, 16);
  const store = openTreeStore(join(home, 'cache', 'trees', folder), clock);
  let layers: Promise<boolean> | undefined;
  const resolver = openResolver({ sandbox, cache, clock, place: join(trials, 'resolver'), env: JOB_ENVIRONMENT });
  return {
    resolved: new Map(),
    lockfileFor: resolver.lockfileFor,
    close: resolver.close,
    canLayer: () => (layers ??= sandbox.canLayer(trials)),
    withPackage: store.withPackage,
    make: (wanted, limits, signal) =>
      makeTree(
        {
          store,
          machine,
          npm: (project, task) => sandbox.run({ ...installJob(NPM, task, cache, limits).job, project, signal }),
        },
        wanted,
      ),
  };
}
