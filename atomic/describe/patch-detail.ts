// One patch with all that is known of it: who wrote it, what it did, what it builds on and what builds on it, reviews,
// signatures.

import { toIso } from 'kernel/basics';

import type { KeyId } from '../attribution/attribution.ts';
import { keyedName } from '../attribution/keyed-name.ts';
import { reviewState } from '../attribution/reviews.ts';
import { keyIdOf, verifyPatch } from '../attribution/signatures.ts';
import { decodePatch } from '../patches/encode-patch.ts';
import type { PatchNumber } from '../patches/facts.ts';
import type { PatchDetail, Signature } from '../protocol/index.ts';
import type { Repository } from '../repository/repository.ts';
import type { PathsOfFiles } from '../repository/select-patches.ts';
import { PatchSet } from '../store/patch-set.ts';
import type { PatchStore, Review } from '../store/store.ts';
import { describeKnown } from './attribution.ts';
import { Credits } from './credits.ts';
import { changesOf } from './patch-changes.ts';
import { patchLine } from './patch-line.ts';
import { channelOf, pathsIn } from './state.ts';

/** Neighbours that a small picture has room for; the rest is counted. */
const NEIGHBOURS_MAX = 12;

export interface PatchQuery {
  /** The hash, or its unique beginning. */
  readonly patch: string;
  readonly channel?: string | undefined;
}

/** Throws ATOMIC_PATCH_UNKNOWN, ATOMIC_PATCH_AMBIGUOUS and ATOMIC_CHANNEL_UNKNOWN. */
export function describePatch(repository: Repository, query: PatchQuery): PatchDetail {
  const { store } = repository;
  const number = repository.find(query.patch);
  const channel = channelOf(repository, query.channel);
  const patch = decodePatch(store.patches.hashedOf(number));
  const paths = pathsIn(repository, repository.view(channel.name));
  const credits = new Credits(store);
  const changes = changesOf(repository, number, { channel, credits });
  const reviews = store.attributions.reviewsOf(number);
  return {
    ...patchLine(store, paths, number),
    channel: channel.name,
    isHere: channel.set.has(number),
    channels: channelsWith(store, number),
    description: patch.header.description,
    authors: [...patch.header.authors],
    zoneMinutes: patch.header.zoneMinutes,
    attribution: describeKnown(store, number, patch),
    dependencies: neighbours(store, paths, store.patches.dependenciesOf(number)),
    dependents: neighbours(store, paths, store.patches.directDependents(number, dependentsAmong(store, channel.set))),
    reviews: reviews.map(describeReview),
    reviewState: reviewState(reviews.map((review) => ({ ...review, ...statementOf(review), patch: patch.hash }))),
    signatures: store.patches.signaturesOf(number).map(({ key, signature }): Signature => {
      const id = keyIdOf(key);
      return { key: id, isValid: verifyPatch({ id, bytes: key }, patch.hash, signature) };
    }),
    changes,
    credits: credits.list(),
  };
}

const channelsWith = (store: PatchStore, patch: PatchNumber): string[] =>
  store.channels
    .list()
    .map(({ name }) => name)
    .filter((name) => store.channels.get(name)?.set.has(patch) === true);

/** All of the repository where the channel has nothing yet. */
const dependentsAmong = (store: PatchStore, set: { readonly size: number } & Iterable<PatchNumber>) =>
  PatchSet.of(set.size > 0 ? set : Array.from({ length: store.patches.count }, (_, index) => index + 1));

function neighbours(
  store: PatchStore,
  paths: PathsOfFiles,
  patches: readonly PatchNumber[],
): PatchDetail['dependencies'] {
  const shown = patches.toSorted((a, b) => b - a).slice(0, NEIGHBOURS_MAX);
  return { patches: shown.map((each) => patchLine(store, paths, each)), inAll: patches.length };
}

const statementOf = ({ reviewer, durationMs }: Review): { readonly reviewer: KeyId; readonly ms: number } => ({
  reviewer: reviewerOf(reviewer),
  ms: durationMs,
});

/** A reviewer is kept as the bytes of the key's name, or as the key itself. */
const KEY_BYTES = 32;
const reviewerOf = (bytes: Uint8Array): KeyId =>
  bytes.length === KEY_BYTES ? keyIdOf(bytes) : keyedName<KeyId>(bytes);

const describeReview = (review: Review): PatchDetail['reviews'][number] => ({
  reviewer: reviewerOf(review.reviewer),
  verdict: review.verdict,
  ms: review.durationMs,
  linesShown: review.linesShown,
  at: toIso(review.at),
});
