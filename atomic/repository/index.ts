// The door for programs that use a repository in their own process: open it, look at channels, record, apply, credit.
// working-copy/ stands above repository/; both are reached through here.

export { DEFAULT_POLICY, type MergePolicy, type PatchNumber } from '../patches/facts.ts';
export { type PatchHash, parseHash } from '../patches/hash.ts';
export type { Author, Header, NamedPatch } from '../patches/patch.ts';
export { namePatch, contentsHashOf } from '../patches/encode-patch.ts';
export { patchOfDraft } from '../patches/patch-facts.ts';
export { PatchSet, type ReadonlyPatchSet } from '../store/patch-set.ts';
export { addPatch } from './add-patch.ts';
export { creditedRuns, creditLines, type ByteCredit, type LineCredit } from './credit.ts';
export { factsOf } from './facts-of.ts';
export { DraftBuilder } from './draft-builder.ts';
export type { Attribution } from '../attribution/attribution.ts';
export { keepAttribution } from './keep-attribution.ts';
export { recordDraft, type AttributionToKeep, type RecordOptions, type RecordOutcome } from './record.ts';
export {
  findRepositoryRoot,
  initRepository,
  openRepository,
  type Repository,
  type RepositoryOptions,
} from './repository.ts';
export { View } from './view.ts';
export { applyPatches, unrecordPatches, type ChannelCommand } from '../working-copy/change-channel.ts';
export { recordChanges } from '../working-copy/record-changes.ts';
