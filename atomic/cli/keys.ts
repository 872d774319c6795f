// The keys of a person: one secret key to sign with, in `~/.config/atomic/keys`, and the public keys they trust.
// Rule: a secret key is written once, with mode 0600, and never printed. A public key is one line: `atomic-ed25519 …`.

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

import type { KeyId } from '../attribution/attribution.ts';
import {
  makeKeyPair,
  parsePublicKey,
  parseSecretKey,
  publicKeyText,
  secretKeyText,
  type KeyPair,
  type PublicKey,
} from '../attribution/signatures.ts';
import { userFolder } from './configuration/settings.ts';
import { keyExists, keyMissing, keyNameWrong } from './faults.ts';
import type { Environment, Shell } from './shell.ts';

export const DEFAULT_KEY = 'default';
const SECRET = '.key';
const PUBLIC = '.pub';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export interface OwnKey {
  readonly name: string;
  readonly key: PublicKey;
}

export interface TrustedKey {
  readonly key: PublicKey;
  /** Whose it is, as the person who trusts it wrote. */
  readonly name: string;
}

const keyFolder = (env: Environment): string => join(userFolder(env), 'keys');
const trustFile = (env: Environment): string => join(userFolder(env), 'trusted-keys');

/** Throws ATOMIC_KEY_EXISTS: a key that signed something is never overwritten. */
export function generateKey(env: Environment, name = DEFAULT_KEY): OwnKey & { readonly file: string } {
  if (!NAME.test(name)) throw keyNameWrong(name);
  const folder = keyFolder(env);
  const file = join(folder, name + SECRET);
  if (existsSync(file)) throw keyExists(name, file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pair = makeKeyPair();
  writeFileSync(file, `${secretKeyText(pair)}\n`, { mode: 0o600, flag: 'wx' });
  chmodSync(file, 0o600);
  writeFileSync(join(folder, name + PUBLIC), `${publicKeyText(pair.key)}\n`);
  return { name, key: pair.key, file };
}

export function ownKeys(env: Environment): readonly OwnKey[] {
  const folder = keyFolder(env);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(SECRET))
    .sort()
    .map((file) => ({
      name: file.slice(0, -SECRET.length),
      key: parseSecretKey(readFileSync(join(folder, file), 'utf8')).key,
    }));
}

/** The key to sign with: `sign.key` of the settings, else the default one. Null when there is none. */
export function signingKey(shell: Pick<Shell, 'env' | 'settings'>): KeyPair | null {
  const { key } = shell.settings().sign;
  const file = key === null ? join(keyFolder(shell.env), DEFAULT_KEY + SECRET) : fileOf(shell.env, key);
  if (existsSync(file)) return parseSecretKey(readFileSync(file, 'utf8'));
  if (key !== null) throw keyMissing(file);
  return null;
}

/** A path, or the name of a key in the folder of keys. */
const fileOf = (env: Environment, key: string): string =>
  isAbsolute(key) || key.includes('/') ? key : join(keyFolder(env), key + SECRET);

/** Throws ATOMIC_KEY_MISSING. */
export function requiredSigningKey(shell: Pick<Shell, 'env' | 'settings'>): KeyPair {
  const pair = signingKey(shell);
  if (pair === null) throw keyMissing(join(keyFolder(shell.env), DEFAULT_KEY + SECRET));
  return pair;
}

/** One's own keys, and those that one said to trust. */
export function trustedKeys(env: Environment): readonly TrustedKey[] {
  const own = ownKeys(env).map(({ name, key }) => ({ key, name: `your key ${name}` }));
  const file = trustFile(env);
  if (!existsSync(file)) return own;
  const lines = readFileSync(file, 'utf8').split('\n');
  const others = lines.flatMap((line): readonly TrustedKey[] => {
    const [label, bytes, ...name] = line.trim().split(/\s+/);
    if (label === undefined || label === '' || label.startsWith('#')) return [];
    return [{ key: parsePublicKey(`${label} ${bytes ?? ''}`), name: name.join(' ') }];
  });
  return [...own, ...others];
}

/** Whether it was not trusted before. Throws ATOMIC_KEY_MALFORMED. */
export function trustKey(
  env: Environment,
  text: string,
  name: string,
): { readonly id: KeyId; readonly isNew: boolean } {
  const key = parsePublicKey(text);
  const isNew = !trustedKeys(env).some((trusted) => trusted.key.id === key.id);
  if (isNew) {
    mkdirSync(userFolder(env), { recursive: true, mode: 0o700 });
    const label = name.replaceAll(/\s+/g, ' ').trim();
    writeFileSync(trustFile(env), `${publicKeyText(key)} ${label}`.trim() + '\n', { flag: 'a' });
  }
  return { id: key.id, isNew };
}
