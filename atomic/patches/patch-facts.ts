// A patch as facts under local numbers, and facts as a patch under hashes: the two ways between what is sent and what the
// engines know.
// Rule: atoms keep their order, dependencies are exactly the patches that atoms refer to, sorted and without repeats.

import { unreachable } from 'kernel/basics';

import { compareHashes, type PatchHash } from './hash.ts';
import type { PatchNumber, Position, Range, TextFacts } from './facts.ts';
import type { AssertionId, InodeNumber, TreeFact } from './file-tree.ts';
import type { Atom, ByteRange, Header, InodeReference, NamedPatch, Patch, TextAtom } from './patch.ts';
import { DRAFT } from './record-text.ts';

/** How hashes and local numbers answer to each other. */
export interface Numbering {
  hashOf(patch: PatchNumber): PatchHash;
  numberOf(hash: PatchHash): PatchNumber;
  /** Which patch added a file, and as its how manieth. */
  addedBy(inode: InodeNumber): { readonly patch: PatchNumber; readonly n: number };
  inodeOf(patch: PatchNumber, n: number): InodeNumber;
}

/** Files that the draft itself adds have numbers below zero: the n-th is `draftInode(n)`. */
export const draftInode = (n: number): InodeNumber => -1 - n;

type Growing<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Entry)[] ? Entry[] : T[Key] };

export interface PatchFacts {
  readonly texts: ReadonlyMap<InodeNumber, TextFacts>;
  readonly tree: readonly TreeFact[];
}

/** What a patch says, under the numbers of this repository. */
export function factsOfPatch(patch: NamedPatch, numbering: Numbering): PatchFacts {
  const own = numbering.numberOf(patch.hash);
  const numbers = [own, ...patch.dependencies.map((hash) => numbering.numberOf(hash))];
  const number = (of: number): PatchNumber => numbers[of] ?? own;
  const inodeOf = ({ of, n }: InodeReference): InodeNumber => numbering.inodeOf(number(of), n);
  const texts = new Map<InodeNumber, Growing<TextFacts>>();
  const tree: TreeFact[] = [];
  for (const [index, atom] of patch.atoms.entries()) {
    switch (atom.kind) {
      case 'add-file':
        tree.push({ kind: 'add-file', inode: numbering.inodeOf(own, atom.n), n: atom.n, fileKind: atom.fileKind });
        break;
      case 'locate': {
        const supersedes = atom.supersedes.map(({ of, atom: at }) => ({ patch: number(of), atom: at }));
        const parent = atom.at?.parent ?? null;
        const at = atom.at === null ? null : { parent: parent === null ? null : inodeOf(parent), name: atom.at.name };
        tree.push({ kind: 'locate', atom: index, inode: inodeOf(atom.inode), at, supersedes });
        break;
      }
      case 'set-meta': {
        const { key, value } = atom;
        const supersedes = atom.supersedes.map(({ of, atom: at }) => ({ patch: number(of), atom: at }));
        tree.push({ kind: 'set-meta', atom: index, inode: inodeOf(atom.inode), key, value, supersedes });
        break;
      }
      default: {
        const inode = inodeOf(atom.inode);
        const facts = texts.get(inode) ?? emptyFacts(own);
        texts.set(inode, facts);
        addTextAtom(facts, atom, number);
      }
    }
  }
  return { texts, tree };
}

export const emptyFacts = (patch: PatchNumber): Growing<TextFacts> => ({
  patch,
  inserts: [],
  deletes: [],
  undeletes: [],
  orders: [],
  unorders: [],
  acknowledges: [],
});

function addTextAtom(facts: Growing<TextFacts>, atom: TextAtom, number: (of: number) => PatchNumber): void {
  const range = ({ of, start, end }: ByteRange): Range => ({ patch: number(of), start, end });
  const position = ({ of, offset }: { of: number; offset: number }): Position => ({ patch: number(of), offset });
  switch (atom.kind) {
    case 'insert':
      facts.inserts.push({
        start: atom.start,
        end: atom.end,
        up: atom.up.map(position),
        down: atom.down.map(position),
        replaces: atom.replaces.map(range),
        origins: atom.origins.map(({ at, from }) => ({ at, from: range(from) })),
      });
      return;
    case 'delete':
      facts.deletes.push(...atom.ranges.map(range));
      return;
    case 'undelete':
      facts.undeletes.push(...atom.ranges.map((each) => ({ range: range(each), by: number(atom.by) })));
      return;
    case 'acknowledge':
      facts.acknowledges.push(...atom.ranges.map((each) => ({ range: range(each), by: number(atom.by) })));
      return;
    case 'order':
      facts.orders.push({ from: position(atom.from), to: position(atom.to) });
      return;
    case 'unorder':
      facts.unorders.push({ from: position(atom.from), to: position(atom.to), by: number(atom.by) });
      return;
    default:
      unreachable(atom);
  }
}

/** What is recorded: facts under local numbers, where the draft itself is DRAFT and its files are `draftInode`. */
export interface Draft {
  readonly header: Header;
  readonly tree: readonly TreeFact[];
  readonly texts: readonly { readonly inode: InodeNumber; readonly facts: TextFacts }[];
  readonly known: Iterable<PatchNumber>;
  readonly contentsHash: Uint8Array;
  readonly contentsLength: number;
  readonly attributionCommitment: Uint8Array | null;
  /** Dependencies that no atom needs, such as those of a patch that only says something. */
  readonly dependsOn?: Iterable<PatchNumber>;
}

