import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import { EMPTY_TRIE, trieOf, withPatch, type TrieNode } from '../patches/state-root.ts';
import { encodeMessage } from './messages.ts';
import { shortOf } from './shorts.ts';
import { answerPlace, compareNode, placeOf, type Differences } from './walk-trie.ts';

const hash = (n: number): Uint8Array => createHash('sha256').update(`${n}`).digest();
const many = (from: number, to: number): readonly Uint8Array[] =>
  Array.from({ length: to - from }, (_, at) => hash(from + at));

interface Walked extends Differences {
  readonly trips: number;
  readonly bytes: number;
}

function walk(ours: TrieNode, theirs: TrieNode): Walked {
  const found: Differences = { lacking: new Set(), extra: [] };
  let open = [placeOf(ours, new Uint8Array())];
  let [trips, bytes] = [0, 0];
  while (open.length > 0) {
    trips += 1;
    bytes += encodeMessage({ kind: 'walk', trie: 'patches', places: open }).length;
    open = open.flatMap((place) => {
      const answer = answerPlace(theirs, place);
      bytes += encodeMessage({ kind: 'nodes', trie: 'patches', path: place.path, answer }).length;
      return compareNode(ours, place.path, answer, found);
    });
  }
  return { ...found, trips, bytes };
}

const sorted = (hashes: Iterable<Uint8Array>): readonly string[] => [...hashes].map(shortOf).sort();

/** A trie of a hundred thousand, of which only what lies two steps down one way is there. The rest are digests. */
function hundredThousand(way: number, below: readonly Uint8Array[]): TrieNode {
  const stub = (count: number, n: number): TrieNode => ({ count, leaf: null, children: null, digest: hash(n) });
  const under = (step: number): readonly TrieNode[] =>
    Array.from({ length: 16 }, (_, at) => {
      const real = step * 16 + at === way;
      return real ? below.reduce((node, each) => withPatch(node, each, 2), EMPTY_TRIE) : stub(390, -1 - step * 16 - at);
    });
  const steps = Array.from({ length: 16 }, (_, step): TrieNode => ({
    count: 6250,
    leaf: null,
    children: under(step),
    digest: null,
  }));
  return { count: 100_000, leaf: null, children: steps, digest: null };
}

test('one new patch among a hundred thousand is found in two trips and some 10 kB', () => {
  const fresh = hash(0);
  const way = fresh[0] ?? 0;
  const beside = many(1, 391).map((each) => Uint8Array.of(way, ...each.subarray(1)));
  const [theirs, ours] = [hundredThousand(way, beside), hundredThousand(way, [...beside, fresh])];
  const found = walk(ours, theirs);
  expect(sorted(found.extra)).toEqual([shortOf(fresh)]);
  expect([...found.lacking]).toEqual([]);
  expect(found.trips).toBe(2);
  expect(found.bytes).toBeLessThan(11_000);
  expect(walk(theirs, ours)).toMatchObject({ trips: 2, extra: [] });
  expect(walk(ours, ours).bytes).toBeLessThan(50);
});

test('whatever two sides have, each difference is found once', () => {
  for (const [own, shared, other] of [
    [0, 0, 3],
    [3, 0, 0],
    [0, 700, 1],
    [1, 700, 0],
    [40, 900, 60],
    [600, 0, 600],
    [1, 1, 1],
    [0, 0, 0],
  ] as const) {
    const ours = trieOf(many(0, own + shared));
    const theirs = trieOf(many(own, own + shared + other));
    const found = walk(ours, theirs);
    expect(sorted(found.extra)).toEqual(sorted(many(0, own)));
    expect([...found.lacking].sort()).toEqual(sorted(many(own + shared, own + shared + other)));
    expect(found.trips).toBeLessThanOrEqual(3);
  }
});
