// What taking patches into a channel, or leaving them out of it, would do: what comes along and why, which files, and
// what is in conflict then.
// Rule: nothing is written here; whoever does it (working-copy/change-channel.ts) is told the same patches.

import type { PatchNumber } from '../patches/facts.ts';
import {
  MOVED_PATCHES_MAX,
  type Direction,
  type Movement,
  type MovementAsked,
  type PatchLine,
  type Reason,
} from '../protocol/index.ts';
import { planApply, planUnrecord } from '../repository/change-set.ts';
import { listConflicts } from '../repository/conflicts.ts';
import type { Repository } from '../repository/repository.ts';
import type { PathsOfFiles } from '../repository/select-patches.ts';
import { PatchSet, type ReadonlyPatchSet } from '../store/patch-set.ts';
import type { Channel, PatchStore } from '../store/store.ts';
import { patchLine } from './patch-line.ts';
import { conflictsOf } from './standing.ts';
import { channelOf, chosenPatches, pathsIn, rootText } from './state.ts';

/** Lines that are drawn of each list; the rest is counted. */
const LISTED_MAX = 100;
const REASONS_MAX = 4;
const PATHS_MAX = 4;
const FILES_MAX = 50;

export interface MovementQuery extends Pick<MovementAsked, 'expr' | 'withDependents'> {
  readonly direction: Direction;
  readonly channel: string;
  readonly patches: readonly string[];
}

export interface PlannedMovement {
  readonly asked: readonly PatchNumber[];
  /** All that moves, in an order in which it may be done. Empty: nothing to do, or not without dependents. */
  readonly patches: readonly PatchNumber[];
  readonly movement: Movement;
}

/** Throws ATOMIC_CHANNEL_UNKNOWN, ATOMIC_PATCH_UNKNOWN, ATOMIC_PATCH_AMBIGUOUS and ATOMIC_WHERE_WRONG. */
export function planMovement(repository: Repository, query: MovementQuery): PlannedMovement {
  const { store } = repository;
  const channel = channelOf(repository, query.channel);
  const asked = askedPatches(repository, channel, query);
  const plan = planned(store, channel.set, asked, query);
  const isRefused = query.direction === 'leave' && plan.also.length > 0 && query.withDependents !== true;
  const moving = PatchSet.of([...plan.asked, ...plan.also]);
  const outcome = moving.size === 0 ? 'nothing' : isRefused ? 'needs-dependents' : 'planned';
  const paths = pathsIn(repository, repository.view(channel.name));
  const touched = new Set([...moving].flatMap((patch) => paths.touchedBy(patch)));
  const before = conflictsOf(repository, repository.view(channel.name)).length;
  const after =
    moving.size === 0 ? before : conflictsAfter(repository, channel, { moving, direction: query.direction });
  return {
    asked,
    patches: outcome === 'planned' ? [...moving] : [],
    movement: {
      direction: query.direction,
      channel: channel.name,
      outcome,
      asked: linesOf(store, paths, plan.asked),
      askedInAll: plan.asked.length,
      also: plan.also.slice(0, LISTED_MAX).map((patch) => ({
        patch: patchLine(store, paths, patch),
        because: reasonsFor(store, paths, patch, { moving, direction: query.direction }),
      })),
      alsoInAll: plan.also.length,
      hashes: [...moving].slice(0, MOVED_PATCHES_MAX).map((patch) => store.patches.hashOf(patch)),
      paths: [...touched].sort().slice(0, FILES_MAX),
      pathsInAll: touched.size,
      isCurrent: store.channels.current() === channel.name,
      conflictsBefore: before,
      conflictsAfter: after,
      root: rootText(channel.root),
    },
  };
}

function askedPatches(
  repository: Repository,
  channel: Channel,
  { direction, patches, expr }: MovementQuery,
): readonly PatchNumber[] {
  const { store } = repository;
  const asked = new Set(patches.map((text) => repository.find(text)));
  if (expr !== undefined) {
    const all = PatchSet.of(Array.from({ length: store.patches.count }, (_, index) => index + 1));
    const among = direction === 'leave' ? channel.set : all.difference(channel.set);
    for (const patch of chosenPatches(repository, among, { expression: expr, channel: channel.name })) asked.add(patch);
  }
  return [...asked];
}

interface Plan {
  readonly asked: readonly PatchNumber[];
  readonly also: readonly PatchNumber[];
}

function planned(
  store: PatchStore,
  set: ReadonlyPatchSet,
  asked: readonly PatchNumber[],
  { direction }: MovementQuery,
): Plan {
  const plan = direction === 'take' ? planApply(store, set, asked) : planUnrecord(store, set, asked, true);
  switch (plan.kind) {
    case 'nothing':
    case 'has-dependents':
      return { asked: [], also: [] };
    case 'apply':
    case 'unrecord': {
      const named = plan.asked;
      return {
        asked: plan.patches.filter((patch) => named.has(patch)),
        also: plan.patches.filter((patch) => !named.has(patch)),
      };
    }
  }
}

interface Moving {
  readonly moving: PatchSet;
  readonly direction: Direction;
}

/** Of a patch that is taken along: what needs it. Of one that is left along: what it needs. */
function reasonsFor(
  store: PatchStore,
  paths: PathsOfFiles,
  patch: PatchNumber,
  { moving, direction }: Moving,
): Reason[] {
  const others =
    direction === 'take'
      ? store.patches.directDependents(patch, moving)
      : store.patches.dependenciesOf(patch).filter((each) => moving.has(each));
  const own = new Set(paths.touchedBy(patch));
  return others.slice(0, REASONS_MAX).map((other) => {
    const { hash, message } = store.patches.rowOf(other);
    const both = paths.touchedBy(other).filter((path) => own.has(path));
    return { hash, message, paths: both.slice(0, PATHS_MAX) };
  });
}

function conflictsAfter(repository: Repository, { set }: Channel, { moving, direction }: Moving): number {
  const after = direction === 'take' ? set.clone() : set.difference(moving);
  if (direction === 'take') after.addAll(moving);
  return listConflicts(repository.store, repository.viewOf(after)).length;
}

const linesOf = (store: PatchStore, paths: PathsOfFiles, patches: readonly PatchNumber[]): PatchLine[] =>
  patches.slice(0, LISTED_MAX).map((patch) => patchLine(store, paths, patch));
