// What travels in a bundle: patches, and what is said of patches. Each entry is its kind, then its fields.
// Rule: one entry has one form. A patch's name is never sent: it is computed from its bytes by whoever reads them.
// Not here: how entries are cut into blocks (blocks.ts), and whether they may be applied (land-bundle.ts).

import { unreachable } from 'kernel/basics';

import { CONTENTS_MAX, nameOf } from '../patches/encode-patch.ts';
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

const KINDS: readonly Entry['kind'][] = ['patch', 'attribution', 'prompt', 'signature', 'review'];
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

export function encodeEntry(entry: Entry): Uint8Array {
  const out = new ByteWriter();
  out.number(KINDS.indexOf(entry.kind));
  switch (entry.kind) {
    case 'patch':
      writePatch(out, entry.patch);
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
  out.number(signatures.length);
  for (const signature of signatures) writeSignature(out, signature);
}

function readPatch(input: ByteReader): StoredPatch {
  const hashed = input.bytes(HASHED_MAX);
  const contents = input.bytes(CONTENTS_MAX);
  const attribution = input.number(1) === 0 ? null : readAttribution(input);
  const count = input.number(SIGNATURES_MAX);
  const signatures = Array.from({ length: count }, () => readSignature(input));
  return { hash: nameOf(hashed), hashed, contents, attribution, signatures };
}

function writeAttribution(out: ByteWriter, { salt, blob }: AttributionBytes): void {
  out.bytes(salt);
  out.bytes(blob);
}

const readAttribution = (input: ByteReader): AttributionBytes => ({
  salt: input.bytes(SALT_MAX),
  blob: input.bytes(BLOB_MAX),
});

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
