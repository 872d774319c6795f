// Patches join and leave channels: apply and unrecord, with all that depends on them explained before it is done.
// Rule: a channel is closed under dependencies at all times. What a patch needs comes with it; what needs a patch goes
// with it only when that was asked for.

import type { PatchNumber } from '../patches/facts.ts';
import type { PatchSet, ReadonlyPatchSet } from '../store/patch-set.ts';
import type { PatchStore } from '../store/store.ts';

export type ApplyPlan =
  | { readonly kind: 'nothing' }
  /** In an order in which each comes after what it depends on. `asked` were named, the others are needed by them. */
  | { readonly kind: 'apply'; readonly patches: readonly PatchNumber[]; readonly asked: ReadonlySet<PatchNumber> };

export function planApply(store: PatchStore, set: ReadonlyPatchSet, asked: readonly PatchNumber[]): ApplyPlan {
  const patches = [...store.patches.closure(asked).difference(set)];
  return patches.length === 0 ? { kind: 'nothing' } : { kind: 'apply', patches, asked: new Set(asked) };
}

export type UnrecordPlan =
  | { readonly kind: 'nothing' }
  /** Others build on what was named: each with those of the named that it needs. */
  | { readonly kind: 'has-dependents'; readonly dependents: readonly PatchNumber[] }
  | { readonly kind: 'unrecord'; readonly patches: readonly PatchNumber[]; readonly asked: ReadonlySet<PatchNumber> };

export function planUnrecord(
  store: PatchStore,
  set: ReadonlyPatchSet,
  asked: readonly PatchNumber[],
  withDependents: boolean,
): UnrecordPlan {
  const here = asked.filter((patch) => set.has(patch));
  if (here.length === 0) return { kind: 'nothing' };
  const all: PatchSet = store.patches.dependents(here, set);
  const named = new Set(here);
  const dependents = [...all].filter((patch) => !named.has(patch));
  if (dependents.length > 0 && !withDependents) return { kind: 'has-dependents', dependents };
  return { kind: 'unrecord', patches: [...all].reverse(), asked: named };
}
