// The key under which prompts of this repository are named and encrypted: `.atomic/prompt.key`, 32 random bytes, 0600.
// Rule: it never leaves the machine; without it the names of short prompts cannot be guessed.

import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Secret } from 'kernel/basics';

import { REPOSITORY_FOLDER } from './repository-folder.ts';
import { promptKeyDamaged } from './faults.ts';

const FILE = 'prompt.key';
const KEY_BYTES = 32;
const KEY_PATTERN = /^[A-Za-z0-9+/]{43}=$/;

/** Made when it is first asked for. Of two processes that make it at once, both use the one that was first. */
export function promptKey({ root }: { readonly root: string }, random: (bytes: number) => Uint8Array): Secret {
  const path = join(root, REPOSITORY_FOLDER, FILE);
  const known = readKey(path);
  if (known !== null) return known;
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, `${Buffer.from(random(KEY_BYTES)).toString('base64')}\n`, { mode: 0o600 });
  try {
    chmodSync(beside, 0o600);
    // A link is made only where nothing is yet.
    linkSync(beside, path);
  } catch (cause) {
    if (readKey(path) === null) throw cause;
  } finally {
    rmSync(beside, { force: true });
  }
  const made = readKey(path);
  if (made === null) throw promptKeyDamaged(path);
  return made;
}

function readKey(path: string): Secret | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw cause;
  }
  if (!KEY_PATTERN.test(text)) throw promptKeyDamaged(path);
  return new Secret(text);
}
