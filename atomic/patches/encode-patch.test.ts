import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { casesOr } from './cases.ts';
import { arbitraryPatch } from './arbitrary-patch.ts';
import { decodePatch, encodePatch, nameOf } from './encode-patch.ts';
import { base32, compareHashes, hashFromBytes, hashToBytes, parseHash } from './hash.ts';

const GOLDEN = join(import.meta.dirname, 'golden/patch-names.json');
const GOLDEN_COUNT = 20;

test('a patch that is written and read is the same, and so are its bytes', () => {
  fc.assert(
    fc.property(arbitraryPatch, (patch) => {
      const bytes = encodePatch(patch);
      const { hash, ...read } = decodePatch(bytes);
      expect(normal(read)).toEqual(normal(patch));
      expect(Buffer.from(encodePatch(read)).equals(bytes)).toBe(true);
      expect(hash).toBe(nameOf(bytes));
    }),
    { numRuns: casesOr(400) },
  );
});

/** Buffers and byte arrays are alike here. */
const normal = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each: unknown) => (each instanceof Uint8Array ? base32(each) : each)));

test('any other bytes are refused or are a patch themselves, never anything between', () => {
  fc.assert(
    fc.property(arbitraryPatch, fc.nat(), fc.integer({ min: 1, max: 255 }), (patch, place, change) => {
      const bytes = Buffer.from(encodePatch(patch));
      const at = place % bytes.length;
      bytes[at] = ((bytes[at] ?? 0) + change) % 256;
      try {
        expect(Buffer.from(encodePatch(decodePatch(bytes))).equals(bytes)).toBe(true);
      } catch (thrown) {
        expect(String(thrown)).toContain('cannot be read');
      }
    }),
    { numRuns: casesOr(400) },
  );
});

test('a patch that is cut anywhere is refused', () => {
  const [patch] = fc.sample(arbitraryPatch, { seed: 7, numRuns: 1 });
  if (patch === undefined) throw new Error('There is no sample.');
  const bytes = encodePatch(patch);
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => decodePatch(bytes.subarray(0, length))).toThrow('cannot be read');
  }
});

test('the names of twenty patches never change', () => {
  const golden = JSON.parse(readFileSync(GOLDEN, 'utf8')) as readonly {
    readonly bytes: string;
    readonly name: string;
  }[];
  expect(golden).toHaveLength(GOLDEN_COUNT);
  for (const { bytes, name } of golden) {
    const hashed = Buffer.from(bytes, 'base64');
    expect(nameOf(hashed)).toBe(name);
    expect(Buffer.from(encodePatch(decodePatch(hashed))).toString('base64')).toBe(bytes);
  }
});

test.runIf(process.env['UPDATE_GOLDEN'] === 'patch-names')('golden names are written', () => {
  const patches = fc.sample(arbitraryPatch, { seed: 1, numRuns: GOLDEN_COUNT });
  const golden = patches.map(encodePatch).map((hashed) => ({
    bytes: Buffer.from(hashed).toString('base64'),
    name: nameOf(hashed),
  }));
  writeFileSync(GOLDEN, `${JSON.stringify(golden, null, 2)}\n`);
});

test('a hash and its text are the same thing, in the same order', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const [first, second] = [hashFromBytes(a), hashFromBytes(b)];
      expect(Buffer.from(hashToBytes(first)).equals(a)).toBe(true);
      expect(parseHash(first.toUpperCase())).toBe(first);
      expect(Math.sign(compareHashes(first, second))).toBe(Buffer.compare(a, b));
    }),
  );
  expect(parseHash('1'.repeat(52))).toBeUndefined();
});
