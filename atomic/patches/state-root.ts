// The state of a channel in 32 bytes: the root of a radix-16 Merkle trie over the hashes of its patches.
// Rule: it depends on the set alone, never on the order in which patches came. Two repositories with equal roots hold
// equal sets; where roots differ, walking down the children that differ finds what one has and the other lacks.

import { createHash } from 'node:crypto';

import { HASH_BYTES } from './hash.ts';

const FAN_OUT = 16;
const LEAF = Uint8Array.of(0);
const BRANCH = Uint8Array.of(1);
/** The root of the empty set, and the place of a child that is not there. */
export const EMPTY_ROOT: Uint8Array = new Uint8Array(HASH_BYTES);

export interface TrieNode {
  /** How many patches lie under it. */
  readonly count: number;
  /** The one patch of a leaf. */
  readonly leaf: Uint8Array | null;
  readonly children: readonly (TrieNode | null)[] | null;
  digest: Uint8Array | null;
}

export const EMPTY_TRIE: TrieNode = { count: 0, leaf: null, children: null, digest: EMPTY_ROOT };

const nibble = (hash: Uint8Array, depth: number): number => {
  const byte = hash[depth >> 1] ?? 0;
  return depth % 2 === 0 ? byte >> 4 : byte & 15;
};
const leafOf = (hash: Uint8Array): TrieNode => ({ count: 1, leaf: hash, children: null, digest: null });
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** The trie with one more patch; the very same trie if it is there already. Shares all that does not change. */
export function withPatch(node: TrieNode, hash: Uint8Array, depth = 0): TrieNode {
  if (node.count === 0) return leafOf(hash);
  if (node.leaf !== null) {
    if (isSame(node.leaf, hash)) return node;
    const branch: TrieNode = { count: 1, leaf: null, children: childrenWith(null, node.leaf, depth), digest: null };
    return withPatch(branch, hash, depth);
  }
  const at = nibble(hash, depth);
  const child = node.children?.[at] ?? EMPTY_TRIE;
  const next = withPatch(child, hash, depth + 1);
  return next === child ? node : branchOf(node.children, at, next);
}

function childrenWith(children: TrieNode['children'], hash: Uint8Array, depth: number): readonly (TrieNode | null)[] {
  const copy = children === null ? Array.from({ length: FAN_OUT }, () => null as TrieNode | null) : [...children];
  copy[nibble(hash, depth)] = leafOf(hash);
  return copy;
}

/** The trie without a patch; a branch with one leaf left becomes that leaf, so the form depends on the set alone. */
export function withoutPatch(node: TrieNode, hash: Uint8Array, depth = 0): TrieNode {
  if (node.count === 0) return node;
  if (node.leaf !== null) return isSame(node.leaf, hash) ? EMPTY_TRIE : node;
  const at = nibble(hash, depth);
  const child = node.children?.[at] ?? EMPTY_TRIE;
  const next = withoutPatch(child, hash, depth + 1);
  if (next === child) return node;
  const branch = branchOf(node.children, at, next.count === 0 ? null : next);
  const [only, second] = (branch.children ?? []).filter((each) => each !== null);
  return only !== undefined && second === undefined && only.leaf !== null ? only : branch;
}

function branchOf(children: TrieNode['children'], at: number, child: TrieNode | null): TrieNode {
  const copy = children === null ? Array.from({ length: FAN_OUT }, () => null as TrieNode | null) : [...children];
  copy[at] = child;
  let count = 0;
  for (const each of copy) count += each?.count ?? 0;
  return { count, leaf: null, children: copy, digest: null };
}

/** 32 bytes; computed once for each node. */
export function rootOf(node: TrieNode): Uint8Array {
  if (node.digest !== null) return node.digest;
  const hash = createHash('sha256');
  if (node.leaf !== null) hash.update(LEAF).update(node.leaf);
  else {
    hash.update(BRANCH);
    for (const child of node.children ?? []) hash.update(child === null ? EMPTY_ROOT : rootOf(child));
  }
  node.digest = hash.digest();
  return node.digest;
}

/** The trie of a whole set. */
export function trieOf(hashes: Iterable<Uint8Array>): TrieNode {
  let trie = EMPTY_TRIE;
  for (const hash of hashes) trie = withPatch(trie, hash);
  return trie;
}

/** The node at a path of nibbles, or null where there is none. A leaf answers for every path that leads to it. */
export function nodeAt(trie: TrieNode, path: readonly number[]): TrieNode | null {
  let node: TrieNode | null = trie.count === 0 ? null : trie;
  for (const step of path) {
    if (node === null) return null;
    if (node.leaf !== null) return leafFor(node, path);
    node = node.children?.[step] ?? null;
  }
  return node;
}

const leafFor = (node: TrieNode, path: readonly number[]): TrieNode | null => {
  const { leaf } = node;
  return leaf !== null && path.every((step, depth) => nibble(leaf, depth) === step) ? node : null;
};

/** Every hash under a node. */
export function* hashesUnder(node: TrieNode): Generator<Uint8Array> {
  if (node.leaf !== null) yield node.leaf;
  for (const child of node.children ?? []) if (child !== null) yield* hashesUnder(child);
}
