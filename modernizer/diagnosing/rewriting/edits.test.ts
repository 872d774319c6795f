import fc from 'fast-check';
import { expect, test } from 'vitest';

import { madeEdits, together, withEdits, type Edit } from './edits.ts';

const BASE = 'const a = call(one, two);';
const changed = (...edits: Edit[]) => ({ after: withEdits(BASE, edits), edits: madeEdits(edits) });
const at = (word: string, text: string): Edit => {
  const start = BASE.indexOf(word);
  return { start, end: start + word.length, text };
};
const before = (word: string, text: string): Edit => ({ ...at(word, text), end: BASE.indexOf(word) });

test('two changes of one text that touch different places are both made', () => {
  const both = together(
    changed(at('one', 'first'), at('const', 'let')),
    changed(at('two', '2'), before('call', 'await ')),
  );
  expect(both?.after).toBe('let a = await call(first, 2);');
});

test('what both do alike is done once', () => {
  const both = together(changed(before('const', 'async '), at('one', '1')), changed(before('const', 'async ')));
  expect(both?.after).toBe('async const a = call(1, two);');
});

test('changes of the same place do not go together: neither replacing it twice, nor inserting there twice', () => {
  expect(together(changed(at('one', '1')), changed(at('one', 'eins')))).toBeNull();
  expect(together(changed(at('one, two', '')), changed(at('two', '2')))).toBeNull();
  expect(together(changed(before('call', 'await ')), changed(before('call', 'new ')))).toBeNull();
});

test('what is inserted where another piece begins or ends stands before or behind it', () => {
  const both = together(changed(at('call', 'made')), changed(before('call', 'new ')));
  expect(both?.after).toBe('const a = new made(one, two);');
  expect(together(changed(before('call', 'new ')), changed(at('call', 'made')))?.after).toBe(both?.after);
});

test('two changes together are what all their edits make of the text, whichever comes first', () => {
  const edit = fc
    .tuple(fc.nat(20), fc.nat(4), fc.string({ maxLength: 4 }))
    .map(([start, length, text]) => ({ start, end: start + length, text }));
  const change = fc.array(edit, { maxLength: 5 }).map((edits) => changed(...edits));
  fc.assert(
    fc.property(change, change, (one, other) => {
      const both = together(one, other);
      expect(together(other, one)?.after).toBe(both?.after);
      if (both !== null) expect(withEdits(BASE, both.edits)).toBe(both.after);
    }),
    { numRuns: 500 },
  );
});
