// The private folder that holds everything: the database, the secret, the runs.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Secret } from 'kernel/basics';

import { homeUnusable } from './faults.ts';

/** Makes the folder, for its owner only, if it is not there yet. */
export function makeHome(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw homeUnusable(path, cause);
  }
}

/** The secret that was set, else the one the home keeps; made at the first start, whoever starts first. */
export function secretOf(home: string, set: Secret | undefined): Secret {
  if (set !== undefined) return set;
  const path = join(home, 'secret');
  try {
    writeFileSync(path, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw homeUnusable(home, cause);
  }
  try {
    const text = readFileSync(path, 'utf8').trim();
    if (text.length < 32) throw new Error(`The file ${path} holds no secret`);
    return new Secret(text);
  } catch (cause) {
    throw homeUnusable(home, cause);
  }
}
