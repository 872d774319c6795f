import { createHash } from 'node:crypto';

import { Secret } from 'kernel/basics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { PRIVACY_LEVELS } from './attribution.ts';
import {
  dedupePrompts,
  keepPrompt,
  lowerPrompt,
  openPrompt,
  PROMPT_LENGTH_MAX,
  promptHash,
  referenceTo,
} from './prompts.ts';
import { personalIn, redact, secretsIn } from './secrets-in.ts';

const KEY = new Secret('the key of this repository, 32 bytes of it');
const OTHER = new Secret('the key of another repository altogether');
let counter = 0;
const random = (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, () => (counter += 1) & 0xff);
const textOf = (body: Uint8Array | null): string => Buffer.from(body ?? []).toString();

test('a prompt’s name depends on the repository’s key, and tells nothing without it', () => {
  expect(promptHash(KEY, 'Fix it.')).toBe(promptHash(KEY, 'Fix it.'));
  expect(promptHash(KEY, 'Fix it.')).not.toBe(promptHash(OTHER, 'Fix it.'));
  expect(promptHash(KEY, 'Fix it.')).not.toBe(promptHash(KEY, 'Fix it!'));
  expect(promptHash(KEY, 'Fix it.')).toHaveLength(26);
  expect(promptHash(KEY, 'Fix it.')).not.toContain(createHash('sha256').update('Fix it.').digest('hex').slice(0, 8));
});

test('each level keeps what it says, and no more', () => {
  const text = 'Use the key sk-ant-api03-abcdefghijklmnopqrstuvwxyz to call it.';
  expect(keepPrompt(KEY, 'hash', text, random).body).toBeNull();
  expect(textOf(keepPrompt(KEY, 'redacted', text, random).body)).toBe('Use the key [api-key] to call it.');
  expect(textOf(keepPrompt(KEY, 'full', text, random).body)).toBe(text);
  const sealed = keepPrompt(KEY, 'encrypted', text, random);
  expect(textOf(sealed.body)).not.toContain('key');
  expect(openPrompt(KEY, sealed)).toEqual({ kind: 'text', text, isWhole: true });
  expect(referenceTo(sealed)).toEqual({ hash: sealed.hash, level: 'encrypted', place: null });
});

test('encrypted text opens under its own key and name alone', () => {
  const sealed = keepPrompt(KEY, 'encrypted', 'Secret plans.', random);
  if (sealed.level !== 'encrypted') throw new Error('not encrypted');
  expect(openPrompt(OTHER, sealed)).toEqual({ kind: 'closed' });
  expect(openPrompt(KEY, { ...sealed, hash: promptHash(KEY, 'Other plans.') })).toEqual({ kind: 'closed' });
  expect(openPrompt(KEY, { ...sealed, body: sealed.body.subarray(0, 20) })).toEqual({ kind: 'closed' });
  for (let at = 0; at < sealed.body.length; at += 1) {
    const body = Uint8Array.from(sealed.body, (byte, index) => (index === at ? byte ^ 1 : byte));
    expect(openPrompt(KEY, { ...sealed, body })).toEqual({ kind: 'closed' });
  }
});

test('what leaves the machine never shows more than is allowed, and keeps its name', () => {
  const exposure = { hash: 0, encrypted: 1, redacted: 2, full: 3 };
  fc.assert(
    fc.property(
      fc.constantFrom(...PRIVACY_LEVELS),
      fc.constantFrom(...PRIVACY_LEVELS),
      fc.string(),
      (kept, allowed, text) => {
        const prompt = keepPrompt(KEY, kept, text, random);
        const leaving = lowerPrompt(KEY, prompt, allowed, random);
        expect(exposure[leaving.level]).toBeLessThanOrEqual(Math.min(exposure[kept], exposure[allowed]));
        expect(leaving.hash).toBe(prompt.hash);
        expect(lowerPrompt(KEY, leaving, allowed, random)).toEqual(leaving);
      },
    ),
  );
});

test('what cannot be lowered leaves by its name alone', () => {
  const redacted = keepPrompt(KEY, 'redacted', 'a', random);
  expect(lowerPrompt(KEY, redacted, 'encrypted', random)).toEqual({ hash: redacted.hash, level: 'hash', body: null });
});

