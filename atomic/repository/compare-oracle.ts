// The engine against the reference, over every file of a view: the same question asked of both, on a person's own
// repository.
// Rule: a file that differs is named and nothing is changed; the reference is believed.

import { isDeepStrictEqual } from 'node:util';

import { layOut } from '../oracle/lay-out.ts';
import { unpackText } from '../patches/pack-facts.ts';
import type { TextFacts } from '../patches/facts.ts';
import type { InodeNumber } from '../patches/file-tree.ts';
import type { PatchStore } from '../store/store.ts';
import type { View } from './view.ts';

export interface OracleVerdict {
  readonly files: number;
  /** Files of which engine and reference do not say the same. */
  readonly different: readonly string[];
}

export function compareWithOracle(
  store: PatchStore,
  view: View,
  each?: (done: number, total: number, path: string) => void,
): OracleVerdict {
  const { history, policy } = view.context;
  const tree = view.tree();
  const inodes = [...tree.inodes.values()].filter(({ kind }) => kind !== 'directory');
  const different: string[] = [];
  for (const [index, { inode }] of inodes.entries()) {
    const path = tree.pathsOf(inode)[0] ?? `a deleted file (${inode})`;
    each?.(index, inodes.length, path);
    const facts = textFactsOf(store, view, inode);
    if (facts.length === 0) continue;
    if (!isDeepStrictEqual(view.text(inode).file.layout, layOut(facts, history, policy).layout)) different.push(path);
  }
  return { files: inodes.length, different };
}

const textFactsOf = (store: PatchStore, view: View, inode: InodeNumber): readonly TextFacts[] =>
  store.files.textFacts(inode).flatMap(({ patch, facts }) => (view.set.has(patch) ? [unpackText(patch, facts)] : []));
