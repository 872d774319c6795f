// Ed25519 signatures of patches and reviews (node:crypto), and keys as text.
// Rule: what is signed begins with its purpose, so that a signature of one thing never passes as one of another. A secret
// key is a Secret, and leaves it only in `secretKeyText`, which writes the key's own file.

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign as signBytes,
  verify as verifyBytes,
  type KeyObject,
} from 'node:crypto';

import { Secret } from 'kernel/basics';

import { hashToBytes, type PatchHash } from '../patches/hash.ts';

import type { KeyId } from './attribution.ts';
import { keyMalformed } from './faults.ts';
import { keyedName } from './keyed-name.ts';

const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;
const SEED_BYTES = 32;

/** The fixed beginnings of an Ed25519 key in DER (RFC 8410), before its 32 bytes. */
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const SECRET_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface PublicKey {
  readonly id: KeyId;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

export interface KeyPair {
  readonly key: PublicKey;
  /** The seed of 32 bytes in base64. */
  readonly secret: Secret;
}

type Purpose = 'patch' | 'review' | 'tag';

export const makeKeyPair = (): KeyPair => keyPairOf(generateKeyPairSync('ed25519').privateKey);

/** The pair of a seed of 32 bytes: the same seed gives the same keys. */
export function keyPairFromSeed(seed: Uint8Array): KeyPair {
  if (seed.length !== SEED_BYTES) throw keyMalformed('secret', `It has ${seed.length} bytes instead of ${SEED_BYTES}.`);
  const der = Buffer.concat([SECRET_PREFIX, seed]);
  return keyPairOf(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
}

/** The first 16 bytes of SHA-256 of the key, in base32. */
export const keyIdOf = (publicKey: Uint8Array): KeyId =>
  keyedName<KeyId>(createHash('sha256').update(publicKey).digest());

/** A signature of 64 bytes. */
export function signPatch(secret: Secret, patch: PatchHash): Uint8Array {
  return sign(secret, 'patch', hashToBytes(patch));
}

export const verifyPatch = (key: PublicKey, patch: PatchHash, signature: Uint8Array): boolean =>
  verify(key, 'patch', hashToBytes(patch), signature);

export interface PatchSignature {
  readonly patch: PatchHash;
  readonly key: KeyId;
  readonly signature: Uint8Array;
}

export type SignatureVerdict = 'valid' | 'invalid' | 'unknown-key';

/** Each signature's verdict, in order. Keys are opened once; a signature takes some 0.2 ms. */
export function verifyPatches(
  signatures: readonly PatchSignature[],
  keys: readonly PublicKey[],
): readonly SignatureVerdict[] {
  const opened = new Map(keys.map((key) => [key.id, openPublic(key.bytes)]));
  return signatures.map(({ patch, key, signature }) => {
    const object = opened.get(key);
    if (object === undefined) return 'unknown-key';
    return verifyWith(object, signedBytes('patch', hashToBytes(patch)), signature) ? 'valid' : 'invalid';
  });
}

export function sign(secret: Secret, purpose: Purpose, bytes: Uint8Array): Uint8Array {
  const seed = Buffer.from(secret.reveal(), 'base64');
  const key = createPrivateKey({ key: Buffer.concat([SECRET_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  return signBytes(null, signedBytes(purpose, bytes), key);
}

/** False for anything that is no valid signature; never throws for a signature of the wrong size. */
export function verify(key: PublicKey, purpose: Purpose, bytes: Uint8Array, signature: Uint8Array): boolean {
  // A key that is passed off under the name of another signs nothing.
  return key.id === keyIdOf(key.bytes) && verifyWith(openPublic(key.bytes), signedBytes(purpose, bytes), signature);
}

/** `atomic-ed25519 <base64>`: one line, for a file of keys or a message. */
export const publicKeyText = (key: PublicKey): string => `${PUBLIC_LABEL} ${Buffer.from(key.bytes).toString('base64')}`;

/** Throws ATOMIC_KEY_MALFORMED. */
export function parsePublicKey(text: string): PublicKey {
  const bytes = bytesAfter(PUBLIC_LABEL, 'public', text);
  openPublic(bytes);
  return { id: keyIdOf(bytes), bytes };
}

/** What stands in the file of a secret key: the one place where the secret is written. Mode 0600. */
export const secretKeyText = (pair: KeyPair): string => `${SECRET_LABEL} ${pair.secret.reveal()}`;

/** Throws ATOMIC_KEY_MALFORMED, without a letter of the key. */
export const parseSecretKey = (text: string): KeyPair => keyPairFromSeed(bytesAfter(SECRET_LABEL, 'secret', text));

const PUBLIC_LABEL = 'atomic-ed25519';
const SECRET_LABEL = 'atomic-ed25519-secret';
const BASE64 = /^[A-Za-z0-9+/]{43}=$/;

function bytesAfter(label: string, kind: 'public' | 'secret', text: string): Uint8Array {
  const [found, encoded = '', ...rest] = text.trim().split(/\s+/);
  if (found !== label) throw keyMalformed(kind, `It does not begin with \`${label}\`.`);
  if (rest.length > 0 || !BASE64.test(encoded)) throw keyMalformed(kind, 'What follows is not 32 bytes in base64.');
  return Buffer.from(encoded, 'base64');
}

function keyPairOf(secretKey: KeyObject): KeyPair {
  const seed = secretKey.export({ format: 'der', type: 'pkcs8' }).subarray(SECRET_PREFIX.length);
  const bytes = createPublicKey(secretKey).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_PREFIX.length);
  return { key: { id: keyIdOf(bytes), bytes: Uint8Array.from(bytes) }, secret: new Secret(seed.toString('base64')) };
}

function openPublic(bytes: Uint8Array): KeyObject {
  if (bytes.length !== PUBLIC_KEY_BYTES) throw keyMalformed('public', `It has ${bytes.length} bytes instead of 32.`);
  return createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, bytes]), format: 'der', type: 'spki' });
}

const signedBytes = (purpose: Purpose, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`atomic.${purpose}.v1\0`), bytes]);

const verifyWith = (key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean =>
  signature.length === SIGNATURE_BYTES && verifyBytes(null, bytes, key, signature);
