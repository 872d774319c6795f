// What travels in a bundle: patches, and what is said of patches. Each entry is its kind, then its fields.
// Rule: a patch's name is never sent: it is computed from its bytes by whoever reads them. Nor is its commitment where the
// attribution comes along that gives it: these 32 bytes do not compress. All else has one form.
// Not here: how entries are cut into blocks (blocks.ts), and whether they may be applied (land-bundle.ts).

import { unreachable } from 'kernel/basics';

import { commitTo, matchesCommitment } from '../attribution/encode-attribution.ts';
import { CONTENTS_MAX, nameOf, withCommitment, withoutCommitment } from '../patches/encode-patch.ts';
import { type ByteReader, ByteWriter } from '../patches/bytes.ts';
import { HASH_BYTES, hashFromBytes, hashToBytes, type PatchHash } from '../patches/hash.ts';
import type { AttributionBytes, Prompt, Signature, StoredPatch } from '../store/store.ts';
import { frameMalformed } from './faults.ts';

export type Statement =
  | { readonly kind: 'signature'; readonly patch: PatchHash; readonly signature: Signature }
  /** `key`: the reviewer's public key; `bytes`: the signed statement (attribution/reviews.ts). */
  | { readonly kind: 'review'; readonly key: Uint8Array; readonly bytes: Uint8Array };

export type Entry =
  | { readonly kind: 'patch'; readonly patch: StoredPatch }
  | { readonly kind: 'attribution'; readonly patch: PatchHash; readonly attribution: AttributionBytes }
  | { readonly kind: 'prompt'; readonly prompt: Omit<Prompt, 'references'> }
  | Statement;

/** A patch whose commitment is that of its attribution: a `patch` again when it is read. */
export type SentEntry = Entry | { readonly kind: 'attributed'; readonly patch: AttributedPatch };

type AttributedPatch = StoredPatch & { readonly attribution: AttributionBytes };

const KINDS: readonly SentEntry['kind'][] = ['patch', 'attribution', 'prompt', 'signature', 'review', 'attributed'];
const LEVELS: readonly Prompt['level'][] = ['hash', 'redacted', 'encrypted', 'full'];

/** As the store has it: a hashed section names every line that a patch touches. */
const HASHED_MAX = 256 * 1024 * 1024;
/** Attributions are up to 64 KiB; one of a later form may grow. */
const BLOB_MAX = 1024 * 1024;
const SALT_MAX = 64;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** More people than sign anything. */
const SIGNATURES_MAX = 1024;
const REVIEW_MAX = 1024;
const PROMPT_NAME_MAX = 64;
const PROMPT_MAX = 64 * 1024 * 1024;

/** How a patch is sent to whoever works commitments out: `patch` where there is none, or another than its attribution gives. */
export function attributedEntry(patch: StoredPatch): SentEntry {
  const { hashed, attribution } = patch;
  if (attribution === null) return { kind: 'patch', patch };
  const commitment = hashed.subarray(withoutCommitment(hashed).length);
  const isGiven = matchesCommitment(commitment, attribution.salt, attribution.blob);
  return isGiven ? { kind: 'attributed', patch: { ...patch, attribution } } : { kind: 'patch', patch };
}

export function encodeEntry(entry: SentEntry): Uint8Array {
  const out = new ByteWriter();
  out.number(KINDS.indexOf(entry.kind));
  switch (entry.kind) {
    case 'patch':
      writePatch(out, entry.patch);
      break;
    case 'attributed':
      writeAttributed(out, entry.patch);
      break;
    case 'attribution':
      out.raw(hashToBytes(entry.patch));
      writeAttribution(out, entry.attribution);
      break;
    case 'prompt':
      out.bytes(entry.prompt.hash);
      out.number(LEVELS.indexOf(entry.prompt.level));
      out.number(entry.prompt.body === null ? 0 : 1);
      out.bytes(entry.prompt.body ?? new Uint8Array());
      break;
    case 'signature':
      out.raw(hashToBytes(entry.patch));
      writeSignature(out, entry.signature);
      break;
    case 'review':
      out.raw(entry.key);
      out.bytes(entry.bytes);
      break;
    default:
      return unreachable(entry);
  }
  return out.finish();
}

