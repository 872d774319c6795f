import { constants, zstdCompressSync } from 'node:zlib';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { Fault } from 'kernel/basics';

import { HASH_BYTES, hashFromBytes } from '../patches/hash.ts';
import { commitTo } from '../attribution/encode-attribution.ts';
import { nameOf } from '../patches/encode-patch.ts';
import { BLOCK_BYTES_MAX, blocksOf, entriesEndingIn, entriesIn } from './blocks.ts';
import { attributedEntry, encodeEntry, type Entry } from './entries.ts';

const some = fc.uint8Array({ maxLength: 50 });
const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const hash = bytes(HASH_BYTES).map(hashFromBytes);
const signature = fc.record({ key: bytes(32), signature: bytes(64) });
const attribution = fc.record({ salt: bytes(16), blob: some });
const patch = fc
  .record({
    hashed: some,
    contents: some,
    attribution: fc.option(attribution),
    signatures: fc.array(signature, { maxLength: 2 }),
  })
  .map((parts) => ({ ...parts, hash: nameOf(parts.hashed) }));
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ kind: fc.constant('patch' as const), patch }),
  fc.record({ kind: fc.constant('attribution' as const), patch: hash, attribution }),
  fc.record({ kind: fc.constant('signature' as const), patch: hash, signature }),
  fc.record({ kind: fc.constant('review' as const), key: bytes(32), bytes: some }),
  fc.record({
    kind: fc.constant('prompt' as const),
    prompt: fc.record({
      hash: bytes(16),
      level: fc.constantFrom('hash' as const, 'redacted' as const, 'encrypted' as const, 'full' as const),
      body: fc.option(some),
    }),
  }),
);

const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, each: unknown) => (each instanceof Uint8Array ? [...each] : each)));

test('entries come out of blocks as they went in', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), (entries) => {
      const blocks = [...blocksOf(entries)];
      expect(blocks.reduce((sum, block) => sum + entriesEndingIn(block), 0)).toBe(entries.length);
      expect(plain([...entriesIn(blocks)])).toEqual(plain(entries));
    }),
    { numRuns: 200 },
  );
});

test('a patch whose attribution gives its commitment travels without it, and is the same patch again', () => {
  const attributed = fc.tuple(some, some, attribution, fc.array(signature, { maxLength: 2 }));
  fc.assert(
    fc.property(attributed, fc.boolean(), ([start, contents, said, signatures], isTrue) => {
      const commitment = isTrue ? commitTo(said.salt, said.blob) : new Uint8Array(HASH_BYTES);
      const hashed = Uint8Array.from([...start, HASH_BYTES, ...commitment]);
      const stored = { hash: nameOf(hashed), hashed, contents, attribution: said, signatures };
      const sent = attributedEntry(stored);
      const whole = encodeEntry({ kind: 'patch', patch: stored }).length;
      expect(encodeEntry(sent).length).toBeLessThanOrEqual(whole - (isTrue ? HASH_BYTES : 0));
      expect(plain([...entriesIn(blocksOf([sent]))])).toEqual(plain([{ kind: 'patch', patch: stored }]));
    }),
    { numRuns: 200 },
  );
});

test('a patch without a place for a commitment does not get one', () => {
  const hashed = Uint8Array.from([7, ...new Uint8Array(HASH_BYTES)]);
  const said = { salt: new Uint8Array(16), blob: Uint8Array.of(1) };
  const stored = { hash: nameOf(hashed), hashed, contents: new Uint8Array(), attribution: said, signatures: [] };
  const blocks = blocksOf([{ kind: 'attributed', patch: stored }]);
  expect(() => [...entriesIn(blocks)]).toThrow(expect.objectContaining({ code: 'ATOMIC_FRAME_MALFORMED' }));
});

const withChecksum = (plainBytes: Uint8Array): Buffer =>
  zstdCompressSync(plainBytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });

const long = (length: number): Entry => {
  const hashed = Uint8Array.of(1);
  return {
    kind: 'patch',
    patch: { hash: nameOf(hashed), hashed, contents: new Uint8Array(length), attribution: null, signatures: [] },
  };
};

