// The signature of a tag: over its name, the root of its set, its moment and its message.
// Rule: a signature carries its key, so that one by a key nobody trusts yet is told apart from one that is wrong.

import { keyIdOf, sign, verify, type KeyPair, type PublicKey } from '../attribution/signatures.ts';
import type { Tag } from '../store/store.ts';

const KEY_BYTES = 32;

export type TagVerdict =
  | { readonly kind: 'none' }
  | { readonly kind: 'valid'; readonly by: string }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'unknown-key'; readonly key: string };

type Signed = Omit<Tag, 'signature' | 'set'>;

/** Name and message with their lengths, so that no other pair gives the same bytes. */
function statement({ name, root, at, message }: Signed): Uint8Array {
  return Buffer.from(JSON.stringify([name, Buffer.from(root).toString('hex'), at, message]));
}

/** The public key, then 64 bytes of signature. */
export const signTag = (pair: KeyPair, tag: Signed): Uint8Array =>
  Buffer.concat([pair.key.bytes, sign(pair.secret, 'tag', statement(tag))]);

export function tagVerdict(
  tag: Tag,
  trusted: readonly { readonly key: PublicKey; readonly name: string }[],
): TagVerdict {
  if (tag.signature === null) return { kind: 'none' };
  const bytes = tag.signature.subarray(0, KEY_BYTES);
  if (bytes.length < KEY_BYTES) return { kind: 'invalid' };
  const key: PublicKey = { id: keyIdOf(bytes), bytes };
  if (!isSignedBy(key, tag)) return { kind: 'invalid' };
  const found = trusted.find((each) => each.key.id === key.id);
  return found === undefined ? { kind: 'unknown-key', key: key.id } : { kind: 'valid', by: found.name };
}

function isSignedBy(key: PublicKey, tag: Tag): boolean {
  try {
    return verify(key, 'tag', statement(tag), (tag.signature ?? new Uint8Array()).subarray(KEY_BYTES));
  } catch {
    // The 32 bytes are no key at all.
    return false;
  }
}