/** Reads one entry; more may follow. Throws what the reader throws. */
export function readEntry(input: ByteReader): Entry {
  const kind = KINDS[input.number(KINDS.length - 1)];
  switch (kind) {
    case 'patch':
      return { kind, patch: readPatch(input) };
    case 'attributed':
      return { kind: 'patch', patch: readAttributed(input) };
    case 'attribution':
      return { kind, patch: readHash(input), attribution: readAttribution(input) };
    case 'prompt':
      return { kind, prompt: readPrompt(input) };
    case 'signature':
      return { kind, patch: readHash(input), signature: readSignature(input) };
    case 'review':
      return { kind, key: input.raw(KEY_BYTES), bytes: input.bytes(REVIEW_MAX) };
    case undefined:
      throw frameMalformed('a bundle has an entry of no known kind');
    default:
      return unreachable(kind);
  }
}

function writePatch(out: ByteWriter, { hashed, contents, attribution, signatures }: StoredPatch): void {
  out.bytes(hashed);
  out.bytes(contents);
  out.number(attribution === null ? 0 : 1);
  if (attribution !== null) writeAttribution(out, attribution);
  writeSignatures(out, signatures);
}

function readPatch(input: ByteReader): StoredPatch {
  const hashed = input.bytes(HASHED_MAX);
  const contents = input.bytes(CONTENTS_MAX);
  const attribution = input.number(1) === 0 ? null : readAttribution(input);
  return { hash: nameOf(hashed), hashed, contents, attribution, signatures: readSignatures(input) };
}

function writeAttributed(out: ByteWriter, { hashed, contents, attribution, signatures }: AttributedPatch): void {
  out.bytes(withoutCommitment(hashed));
  out.bytes(contents);
  writeAttribution(out, attribution);
  writeSignatures(out, signatures);
}

function readAttributed(input: ByteReader): StoredPatch {
  const rest = input.bytes(HASHED_MAX);
  const contents = input.bytes(CONTENTS_MAX);
  const attribution = readAttribution(input);
  const hashed = withCommitment(rest, commitTo(attribution.salt, attribution.blob));
  return { hash: nameOf(hashed), hashed, contents, attribution, signatures: readSignatures(input) };
}

function writeAttribution(out: ByteWriter, { salt, blob }: AttributionBytes): void {
  out.bytes(salt);
  out.bytes(blob);
}

const readAttribution = (input: ByteReader): AttributionBytes => ({
  salt: input.bytes(SALT_MAX),
  blob: input.bytes(BLOB_MAX),
});

function writeSignatures(out: ByteWriter, signatures: readonly Signature[]): void {
  out.number(signatures.length);
  for (const signature of signatures) writeSignature(out, signature);
}

const readSignatures = (input: ByteReader): readonly Signature[] =>
  Array.from({ length: input.number(SIGNATURES_MAX) }, () => readSignature(input));

function writeSignature(out: ByteWriter, { key, signature }: Signature): void {
  out.raw(key);
  out.raw(signature);
}

const readSignature = (input: ByteReader): Signature => ({
  key: input.raw(KEY_BYTES),
  signature: input.raw(SIGNATURE_BYTES),
});

const readHash = (input: ByteReader): PatchHash => hashFromBytes(input.raw(HASH_BYTES));

function readPrompt(input: ByteReader): Omit<Prompt, 'references'> {
  const hash = input.bytes(PROMPT_NAME_MAX);
  const level = LEVELS[input.number(LEVELS.length - 1)] ?? 'hash';
  const hasBody = input.number(1) === 1;
  const body = input.bytes(hasBody ? PROMPT_MAX : 0);
  return { hash, level, body: hasBody ? body : null };
}
