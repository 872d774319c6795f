// The proof of a history: of each patch its signatures, its attribution against what it committed to, and the weights that
// were derived from it; and the chain of the audit log.
// Rule: it looks at everything and stops at nothing. What is missing by choice (attribution that was left out, a key that
// is not known) is counted, and is no mistake.

import { matchesCommitment } from '../attribution/encode-attribution.ts';
import { keyIdOf, verifyPatches, type PublicKey } from '../attribution/signatures.ts';
import { decodePatch, nameOf } from '../patches/encode-patch.ts';
import type { PatchNumber } from '../patches/facts.ts';
import type { NamedPatch } from '../patches/patch.ts';
import type { PatchStore } from '../store/store.ts';
import { bytesByDependency } from './add-patch.ts';

interface HistoryMistake {
  readonly kind: 'patch' | 'signature' | 'attribution' | 'weights' | 'audit';
  /** The patch, or the line of the audit log. */
  readonly about: string;
  readonly what: string;
}

export interface HistoryProof {
  readonly patches: number;
  readonly signatures: { readonly valid: number; readonly invalid: number; readonly unknown: number };
  /** Patches whose attribution fits, and those whose attribution is not here though they committed to one. */
  readonly attributions: { readonly proven: number; readonly left: number; readonly none: number };
  readonly auditLines: number;
  readonly mistakes: readonly HistoryMistake[];
}

/** More are not listed. */
const MISTAKES_MAX = 1000;

export function proveHistory(
  store: PatchStore,
  keys: readonly PublicKey[],
  each?: (done: number, total: number) => void,
): HistoryProof {
  const mistakes: HistoryMistake[] = [];
  const signatures = { valid: 0, invalid: 0, unknown: 0 };
  const attributions = { proven: 0, left: 0, none: 0 };
  const { count } = store.patches;
  for (let number = 1; number <= count; number += 1) {
    const found = [...provePatch(store, keys, number, { signatures, attributions })];
    mistakes.push(...found.slice(0, MISTAKES_MAX - mistakes.length));
    each?.(number, count);
  }
  const verdict = store.audit.verify();
  if (verdict.kind === 'broken') mistakes.push({ kind: 'audit', about: `line ${verdict.n}`, what: verdict.why });
  const auditLines = verdict.kind === 'whole' ? verdict.lines : verdict.n - 1;
  return { patches: count, signatures, attributions, auditLines, mistakes };
}

interface Counts {
  readonly signatures: { valid: number; invalid: number; unknown: number };
  readonly attributions: { proven: number; left: number; none: number };
}

function* provePatch(
  store: PatchStore,
  keys: readonly PublicKey[],
  number: PatchNumber,
  { signatures, attributions }: Counts,
): Generator<HistoryMistake> {
  const hash = store.patches.hashOf(number);
  const hashed = store.patches.hashedOf(number);
  if (nameOf(hashed) !== hash) {
    yield { kind: 'patch', about: hash, what: 'Its bytes have another hash.' };
    return;
  }
  const patch = decodePatch(hashed);
  const own = store.patches
    .signaturesOf(number)
    .map(({ key, signature }) => ({ patch: hash, key: keyIdOf(key), signature }));
  for (const verdict of verifyPatches(own, keys)) {
    if (verdict === 'valid') signatures.valid += 1;
    else if (verdict === 'unknown-key') signatures.unknown += 1;
    else {
      signatures.invalid += 1;
      yield { kind: 'signature', about: hash, what: 'A signature of it is not by the key that it names.' };
    }
  }
  yield* proveAttribution(store, patch, number, attributions);
  yield* proveWeights(store, patch, number);
}

function* proveAttribution(
  store: PatchStore,
  { hash, attributionCommitment }: NamedPatch,
  number: PatchNumber,
  counts: Counts['attributions'],
): Generator<HistoryMistake> {
  const attribution = store.attributions.of(number);
  if (attributionCommitment === null) {
    counts.none += 1;
    if (attribution !== null)
      yield { kind: 'attribution', about: hash, what: 'It has one, and never committed to any.' };
  } else if (attribution === null) counts.left += 1;
  else if (matchesCommitment(attributionCommitment, attribution.salt, attribution.blob)) counts.proven += 1;
  else yield { kind: 'attribution', about: hash, what: 'It is not the one that the patch committed to.' };
}

/** Weights follow from the patch alone: the share of its context and deleted bytes that each dependency owns. */
function* proveWeights(store: PatchStore, patch: NamedPatch, number: PatchNumber): Generator<HistoryMistake> {
  const bytes = bytesByDependency(patch);
  const total = Math.max(
    1,
    bytes.reduce((sum, count) => sum + count, 0),
  );
  const stored = new Map(store.attributions.weightsOf(number).map((each) => [each.dependency, each.weightBp]));
  for (const [index, hash] of patch.dependencies.entries()) {
    const dependency = store.patches.numberOf(hash);
    const weight = dependency === undefined ? undefined : stored.get(dependency);
    if (weight === Math.floor(((bytes[index] ?? 0) * WHOLE_BP) / total)) continue;
    yield {
      kind: 'weights',
      about: patch.hash,
      what: `The weight of ${hash.slice(0, 8)} is not what follows from it.`,
    };
  }
}

const WHOLE_BP = 10_000;
