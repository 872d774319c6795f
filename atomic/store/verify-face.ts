// What doctor is told of a store, and what the store asks of the engine to rebuild what is derived.

import type { PatchNumber } from '../patches/facts.ts';
import type { PatchHash } from '../patches/hash.ts';
import type { FileKind } from '../patches/patch.ts';
import type { AttributionLabels, InodeNumber, PatchDraft, StoredPatch } from './store.ts';

/** How a patch's references become local numbers while its facts are made. */
export interface LocalNumbers {
  readonly own: PatchNumber;
  numberOf(hash: PatchHash): PatchNumber | undefined;
  inodeOf(patch: PatchNumber, n: number): InodeNumber | undefined;
}

/** All that is derived from one patch. */
export interface Derived {
  readonly row: Omit<PatchDraft, 'patch' | 'labels'>;
  readonly inodes: readonly { readonly n: number; readonly kind: FileKind }[];
  readonly labels: AttributionLabels | null;
  /** Called after the patch's inodes have their numbers. */
  facts(numbers: LocalNumbers): {
    readonly texts: readonly { readonly inode: InodeNumber; readonly facts: Uint8Array }[];
    readonly tree: Uint8Array | null;
  };
}

/** Reads a patch; throws a Fault where its bytes are no patch or its contents are not what the hashed section says. */
export type Derive = (patch: StoredPatch) => Derived;

export interface Finding {
  readonly kind:
    | 'patch-damaged'
    | 'patch-missing'
    | 'dependency-missing'
    | 'index-wrong'
    | 'facts-wrong'
    | 'channel-wrong'
    | 'audit-broken'
    | 'pack-damaged'
    | 'database-damaged'
    | 'leftover-file';
  /** The file, the patch or the channel that it is about. */
  readonly about: string;
  readonly what: string;
  /** `mend`, `sweep`, or `fetch`: a patch whose bytes are gone has to come from another repository. */
  readonly cure: 'mend' | 'sweep' | 'fetch' | 'restore';
}

export interface MendOutcome {
  readonly patches: number;
  /** What is still wrong afterwards. */
  readonly remaining: readonly Finding[];
}
