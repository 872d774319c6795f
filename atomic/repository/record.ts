// Recording: a draft gets its header, its attribution, its name and its signature, and joins a channel in one transaction.
// Rule: the draft was made against one set of patches. If somebody else changed the channel meanwhile, nothing is written
// and the caller makes it anew.

import type { Header, NamedPatch, Patch } from '../patches/patch.ts';
import type { PatchNumber } from '../patches/facts.ts';
import type { PatchHash } from '../patches/hash.ts';
import { contentsHashOf, namePatch } from '../patches/encode-patch.ts';
import { patchOfDraft } from '../patches/patch-facts.ts';
import type { AuditEntry } from '../store/audit-face.ts';
import type { AttributionBytes, AttributionLabels, Signature, Transaction } from '../store/store.ts';
import { addPatch } from './add-patch.ts';
import type { DraftBuilder } from './draft-builder.ts';
import type { Repository } from './repository.ts';
import type { View } from './view.ts';

/** What is known of who wrote a patch, and its commitment, which becomes part of the patch's name. */
export interface AttributionToKeep {
  readonly bytes: AttributionBytes;
  readonly labels: AttributionLabels;
  readonly commitment: Uint8Array;
}

export interface RecordOptions {
  readonly header: Header;
  readonly channel: string;
  readonly view: View;
  /** Asked when the atoms are known, for who wrote which of them. */
  readonly attribute?: (patch: Patch, builder: DraftBuilder) => AttributionToKeep | null;
  readonly sign?: (hash: PatchHash) => Signature;
  readonly dependsOn?: readonly PatchNumber[];
  /** The command, for the audit log. */
  readonly audit: AuditEntry;
  /** Written in the same transaction. */
  readonly also?: (transaction: Transaction, number: PatchNumber) => void;
}

export type RecordOutcome =
  | { readonly kind: 'recorded'; readonly patch: NamedPatch; readonly number: PatchNumber }
  /** The channel is not what the draft was made against. */
  | { readonly kind: 'channel-moved' };

export function recordDraft(repository: Repository, builder: DraftBuilder, options: RecordOptions): RecordOutcome {
  const { header, channel, view } = options;
  const contents = builder.contents.finish();
  const draft = patchOfDraft(
    {
      header,
      tree: builder.tree,
      texts: builder.texts,
      known: builder.known,
      contentsHash: contentsHashOf(contents),
      contentsLength: contents.length,
      attributionCommitment: null,
      ...(options.dependsOn === undefined ? {} : { dependsOn: options.dependsOn }),
    },
    repository.numbering,
  );
  const attribution = options.attribute?.(draft, builder) ?? null;
  const { patch, hashed } = namePatch({ ...draft, attributionCommitment: attribution?.commitment ?? null });
  const signatures = options.sign === undefined ? [] : [options.sign(patch.hash)];
  const stored = { hash: patch.hash, hashed, contents, attribution: attribution?.bytes ?? null, signatures };
  const added = repository.store.write(options.audit, (transaction) => {
    if (transaction.channel(channel)?.set.equals(view.set) !== true) return null;
    const outcome = addPatch(transaction, repository.numbering, { patch, stored, labels: attribution?.labels ?? null });
    transaction.addToChannel(channel, [outcome.number]);
    options.also?.(transaction, outcome.number);
    return outcome;
  });
  if (added === null) return { kind: 'channel-moved' };
  view.add(added.number, added.facts, builder.printed);
  return { kind: 'recorded', patch, number: added.number };
}
