// A patch joins the repository: its bytes, and everything that is derived from them, in one transaction.
// Rule: what is derived comes from the patch alone (`factsOfPatch`), so atomic doctor can make it anew and compare.

import type { PatchNumber } from '../patches/facts.ts';
import type { InodeNumber } from '../patches/file-tree.ts';
import { packText, packTree } from '../patches/pack-facts.ts';
import type { NamedPatch } from '../patches/patch.ts';
import { factsOfPatch, type Numbering, type PatchFacts } from '../patches/patch-facts.ts';
import type { AttributionLabels, PatchDraft, StoredPatch, Transaction } from '../store/store.ts';

export interface AddedPatch {
  readonly number: PatchNumber;
  readonly facts: PatchFacts;
  readonly isNew: boolean;
}

export interface PatchToAdd {
  readonly patch: NamedPatch;
  readonly stored: StoredPatch;
  readonly labels: AttributionLabels | null;
}

/** Adds a patch whose dependencies are here. One that is here already only gives its number. */
export function addPatch(
  transaction: Transaction,
  numbering: Numbering,
  { patch, stored, labels }: PatchToAdd,
): AddedPatch {
  const added = transaction.addPatch(draftOf(patch, stored, labels));
  const { number } = added;
  const own = new Map<number, InodeNumber>();
  if (added.kind === 'added') {
    for (const atom of patch.atoms) {
      if (atom.kind === 'add-file') own.set(atom.n, transaction.addInode(number, atom.n, atom.fileKind));
    }
  }
  const facts = factsOfPatch(patch, {
    ...numbering,
    numberOf: (hash) => (hash === patch.hash ? number : numbering.numberOf(hash)),
    inodeOf: (by, n) => (by === number ? own.get(n) : undefined) ?? numbering.inodeOf(by, n),
  });
  if (added.kind === 'added') {
    for (const [inode, text] of facts.texts) transaction.putTextFacts(inode, number, packText(text));
    if (facts.tree.length > 0) transaction.putTreeFacts(number, packTree({ patch: number, facts: facts.tree }));
  }
  return { number, facts, isNew: added.kind === 'added' };
}

const draftOf = (patch: NamedPatch, stored: StoredPatch, labels: AttributionLabels | null): PatchDraft => ({
  ...rowOfPatch(patch),
  patch: stored,
  labels,
});

/** What the tables of the store say of a patch, from the patch alone. */
export function rowOfPatch(patch: NamedPatch): Omit<PatchDraft, 'patch' | 'labels'> {
  const { at, zoneMinutes, authors, message } = patch.header;
  const { dependencies, known } = patch;
  return {
    at,
    zoneMinutes,
    authors,
    message,
    flags: 0,
    dependencies,
    dependencyBytes: bytesByDependency(patch),
    known,
  };
}

/** How many bytes of each dependency a patch stands beside or deletes: the weight of who it builds on. */
export function bytesByDependency({ atoms, dependencies }: NamedPatch): readonly number[] {
  const bytes = dependencies.map(() => 0);
  const count = (of: number, length: number): void => {
    if (of > 0) bytes[of - 1] = (bytes[of - 1] ?? 0) + length;
  };
  for (const atom of atoms) {
    if (atom.kind === 'insert') for (const { of } of [...atom.up, ...atom.down]) count(of, 1);
    if (atom.kind === 'delete') for (const { of, start, end } of atom.ranges) count(of, end - start);
  }
  return bytes;
}
