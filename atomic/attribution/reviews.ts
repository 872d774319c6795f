// What a person says of a patch after looking at it: a signed statement beside the patch, of which there may be many.
// Form: version 1 · patch (32 bytes) · key id (16) · verdict (1) · ms · lines shown + 1, or 0 · moment in ms; numbers are
// varints. Rule: the signature covers exactly these bytes, so nobody can change or move a review.

import { instant, type Instant, type Secret } from 'kernel/basics';

import { hashFromBytes, HASH_BYTES, hashToBytes, type PatchHash } from '../patches/hash.ts';

import type { KeyId } from './attribution.ts';
import { ByteReader, ByteWriter } from './canonical-bytes.ts';
import { reviewMalformed } from './faults.ts';
import { KEYED_NAME_BYTES, keyedName, keyedNameBytes } from './keyed-name.ts';
import { sign, SIGNATURE_BYTES, verify, type KeyPair, type PublicKey } from './signatures.ts';

export const VERDICTS = ['accept', 'edit', 'reject'] as const;
/** `accept` as it is; `edit` good with changes; `reject` not to be kept. */
export type Verdict = (typeof VERDICTS)[number];

export interface ReviewStatement {
  readonly patch: PatchHash;
  readonly reviewer: KeyId;
  readonly verdict: Verdict;
  /** How long they looked at it. */
  readonly ms: number;
  /** How many lines they were shown; null: not known. */
  readonly linesShown: number | null;
  readonly at: Instant;
}

export interface Review extends ReviewStatement {
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

const VERSION = 1;

export function signReview(pair: KeyPair, statement: Omit<ReviewStatement, 'reviewer'>): Review {
  const complete: ReviewStatement = { ...statement, reviewer: pair.key.id };
  return { ...complete, signature: signStatement(pair.secret, complete) };
}

const signStatement = (secret: Secret, statement: ReviewStatement): Uint8Array =>
  sign(secret, 'review', encodeStatement(statement));

/** Whether this key said exactly this. */
export const verifyReview = (key: PublicKey, review: Review): boolean =>
  key.id === review.reviewer && verify(key, 'review', encodeStatement(review), review.signature);

/** The statement, then the signature. */
export function encodeReview(review: Review): Uint8Array {
  const writer = new ByteWriter();
  writer.raw(encodeStatement(review));
  writer.raw(review.signature);
  return writer.finish();
}

/** Throws ATOMIC_REVIEW_MALFORMED. The signature is not checked here. */
export function decodeReview(bytes: Uint8Array): Review {
  const reader = new ByteReader(bytes, reviewMalformed);
  const version = reader.byte();
  if (version !== VERSION) throw reviewMalformed(`Form ${version} is not known.`);
  const patch = hashFromBytes(reader.raw(HASH_BYTES));
  const reviewer = keyedName<KeyId>(reader.raw(KEYED_NAME_BYTES));
  const verdict = VERDICTS[reader.byte()];
  if (verdict === undefined) throw reviewMalformed('There is no such verdict.');
  const ms = reader.varint();
  const lines = reader.varint();
  const at = instant(reader.varint());
  const signature = reader.raw(SIGNATURE_BYTES).slice();
  if (!reader.isAtEnd) throw reviewMalformed('Something stands behind it.');
  return { patch, reviewer, verdict, ms, linesShown: lines === 0 ? null : lines - 1, at, signature };
}

export type ReviewState = 'unreviewed' | Verdict;

/**
 * What the reviews of one patch come to: of each reviewer the latest counts; one rejection rejects, then one edit is an
 * edit. Signatures are to be checked before.
 */
export function reviewState(reviews: readonly ReviewStatement[]): ReviewState {
  const latest = new Map<KeyId, ReviewStatement>();
  for (const review of reviews) {
    const before = latest.get(review.reviewer);
    // Of two at one moment the stricter counts, so that the order of arrival decides nothing.
    const isLater = before === undefined || review.at > before.at;
    const isStricter = before?.at === review.at && rank(review.verdict) > rank(before.verdict);
    if (isLater || isStricter) latest.set(review.reviewer, review);
  }
  const verdicts = [...latest.values()].map(({ verdict }) => verdict).sort((a, b) => rank(b) - rank(a));
  return verdicts[0] ?? 'unreviewed';
}

const rank = (verdict: Verdict): number => VERDICTS.indexOf(verdict);

function encodeStatement({ patch, reviewer, verdict, ms, linesShown, at }: ReviewStatement): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(VERSION);
  writer.raw(hashToBytes(patch));
  writer.raw(keyedNameBytes(reviewer));
  writer.byte(rank(verdict));
  writer.varint(ms);
  writer.varint(linesShown === null ? 0 : linesShown + 1);
  writer.varint(at);
  return writer.finish();
}
