// Where files lie for one set of patches: paths, kinds, and where patches disagree about them. Research C9.
// Rule: a place is a register of many values. Assertions that nobody superseded count; one is a place, several are a
// conflict that is shown and never settled by time. Directories of one name are one directory; a directory that is
// gone is there again while something in it is alive. The same set gives the same tree on every machine.
// Not here: the text of files. Whether a deleted file still has alive text, and whether two have the same, is asked.

import type { PatchNumber } from './facts.ts';
import { FILE_KINDS, type FileKind } from './patch.ts';

/** A file's or directory's local number. */
export type InodeNumber = number;

export interface AssertionId {
  readonly patch: PatchNumber;
  readonly atom: number;
}

export type TreeFact =
  | { readonly kind: 'add-file'; readonly inode: InodeNumber; readonly n: number; readonly fileKind: FileKind }
  | {
      readonly kind: 'locate';
      readonly atom: number;
      readonly inode: InodeNumber;
      /** `parent: null` is the top; null is deleted. */
      readonly at: { readonly parent: InodeNumber | null; readonly name: string } | null;
      readonly supersedes: readonly AssertionId[];
    }
  | {
      readonly kind: 'set-meta';
      readonly atom: number;
      readonly inode: InodeNumber;
      readonly key: 'executable' | 'kind';
      readonly value: string;
      readonly supersedes: readonly AssertionId[];
    };

export interface TreeFacts {
  readonly patch: PatchNumber;
  readonly facts: readonly TreeFact[];
}

/** What was asserted of a file and not superseded: what the next assertion supersedes. */
export interface TreeInode {
  readonly inode: InodeNumber;
  readonly kind: FileKind;
  readonly isExecutable: boolean;
  /** Nobody says any more that it lies somewhere. It may be shown all the same, for what is alive in it. */
  readonly isGone: boolean;
  readonly locates: readonly AssertionId[];
  readonly metas: readonly (AssertionId & { readonly key: 'executable' | 'kind' })[];
}

export interface TreeEntry {
  readonly path: string;
  readonly inode: InodeNumber;
  readonly kind: FileKind;
  readonly isExecutable: boolean;
  /** Others that lie at this path too: directories of the same name, or files with the same text. */
  readonly twins: readonly InodeNumber[];
}

export type TreeConflictKind =
  'multiple-names' | 'moved-and-deleted' | 'deleted-but-changed' | 'same-name' | 'cyclic-directories' | 'properties';

interface TreeConflict {
  readonly kind: TreeConflictKind;
  /** Every path that is concerned, sorted. */
  readonly paths: readonly string[];
  readonly inodes: readonly InodeNumber[];
  /** Patches that disagree, sorted by hash. */
  readonly patches: readonly PatchNumber[];
}

export interface FileTree {
  /** By path, directories before what lies in them. */
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly inodes: ReadonlyMap<InodeNumber, TreeInode>;
  /** The paths of a file: none when it is deleted, several when its names are in conflict. */
  pathsOf(inode: InodeNumber): readonly string[];
  readonly conflicts: readonly TreeConflict[];
}

/** A tree that its one owner may move on, patch by patch (advance-tree.ts). */
export interface OwnFileTree extends FileTree {
  readonly entries: Map<string, TreeEntry>;
  readonly inodes: Map<InodeNumber, TreeInode>;
  readonly paths: Map<InodeNumber, readonly string[]>;
}

export interface TreeQuestions {
  compare(a: PatchNumber, b: PatchNumber): number;
  /** Whether a file that is deleted still prints text: somebody changed it without knowing. */
  hasAliveText(inode: InodeNumber, deletedBy: readonly PatchNumber[]): boolean;
  hasSameText(a: InodeNumber, b: InodeNumber): boolean;
  /** The first characters of a patch's hash. */
  shortHash(patch: PatchNumber): string;
}

interface Place extends AssertionId {
  readonly parent: InodeNumber | null;
  readonly name: string;
}

interface Register {
  readonly inode: InodeNumber;
  readonly addedBy: PatchNumber;
  readonly n: number;
  readonly fileKind: FileKind;
  readonly places: Place[];
  readonly gone: AssertionId[];
  /** Where it was before it was deleted. */
  readonly former: Place[];
  readonly metas: (AssertionId & { readonly key: 'executable' | 'kind'; readonly value: string })[];
}

