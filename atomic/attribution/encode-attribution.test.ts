import { createHash } from 'node:crypto';

import { Fault } from 'kernel/basics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { UNTRACKED, type AiAttribution, type Attribution, type KeyId, type PromptHash } from './attribution.ts';
import { arbitraryAttribution } from './arbitrary-attribution.ts';
import { FLAGGED, GPT, HOOKED, HUMAN } from './sample-attributions.ts';
import { decodeAttribution } from './decode-attribution.ts';
import { commitTo, encodeAttribution, matchesCommitment, makeSalt, type LaterField } from './encode-attribution.ts';
import { keyedName } from './keyed-name.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes16 = Uint8Array.from({ length: 16 }, (_, n) => n * 16 + 1);
const PROMPT = { hash: keyedName<PromptHash>(bytes16), level: 'redacted', place: null } as const;
const HUNKED: Attribution = {
  ...FLAGGED,
  actor: 'mixed',
  author: { kind: 'named', name: 'Käufer', email: 'k@example.org', key: keyedName<KeyId>(bytes16) },
  hunks: [
    { atom: 0, span: { start: 0, end: 7 }, actor: 'human' },
    { atom: 0, span: { start: 7, end: 300 }, actor: 'ai', model: null, toolUseId: 'toolu_1' },
    { atom: 3, span: null, actor: 'ai', model: GPT, toolUseId: null },
    { atom: 70, span: null, actor: 'untracked' },
  ],
};

/** The bytes of form 1. They never change: patches commit to them. */
const GOLDEN: readonly (readonly [string, Attribution, string])[] = [
  ['a person, by the editor', HUMAN, '010c'],
  ['nobody knows', UNTRACKED, '0103'],
  ['flags', FLAGGED, '01110a01'],
  [
    'a hook with tokens and cost',
    HOOKED,
    '01050a0112001b10550e8400e29b41d4a716446655440000220024a8462d09e05da00600a84690032eb88e03',
  ],
  [
    'a prompt',
    { ...HOOKED, tokens: null, cost: null, prompt: PROMPT },
    '01050a0112001b10550e8400e29b41d4a716446655440000220024a8462b110101112131415161718191a1b1c1d1e1f1',
  ],
  [
    'several hands',
    HUNKED,
    '01120516074bc3a4756665720d6b406578616d706c652e6f7267071001112131415161718191a1b1c1d1e1f10a0131150400071507a50207746f6f6c755f3169020a10e310',
  ],
  [
    'a model without a number',
    {
      ...FLAGGED,
      source: { ...FLAGGED.source, evidence: 'env', model: { ...GPT, model: 'gpt-9', temperatureMilli: 700 } },
    },
    '011508010b056770742d390ebc05',
  ],
];

test.each(GOLDEN)('%s is written as it always was', (_name, attribution, bytes) => {
  expect(hex(encodeAttribution(attribution))).toBe(bytes);
  expect(decodeAttribution(Buffer.from(bytes, 'hex')).attribution).toEqual(attribution);
});

test('what an agent’s hook knows fits into 60 bytes, prompt, session and tokens included', () => {
  expect(encodeAttribution({ ...HOOKED, cost: null, prompt: PROMPT }).length).toBeLessThanOrEqual(60);
  expect(encodeAttribution(FLAGGED).length).toBe(4);
});

test('whatever is written is read as it was', () => {
  fc.assert(
    fc.property(arbitraryAttribution, (attribution) => {
      expect(decodeAttribution(encodeAttribution(attribution))).toEqual({ attribution, later: [] });
    }),
    { numRuns: 400 },
  );
});

test('bytes that were tampered with are read as a Fault or as another attribution, and never break the reader', () => {
  const tampering = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), cut: fc.boolean() });
  fc.assert(
    fc.property(arbitraryAttribution, fc.array(tampering, { maxLength: 3 }), (attribution, changes) => {
      let bytes = encodeAttribution(attribution).slice();
      for (const { at, byte, cut } of changes) {
        if (cut) bytes = bytes.slice(0, at % (bytes.length + 1));
        else bytes[at % Math.max(bytes.length, 1)] = byte;
      }
      expectReadOrFault(bytes);
    }),
    { numRuns: 600 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), expectReadOrFault), { numRuns: 600 });
});

