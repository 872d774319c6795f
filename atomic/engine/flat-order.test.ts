import fc from 'fast-check';
import { expect, test } from 'vitest';

import { DEFAULT_POLICY, type TextFacts } from '../patches/facts.ts';
import { NONE } from './column.ts';
import { openText } from './engine-text.ts';
import { FlatOrder } from './flat-order.ts';
import { NO_FACTS, runsOf } from './random-facts.ts';
import { Segments } from './segments.ts';

/** More than some blocks hold. */
const MANY = 1500;

test('a line of many segments keeps their order and finds them by the offsets of their bytes', () => {
  const check = (places: readonly number[]): void => {
    const segments = new Segments();
    const slot = segments.slotFor(0);
    const order = new FlatOrder(segments);
    const expected: number[] = [];
    for (const [at, place] of places.entries()) {
      const segment = segments.add(slot, 4 * at, 4 * at + 1 + (place % 3), 0);
      segments.alive.set(segment, place % 2);
      const index = place % (expected.length + 1);
      order.insertAfter(expected[index - 1] ?? NONE, segment);
      expected.splice(index, 0, segment);
      if (place % 5 > 0) continue;
      const [removed = NONE] = expected.splice(place % expected.length, 1);
      order.remove(removed);
    }
    const copy = order.copy(segments);
    expect([...copy.after(NONE)]).toEqual(expected);
    expect([...copy.before(NONE)]).toEqual(expected.toReversed());
    let start = 0;
    for (const segment of expected) {
      if (segments.alive.get(segment) === 0) continue;
      expect(copy.at(start)).toEqual({ segment, start });
      start += segments.bytes(segment);
    }
    expect(copy.at(start)).toBeUndefined();
  };
  const places = fc.array(fc.nat(100_000), { minLength: MANY, maxLength: MANY });
  fc.assert(fc.property(places, check), { numRuns: 5, seed: 1 });
});

test('in a long text that patches are spliced into and out of, every offset finds its byte', () => {
  const width = 4;
  const base: TextFacts = {
    ...NO_FACTS,
    patch: 0,
    inserts: [{ start: 0, end: MANY * width, up: [], down: [], replaces: [], origins: [] }],
  };
  const replace = (line: number): TextFacts => {
    const range = { patch: 0, start: line * width, end: (line + 1) * width };
    const up = line === 0 ? [] : [{ patch: 0, offset: range.start - 1 }];
    const insert = { start: 0, end: 3, up, down: [{ patch: 0, offset: range.start }], replaces: [range], origins: [] };
    return { ...NO_FACTS, patch: line + 1, inserts: [insert], deletes: [range] };
  };
  const history = { compare: (a: number, b: number) => a - b, knows: () => false, text: () => new Uint8Array() };
  const text = openText([base], history, DEFAULT_POLICY);
  expect(text.isClean).toBe(true);
  const shuffled = Array.from({ length: MANY }, (_, at) => (at * 7) % MANY);
  const changes = [
    ...shuffled.map((line) => text.apply(replace(line))),
    ...shuffled.slice(MANY / 2).map((line) => text.withdraw(replace(line))),
  ];
  expect(new Set(changes)).toEqual(new Set(['spliced']));
  const fresh = openText([base, ...shuffled.slice(0, MANY / 2).map(replace)], history, DEFAULT_POLICY);
  expect(text.layout).toEqual(fresh.layout);
  let start = 0;
  for (const { patch, start: first, end } of runsOf(text.layout)) {
    expect(text.runsAt(start, start + end - first)).toEqual([{ patch, start: first, end }]);
    expect(text.positionAt(start)).toEqual({ patch, offset: first });
    start += end - first;
  }
  expect(start).toBe(text.size);
});
