// The inverse of a patch, as a patch: what it inserted goes, what it deleted comes back, what it placed goes where it was.
// Rule: only what is still so is taken back; text of others stays. The inverse depends on the patch, and is credited to
// whoever rolled back only for the decision: bytes that come back keep their authors.

import type { PatchNumber, TextFacts } from '../patches/facts.ts';
import type { AssertionId, TreeFact } from '../patches/file-tree.ts';
import { emptyFacts } from '../patches/patch-facts.ts';
import { DRAFT } from '../patches/record-text.ts';
import { unpackText, unpackTree } from '../patches/pack-facts.ts';
import type { PatchStore } from '../store/store.ts';
import { DraftBuilder } from './draft-builder.ts';
import type { View } from './view.ts';

export function buildRollback(store: PatchStore, view: View, patch: PatchNumber): DraftBuilder {
  const builder = new DraftBuilder(view);
  for (const inode of store.files.touchedBy(patch)) {
    const packed = store.files.textFactsOf(inode, patch);
    if (packed === undefined) continue;
    const facts = inverseOf(unpackText(patch, packed));
    for (const owner of view.text(inode).file.ownersBeside(facts.deletes)) builder.known.add(owner);
    if (facts.deletes.length + facts.undeletes.length + facts.unorders.length > 0) builder.texts.push({ inode, facts });
  }
  const tree = store.files.treeFactsOf(patch);
  if (tree !== undefined) builder.tree.push(...inverseTree(store, view, unpackTree(patch, tree).facts, patch));
  return builder;
}

/** Whether a draft leaves every file as it is: what it would take back is gone already. */
export function changesNothing(view: View, { tree, texts, known, contents }: DraftBuilder): boolean {
  if (tree.length > 0) return false;
  return texts.every(({ inode, facts }) => {
    const text = view.text(inode);
    return text.printedWith(facts, [...known], contents).bytes.equals(text.printed().bytes);
  });
}

function inverseOf({ patch, inserts, deletes, undeletes, orders }: TextFacts): TextFacts {
  return {
    ...emptyFacts(DRAFT),
    deletes: [...inserts.map(({ start, end }) => ({ patch, start, end })), ...undeletes.map(({ range }) => range)],
    undeletes: deletes.map((range) => ({ range, by: patch })),
    unorders: orders.map(({ from, to }) => ({ from, to, by: patch })),
  };
}

/** What the patch asserted is superseded by what it superseded, or by nothing where it was first. */
function inverseTree(
  store: PatchStore,
  view: View,
  facts: readonly TreeFact[],
  patch: PatchNumber,
): readonly TreeFact[] {
  const inodes = view.tree().inodes;
  return facts.flatMap((fact): readonly TreeFact[] => {
    if (fact.kind === 'add-file') return [];
    const current = inodes.get(fact.inode);
    const isCurrent = (id: AssertionId): boolean => id.patch === patch && id.atom === fact.atom;
    if (fact.kind === 'locate') {
      if (current?.locates.some(isCurrent) !== true) return [];
      const before = formerLocate(store, fact.supersedes[0]);
      return [{ ...fact, atom: 0, at: before, supersedes: current.locates }];
    }
    const metas = current?.metas.filter(({ key }) => key === fact.key) ?? [];
    if (!metas.some(isCurrent)) return [];
    const value =
      formerMeta(store, fact.supersedes[0]) ?? (fact.key === 'executable' ? 'no' : (current?.kind ?? 'text'));
    return [{ ...fact, atom: 0, value, supersedes: metas.map(({ patch: by, atom }) => ({ patch: by, atom })) }];
  });
}

function formerFact(store: PatchStore, id: AssertionId | undefined): TreeFact | undefined {
  const packed = id === undefined ? undefined : store.files.treeFactsOf(id.patch);
  if (id === undefined || packed === undefined) return undefined;
  return unpackTree(id.patch, packed).facts.find((fact) => fact.kind !== 'add-file' && fact.atom === id.atom);
}

function formerLocate(store: PatchStore, id: AssertionId | undefined): (TreeFact & { kind: 'locate' })['at'] {
  const fact = formerFact(store, id);
  return fact?.kind === 'locate' ? fact.at : null;
}

function formerMeta(store: PatchStore, id: AssertionId | undefined): string | undefined {
  const fact = formerFact(store, id);
  return fact?.kind === 'set-meta' ? fact.value : undefined;
}
