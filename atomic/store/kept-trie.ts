// A trie as cache.db keeps it: its set, and count and digest of every node of its first three steps.
// Rule: nothing is loaded before one walks there, and nothing that is loaded is believed before it hashes to the digest
// above it. So a new process adds a patch to a hundred thousand by reading one path.

import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

import { HASH_BYTES } from '../patches/hash.ts';
import { EMPTY_TRIE, rootOf, withPatch, type TrieNode } from '../patches/state-root.ts';
import { keptTrieDamaged } from './faults.ts';
import type { PatchSet, ReadonlyPatchSet } from './patch-set.ts';
import { setFromBytes, setToBytes } from './set-bytes.ts';

const FAN_OUT = 16;
/** 16³ nodes at the last kept step: with 100,000 patches each has about 25 below it. */
const DEPTH = 3;
const NODES = (FAN_OUT ** (DEPTH + 1) - 1) / (FAN_OUT - 1);
/** Count (u32), then the digest of a branch or the hash of a leaf. */
const NODE_BYTES = 4 + HASH_BYTES;
const HEAD_BYTES = 4;
/** The nodes, and the bitmap of sixteen million patches. */
const BYTES_MAX = NODES * NODE_BYTES + (4 << 20);

/** The hashes of a set that begin with the three nibbles of a path. */
export type LoadHashes = (set: ReadonlyPatchSet, path: number) => readonly Uint8Array[];

/** Nodes lie step by step, the 16 children of one beside each other; a leaf lies at the place where it hangs. */
export function encodeTrie(set: ReadonlyPatchSet, trie: TrieNode): Uint8Array {
  const bits = setToBytes(set);
  const nodes = HEAD_BYTES + bits.length;
  const bytes = new Uint8Array(nodes + NODES * NODE_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bits.length, true);
  bytes.set(bits, HEAD_BYTES);
  const walk = (node: TrieNode | null, index: number, depth: number): void => {
    if (node === null) return;
    view.setUint32(nodes + index * NODE_BYTES, node.count, true);
    bytes.set(node.leaf ?? rootOf(node), nodes + index * NODE_BYTES + 4);
    if (node.leaf !== null || depth === DEPTH) return;
    for (const [step, child] of (node.children ?? []).entries()) walk(child, index * FAN_OUT + 1 + step, depth + 1);
  };
  walk(trie, 0, 0);
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** Undefined where it is no trie at all. Walking down throws ATOMIC_STORE_KEPT_TRIE_DAMAGED where it is no whole one. */
export function decodeTrie(
  body: Uint8Array,
  load: LoadHashes,
): { readonly set: PatchSet; readonly trie: TrieNode } | undefined {
  const bytes = plain(body);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const nodes = bytes.length - NODES * NODE_BYTES;
  if (nodes < HEAD_BYTES || view.getUint32(0, true) !== nodes - HEAD_BYTES) return undefined;
  const set = setIn(bytes.subarray(HEAD_BYTES, nodes));
  if (set === undefined) return undefined;
  const nodeAt = (index: number, path: number, depth: number): TrieNode | null => {
    const at = nodes + index * NODE_BYTES;
    const count = view.getUint32(at, true);
    const digest = bytes.slice(at + 4, at + NODE_BYTES);
    if (count === 0) return null;
    if (count === 1) return { count, leaf: digest, children: null, digest: null };
    return lazyBranch(count, digest, () =>
      depth === DEPTH
        ? load(set, path).reduce((node, hash) => withPatch(node, hash, DEPTH), EMPTY_TRIE).children
        : Array.from({ length: FAN_OUT }, (_, step) =>
            nodeAt(index * FAN_OUT + 1 + step, path * FAN_OUT + step, depth + 1),
          ),
    );
  };
  return { set, trie: nodeAt(0, 0, 0) ?? EMPTY_TRIE };
}

/** Empty where it is nothing that was compressed here: a cache may hold anything. */
function plain(body: Uint8Array): Uint8Array {
  try {
    const bytes = zstdDecompressSync(body, { maxOutputLength: BYTES_MAX });
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  } catch {
    return new Uint8Array();
  }
}

function setIn(bytes: Uint8Array): PatchSet | undefined {
  try {
    return setFromBytes(bytes);
  } catch {
    // Without a set there is no trie.
    return undefined;
  }
}

function lazyBranch(count: number, digest: Uint8Array, load: () => TrieNode['children']): TrieNode {
  let children: TrieNode['children'] = null;
  return {
    count,
    leaf: null,
    digest,
    get children() {
      children ??= verified(count, digest, load());
      return children;
    },
  };
}

function verified(count: number, digest: Uint8Array, children: TrieNode['children']): TrieNode['children'] {
  const found = children?.reduce((sum, child) => sum + (child?.count ?? 0), 0);
  const branch: TrieNode = { count, leaf: null, children, digest: null };
  if (found !== count || Buffer.compare(rootOf(branch), digest) !== 0) throw keptTrieDamaged();
  return children;
}
