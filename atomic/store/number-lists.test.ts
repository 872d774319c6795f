import fc from 'fast-check';
import { expect, test } from 'vitest';

import { decodeLinks, encodeLinks, NumberReader, NumberWriter } from './number-lists.ts';
import { countBelow, indexOfNumber } from './rising-numbers.ts';
import { numbersIn, runsOf } from './runs.ts';

test('numbers come back as they were written', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(300), fc.maxSafeNat())), (numbers) => {
      const out = new NumberWriter();
      for (const number of numbers) out.add(number);
      const input = new NumberReader(out.finish());
      expect(numbers.map(() => input.next())).toEqual(numbers);
      expect(input.isAtEnd).toBe(true);
    }),
  );
});

test('links keep their order, earlier and later ones alike', () => {
  const number = fc.integer({ min: 1, max: 1 << 24 });
  fc.assert(
    fc.property(number, fc.array(number), (own, links) => {
      expect(decodeLinks(own, encodeLinks(own, links))).toEqual(links);
    }),
  );
});

test('a list that is cut off is refused', () => {
  expect(() => new NumberReader(Uint8Array.of(0x80)).next()).toThrow(RangeError);
  expect(() => new NumberReader(new Uint8Array(9).fill(0xff)).next()).toThrow(RangeError);
});

test('runs hold the numbers that they are made of', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(60)), (each) => {
      const numbers = each.sort((a, b) => a - b);
      expect([...numbersIn(runsOf(numbers))]).toEqual(numbers);
    }),
  );
  expect(runsOf([1, 2, 3, 7, 9, 10])).toEqual([
    [1, 3],
    [7, 7],
    [9, 10],
  ]);
});

test('rising numbers are searched as a list is', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(50)), fc.nat(50), (each, number) => {
      const numbers = each.sort((a, b) => a - b);
      expect(indexOfNumber(numbers, number)).toBe(numbers.indexOf(number));
      expect(countBelow(numbers, number)).toBe(numbers.filter((other) => other < number).length);
    }),
  );
});