test('equal prompts are kept once, as the one that says most', () => {
  const levels = ['hash', 'full', 'redacted', 'encrypted'] as const;
  const { kept, dropped } = dedupePrompts([
    ...levels.map((level) => keepPrompt(KEY, level, 'same', random)),
    keepPrompt(KEY, 'hash', 'other', random),
  ]);
  expect(kept.map(({ level }) => level)).toEqual(['full', 'hash']);
  expect(dropped).toBe(3);
});

test('a prompt without end is refused', () => {
  expect(() => keepPrompt(KEY, 'hash', 'x'.repeat(PROMPT_LENGTH_MAX + 1), random)).toThrow('is not kept');
});

test.each([
  ['private-key', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----'],
  ['private-key', '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA'],
  ['api-key', `sk-proj-${'aB3'.repeat(12)}`],
  ['api-key', 'AKIAIOSFODNN7EXAMPLE'],
  ['api-key', `AIza${'a'.repeat(35)}`],
  ['api-key', `sk_live_${'a1'.repeat(8)}`],
  ['token', `ghp_${'a'.repeat(36)}`],
  ['token', `github_pat_${'a1_'.repeat(10)}`],
  ['token', `glpat-${'a1'.repeat(10)}`],
  ['token', 'xoxb-123456789012-abcdefghij'],
  ['token', `npm_${'a'.repeat(36)}`],
  ['token', `hf_${'a'.repeat(34)}`],
  ['token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'],
  ['high-entropy', 'q8Zt3LmN0xVb7Rw2Yk5Ps9Dc'],
  ['high-entropy', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
])('a %s is found by its shape and taken out: %s', (kind, secret) => {
  const text = `before ${secret}`;
  expect(secretsIn(text)).toEqual([{ kind, start: 7, end: text.length }]);
  expect(redact(`${text}`)).toBe(`before [${kind}]`);
});

test.each([
  ['password: hunter2hunter2', 'password: [password]'],
  ['DB_PASSWORD="correct horse"', 'DB_PASSWORD="[password] horse"'],
  ['export API_KEY=abcdef123', 'export API_KEY=[password]'],
  ['postgres://app:s3cr3t@db.internal/shop', 'postgres://[credentials-in-url]/shop'],
  ['Authorization: Bearer abcdefghijklmnop1234', 'Authorization: Bearer [token]'],
  ['write to some.one@example.org please', 'write to [e-mail] please'],
])('what a name or a place gives away is taken out: %s', (text, clean) => {
  expect(redact(text)).toBe(clean);
});

test.each([
  'Refactor the calculateTotalPriceIncludingDiscountAndTax function.',
  'See src/components/interview/session/PositionIndicator.test.tsx line 40.',
  'Commit 3a97d3e01e093f632865982193c9506debda3a87 broke it.',
  'Session 550e8400-e29b-41d4-a716-446655440000 is stuck.',
  'The token is missing, and so is the password.',
  'const secretsIn = (text) => text;',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  'https://example.org/a/rather/long/path/with/many/parts?x=1',
])('what people write about code is no secret: %s', (text) => {
  expect(secretsIn(text)).toEqual([]);
});

test('an e-mail address is personal, and no secret that stops a push', () => {
  expect(secretsIn('some.one@example.org')).toEqual([]);
  expect(personalIn('some.one@example.org')).toEqual([{ kind: 'e-mail', start: 0, end: 20 }]);
});

test('nothing found overlaps, and a redacted text has nothing left to redact but its own marks', () => {
  const piece = fc.constantFrom(
    `ghp_${'a'.repeat(36)}`,
    'password=abcdefg',
    ' ',
    '\n',
    'a@b.example',
    'sk-',
    'Bearer ',
    '"',
    'text',
    `${'aB3'.repeat(9)}`,
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join(' ');
      let end = 0;
      for (const found of personalIn(text)) {
        expect(found.start).toBeGreaterThanOrEqual(end);
        end = found.end;
      }
      expect(redact(text)).not.toContain('ghp_a');
    }),
  );
});

test('a hostile text takes no longer than a long one', () => {
  for (const text of [
    'a@'.repeat(50_000),
    'sk-'.repeat(50_000),
    '-----BEGIN PRIVATE KEY-----'.repeat(2000),
    'token'.repeat(20_000),
    '://a:'.repeat(20_000),
  ]) {
    const started = process.cpuUsage().user;
    redact(text);
    expect(process.cpuUsage().user - started).toBeLessThan(2_000_000);
  }
});
