import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Fault } from 'kernel/basics';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { BlockCache } from './block-cache.ts';
import { realDisk } from './disk.ts';
import { BLOCK_BYTES, BLOCK_BYTES_MAX, compress, decompress } from './pack-format.ts';
import { PackReader } from './pack-reader.ts';
import { packName, PackWriter } from './pack-writer.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'atomic-pack-'))));
afterEach(() => rmSync(folder, { recursive: true }));

interface Packed {
  readonly number: number;
  readonly hashed: Uint8Array;
  readonly contents: Uint8Array;
}

const noisy = (length: number): Uint8Array => {
  let state = length + 1;
  return Uint8Array.from({ length }, () => (state = (state * 1103515245 + 12345) & 0x7fffffff) >> 16);
};
const patches: readonly Packed[] = [3, 4, 9, 20].map((number) => ({
  number,
  hashed: noisy(number * 3),
  contents: number === 4 ? new Uint8Array() : noisy(number * 10),
}));

function write(id: number, packed: readonly Packed[]): PackReader {
  const writer = new PackWriter({ folder, disk: realDisk, id, level: 3, cache: new BlockCache(1 << 20) });
  for (const { number, hashed, contents } of packed) {
    writer.add(number, hashed, contents);
    expect(writer.read(number, 'hashed')).toEqual(hashed);
  }
  for (const { number, contents } of packed)
    expect(Buffer.compare(writer.read(number, 'contents') ?? Buffer.of(1), contents)).toBe(0);
  return reader(id, packed, writer.finish());
}

const reader = (id: number, packed: readonly Packed[], size: number): PackReader =>
  new PackReader(
    { id, patches: packed.length, first: packed[0]?.number ?? 0, last: packed.at(-1)?.number ?? 0, size },
    { folder, disk: realDisk, cache: new BlockCache(1 << 20) },
  );

const readAll = (pack: PackReader, packed: readonly Packed[]): readonly (Packed | undefined)[] =>
  packed.map(({ number }) => {
    const hashed = pack.read(number, 'hashed');
    const contents = pack.read(number, 'contents');
    return hashed === undefined || contents === undefined ? undefined : { number, hashed, contents };
  });

test('every patch of a pack is read by its number, and no other is', () => {
  const pack = write(1, patches);
  expect(readAll(pack, patches)).toEqual(patches);
  for (const other of [0, 2, 5, 10, 21]) expect(pack.read(other, 'hashed')).toBeUndefined();
  pack.close();
});

test('patches larger than a block and many blocks come back, before the pack is finished and after', () => {
  const large = [1, 2, 3, 4, 5].map((number) => ({
    number,
    hashed: noisy(number),
    contents: noisy(number === 2 ? BLOCK_BYTES * 2 : BLOCK_BYTES / 2 + number),
  }));
  const pack = write(1, large);
  for (const [index, found] of readAll(pack, large).entries()) {
    expect(Buffer.compare(found?.contents ?? Buffer.of(), large[index]?.contents ?? Buffer.of(1))).toBe(0);
  }
  pack.close();
});

test('packs of any patches come back', () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 1 }), bytes, bytes, (numbers, a, b) => {
      const packed = numbers
        .sort((x, y) => x - y)
        .map((number) => ({ number, hashed: a.subarray(number % 7), contents: b.subarray(number % 5) }));
      const pack = write(2, packed);
      expect(readAll(pack, packed)).toEqual(packed);
      pack.close();
    }),
    { numRuns: 30 },
  );
});

test('a pack that is cut off anywhere is named and never read wrongly', () => {
  const size = sizeOf(write(1, patches));
  const path = join(folder, packName(1));
  for (let length = size - 1; length >= 0; length -= 5) {
    truncateSync(path, length);
    const pack = reader(1, patches, size);
    expect(() => readAll(pack, patches)).toThrow(/00000001\.pack cannot be read/);
    pack.close();
  }
});

test('a pack with one byte changed is named, or what is read is right', () => {
  const size = sizeOf(write(1, patches));
  const path = join(folder, packName(1));
  const whole = readFileSync(path);
  let named = 0;
  for (let at = 0; at < size; at += 3) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 0x41;
    writeFileSync(path, damaged);
    const pack = reader(1, patches, size);
    const found = faultOr(() => readAll(pack, patches));
    if (found === 'ATOMIC_STORE_PACK_DAMAGED') named += 1;
    else expect(found).toEqual(patches);
    pack.close();
  }
  expect(named).toBeGreaterThan(size / 3 - 20);
});

test('a block that would become larger than its index says is not unpacked', () => {
  const bomb = compress(new Uint8Array(50_000_000), 3);
  expect(bomb.length).toBeLessThan(10_000);
  expect(() => decompress(bomb, 1000, 'some.pack')).toThrow(/some\.pack/);
  expect(() => decompress(bomb, BLOCK_BYTES_MAX + 1, 'some.pack')).toThrow(/claims/);
});

test('a writer that is given up leaves no file', () => {
  const writer = new PackWriter({ folder, disk: realDisk, id: 1, level: 3, cache: new BlockCache(1 << 20) });
  writer.add(1, noisy(BLOCK_BYTES), noisy(1));
  expect(realDisk.list(folder)).toHaveLength(1);
  writer.abandon();
  expect(realDisk.list(folder)).toEqual([]);
});

function sizeOf(pack: PackReader): number {
  pack.close();
  return pack.row.size;
}

function faultOr<Result>(step: () => Result): Result | string {
  try {
    return step();
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown.code;
    throw thrown;
  }
}
