// What the reviews of a patch come to. A review counts for its own signature; one that does not verify counts for nothing.

import { keyIdOf, type PublicKey } from '../attribution/signatures.ts';
import { reviewState, verifyReview, type Review as SignedReview, type ReviewState } from '../attribution/reviews.ts';
import type { PatchNumber } from '../patches/facts.ts';
import type { PatchStore, Review } from '../store/store.ts';

const KEY_BYTES = 32;

export interface CheckedReview {
  readonly key: PublicKey;
  readonly review: SignedReview;
  readonly isValid: boolean;
}

export const reviewsOf = (store: PatchStore, patch: PatchNumber): readonly CheckedReview[] =>
  store.attributions.reviewsOf(patch).map((review) => checked(store, review));

function checked(store: PatchStore, review: Review): CheckedReview {
  const { patch, reviewer, verdict, durationMs, linesShown, at, signature } = review;
  const key: PublicKey = { id: keyIdOf(reviewer), bytes: reviewer };
  const hash = store.patches.hashOf(patch);
  const signed = { patch: hash, reviewer: key.id, verdict, ms: durationMs, linesShown, at, signature };
  return { key, review: signed, isValid: reviewer.length === KEY_BYTES && verifyReview(key, signed) };
}

export const reviewStateOf = (store: PatchStore, patch: PatchNumber): ReviewState =>
  reviewState(
    reviewsOf(store, patch)
      .filter(({ isValid }) => isValid)
      .map(({ review }) => review),
  );
