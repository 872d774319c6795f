// Signatures and reviews of patches as leaves of a Merkle trie, so that two repositories find out cheaply which of them
// one has and the other lacks, however late they were made.
// Rule: a statement is believed for its own signature alone, whoever passes it on; one that does not verify is refused.

import { createHash } from 'node:crypto';

import { keyIdOf, verifyPatch, type PublicKey } from '../attribution/signatures.ts';
import { decodeReview, encodeReview, verifyReview, type Review as SignedReview } from '../attribution/reviews.ts';
import { EMPTY_TRIE, withPatch, type TrieNode } from '../patches/state-root.ts';
import type { PatchHash } from '../patches/hash.ts';
import type { ReadonlyPatchSet } from '../store/patch-set.ts';
import type { PatchStore, Review, Signature } from '../store/store.ts';
import { encodeEntry, type Statement } from './entries.ts';
import { pushRefused } from './faults.ts';
import { shortOf, type Short } from './shorts.ts';

const DOMAIN = 'atomic.statement.v1\0';
const KEY_BYTES = 32;

export interface KnownStatements {
  readonly trie: TrieNode;
  readonly byShort: ReadonlyMap<Short, Statement>;
}

/** 32 bytes that name a statement. */
const nameOfStatement = (statement: Statement): Uint8Array =>
  createHash('sha256').update(DOMAIN).update(encodeEntry(statement)).digest();

/** All that is said of the patches of a set. */
export function statementsOf(store: PatchStore, set: ReadonlyPatchSet): KnownStatements {
  let trie = EMPTY_TRIE;
  const byShort = new Map<Short, Statement>();
  for (const statement of eachStatement(store, set)) {
    const name = nameOfStatement(statement);
    trie = withPatch(trie, name);
    byShort.set(shortOf(name), statement);
  }
  return { trie, byShort };
}

function* eachStatement(store: PatchStore, set: ReadonlyPatchSet): Generator<Statement> {
  for (const { patch, key, signature } of store.patches.signatures()) {
    if (set.has(patch)) yield { kind: 'signature', patch: store.patches.hashOf(patch), signature: { key, signature } };
  }
  for (const review of store.attributions.reviews()) {
    // One whose reviewer is known by name only cannot be proven to anybody else.
    if (!set.has(review.patch) || review.reviewer.length !== KEY_BYTES) continue;
    yield { kind: 'review', key: review.reviewer, bytes: encodeReview(signedReview(store, review)) };
  }
}

function signedReview(store: PatchStore, review: Review): SignedReview {
  const { patch, reviewer, verdict, durationMs, linesShown, at, signature } = review;
  const hash = store.patches.hashOf(patch);
  return { patch: hash, reviewer: keyIdOf(reviewer), verdict, ms: durationMs, linesShown, at, signature };
}

const publicKeyOf = (bytes: Uint8Array): PublicKey => ({ id: keyIdOf(bytes), bytes });

export const isSignedBy = ({ key, signature }: Signature, patch: PatchHash): boolean =>
  verifyPatch(publicKeyOf(key), patch, signature);

/** A review that came, proven. Throws ATOMIC_PUSH_REFUSED naming its patch. */
export function provenReview({ key, bytes }: Statement & { readonly kind: 'review' }): SignedReview {
  const review = decodeReview(bytes);
  if (verifyReview(publicKeyOf(key), review)) return review;
  throw pushRefused(`A review of patch ${review.patch}`, 'Its signature does not fit what it says.');
}