export function fileTreeOf(facts: Iterable<TreeFacts>, questions: TreeQuestions): OwnFileTree {
  const all = [...facts];
  const registers = registersOf(all, questions);
  const conflicts: TreeConflict[] = [];
  const placed = placesOf(registers, questions, conflicts);
  const parents = withoutCycles(placed, registers, questions, conflicts);
  const { entries, paths } = namedEntries(placed, parents, { registers, questions, conflicts });
  const inodes = new Map<InodeNumber, TreeInode>();
  for (const register of registers.values()) inodes.set(register.inode, inodeOf(register));
  for (const register of registers.values()) propertiesConflict(register, paths, questions, conflicts);
  return {
    entries,
    inodes,
    paths,
    pathsOf: (inode) => paths.get(inode) ?? [],
    conflicts: conflicts
      .map((conflict) => withPaths(conflict, paths))
      .sort((a, b) => (`${a.paths[0]} ${a.kind}` < `${b.paths[0]} ${b.kind}` ? -1 : 1)),
  };
}

const keyOf = ({ patch, atom }: AssertionId): string => `${patch} ${atom}`;

function registersOf(all: readonly TreeFacts[], { compare }: TreeQuestions): ReadonlyMap<InodeNumber, Register> {
  const superseded = new Set<string>();
  const registers = new Map<InodeNumber, Register>();
  for (const { patch, facts } of all) {
    for (const fact of facts) {
      if (fact.kind !== 'add-file') for (const each of fact.supersedes) superseded.add(keyOf(each));
      else {
        const { inode, n, fileKind } = fact;
        registers.set(inode, { inode, addedBy: patch, n, fileKind, places: [], gone: [], former: [], metas: [] });
      }
    }
  }
  for (const { patch, facts } of all) {
    for (const fact of facts) {
      const register = registers.get(fact.inode);
      if (fact.kind === 'add-file' || register === undefined) continue;
      const id = { patch, atom: fact.atom };
      const isCurrent = !superseded.has(keyOf(id));
      if (fact.kind === 'set-meta') {
        if (isCurrent) register.metas.push({ ...id, key: fact.key, value: fact.value });
      } else if (fact.at === null) {
        if (isCurrent) register.gone.push(id);
      } else (isCurrent ? register.places : register.former).push({ ...id, ...fact.at });
    }
  }
  const inOrder = (a: AssertionId, b: AssertionId): number => compare(a.patch, b.patch) || a.atom - b.atom;
  for (const { places, gone, former, metas } of registers.values()) {
    for (const list of [places, gone, former, metas]) if (list.length > 1) list.sort(inOrder);
  }
  return registers;
}

const metaOf = ({ metas }: Register, key: 'executable' | 'kind'): string | undefined =>
  metas.find((meta) => meta.key === key)?.value;

function kindOf(register: Register): FileKind {
  const kind = metaOf(register, 'kind');
  return FILE_KINDS.find((each) => each === kind && each !== 'directory') ?? register.fileKind;
}

const inodeOf = (register: Register): TreeInode => ({
  inode: register.inode,
  kind: kindOf(register),
  isExecutable: metaOf(register, 'executable') === 'yes',
  isGone: register.places.length === 0,
  locates: [...register.places, ...register.gone].map(({ patch, atom }) => ({ patch, atom })),
  metas: register.metas.map(({ patch, atom, key }) => ({ patch, atom, key })),
});

