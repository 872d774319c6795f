import fc from 'fast-check';
import { expect, test } from 'vitest';

import { bytesText, countText, durationText, mebibytes, microdollars, minutes, seconds } from './units.ts';

test('lengths and sizes are milliseconds and bytes', () => {
  expect([seconds(2), minutes(2), mebibytes(2)]).toEqual([2000, 120_000, 2_097_152]);
});

test('money is whole millionths of a dollar', () => {
  expect([microdollars(1.4), microdollars(1.5)]).toEqual([1, 2]);
});

test.each([
  [0, '0.0 s'],
  [420, '0.4 s'],
  [9949, '9.9 s'],
  [9950, '10 s'],
  [59_499, '59 s'],
  [59_500, '1 min'],
  [185_000, '3 min 5 s'],
  [3_599_400, '59 min 59 s'],
  [3_599_500, '1 h'],
  [7_800_000, '2 h 10 min'],
])('%d ms are read as %s', (lengthMs, text) => expect(durationText(lengthMs)).toBe(text));

test('no length of time is read as 60 of something', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: minutes(60 * 24) }), (lengthMs) => {
      expect(durationText(lengthMs)).not.toMatch(/\b60\b/);
    }),
  );
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [mebibytes(20), '20 MiB'],
  [mebibytes(1024), '1.0 GiB'],
  [mebibytes(1024 * 1024 * 5000), '5000 TiB'],
])('%d bytes are read as %s', (bytes, text) => expect(bytesText(bytes)).toBe(text));

test('one is one, and everything else is many', () => {
  expect([0, 1, 2].map((count) => countText(count, 'upgrade'))).toEqual(['0 upgrades', '1 upgrade', '2 upgrades']);
  expect(countText(3, 'branch', 'branches')).toBe('3 branches');
});