export function patchOfDraft(draft: Draft, numbering: Numbering): Patch {
  const used = usedBy(draft, numbering);
  const dependencies = [...used].map((patch) => numbering.hashOf(patch)).sort(compareHashes);
  const indexes = new Map(dependencies.map((hash, index) => [numbering.numberOf(hash), index + 1]));
  indexes.set(DRAFT, 0);
  const known = [...new Set(draft.known)]
    .filter((patch) => patch !== DRAFT && !used.has(patch))
    .map((patch) => numbering.hashOf(patch))
    .sort(compareHashes);
  const writer = atomsWriter(indexes, numbering);
  return {
    header: draft.header,
    dependencies,
    known,
    atoms: [...draft.tree.map(writer.tree), ...draft.texts.flatMap(({ inode, facts }) => writer.text(inode, facts))],
    contentsHash: draft.contentsHash,
    contentsLength: draft.contentsLength,
    attributionCommitment: draft.attributionCommitment,
  };
}

/** Every patch that the draft refers to, but itself. */
function usedBy({ tree, texts, dependsOn = [] }: Draft, numbering: Numbering): ReadonlySet<PatchNumber> {
  const used = new Set<PatchNumber>(dependsOn);
  const inode = (each: InodeNumber): void => {
    if (each >= 0) used.add(numbering.addedBy(each).patch);
  };
  for (const fact of tree) {
    inode(fact.inode);
    if (fact.kind === 'locate' && fact.at !== null && fact.at.parent !== null) inode(fact.at.parent);
    if (fact.kind !== 'add-file') for (const { patch } of fact.supersedes) used.add(patch);
  }
  for (const { inode: file, facts } of texts) {
    inode(file);
    for (const { up, down, replaces, origins } of facts.inserts) {
      for (const { patch } of [...up, ...down, ...replaces, ...origins.map(({ from }) => from)]) used.add(patch);
    }
    for (const { patch } of facts.deletes) used.add(patch);
    for (const { range, by } of [...facts.undeletes, ...facts.acknowledges]) used.add(range.patch).add(by);
    for (const { from, to } of facts.orders) used.add(from.patch).add(to.patch);
    for (const { from, to, by } of facts.unorders) used.add(from.patch).add(to.patch).add(by);
  }
  used.delete(DRAFT);
  return used;
}

function atomsWriter(
  indexes: ReadonlyMap<PatchNumber, number>,
  numbering: Numbering,
): { tree(fact: TreeFact): Atom; text(inode: InodeNumber, facts: TextFacts): readonly Atom[] } {
  const of = (patch: PatchNumber): number => {
    const index = indexes.get(patch);
    if (index === undefined) throw new RangeError(`Patch number ${patch} is no dependency of the draft.`);
    return index;
  };
  const inodeReference = (inode: InodeNumber): InodeReference => {
    if (inode < 0) return { of: 0, n: -1 - inode };
    const { patch, n } = numbering.addedBy(inode);
    return { of: of(patch), n };
  };
  const range = ({ patch, start, end }: Range): ByteRange => ({ of: of(patch), start, end });
  const position = ({ patch, offset }: Position): { of: number; offset: number } => ({ of: of(patch), offset });
  const assertion = ({ patch, atom }: AssertionId): { of: number; atom: number } => ({ of: of(patch), atom });
  const byPatch = (
    kind: 'undelete' | 'acknowledge',
    inode: InodeReference,
    facts: readonly { readonly range: Range; readonly by: PatchNumber }[],
  ): readonly Atom[] =>
    [...new Set(facts.map(({ by }) => by))].map((by) => ({
      kind,
      inode,
      ranges: facts.filter((fact) => fact.by === by).map((fact) => range(fact.range)),
      by: of(by),
    }));
  return {
    tree(fact) {
      if (fact.kind === 'add-file') return { kind: 'add-file', n: fact.n, fileKind: fact.fileKind };
      const inode = inodeReference(fact.inode);
      const supersedes = fact.supersedes.map(assertion);
      if (fact.kind === 'set-meta') return { kind: 'set-meta', inode, key: fact.key, value: fact.value, supersedes };
      const parent = fact.at === null || fact.at.parent === null ? null : inodeReference(fact.at.parent);
      return { kind: 'locate', inode, at: fact.at === null ? null : { parent, name: fact.at.name }, supersedes };
    },
    text(file, facts) {
      const inode = inodeReference(file);
      const inserts: readonly Atom[] = facts.inserts.map((insert) => ({
        kind: 'insert',
        inode,
        start: insert.start,
        end: insert.end,
        up: insert.up.map(position),
        down: insert.down.map(position),
        replaces: insert.replaces.map(range),
        origins: insert.origins.map(({ at, from }) => ({ at, from: range(from) })),
      }));
      const deletes: readonly Atom[] =
        facts.deletes.length === 0 ? [] : [{ kind: 'delete', inode, ranges: facts.deletes.map(range) }];
      return [
        ...inserts,
        ...deletes,
        ...byPatch('undelete', inode, facts.undeletes),
        ...facts.orders.map(({ from, to }): Atom => ({ kind: 'order', inode, from: position(from), to: position(to) })),
        ...facts.unorders.map(({ from, to, by }): Atom => ({
          kind: 'unorder',
          inode,
          from: position(from),
          to: position(to),
          by: of(by),
        })),
        ...byPatch('acknowledge', inode, facts.acknowledges),
      ];
    },
  };
}