/** Where each file is to be, before names meet. */
function placesOf(
  registers: ReadonlyMap<InodeNumber, Register>,
  questions: TreeQuestions,
  conflicts: TreeConflict[],
): Map<InodeNumber, readonly Place[]> {
  const placed = new Map<InodeNumber, readonly Place[]>();
  for (const register of registers.values()) {
    const { inode, places, gone, former, fileKind } = register;
    const patches = [...places, ...gone].map(({ patch }) => patch);
    const distinct = places.filter(
      (place, index) =>
        places.findIndex(({ parent, name }) => parent === place.parent && name === place.name) === index,
    );
    if (places.length > 0) {
      placed.set(inode, distinct);
      if (gone.length > 0) conflicts.push({ kind: 'moved-and-deleted', paths: [], inodes: [inode], patches });
      if (distinct.length > 1) conflicts.push({ kind: 'multiple-names', paths: [], inodes: [inode], patches });
    } else if (fileKind !== 'directory' && former[0] !== undefined && questions.hasAliveText(inode, patches)) {
      placed.set(inode, former.slice(0, 1));
      conflicts.push({ kind: 'deleted-but-changed', paths: [], inodes: [inode], patches });
    }
  }
  // A directory that is gone is there again for what is alive in it.
  const wanted = [...placed.values()].flat();
  for (const { parent } of wanted) {
    const register = parent === null ? undefined : registers.get(parent);
    if (register === undefined || placed.has(register.inode)) continue;
    const again = register.former.slice(0, 1);
    placed.set(register.inode, again);
    wanted.push(...again);
  }
  return placed;
}

/** The parent that each place really has: a place that closes a circle of directories lies at the top instead. */
function withoutCycles(
  placed: Map<InodeNumber, readonly Place[]>,
  registers: ReadonlyMap<InodeNumber, Register>,
  { compare }: TreeQuestions,
  conflicts: TreeConflict[],
): (place: Place) => InodeNumber | null {
  const cut = new Set<string>();
  const isDirectory = (inode: InodeNumber): boolean => registers.get(inode)?.fileKind === 'directory';
  const waysUp = (inode: InodeNumber): readonly Place[] =>
    (placed.get(inode) ?? []).filter((place) => place.parent !== null && !cut.has(keyOf(place)));
  const starts = [...placed.keys()].filter(isDirectory).sort((a, b) => a - b);
  for (let circle = circleFrom(starts, waysUp); circle !== null; circle = circleFrom(starts, waysUp)) {
    const [last] = circle.toSorted((a, b) => compare(b.place.patch, a.place.patch) || b.place.atom - a.place.atom);
    if (last === undefined) break;
    cut.add(keyOf(last.place));
    const inodes = circle.map(({ inode }) => inode);
    conflicts.push({ kind: 'cyclic-directories', paths: [], inodes, patches: circle.map(({ place }) => place.patch) });
  }
  return (place) => (cut.has(keyOf(place)) ? null : place.parent);
}

interface Climb {
  readonly inode: InodeNumber;
  readonly place: Place;
}

/** Directories that lie in each other, each with the place that says so; null where there are none. */
function circleFrom(
  starts: readonly InodeNumber[],
  waysUp: (inode: InodeNumber) => readonly Place[],
): readonly Climb[] | null {
  const settled = new Set<InodeNumber>();
  for (const start of starts) {
    const way: { readonly inode: InodeNumber; readonly left: Place[]; place: Place | null }[] = [];
    const enter = (inode: InodeNumber): void => void way.push({ inode, left: [...waysUp(inode)], place: null });
    if (!settled.has(start)) enter(start);
    for (let at = way.at(-1); at !== undefined; at = way.at(-1)) {
      const place = at.left.shift();
      if (place === undefined || place.parent === null) {
        settled.add(at.inode);
        way.pop();
        continue;
      }
      at.place = place;
      const { parent } = place;
      const seen = way.findIndex(({ inode }) => inode === parent);
      if (seen !== -1)
        return way.slice(seen).flatMap(({ inode, place: by }) => (by === null ? [] : [{ inode, place: by }]));
      if (!settled.has(parent)) enter(parent);
    }
  }
  return null;
}

interface Naming {
  readonly registers: ReadonlyMap<InodeNumber, Register>;
  readonly questions: TreeQuestions;
  readonly conflicts: TreeConflict[];
}

