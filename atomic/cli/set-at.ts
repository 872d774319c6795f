// The set of patches that a command is about: a channel as it is, or as it was at a tag.

import { setOfGitCommit } from '../git/commit-graph.ts';
import type { ReadonlyPatchSet } from '../store/patch-set.ts';
import type { PatchStore } from '../store/store.ts';
import { pointUnknown } from './faults.ts';
import { requiredChannel } from './required-channel.ts';

export interface NamedSet {
  /** The channel or the tag. */
  readonly name: string;
  readonly set: ReadonlyPatchSet;
}

/** Throws ATOMIC_CHANNEL_UNKNOWN or ATOMIC_POINT_UNKNOWN. */
export function setAt(
  store: PatchStore,
  { channel, at }: { readonly channel?: string | undefined; readonly at?: string | undefined },
): NamedSet {
  if (at === undefined) return requiredChannel(store, channel);
  const tag = store.names.tag(at);
  if (tag !== undefined) return { name: tag.name, set: tag.set };
  const commit = setOfGitCommit(store, at);
  if (commit !== undefined) return { name: at, set: commit };
  throw pointUnknown(at);
}