/** Read bytes are canonical: writing what was read gives them again. */
function expectReadOrFault(bytes: Uint8Array): void {
  try {
    const { attribution, later } = decodeAttribution(bytes);
    expect(hex(encodeAttribution(attribution, later))).toBe(hex(bytes));
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Fault);
    expect((thrown as Fault).code).toMatch(/^ATOMIC_ATTRIBUTION_(MALFORMED|TOO_NEW)$/);
  }
}

test('fields of a later Atomic are stepped over, kept, and written again', () => {
  const later: readonly LaterField[] = [
    { number: 40, value: 7 },
    { number: 900, value: Uint8Array.of(1, 2, 3) },
  ];
  const bytes = encodeAttribution(HOOKED, later);
  expect(decodeAttribution(bytes)).toEqual({ attribution: HOOKED, later });
});

test.each<readonly [string, string, string]>([
  ['a later form', '020c', 'form 2'],
  ['form 0', '000c', 'no form 0'],
  ['nothing', '', 'ends at byte 0'],
  ['an AI without a model', '0105', 'neither a model nor an agent'],
  ['a watcher that claims an AI', '01210a01', 'cannot say that an AI'],
  ['a person known by nobody', '0100', 'cannot say that a person'],
  ['a person with a model', '010c0a01', 'no meaning'],
  ['untracked, although a hook saw it', '0107', 'yet it is untracked'],
  ['a configuration that tells no model', '01190801', 'or nothing'],
  ['a padded number', '01110a8100', 'padded'],
  ['a field twice', '01110a010a01', 'Field 5 stands behind field 5'],
  ['a model’s name that has a number', '011108010b056770742d35', 'one form'],
  ['more than everything', '01110a0124914e', 'more than everything'],
  ['no such model', '01110aff01', 'no name number 255'],
  ['bits that mean nothing', '014c', 'no evidence number 19'],
  ['a promise of more bytes than there are', '0111090a61', 'ends before'],
  ['text that is no UTF-8', '01110902fffe', 'not UTF-8'],
])('%s is refused with the reason', (_name, bytes, why) => {
  expect(() => decodeAttribution(Buffer.from(bytes, 'hex'))).toThrow(why);
});

test.each<readonly [string, AiAttribution['hunks']]>([
  ['an empty part', [{ atom: 0, span: { start: 3, end: 3 }, actor: 'human' }]],
  [
    'parts that overlap by a byte',
    [
      { atom: 0, span: { start: 0, end: 4 }, actor: 'human' },
      { atom: 0, span: { start: 3, end: 9 }, actor: 'ai', model: null, toolUseId: null },
    ],
  ],
  [
    'a whole atom beside a part of it',
    [
      { atom: 0, span: null, actor: 'human' },
      { atom: 0, span: { start: 3, end: 9 }, actor: 'human' },
    ],
  ],
  [
    'an atom twice',
    [
      { atom: 2, span: null, actor: 'human' },
      { atom: 2, span: null, actor: 'untracked' },
    ],
  ],
])('%s is refused, so that each byte has one actor', (_name, hunks) => {
  expect(() => decodeAttribution(encodeAttribution({ ...FLAGGED, actor: 'mixed', hunks }))).toThrow(
    'overlaps another, or is empty',
  );
});

test('a text or an attribution beyond the limits is refused before it is written', () => {
  const named = (name: string): Attribution => ({ ...HUMAN, author: { kind: 'named', name, email: '', key: null } });
  expect(() => encodeAttribution(named('x'.repeat(1025)))).toThrow('too long');
  expect(encodeAttribution(named('x'.repeat(1024))).length).toBeGreaterThan(1024);
  expect(() => decodeAttribution(new Uint8Array(64 * 1024 + 1))).toThrow('the limit is 65536');
});

test('a commitment is SHA-256 of salt and bytes, and fits them alone', () => {
  const salt = makeSalt(() => bytes16);
  const blob = encodeAttribution(HOOKED);
  const commitment = commitTo(salt, blob);
  expect(hex(commitment)).toBe(
    createHash('sha256')
      .update(Buffer.concat([salt, blob]))
      .digest('hex'),
  );
  expect(matchesCommitment(commitment, salt, blob)).toBe(true);
  expect(matchesCommitment(commitment, salt, encodeAttribution(FLAGGED))).toBe(false);
  expect(matchesCommitment(commitment, new Uint8Array(16), blob)).toBe(false);
  expect(matchesCommitment(commitment.subarray(1), salt, blob)).toBe(false);
  expect(() => makeSalt(() => new Uint8Array(3))).toThrow('16 bytes');
});