test('an entry longer than a block is cut into pieces, and one that ends inside of it was cut off', () => {
  const blocks = [...blocksOf([long(10), long(2 * BLOCK_BYTES_MAX), long(20)])];
  expect(blocks.map(entriesEndingIn)).toEqual([1, 0, 0, 1, 1]);
  expect([...entriesIn(blocks)].map((each) => (each.kind === 'patch' ? each.patch.contents.length : 0))).toEqual([
    10,
    2 * BLOCK_BYTES_MAX,
    20,
  ]);
  expect(() => [...entriesIn(blocks.slice(0, 2))]).toThrow(expect.objectContaining({ code: 'ATOMIC_TRANSFER_CUT' }));
});

test('a damaged block is a fault, never a crash and never another entry', () => {
  const [block = new Uint8Array()] = blocksOf([long(500), long(3)]);
  fc.assert(
    fc.property(fc.nat(block.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const damaged = Uint8Array.from(block);
      damaged[at] = ((damaged[at] ?? 0) + by) % 256;
      expect(() => [...entriesIn([damaged])]).toThrow(Fault);
    }),
    { numRuns: 300 },
  );
});

test('a block that says that it has no checksum is refused', () => {
  const [block = new Uint8Array()] = blocksOf([long(500), long(3)]);
  const descriptor = block.indexOf(0x28) + 4;
  const damaged = block.with(descriptor, (block[descriptor] ?? 0) - 4);
  expect(() => [...entriesIn([damaged])]).toThrow(expect.objectContaining({ code: 'ATOMIC_FRAME_MALFORMED' }));
});

test('bytes of nothing in particular in a block are a fault', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (garbage) => {
      const block = Buffer.concat([Uint8Array.of(0, 1, garbage.length), withChecksum(garbage)]);
      try {
        expect([...entriesIn([block])]).toHaveLength(1);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(Fault);
      }
    }),
    { numRuns: 500 },
  );
});

test('a block that would come out longer than it says is refused without coming out', () => {
  const bomb = withChecksum(Buffer.alloc(64 * 1024 * 1024));
  expect(bomb.length).toBeLessThan(10_000);
  for (const length of [1, 100]) {
    const block = Buffer.concat([Uint8Array.of(0, 1, length), bomb]);
    expect(() => [...entriesIn([block])]).toThrow(expect.objectContaining({ code: 'ATOMIC_FRAME_MALFORMED' }));
  }
  // 64 MiB as a varint: no block may say so.
  const honest = Buffer.concat([Uint8Array.of(0, 1, 0x80, 0x80, 0x80, 0x20), bomb]);
  expect(() => [...entriesIn([honest])]).toThrow(expect.objectContaining({ code: 'ATOMIC_FRAME_MALFORMED' }));
});

test('the bytes of entries never change', () => {
  const key = new Uint8Array(32).fill(1);
  expect(Buffer.from(encodeEntry({ kind: 'review', key, bytes: Uint8Array.of(9) })).toString('hex')).toBe(
    `04${'01'.repeat(32)}0109`,
  );
  expect(Buffer.from(encodeEntry(long(2))).toString('hex')).toBe('0001010200000000');
  const said = { salt: Uint8Array.of(5, 6), blob: Uint8Array.of(7) };
  const hashed = Uint8Array.from([9, HASH_BYTES, ...commitTo(said.salt, said.blob)]);
  const stored = { hash: nameOf(hashed), hashed, contents: new Uint8Array(1), attribution: said, signatures: [] };
  expect(Buffer.from(encodeEntry(attributedEntry(stored))).toString('hex')).toBe('050209200100020506010700');
});

test('a block has as many entries as somebody said, or as half a MiB holds', () => {
  const entries = Array.from({ length: 7 }, () => long(10));
  expect([...blocksOf(entries, 3)].map(entriesEndingIn)).toEqual([3, 3, 1]);
  expect([...blocksOf(entries)].map(entriesEndingIn)).toEqual([7]);
});
