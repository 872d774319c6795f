// The tree of files as a person unfolds it.

import type { TreeEntry } from 'atomic/protocol';

export interface TreeRow {
  readonly entry: TreeEntry;
  readonly name: string;
  readonly depth: number;
  readonly isOpen: boolean;
}

const isFolder = ({ kind }: TreeEntry): boolean => kind === 'directory';

/** The folders that a path lies in. */
export function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** More rows than this are no list that anybody reads; whoever searches finds the rest. */
const ROWS_MAX = 2000;

/** The rows that are to be seen: inside unfolded folders, folders first, or whatever is called as is searched. */
export function treeRows(
  entries: readonly TreeEntry[],
  { open, wanted }: { readonly open: ReadonlySet<string>; readonly wanted: string },
): readonly TreeRow[] {
  const lower = wanted.trim().toLowerCase();
  if (lower !== '') {
    return entries
      .filter((entry) => !isFolder(entry) && entry.path.toLowerCase().includes(lower))
      .slice(0, ROWS_MAX)
      .map((entry) => ({ entry, name: entry.path, depth: 0, isOpen: false }));
  }
  const children = new Map<string, TreeEntry[]>();
  for (const entry of entries) {
    const folder = entry.path.slice(0, Math.max(0, entry.path.lastIndexOf('/')));
    const siblings = children.get(folder) ?? [];
    siblings.push(entry);
    children.set(folder, siblings);
  }
  const rows: TreeRow[] = [];
  const add = (folder: string, depth: number): void => {
    const siblings = children.get(folder) ?? [];
    for (const entry of [...siblings.filter(isFolder), ...siblings.filter((each) => !isFolder(each))]) {
      if (rows.length >= ROWS_MAX) return;
      const isOpen = isFolder(entry) && open.has(entry.path);
      rows.push({ entry, name: entry.path.slice(folder === '' ? 0 : folder.length + 1), depth, isOpen });
      if (isOpen) add(entry.path, depth + 1);
    }
  };
  add('', 0);
  return rows;
}
