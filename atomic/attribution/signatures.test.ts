import { Fault, instant, scrub, Secret } from 'kernel/basics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { hashFromBytes } from '../patches/hash.ts';

import {
  decodeReview,
  encodeReview,
  reviewState,
  signReview,
  verifyReview,
  VERDICTS,
  type ReviewStatement,
} from './reviews.ts';
import {
  keyIdOf,
  keyPairFromSeed,
  makeKeyPair,
  parsePublicKey,
  parseSecretKey,
  publicKeyText,
  secretKeyText,
  sign,
  signPatch,
  verify,
  verifyPatch,
  verifyPatches,
} from './signatures.ts';

const PAIR = keyPairFromSeed(Uint8Array.from({ length: 32 }, (_, n) => n));
const OTHER = keyPairFromSeed(Uint8Array.from({ length: 32 }, () => 7));
const PATCH = hashFromBytes(Uint8Array.from({ length: 32 }, (_, n) => 255 - n));
const ANOTHER = hashFromBytes(new Uint8Array(32));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('a seed always gives the same key, name and signature', () => {
  // The public key of the seed 00…1f is that of RFC 8032's arithmetic.
  expect(hex(PAIR.key.bytes)).toBe('03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8');
  expect(PAIR.key.id).toBe(keyIdOf(PAIR.key.bytes));
  expect(hex(signPatch(PAIR.secret, PATCH))).toBe(hex(signPatch(PAIR.secret, PATCH)));
});

test('a signature holds for its patch, its key and its purpose alone', () => {
  const signature = signPatch(PAIR.secret, PATCH);
  expect(signature).toHaveLength(64);
  expect(verifyPatch(PAIR.key, PATCH, signature)).toBe(true);
  expect(verifyPatch(PAIR.key, ANOTHER, signature)).toBe(false);
  expect(verifyPatch(OTHER.key, PATCH, signature)).toBe(false);
  expect(verifyPatch({ ...OTHER.key, id: PAIR.key.id }, PATCH, signPatch(OTHER.secret, PATCH))).toBe(false);
  expect(verifyPatch(PAIR.key, PATCH, signature.subarray(1))).toBe(false);
  const bytes = Uint8Array.of(1, 2);
  expect(verify(PAIR.key, 'tag', bytes, sign(PAIR.secret, 'review', bytes))).toBe(false);
});

test('a flipped bit anywhere in a signature is seen', () => {
  const signature = signPatch(PAIR.secret, PATCH);
  fc.assert(
    fc.property(fc.nat(63), fc.nat(7), (byte, bit) => {
      const changed = signature.slice();
      changed[byte] = (changed[byte] ?? 0) ^ (1 << bit);
      expect(verifyPatch(PAIR.key, PATCH, changed)).toBe(false);
    }),
    { numRuns: 60 },
  );
});

test('many signatures are judged one by one, and a key that nobody knows is said', () => {
  const good = { patch: PATCH, key: PAIR.key.id, signature: signPatch(PAIR.secret, PATCH) };
  const verdicts = verifyPatches(
    [good, { ...good, patch: ANOTHER }, { ...good, key: OTHER.key.id }, { ...good, signature: new Uint8Array(3) }],
    [PAIR.key],
  );
  expect(verdicts).toEqual(['valid', 'invalid', 'unknown-key', 'invalid']);
});

test('keys are written as one line and read again', () => {
  const pair = makeKeyPair();
  expect(parsePublicKey(`${publicKeyText(pair.key)}\n`)).toEqual({
    id: pair.key.id,
    bytes: Buffer.from(pair.key.bytes),
  });
  const again = parseSecretKey(secretKeyText(pair));
  expect(again.key.id).toBe(pair.key.id);
  expect(verifyPatch(pair.key, PATCH, signPatch(again.secret, PATCH))).toBe(true);
});

