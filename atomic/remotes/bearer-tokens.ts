// The tokens of `atomic serve`: a file with a line for each, `read <token>` or `write <token>`.
// Rule: tokens are compared by their hashes, in time that says nothing; without any, whoever reaches the server may do
// what the server may do.

import { createHash, timingSafeEqual } from 'node:crypto';

import type { Secret } from 'kernel/basics';

import { tokenFileWrong } from './faults.ts';
import type { Granted } from './handle-request.ts';

export interface TokenRule {
  readonly access: 'read' | 'write';
  /** SHA-256. */
  readonly digest: Uint8Array;
}

const LINE = /^(read|write)\s+([A-Za-z0-9._~+/=-]+)(?:\s+#.*)?$/;
/** 128 bits in base64. */
const TOKEN_LENGTH_MIN = 22;

/** Throws ATOMIC_TOKEN_FILE_WRONG, naming the line and nothing that stands in it. */
export function readTokenFile(text: string, file: string): readonly TokenRule[] {
  return text.split('\n').flatMap((raw, at): readonly TokenRule[] => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return [];
    const [, access, token = ''] = LINE.exec(line) ?? [];
    if (access !== 'read' && access !== 'write')
      throw tokenFileWrong(file, at + 1, 'It is not `read` or `write` and a token.');
    if (token.length < TOKEN_LENGTH_MIN) {
      throw tokenFileWrong(
        file,
        at + 1,
        `Its token is shorter than ${TOKEN_LENGTH_MIN} characters, and could be guessed.`,
      );
    }
    return [{ access, digest: digestOf(token) }];
  });
}

/** `most`: what anybody may do at all. */
export function authoriseBy(rules: readonly TokenRule[], most: 'read' | 'write'): (token: Secret | null) => Granted {
  const atMost = (access: 'read' | 'write'): 'read' | 'write' => (most === 'read' ? 'read' : access);
  return (token) => {
    if (rules.length === 0) return { access: most, who: 'somebody over HTTP' };
    if (token === null) return { access: 'none', who: 'nobody' };
    const digest = digestOf(token.reveal());
    const found = rules.filter((rule) => timingSafeEqual(rule.digest, digest));
    const access = found.some((rule) => rule.access === 'write') ? 'write' : 'read';
    return found.length === 0
      ? { access: 'none', who: 'nobody' }
      : { access: atMost(access), who: `a ${access} token over HTTP` };
  };
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();
