// Tokens for repositories behind HTTP: ATOMIC_REMOTE_TOKEN, or a file of the user's own configuration, readable by them alone.
// Rule: a token goes only to the address that it was stored for; it is a Secret from the moment it is read.

import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Secret } from 'kernel/basics';

import { userFolder } from './configuration/settings.ts';
import { tokenMalformed } from './faults.ts';
import type { Environment } from './shell.ts';

const VARIABLE = 'ATOMIC_REMOTE_TOKEN';
const TOKEN = /^[A-Za-z0-9._~+/=-]{1,4096}$/;
const tokensFile = (env: Environment): string => join(userFolder(env), 'remote-tokens');

export function tokenFor(env: Environment, url: URL): Secret | null {
  const said = env[VARIABLE];
  if (said !== undefined && said !== '') return secretOf(VARIABLE, said);
  const found = readTokens(env).get(url.href);
  return found === undefined ? null : secretOf(tokensFile(env), found);
}

/** Null takes the one that is there away. */
export function storeToken(env: Environment, url: URL, token: string | null): void {
  const tokens = new Map(readTokens(env));
  if (token === null) tokens.delete(url.href);
  else tokens.set(url.href, secretOf('The token', token.trim()).reveal());
  const file = tokensFile(env);
  mkdirSync(userFolder(env), { recursive: true, mode: 0o700 });
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, [...tokens].map(([address, each]) => `${address} ${each}\n`).join(''), { mode: 0o600 });
  chmodSync(beside, 0o600);
  renameSync(beside, file);
}

function readTokens(env: Environment): ReadonlyMap<string, string> {
  const file = tokensFile(env);
  if (!existsSync(file)) return new Map();
  return new Map(
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line): readonly (readonly [string, string])[] => {
        const [address, token] = line.trim().split(/\s+/);
        return address === undefined || token === undefined ? [] : [[address, token]];
      }),
  );
}

function secretOf(said: string, text: string): Secret {
  if (!TOKEN.test(text)) throw tokenMalformed(said);
  return new Secret(text);
}
