import fc from 'fast-check';
import { expect, test } from 'vitest';

import { NUMBER_MAX, PatchSet } from './patch-set.ts';
import { differingPieces, pieceOf, setFromBytes, setOfPieces, setToBytes } from './set-bytes.ts';

const number = fc.oneof(fc.nat(70), fc.nat(20_000));
const numbers = fc.array(number, { maxLength: 40 });
const rising = (set: Iterable<number>): readonly number[] => [...set].sort((a, b) => a - b);

test('a set of patches is what a set of numbers is', () => {
  fc.assert(
    fc.property(numbers, numbers, numbers, (added, removed, other) => {
      const set = PatchSet.of(added);
      for (const each of removed) set.remove(each);
      const model = new Set(added.filter((each) => !removed.includes(each)));
      const others = new Set(other);
      expect([...set]).toEqual(rising(model));
      expect(set.size).toBe(model.size);
      expect([...set.difference(PatchSet.of(other))]).toEqual(rising([...model].filter((each) => !others.has(each))));
      expect([...set.intersection(PatchSet.of(other))]).toEqual(rising([...model].filter((each) => others.has(each))));
      expect(set.isSubsetOf(PatchSet.of(other))).toBe([...model].every((each) => others.has(each)));
      expect(set.equals(PatchSet.of(other))).toBe(rising(model).join() === rising(others).join());
      const union = set.clone();
      union.addAll(PatchSet.of(other));
      expect([...union]).toEqual(rising(new Set([...model, ...others])));
      expect(union.size).toBe(new Set([...model, ...others]).size);
      expect([...set]).toEqual(rising(model));
    }),
  );
});

test('adding and removing say whether anything changed', () => {
  const set = new PatchSet();
  expect([set.add(5), set.add(5), set.remove(5), set.remove(5)]).toEqual([true, false, true, false]);
});

test('a number that no patch can have is refused', () => {
  for (const wrong of [-1, 1.5, NUMBER_MAX + 1, Number.NaN])
    expect(() => new PatchSet().add(wrong)).toThrow(RangeError);
});

test('a set comes back from its bytes and from its pieces', () => {
  fc.assert(
    fc.property(numbers, (each) => {
      const set = PatchSet.of(each);
      expect(setFromBytes(setToBytes(set)).equals(set)).toBe(true);
      const pieces = differingPieces(new PatchSet(), set).map((piece) => ({ piece, bits: pieceOf(set, piece) }));
      expect(setOfPieces(pieces).equals(set)).toBe(true);
    }),
  );
});

test('one more patch among a hundred thousand changes one piece of at most a KiB', () => {
  const before = PatchSet.of(Array.from({ length: 100_000 }, (_, index) => index + 1));
  const after = before.clone();
  after.add(100_001);
  const pieces = differingPieces(before, after);
  expect(pieces).toHaveLength(1);
  expect(pieceOf(after, pieces[0] ?? -1).length).toBeLessThanOrEqual(1024);
});

test('pieces that no patch can be in are refused', () => {
  expect(() => setOfPieces([{ piece: 1 << 20, bits: Uint8Array.of(1) }])).toThrow(RangeError);
  expect(() => setOfPieces([{ piece: 0, bits: new Uint8Array(1025) }])).toThrow(RangeError);
});
