// Two Merkle tries are compared by walking down where they differ, two steps at a time; a part with few leaves is listed.
// Rule: who asks says what it has at each place, and gets nothing for what is the same. Pure: both sides of the walk are
// functions of a trie.

import { hashesUnder, nodeAt, rootOf, type TrieNode } from '../patches/state-root.ts';
import { frameMalformed } from './faults.ts';
import { NODE_FAN_OUT, NO_SHORT, type NodeAnswer, type Place } from './message-parts.ts';
import { shortOf, type Short } from './shorts.ts';

/** 512 names are 8 kB, as much as two more steps down would be. Of 100,000 patches 390 lie two steps down. */
const LIST_MAX = 512;
const FAN_OUT = 16;
/** 32 bytes are 64 steps. */
const DEPTH_MAX = 64;

/** What one side has at a place, for the other. */
export function answerPlace(trie: TrieNode, { path, short }: Place): NodeAnswer {
  const node = nodeAt(trie, [...path]);
  if (shortAt(node) === short) return { kind: 'same' };
  if (node === null) return { kind: 'list', shorts: [] };
  if (node.count <= LIST_MAX || path.length + 2 > DEPTH_MAX) {
    return { kind: 'list', shorts: [...hashesUnder(node)].map(shortOf).sort() };
  }
  const digests = Array.from({ length: NODE_FAN_OUT }, (_, at) => {
    const below = nodeAt(trie, below2(path, at));
    return below === null ? null : shortAt(below);
  });
  return { kind: 'branch', digests };
}

const shortAt = (node: TrieNode | null): Short => (node === null ? NO_SHORT : shortOf(rootOf(node)));

const below2 = (path: Uint8Array, at: number): readonly number[] => [...path, at >> 4, at % FAN_OUT];

/** What the walk has found so far. */
export interface Differences {
  /** What they have and we have not. */
  readonly lacking: Set<Short>;
  /** What we have and they have not: whole hashes. */
  readonly extra: Uint8Array[];
}

export const placeOf = (trie: TrieNode, path: Uint8Array): Place => ({ path, short: shortAt(nodeAt(trie, [...path])) });

/** Takes an answer in, and says where to look next. Throws ATOMIC_FRAME_MALFORMED for an answer that leads nowhere. */
export function compareNode(
  trie: TrieNode,
  path: Uint8Array,
  answer: NodeAnswer,
  found: Differences,
): readonly Place[] {
  if (answer.kind === 'same') return [];
  const node = nodeAt(trie, [...path]);
  if (answer.kind === 'list') {
    const theirs = new Set(answer.shorts);
    for (const hash of node === null ? [] : hashesUnder(node)) {
      if (!theirs.delete(shortOf(hash))) found.extra.push(hash);
    }
    for (const short of theirs) found.lacking.add(short);
    return [];
  }
  if (path.length + 2 > DEPTH_MAX) throw frameMalformed('a trie is deeper than its hashes are long');
  const next: Place[] = [];
  for (const [at, digest] of answer.digests.entries()) {
    const below = Uint8Array.from(below2(path, at));
    const place = placeOf(trie, below);
    if (digest === null) {
      const own = nodeAt(trie, [...below]);
      if (own !== null) found.extra.push(...hashesUnder(own));
    } else if (digest !== place.short) next.push(place);
  }
  return next;
}
