// Patches from elsewhere: each is read, checked and added, all of them or none.
// Rule: research C8. A patch is its bytes: whoever sent it, its name is computed here. What it refers to must be there,
// in this repository or earlier in the same bundle. Attribution counts only where it matches the patch's commitment.

import { Fault, unreachable } from 'kernel/basics';

import { matchesCommitment } from '../attribution/encode-attribution.ts';
import { decodePatch } from '../patches/encode-patch.ts';
import type { PatchHash } from '../patches/hash.ts';
import type { Atom, Insert, NamedPatch } from '../patches/patch.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { validatePatch, type FileName, type ValidationQuestions } from '../patches/validate-patch.ts';
import type { AttributionLabels, PatchStore, StoredPatch, Transaction } from '../store/store.ts';
import { addPatch, type AddedPatch } from './add-patch.ts';
import { labelsOfBlob } from './attribution-labels.ts';
import { patchRefused } from './faults.ts';
import type { Repository } from './repository.ts';

export interface ReceiveOptions {
  /** What the attribution's bytes say, for the reports; by default what they say to whoever can read them. */
  readonly labelsOf?: (patch: NamedPatch, stored: StoredPatch) => AttributionLabels | null;
  /** Asked of each patch that is not here yet, before it is added. Throws to refuse it, and all others with it. */
  readonly check?: (patch: NamedPatch, stored: StoredPatch) => void;
  readonly each?: (added: AddedPatch, patch: NamedPatch) => void;
}

/**
 * What is remembered of decoded patches, in insertions: a bundle refers to the same ones again and again. Four million
 * are 50 MB, and a history of ten thousand patches has fewer.
 */
const REMEMBERED_MAX = 4_000_000;

/** Adds patches in their order inside a transaction. Throws ATOMIC_PATCH_REFUSED, and then nothing is added. */
export function receivePatches(
  transaction: Transaction,
  repository: Repository,
  stored: Iterable<StoredPatch>,
  options: ReceiveOptions = {},
): readonly PatchNumber[] {
  const { store, numbering } = repository;
  const { labelsOf = labelsInBlob, check, each: eachAdded } = options;
  const questions = new DecodedPatches(store);
  const numbers: PatchNumber[] = [];
  for (const each of stored) {
    const known = store.patches.numberOf(each.hash);
    if (known !== undefined) {
      numbers.push(known);
      continue;
    }
    const patch = checked(each, questions);
    check?.(patch, each);
    const added = addPatch(transaction, numbering, { patch, stored: each, labels: labelsOf(patch, each) });
    questions.remember(patch);
    numbers.push(added.number);
    eachAdded?.(added, patch);
  }
  return numbers;
}

const labelsInBlob = (_patch: NamedPatch, { attribution }: StoredPatch): AttributionLabels | null =>
  attribution === null ? null : labelsOfBlob(attribution.blob);

function checked(stored: StoredPatch, questions: ValidationQuestions): NamedPatch {
  const patch = decodedPatch(stored);
  if (patch.hash !== stored.hash) throw patchRefused(stored.hash, `its bytes are those of ${patch.hash}`);
  const validity = validatePatch(patch, stored.contents, questions);
  switch (validity.kind) {
    case 'valid':
      break;
    case 'invalid':
      throw patchRefused(patch.hash, validity.why);
    case 'missing-dependencies':
      throw patchRefused(patch.hash, `it builds on ${validity.missing.join(', ')}, which are not here`);
    default:
      return unreachable(validity);
  }
  if (stored.attribution !== null) checkCommitment(patch, stored.attribution);
  return patch;
}

/** A patch's attribution is what its hash committed to, or it is refused. */
export function checkCommitment(
  { hash, attributionCommitment }: NamedPatch,
  { salt, blob }: NonNullable<StoredPatch['attribution']>,
): void {
  if (attributionCommitment === null)
    throw patchRefused(hash, 'it was recorded without the attribution that came with it');
  if (!matchesCommitment(attributionCommitment, salt, blob))
    throw patchRefused(hash, 'its attribution is not the one that it was recorded with');
}

