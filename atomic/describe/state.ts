// Which state a question is about: a channel, or what it would be without the patches that an expression chooses.
// Rule: nothing is written. Leaving out takes with it what builds on what is left out, as unrecording would.

import { whereWrong } from '../attribution/faults.ts';
import type { Registry } from '../attribution/registry.ts';
import { mistakeText, parseWhere } from '../attribution/where.ts';
import { registryOf } from '../cli/registry-file.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { base32 } from '../patches/hash.ts';
import type { LeftOut, StateQuery } from '../protocol/index.ts';
import { channelUnknown } from '../repository/faults.ts';
import type { Repository } from '../repository/repository.ts';
import { PathsOfFiles, selectPatches } from '../repository/select-patches.ts';
import type { View } from '../repository/view.ts';
import type { ReadonlyPatchSet } from '../store/patch-set.ts';
import type { Channel } from '../store/store.ts';
import { perState } from './per-state.ts';

export interface State {
  readonly channel: Channel;
  /** Of the channel, also where something is left out of it. */
  readonly root: string;
  readonly view: View;
  readonly leftOut: LeftOut | null;
}

export const rootText = (root: Uint8Array): string => base32(root);

/** Throws ATOMIC_CHANNEL_UNKNOWN. */
export function channelOf({ store }: Repository, name = store.channels.current()): Channel {
  const channel = store.channels.get(name);
  if (channel !== undefined) return channel;
  throw channelUnknown(
    name,
    store.channels.list().map((each) => each.name),
  );
}

/** Throws ATOMIC_CHANNEL_UNKNOWN and ATOMIC_WHERE_WRONG. */
export function stateOf(repository: Repository, query: StateQuery): State {
  const channel = channelOf(repository, query.channel);
  const root = rootText(channel.root);
  if (query.without === undefined) return { channel, root, view: repository.view(channel.name), leftOut: null };
  const chosen = chosenPatches(repository, channel.set, { expression: query.without, channel: channel.name });
  const gone = repository.store.patches.dependents(chosen, channel.set);
  const leftOut = { chosen: chosen.length, dependents: gone.size - chosen.length };
  return { channel, root, leftOut, view: rememberedView(repository, channel.set.difference(gone)) };
}

interface Choosing {
  readonly expression: string;
  /** In whose tree files have their paths. */
  readonly channel: string;
}

/** Throws ATOMIC_WHERE_WRONG. */
export function chosenPatches(
  repository: Repository,
  among: ReadonlyPatchSet,
  { expression, channel }: Choosing,
): readonly PatchNumber[] {
  const parsed = parseWhere(expression);
  if (parsed.kind === 'mistake') throw whereWrong(expression, parsed.expected, mistakeText(expression, parsed));
  const view = repository.view(channel);
  return selectPatches(repository.store, among, { where: parsed.where, registry: registry(repository), view });
}

const registry = ({ root }: Repository): Registry => registryOf(root);

/** What-ifs that a person goes back and forth between. */
const VIEWS_MAX = 4;
const remembered = new WeakMap<Repository, View[]>();

/** The same view for the same set, as long as it is among the last few that were asked for. */
function rememberedView(repository: Repository, set: ReadonlyPatchSet): View {
  const views = remembered.get(repository) ?? [];
  remembered.set(repository, views);
  const found = views.find((view) => view.set.equals(set)) ?? repository.viewOf(set);
  views.splice(0, views.length, ...[found, ...views.filter((view) => view !== found)].slice(0, VIEWS_MAX));
  return found;
}

/** The paths of files in a view. */
export const pathsIn = perState(({ store }, view) => new PathsOfFiles(store, view));
