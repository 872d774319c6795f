import { createHash } from 'node:crypto';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { EMPTY_TRIE, hashesUnder, nodeAt, rootOf, trieOf, withoutPatch, withPatch } from './state-root.ts';

const named = (n: number): Uint8Array => createHash('sha256').update(`patch ${n}`).digest();
const rootText = (numbers: readonly number[]): string =>
  Buffer.from(rootOf(trieOf(numbers.map(named)))).toString('hex');

test('the root depends on the set, not on the order or on repeats', () => {
  const set = fc.uniqueArray(fc.nat(500), { maxLength: 60 });
  fc.assert(
    fc.property(set, (numbers) => {
      expect(rootText([...numbers].reverse())).toBe(rootText(numbers));
      expect(rootText([...numbers, ...numbers])).toBe(rootText(numbers));
    }),
  );
  expect(rootText([1, 2])).not.toBe(rootText([1, 3]));
  expect(rootText([])).toBe('0'.repeat(64));
});

test('taking a patch out gives the trie that never had it', () => {
  const sets = fc.tuple(fc.uniqueArray(fc.nat(500), { maxLength: 60 }), fc.nat(500));
  fc.assert(
    fc.property(sets, ([numbers, extra]) => {
      const without = numbers.filter((n) => n !== extra);
      const trie = withoutPatch(withPatch(trieOf(without.map(named)), named(extra)), named(extra));
      expect(Buffer.from(rootOf(trie)).toString('hex')).toBe(rootText(without));
      expect(trie.count).toBe(without.length);
    }),
  );
});

test('every patch is found under the path of its first digits, and nowhere else', () => {
  const trie = trieOf(Array.from({ length: 300 }, (_, n) => named(n)));
  const hash = named(17);
  const path = [(hash[0] ?? 0) >> 4, (hash[0] ?? 0) & 15, (hash[1] ?? 0) >> 4, (hash[1] ?? 0) & 15];
  const under = nodeAt(trie, path);
  expect(under === null ? [] : [...hashesUnder(under)].map((each) => Buffer.from(each).toString('hex'))).toContain(
    Buffer.from(hash).toString('hex'),
  );
  expect([...hashesUnder(trie)]).toHaveLength(300);
  expect(nodeAt(EMPTY_TRIE, [3])).toBeNull();
});