/** Gives every place its path, from the top down; directories of one name are one, files of one name are told apart. */
function namedEntries(
  placed: ReadonlyMap<InodeNumber, readonly Place[]>,
  parentOf: (place: Place) => InodeNumber | null,
  { registers, questions, conflicts }: Naming,
): { readonly entries: Map<string, TreeEntry>; readonly paths: Map<InodeNumber, readonly string[]> } {
  // A directory with several names has what lies in it under the first of them: names in names would double each time.
  const children = new Map<InodeNumber | null, { register: Register; name: string; isFilled: boolean }[]>();
  for (const [inode, places] of placed) {
    const register = registers.get(inode);
    if (register === undefined) continue;
    for (const place of places) {
      const parent = parentOf(place);
      const child = { register, name: place.name, isFilled: place === places[0] };
      const siblings = children.get(parent);
      if (siblings === undefined) children.set(parent, [child]);
      else siblings.push(child);
    }
  }
  const entries = new Map<string, TreeEntry>();
  const paths = new Map<InodeNumber, readonly string[]>();
  const inOrder = (a: Register, b: Register): number => questions.compare(a.addedBy, b.addedBy) || a.n - b.n;
  const open: { readonly prefix: string; readonly parents: readonly (InodeNumber | null)[] }[] = [
    { prefix: '', parents: [null] },
  ];
  const enter = (path: string, own: readonly Register[], filled?: ReadonlySet<Register>): void => {
    const [first, ...twins] = own;
    if (first === undefined) return;
    for (const { inode } of own) paths.set(inode, [...(paths.get(inode) ?? []), path]);
    const { inode, isExecutable, kind } = inodeOf(first);
    entries.set(path, { path, inode, kind, isExecutable, twins: twins.map((twin) => twin.inode) });
    const parents = own.filter((each) => filled?.has(each) === true).map((each) => each.inode);
    if (kind === 'directory') open.push({ prefix: `${path}/`, parents });
  };
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const byName = new Map<string, Register[]>();
    const filled = new Map<string, Set<Register>>();
    for (const { register, name, isFilled } of at.parents.flatMap((parent) => children.get(parent) ?? [])) {
      if (isFilled) filled.set(name, (filled.get(name) ?? new Set()).add(register));
      const same = byName.get(name);
      if (same === undefined) byName.set(name, [register]);
      else same.push(register);
    }
    for (const [name, registersHere] of byName) {
      const groups = groupedByMeaning([...new Set(registersHere)].sort(inOrder), questions);
      for (const [index, group] of groups.entries()) {
        const [first] = group;
        if (first === undefined) continue;
        enter(at.prefix + (index === 0 ? name : apartName(name, first, questions)), group, filled.get(name));
      }
      if (groups.length > 1) {
        const inodes = groups.flat().map(({ inode }) => inode);
        const patches = groups.flat().map(({ addedBy }) => addedBy);
        conflicts.push({ kind: 'same-name', paths: [], inodes, patches });
      }
    }
  }
  return { entries, paths };
}

/** Directories are one; files of one kind with the same text are one; everything else stands apart. */
function groupedByMeaning(
  sorted: readonly Register[],
  { hasSameText }: TreeQuestions,
): readonly (readonly Register[])[] {
  const groups: Register[][] = [];
  for (const register of sorted) {
    const kind = kindOf(register);
    const isExecutable = metaOf(register, 'executable') === 'yes';
    const same = groups.find(([first]) => {
      if (first === undefined || kindOf(first) !== kind) return false;
      if (kind === 'directory') return true;
      return (metaOf(first, 'executable') === 'yes') === isExecutable && hasSameText(first.inode, register.inode);
    });
    if (same === undefined) groups.push([register]);
    else same.push(register);
  }
  return groups;
}

/** The same on every machine: the patch that added the file is in the name. */
const apartName = (name: string, { addedBy, n }: Register, { shortHash }: TreeQuestions): string =>
  `${name}.~${shortHash(addedBy)}${n === 0 ? '' : `-${n}`}`;

function propertiesConflict(
  register: Register,
  paths: ReadonlyMap<InodeNumber, readonly string[]>,
  { compare }: TreeQuestions,
  conflicts: TreeConflict[],
): void {
  if (!paths.has(register.inode)) return;
  for (const key of ['executable', 'kind'] as const) {
    const own = register.metas.filter((meta) => meta.key === key);
    if (new Set(own.map(({ value }) => value)).size < 2) continue;
    const patches = own.map(({ patch }) => patch).sort(compare);
    conflicts.push({ kind: 'properties', paths: [], inodes: [register.inode], patches });
  }
}

const withPaths = (conflict: TreeConflict, paths: ReadonlyMap<InodeNumber, readonly string[]>): TreeConflict => ({
  ...conflict,
  paths: [...new Set(conflict.inodes.flatMap((inode) => paths.get(inode) ?? []))].sort(),
});