function decodedPatch({ hash, hashed }: StoredPatch): NamedPatch {
  try {
    return decodePatch(hashed);
  } catch (cause) {
    throw cause instanceof Fault ? patchRefused(hash, `it cannot be read: ${cause.why}`) : cause;
  }
}

interface Known {
  readonly files: number;
  /** Insertions by their start. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** For each insertion its file: index of the patch (0 is this one) and number, in turn. */
  readonly inodes: Int32Array;
  readonly assertions: ReadonlyMap<number, Assertion>;
  readonly dependencies: readonly PatchHash[];
}

type Assertion = Extract<Atom, { kind: 'locate' | 'set-meta' }>;

/** What patches of the repository and of the bundle say, each decoded once and kept small. */
class DecodedPatches implements ValidationQuestions {
  readonly #store: PatchStore;
  readonly #known = new Map<PatchHash, Known>();
  #remembered = 0;

  constructor(store: PatchStore) {
    this.#store = store;
  }

  remember(patch: NamedPatch): Known {
    const known = knownOf(patch);
    this.#known.set(patch.hash, known);
    this.#remembered += known.starts.length + known.assertions.size;
    for (const [oldest, { starts, assertions }] of this.#known) {
      if (this.#remembered <= REMEMBERED_MAX || oldest === patch.hash) break;
      this.#known.delete(oldest);
      this.#remembered -= starts.length + assertions.size;
    }
    return known;
  }

  hasPatch(hash: PatchHash): boolean {
    return this.#known.has(hash) || this.#store.patches.has(hash);
  }

  hasFile(hash: PatchHash, n: number): boolean {
    return n < (this.#open(hash)?.files ?? 0);
  }

  hasBytes(hash: PatchHash, { start, end }: { start: number; end: number }, file: FileName): boolean {
    const known = this.#open(hash);
    if (known === null) return false;
    const at = lastAtOrBefore(known.starts, start);
    if (at === -1 || end > (known.ends[at] ?? 0)) return false;
    const of = known.inodes[2 * at] ?? 0;
    return known.inodes[2 * at + 1] === file.n && (of === 0 ? hash : known.dependencies[of - 1]) === file.patch;
  }

  assertionOf(hash: PatchHash, at: number): ReturnType<ValidationQuestions['assertionOf']> {
    const known = this.#open(hash);
    const assertion = known?.assertions.get(at);
    if (known === null || assertion === undefined) return null;
    const { kind, inode } = assertion;
    const patch = inode.of === 0 ? hash : known.dependencies[inode.of - 1];
    return patch === undefined ? null : { kind, file: { patch, n: inode.n } };
  }

  #open(hash: PatchHash): Known | null {
    const known = this.#known.get(hash);
    if (known !== undefined) return known;
    const number = this.#store.patches.numberOf(hash);
    return number === undefined ? null : this.remember(decodePatch(this.#store.patches.hashedOf(number)));
  }
}

function knownOf({ atoms, dependencies }: NamedPatch): Known {
  const inserts: Insert[] = [];
  const assertions = new Map<number, Assertion>();
  let files = 0;
  for (const [index, atom] of atoms.entries()) {
    if (atom.kind === 'insert') inserts.push(atom);
    else if (atom.kind === 'add-file') files += 1;
    else if (atom.kind === 'locate' || atom.kind === 'set-meta') assertions.set(index, atom);
  }
  inserts.sort((a, b) => a.start - b.start);
  return {
    files,
    starts: Int32Array.from(inserts, ({ start }) => start),
    ends: Int32Array.from(inserts, ({ end }) => end),
    inodes: Int32Array.from(inserts.flatMap(({ inode }) => [inode.of, inode.n])),
    assertions,
    dependencies,
  };
}

/** The index of the last of rising numbers that is not beyond a place, or -1. */
function lastAtOrBefore(numbers: Int32Array, place: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
