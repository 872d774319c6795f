// A patch as canonical bytes: what its hash is made of.
// Rule: one patch has one form. Numbers are LEB128, texts are UTF-8 with their length, lists keep the order that
// patch.ts prescribes, there are no maps and no floats. Reading refuses every other form, so decode and encode are inverse.
// Not here: contents, attribution, signatures (detachable: ../store), and what a patch may say (validate-patch.ts).

import { createHash } from 'node:crypto';

import { instant } from 'kernel/basics';

import { ByteReader, ByteWriter } from './bytes.ts';
import { encodingMalformed } from './faults.ts';
import { compareHashes, HASH_BYTES, hashFromBytes, hashToBytes, type PatchHash } from './hash.ts';
import { readAtom, writeAtom } from './encode-atom.ts';
import type { Author, Header, NamedPatch, Patch } from './patch.ts';

const DOMAIN = 'atomic.patch.v1\0';
const FORMAT = 1;
/** Longer messages are refused: 1 MiB holds the longest changelog that anybody put into one. */
const MESSAGE_MAX = 1 << 20;
const AUTHORS_MAX = 256;
const NAME_MAX = 4096;
/** 256 MiB of text in one patch: above it a repository is the wrong place. */
export const CONTENTS_MAX = 256 * 1024 * 1024;

export function encodePatch(patch: Patch): Uint8Array {
  const out = new ByteWriter();
  out.number(FORMAT);
  writeHeader(out, patch.header);
  writeHashes(out, patch.dependencies);
  writeHashes(out, patch.known);
  out.number(patch.atoms.length);
  for (const atom of patch.atoms) writeAtom(out, atom);
  out.raw(patch.contentsHash);
  out.number(patch.contentsLength);
  out.bytes(patch.attributionCommitment ?? new Uint8Array());
  return out.finish();
}

/** The patch that these bytes are, under the name they give it. Throws ATOMIC_ENCODING_MALFORMED. */
export function decodePatch(hashed: Uint8Array): NamedPatch {
  const input = new ByteReader(hashed);
  if (input.number() !== FORMAT) throw encodingMalformed('it was written by a later version of Atomic');
  const header = readHeader(input);
  const dependencies = readHashes(input);
  const known = readHashes(input);
  const atoms = Array.from({ length: input.count() }, () => readAtom(input));
  const contentsHash = input.raw(HASH_BYTES);
  const contentsLength = input.number(CONTENTS_MAX);
  const commitment = input.bytes(HASH_BYTES);
  if (commitment.length !== 0 && commitment.length !== HASH_BYTES) throw encodingMalformed('its commitment is cut');
  input.end();
  return {
    hash: nameOf(hashed),
    header,
    dependencies,
    known,
    atoms,
    contentsHash,
    contentsLength,
    attributionCommitment: commitment.length === 0 ? null : commitment,
  };
}

/** The name of the patch with these canonical bytes. */
export const nameOf = (hashed: Uint8Array): PatchHash =>
  hashFromBytes(createHash('sha256').update(DOMAIN).update(hashed).digest());

export const contentsHashOf = (contents: Uint8Array): Uint8Array => createHash('sha256').update(contents).digest();

/** A patch with its canonical bytes and name. */
export function namePatch(patch: Patch): { readonly patch: NamedPatch; readonly hashed: Uint8Array } {
  const hashed = encodePatch(patch);
  return { patch: { ...patch, hash: nameOf(hashed) }, hashed };
}

/** Canonical bytes but for their commitment, which stands at their end: where whoever reads them can work it out. */
export const withoutCommitment = (hashed: Uint8Array): Uint8Array => hashed.subarray(0, hashed.length - HASH_BYTES);

/** Canonical bytes again. Throws ATOMIC_ENCODING_MALFORMED where they end without a place for a commitment. */
export function withCommitment(rest: Uint8Array, commitment: Uint8Array): Uint8Array {
  if (rest.at(-1) !== HASH_BYTES) throw encodingMalformed('it has no place for a commitment');
  const hashed = new Uint8Array(rest.length + commitment.length);
  hashed.set(rest);
  hashed.set(commitment, rest.length);
  return hashed;
}

function writeHeader(out: ByteWriter, header: Header): void {
  out.text(header.message);
  out.text(header.description);
  out.signed(header.at);
  out.signed(header.zoneMinutes);
  out.number(header.authors.length);
  for (const { name, email } of header.authors) {
    out.text(name);
    out.text(email);
  }
}

function readHeader(input: ByteReader): Header {
  const message = input.text(MESSAGE_MAX);
  const description = input.text(MESSAGE_MAX);
  const at = instant(input.signed());
  const zoneMinutes = input.signed();
  const count = input.count();
  if (count > AUTHORS_MAX) throw encodingMalformed(`it has more than ${AUTHORS_MAX} authors`);
  const authors: readonly Author[] = Array.from({ length: count }, () => ({
    name: input.text(NAME_MAX),
    email: input.text(NAME_MAX),
  }));
  return { message, description, at, zoneMinutes, authors };
}

function writeHashes(out: ByteWriter, hashes: readonly PatchHash[]): void {
  out.number(hashes.length);
  for (const hash of hashes) out.raw(hashToBytes(hash));
}

function readHashes(input: ByteReader): readonly PatchHash[] {
  const hashes = Array.from({ length: input.count() }, () => hashFromBytes(input.raw(HASH_BYTES)));
  for (const [index, hash] of hashes.entries()) {
    const before = hashes[index - 1];
    if (before !== undefined && compareHashes(before, hash) >= 0) throw encodingMalformed('a list is not sorted');
  }
  return hashes;
}
