// A file tree moves on by one patch where that is simple, so that a long history is not folded anew for each of its steps.
// Rule: it does what folding everything would do, or says that it cannot tell. Simple is: a file that is new at a free
// name, a file that moves or goes and supersedes all that was said of its place, a property that supersedes the one before.

import type { AssertionId, InodeNumber, OwnFileTree, TreeEntry, TreeFact, TreeFacts, TreeInode } from './file-tree.ts';
import { FILE_KINDS, type FileKind } from './patch.ts';

export function copyTree(tree: OwnFileTree): OwnFileTree {
  const paths = new Map(tree.paths);
  return {
    entries: new Map(tree.entries),
    inodes: new Map(tree.inodes),
    paths,
    pathsOf: (inode) => paths.get(inode) ?? [],
    conflicts: tree.conflicts,
  };
}

/** False: the tree cannot be told from this alone and has to be folded anew; it may have moved on in part. */
export function advanceTree(tree: OwnFileTree, { patch, facts }: TreeFacts): boolean {
  const added = new Map<InodeNumber, FileKind>();
  for (const fact of facts) {
    if (fact.kind === 'add-file') added.set(fact.inode, fact.fileKind);
    // Whatever is said of a disputed file may end the dispute, or make it another.
    else if (tree.conflicts.some(({ inodes }) => inodes.includes(fact.inode))) return false;
    else if (fact.kind === 'set-meta') {
      if (!setMeta(tree, patch, fact)) return false;
    } else if (!locate(tree, patch, fact, added)) return false;
  }
  return true;
}

const isSameSet = (a: readonly AssertionId[], b: readonly AssertionId[]): boolean =>
  a.length === b.length &&
  a.every(({ patch, atom }) => b.some((other) => other.patch === patch && other.atom === atom));

function locate(
  tree: OwnFileTree,
  patch: number,
  fact: TreeFact & { readonly kind: 'locate' },
  added: ReadonlyMap<InodeNumber, FileKind>,
): boolean {
  const { inode: number, at, supersedes, atom } = fact;
  const newKind = added.get(number);
  const inode: TreeInode | undefined =
    tree.inodes.get(number) ??
    (newKind === undefined
      ? undefined
      : { inode: number, kind: newKind, isExecutable: false, isGone: true, locates: [], metas: [] });
  if (inode === undefined || !isSameSet(inode.locates, supersedes)) return false;
  const [path, second] = tree.pathsOf(number);
  const entry = path === undefined ? undefined : tree.entries.get(path);
  if (second !== undefined || (entry !== undefined && (entry.twins.length > 0 || entry.inode !== number))) return false;
  if (path === undefined && newKind === undefined) return false;
  if (inode.kind === 'directory' && path !== undefined && hasChildren(tree, path)) return false;
  const to = at === null ? null : pathOf(tree, at);
  if (to === undefined || (to !== null && to !== path && tree.entries.has(to))) return false;
  // A directory that is shown only for what is in it may go with it.
  if (path !== undefined && liesInGone(tree, path)) return false;
  if (path !== undefined) tree.entries.delete(path);
  tree.inodes.set(number, { ...inode, isGone: to === null, locates: [{ patch, atom }] });
  if (to === null) tree.paths.delete(number);
  else {
    const { kind, isExecutable } = inode;
    tree.entries.set(to, { path: to, inode: number, kind, isExecutable, twins: [] } satisfies TreeEntry);
    tree.paths.set(number, [to]);
  }
  return true;
}

function liesInGone(tree: OwnFileTree, path: string): boolean {
  for (let slash = path.lastIndexOf('/'); slash !== -1; slash = path.lastIndexOf('/', slash - 1)) {
    const entry = tree.entries.get(path.slice(0, slash));
    const own = entry === undefined ? [] : [entry.inode, ...entry.twins];
    if (own.length === 0 || own.some((inode) => tree.inodes.get(inode)?.isGone === true)) return true;
  }
  return false;
}

/** Undefined where the directory is not at one place of its own. */
function pathOf(
  tree: OwnFileTree,
  { parent, name }: { readonly parent: InodeNumber | null; readonly name: string },
): string | undefined {
  if (parent === null) return name;
  const [path, second] = tree.pathsOf(parent);
  return path === undefined || second !== undefined ? undefined : `${path}/${name}`;
}

/** Slow only for directories that go or move: one look at every path. */
function hasChildren(tree: OwnFileTree, path: string): boolean {
  const prefix = `${path}/`;
  for (const other of tree.entries.keys()) if (other.startsWith(prefix)) return true;
  return false;
}

function setMeta(tree: OwnFileTree, patch: number, fact: TreeFact & { readonly kind: 'set-meta' }): boolean {
  const { inode: number, key, value, supersedes, atom } = fact;
  const inode = tree.inodes.get(number);
  const [path, second] = tree.pathsOf(number);
  const entry = path === undefined ? undefined : tree.entries.get(path);
  if (inode === undefined || entry === undefined || second !== undefined || entry.twins.length > 0) return false;
  const own = inode.metas.filter((meta) => meta.key === key);
  if (entry.inode !== number || !isSameSet(own, supersedes)) return false;
  const kind =
    key === 'kind' ? (FILE_KINDS.find((each) => each === value && each !== 'directory') ?? inode.kind) : inode.kind;
  const isExecutable = key === 'executable' ? value === 'yes' : inode.isExecutable;
  const metas = [...inode.metas.filter((meta) => meta.key !== key), { patch, atom, key }];
  tree.inodes.set(number, { ...inode, kind, isExecutable, metas });
  tree.entries.set(entry.path, { ...entry, kind, isExecutable });
  return true;
}
