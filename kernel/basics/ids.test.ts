import fc from 'fast-check';
import { expect, test } from 'vitest';

import { newId, parseId, resolvePrefix } from './ids.ts';

test('an id is 16 characters of Crockford’s base32, which has no i, l, o or u', () => {
  const ids = Array.from({ length: 200 }, () => newId<'run'>());
  for (const id of ids) expect(id).toMatch(/^[0-9abcdefghjkmnpqrstvwxyz]{16}$/);
  // 3200 characters: that one of 32 is missing by chance has a probability below 10⁻⁴².
  expect(new Set(ids.join('')).size).toBe(32);
});

test('ten thousand ids are all different', () => {
  expect(new Set(Array.from({ length: 10_000 }, () => newId())).size).toBe(10_000);
});

test('every new id is parsed as itself, also when somebody typed it in capitals', () => {
  for (let count = 0; count < 100; count += 1) {
    const id = newId<'run'>();
    expect(parseId<'run'>(id)).toBe(id);
    expect(parseId<'run'>(id.toUpperCase())).toBe(id);
  }
});

test.each(['', '0123456789abcde', '0123456789abcdef0', '0123456789abcdei', '0123456789abcde ', '../3456789abcdef'])(
  'the text %j is no id',
  (text) => expect(parseId(text)).toBeUndefined(),
);

test('no text but 16 letters of the alphabet is parsed as an id', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), (text) => {
      const id = parseId(text);
      expect(id === undefined || (id.length === 16 && id === text.toLowerCase())).toBe(true);
    }),
  );
});

test('a prefix means one id, none, or several, and says which', () => {
  const known = ['abc1', 'abc2', 'xyz1'];
  expect(resolvePrefix(known, 'x')).toEqual({ kind: 'one', id: 'xyz1' });
  expect(resolvePrefix(known, 'ABC2')).toEqual({ kind: 'one', id: 'abc2' });
  expect(resolvePrefix(known, 'abc')).toEqual({ kind: 'several', ids: ['abc1', 'abc2'] });
  expect(resolvePrefix(known, 'q')).toEqual({ kind: 'none' });
});

test('an empty prefix means nothing, even where there is only one id', () => {
  expect(resolvePrefix(['abc1'], '')).toEqual({ kind: 'none' });
  expect(resolvePrefix([], '')).toEqual({ kind: 'none' });
});