test('a secret key shows itself nowhere but in its own file', () => {
  const text = Buffer.from(Array.from({ length: 32 }, (_, n) => n)).toString('base64');
  expect(PAIR.secret).toBeInstanceOf(Secret);
  expect(JSON.stringify(PAIR)).not.toContain(text);
  expect(scrub(`key ${text}`)).not.toContain(text);
  expect(() => parseSecretKey(`atomic-ed25519-secret ${text}x`)).toThrow(Fault);
  expect(() => parseSecretKey(`atomic-ed25519-secret ${text}x`)).not.toThrow(text.slice(0, 8));
});

test.each([
  '',
  'ssh-ed25519 AAAA',
  'atomic-ed25519 AAAA',
  'atomic-ed25519 !',
  `atomic-ed25519 ${'A'.repeat(43)}= more`,
])('%j is no public key, and why is said', (text) =>
  expect(() => parsePublicKey(text)).toThrow(/A public key cannot be read/),
);

const STATEMENT = {
  patch: PATCH,
  verdict: 'accept',
  ms: 12_345,
  linesShown: 40,
  at: instant(1_790_000_000_000),
} as const;

test('a review is what its reviewer signed, and nothing else', () => {
  const review = signReview(PAIR, STATEMENT);
  expect(verifyReview(PAIR.key, review)).toBe(true);
  expect(verifyReview(OTHER.key, review)).toBe(false);
  expect(verifyReview(OTHER.key, { ...review, reviewer: OTHER.key.id })).toBe(false);
  const changes = [
    { verdict: 'reject' },
    { ms: 1 },
    { linesShown: null },
    { at: instant(0) },
    { patch: ANOTHER },
  ] as const;
  for (const change of changes) expect(verifyReview(PAIR.key, { ...review, ...change })).toBe(false);
});

test('a review is written as it always was, and read again', () => {
  const review = signReview(PAIR, STATEMENT);
  expect(hex(encodeReview(review)).slice(0, 118)).toBe(
    '01fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e056475aa75463474c0285df5dbf2bcab700b9602980d8c1a28c34',
  );
  expect(decodeReview(encodeReview(review))).toEqual({ ...review, signature: Uint8Array.from(review.signature) });
  const none = signReview(PAIR, { ...STATEMENT, linesShown: null });
  expect(decodeReview(encodeReview(none)).linesShown).toBeNull();
});

test('bytes that are no review are refused, wherever they are cut', () => {
  const bytes = encodeReview(signReview(PAIR, STATEMENT));
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => decodeReview(bytes.subarray(0, length))).toThrow(/A review cannot be read/);
  }
  expect(() => decodeReview(Uint8Array.from([...bytes, 0]))).toThrow('behind it');
  expect(() => decodeReview(Uint8Array.from(bytes, (byte, at) => (at === 49 ? 9 : byte)))).toThrow('no such verdict');
});

test('of each reviewer the latest verdict counts, the strictest of all decides, and the order of arrival nothing', () => {
  const says = (reviewer: typeof PAIR, verdict: ReviewStatement['verdict'], at: number): ReviewStatement => ({
    ...STATEMENT,
    reviewer: reviewer.key.id,
    verdict,
    at: instant(at),
  });
  expect(reviewState([])).toBe('unreviewed');
  expect(reviewState([says(PAIR, 'reject', 1), says(PAIR, 'accept', 2)])).toBe('accept');
  expect(reviewState([says(PAIR, 'accept', 2), says(OTHER, 'reject', 1)])).toBe('reject');
  expect(reviewState([says(PAIR, 'accept', 2), says(OTHER, 'edit', 1)])).toBe('edit');
  expect(reviewState([says(PAIR, 'accept', 1), says(PAIR, 'reject', 1)])).toBe('reject');
  const review = fc
    .tuple(fc.constantFrom(PAIR, OTHER), fc.constantFrom(...VERDICTS), fc.nat(3))
    .map(([who, verdict, at]) => says(who, verdict, at));
  fc.assert(
    fc.property(fc.array(review), (reviews) => {
      expect(reviewState([...reviews].reverse())).toBe(reviewState(reviews));
    }),
  );
});
