// Where a repository stands: channels, state, counts by class, models, conflicts.

import type { PatchNumber } from '../patches/facts.ts';
import type { Conflict, RepositoryDetail, Shares, Standing } from '../protocol/index.ts';
import { listConflicts, type ListedConflict } from '../repository/conflicts.ts';
import type { Repository } from '../repository/repository.ts';
import { PatchSet, type ReadonlyPatchSet } from '../store/patch-set.ts';
import type { PatchStore } from '../store/store.ts';
import { addToShares } from './credits.ts';
import { perState } from './per-state.ts';
import { channelOf, rootText } from './state.ts';

/** From what is counted already; no file is opened. */
export function standingOf({ store }: Repository): Standing {
  const current = store.channels.current();
  const channels = store.channels.list().map(({ name, size, root }) => ({
    name,
    patches: size,
    root: rootText(root),
    isCurrent: name === current,
  }));
  const root = channels.find(({ isCurrent }) => isCurrent)?.root ?? '';
  return {
    channels,
    current,
    root,
    counts: standingCounts(store, store.channels.get(current)?.set ?? new PatchSet()).classes,
    patches: store.patches.count,
  };
}

/** A channel with more models or conflicts than this is read in parts elsewhere. */
const MODELS_MAX = 100;
const CONFLICTS_MAX = 100;

/** With what only opening the files tells. */
export function describeRepository(
  repository: Repository,
  query: { readonly channel?: string | undefined },
): Omit<RepositoryDetail, 'repository'> {
  const { store } = repository;
  const channel = channelOf(repository, query.channel);
  const { classes, models } = standingCounts(store, channel.set);
  const conflicts = conflictsOf(repository, repository.view(channel.name));
  return {
    ...standingOf(repository),
    root: rootText(channel.root),
    counts: classes,
    models: models.slice(0, MODELS_MAX),
    conflicts: conflicts.slice(0, CONFLICTS_MAX).map((conflict) => conflictLine(store, conflict)),
    conflictsInAll: conflicts.length,
  };
}

/** Patches of a set by class, and by model with the most first. */
export function standingCounts(
  store: PatchStore,
  set: ReadonlyPatchSet,
): { readonly classes: Shares; readonly models: RepositoryDetail['models'] } {
  const classes = { ai: 0, human: 0, untracked: 0 };
  const models = new Map<string, number>();
  let known = 0;
  for (const { actor, provider, model, patches } of store.attributions.tally(set)) {
    known += patches;
    addToShares(classes, actor, patches);
    if (actor !== 'ai' && actor !== 'mixed') continue;
    const name = `${provider ?? 'unknown'}/${model ?? 'unknown'}`;
    models.set(name, (models.get(name) ?? 0) + patches);
  }
  // Patches of which nothing is known are in no row.
  classes.untracked += Math.max(0, set.size - known);
  const sorted = [...models].map(([model, patches]) => ({ model, patches }));
  return { classes, models: sorted.sort((a, b) => b.patches - a.patches || (a.model < b.model ? -1 : 1)) };
}

/** Every conflict of a view. */
export const conflictsOf = perState(({ store }, view): readonly ListedConflict[] => listConflicts(store, view));

export const conflictLine = (store: PatchStore, { path, line, kind, sides }: ListedConflict): Conflict => ({
  path,
  line,
  kind,
  sides: sides.map((side) => side.map((patch: PatchNumber) => store.patches.hashOf(patch))),
});
