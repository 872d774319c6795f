// The files of a channel, to be unfolded, searched and gone to.

import { Link } from '@tanstack/react-router';
import { ChevronDown, ChevronRight, File, FileSymlink, FolderTree, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { Tree } from 'atomic/protocol';

import { Card } from '../components/card.tsx';
import { classes } from '../components/classes.ts';
import { SearchField } from './search-field.tsx';
import { foldersOf, treeRows, type TreeRow } from './tree-state.ts';
import { filesText } from './words.ts';

interface TreeCardFace {
  readonly repository: string;
  readonly search: { readonly channel?: string; readonly without?: string };
  readonly tree: Tree;
  readonly path: string | undefined;
}

export function TreeCard({ repository, search, tree, path }: TreeCardFace) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [wanted, setWanted] = useState('');
  const [known, setKnown] = useState<string>();
  // The file that is looked at is always in sight; what else is unfolded is the person's.
  if (path !== undefined && known !== path) {
    setKnown(path);
    setOpen(new Set([...open, ...foldersOf(path)]));
  }
  const toggle = (folder: string): void =>
    setOpen(open.has(folder) ? new Set([...open].filter((each) => each !== folder)) : new Set([...open, folder]));
  const rows = treeRows(tree.entries, { open, wanted });
  const files = tree.entries.filter(({ kind }) => kind !== 'directory').length;
  return (
    <Card title={filesText(files)} icon={FolderTree} bare>
      <div className="border-b p-3">
        <SearchField label="Find a file" placeholder="Find a file" value={wanted} onSearch={setWanted} />
      </div>
      <ul aria-label="Files" className="max-h-[70vh] overflow-y-auto py-1.5 max-lg:max-h-72" tabIndex={0}>
        {rows.map((row) => (
          <li key={row.entry.path}>
            {row.entry.kind === 'directory' ? (
              <FolderRow row={row} onToggle={() => toggle(row.entry.path)} />
            ) : (
              <FileRow row={row} repository={repository} search={search} isHere={row.entry.path === path} />
            )}
          </li>
        ))}
        {rows.length === 0 && <li className="px-4 py-6 text-center text-sm text-ink-soft">No file is called so.</li>}
      </ul>
      {tree.inAll > tree.entries.length && (
        <p className="border-t px-4 py-2 text-sm text-ink-soft">
          The first {tree.entries.length} of {tree.inAll} are shown.
        </p>
      )}
    </Card>
  );
}

const ROW = 'flex w-full min-w-0 items-center gap-1.5 py-1 pr-3 text-left text-sm -outline-offset-2 hover:bg-sunken';
const STEP_PX = 14;
const indent = (depth: number) => ({ paddingLeft: 12 + depth * STEP_PX });

function FolderRow({ row, onToggle }: { readonly row: TreeRow; readonly onToggle: () => void }) {
  const Icon = row.isOpen ? ChevronDown : ChevronRight;
  return (
    <button
      type="button"
      aria-expanded={row.isOpen}
      onClick={onToggle}
      data-row=""
      className={ROW}
      style={indent(row.depth)}
    >
      <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <span className="truncate font-medium">{row.name}</span>
      <ConflictMark row={row} />
    </button>
  );
}

interface FileRowFace extends Pick<TreeCardFace, 'repository' | 'search'> {
  readonly row: TreeRow;
  readonly isHere: boolean;
}

function FileRow({ row, repository, search, isHere }: FileRowFace) {
  const Icon = row.entry.kind === 'symlink' ? FileSymlink : File;
  return (
    <Link
      to="/atomic/$repository/files"
      params={{ repository }}
      search={{ ...search, path: row.entry.path }}
      resetScroll={false}
      data-row=""
      aria-current={isHere ? 'true' : undefined}
      className={classes(ROW, isHere && 'bg-accent-soft font-medium text-accent-text hover:bg-accent-soft')}
      style={indent(row.depth)}
    >
      <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <span className="truncate">{row.name}</span>
      <ConflictMark row={row} />
    </Link>
  );
}

function ConflictMark({ row: { entry } }: { readonly row: TreeRow }) {
  if (entry.conflicts.length === 0) return null;
  return (
    <span className="ml-auto inline-flex items-center gap-1 text-xs text-warn">
      <TriangleAlert aria-hidden className="size-3.5" />
      {entry.conflicts.join(', ')}
    </span>
  );
}
