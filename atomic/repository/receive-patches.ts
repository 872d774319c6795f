// Patches from elsewhere: each is read, checked and added, all of them or none.
// Rule: research C8. A patch is its bytes: whoever sent it, its name is computed here. What it refers to must be there,
// in this repository or earlier in the same bundle. Attribution counts only where it matches the patch's commitment.

import { decodePatch } from '../patches/encode-patch.ts';
import type { PatchHash } from '../patches/hash.ts';
import type { NamedPatch, Atom } from '../patches/patch.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { validatePatch, type FileName, type ValidationQuestions } from '../patches/validate-patch.ts';
import type { AttributionLabels, PatchStore, StoredPatch, Transaction } from '../store/store.ts';
import { addPatch, type AddedPatch } from './add-patch.ts';
import { patchRefused } from './faults.ts';
import type { Repository } from './repository.ts';

export interface ReceiveOptions {
  /** What the attribution's bytes say, for the reports; null when they cannot be read. */
  labelsOf(patch: NamedPatch, stored: StoredPatch): AttributionLabels | null;
  readonly each?: (added: AddedPatch, patch: NamedPatch) => void;
}

/** Patches decoded lately: a bundle refers to the same ones again and again. */
const DECODED_MAX = 512;

/** Adds patches in their order inside a transaction. Throws ATOMIC_PATCH_REFUSED, and then nothing is added. */
export function receivePatches(
  transaction: Transaction,
  repository: Repository,
  stored: Iterable<StoredPatch>,
  options: ReceiveOptions,
): readonly PatchNumber[] {
  const { store, numbering } = repository;
  const questions = questionsOf(store);
  const numbers: PatchNumber[] = [];
  for (const each of stored) {
    const known = store.patches.numberOf(each.hash);
    if (known !== undefined) {
      numbers.push(known);
      continue;
    }
    const patch = checked(each, questions);
    const added = addPatch(transaction, numbering, { patch, stored: each, labels: options.labelsOf(patch, each) });
    questions.remember(patch);
    numbers.push(added.number);
    options.each?.(added, patch);
  }
  return numbers;
}

function checked(stored: StoredPatch, questions: ValidationQuestions): NamedPatch {
  const patch = decodePatch(stored.hashed);
  if (patch.hash !== stored.hash) throw patchRefused(stored.hash, `its bytes are those of ${patch.hash}`);
  const validity = validatePatch(patch, stored.contents, questions);
  switch (validity.kind) {
    case 'valid':
      return patch;
    case 'invalid':
      throw patchRefused(patch.hash, validity.why);
    case 'missing-dependencies':
      throw patchRefused(patch.hash, `it builds on ${validity.missing.join(', ')}, which are not here`);
  }
}

interface Known {
  readonly files: number;
  /** Insertions by their start. */
  readonly inserts: readonly { readonly start: number; readonly end: number; readonly file: string }[];
  readonly atoms: readonly Atom[];
  readonly dependencies: readonly PatchHash[];
}

function questionsOf(store: PatchStore): ValidationQuestions & { remember(patch: NamedPatch): void } {
  const decoded = new Map<PatchHash, Known>();
  const remember = (patch: NamedPatch): Known => {
    const known = knownOf(patch);
    decoded.set(patch.hash, known);
    if (decoded.size > DECODED_MAX) {
      const [oldest] = decoded.keys();
      if (oldest !== undefined) decoded.delete(oldest);
    }
    return known;
  };
  const open = (hash: PatchHash): Known | null => {
    const known = decoded.get(hash);
    if (known !== undefined) return known;
    const number = store.patches.numberOf(hash);
    return number === undefined ? null : remember(decodePatch(store.patches.hashedOf(number)));
  };
  return {
    remember,
    hasPatch: (hash) => decoded.has(hash) || store.patches.has(hash),
    hasFile: (hash, n) => n < (open(hash)?.files ?? 0),
    hasBytes(hash, { start, end }, file) {
      const insert = insertAt(open(hash)?.inserts ?? [], start);
      return insert !== undefined && insert.start <= start && end <= insert.end && insert.file === fileText(file);
    },
    assertionOf(hash, at) {
      const known = open(hash);
      const atom = known?.atoms[at];
      if (known === null || (atom?.kind !== 'locate' && atom?.kind !== 'set-meta')) return null;
      const patch = atom.inode.of === 0 ? hash : known.dependencies[atom.inode.of - 1];
      return patch === undefined ? null : { kind: atom.kind, file: { patch, n: atom.inode.n } };
    },
  };
}

const fileText = ({ patch, n }: FileName): string => `${patch}/${n}`;

function knownOf({ hash, atoms, dependencies }: NamedPatch): Known {
  const fileOf = (of: number, n: number): string =>
    fileText({ patch: of === 0 ? hash : (dependencies[of - 1] ?? hash), n });
  const inserts = atoms.flatMap((atom) =>
    atom.kind === 'insert' ? [{ start: atom.start, end: atom.end, file: fileOf(atom.inode.of, atom.inode.n) }] : [],
  );
  return {
    files: atoms.filter(({ kind }) => kind === 'add-file').length,
    inserts: inserts.sort((a, b) => a.start - b.start),
    atoms,
    dependencies,
  };
}

/** The last insertion that begins at or before a place. */
function insertAt(inserts: Known['inserts'], place: number): Known['inserts'][number] | undefined {
  let low = 0;
  let high = inserts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((inserts[middle]?.start ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return inserts[low - 1];
}
