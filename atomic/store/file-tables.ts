// Files and the facts that patches state about them, as the engine asks for them.

import { FILE_KINDS } from '../patches/patch.ts';
import type { Database, Row } from './database.ts';
import { inodeUnknown, storeDamaged } from './faults.ts';
import { worktreeOf } from './name-tables.ts';
import type { FactsRow, Files, InodeRow } from './store.ts';

export function filesOf(database: Database): Files {
  const numbers = (rows: readonly Row[]): readonly number[] => rows.map((row) => database.number(row, 0));
  const facts = (rows: readonly Row[]): readonly FactsRow[] =>
    rows.map((row) => ({ patch: database.number(row, 0), facts: database.bytes(row, 1) }));
  const bytes = (row: Row | undefined): Uint8Array | undefined =>
    row === undefined ? undefined : database.bytes(row, 0);
  return {
    inodeOf: (patch, n) => {
      const row = database.row('SELECT inode FROM inodes WHERE patch = ? AND n = ?', patch, n);
      return row === undefined ? undefined : database.number(row, 0);
    },
    inodeRow: (inode) => inodeRow(database, inode),
    textFacts: (inode) => facts(database.rows('SELECT patch, facts FROM facts WHERE inode = ? ORDER BY patch', inode)),
    touching: (inode) => numbers(database.rows('SELECT patch FROM facts WHERE inode = ? ORDER BY patch', inode)),
    touchedBy: (patch) => numbers(database.rows('SELECT inode FROM facts WHERE patch = ? ORDER BY inode', patch)),
    textFactsOf: (inode, patch) =>
      bytes(database.row('SELECT facts FROM facts WHERE inode = ? AND patch = ?', inode, patch)),
    treeFacts: () => facts(database.rows('SELECT patch, facts FROM tree_facts ORDER BY patch')),
    treeFactsOf: (patch) => bytes(database.row('SELECT facts FROM tree_facts WHERE patch = ?', patch)),
    worktree: () => worktreeOf(database),
  };
}

function inodeRow(database: Database, inode: number): InodeRow {
  const row = database.row('SELECT patch, n, kind FROM inodes WHERE inode = ?', inode);
  if (row === undefined) throw inodeUnknown(inode);
  const text = database.text(row, 2);
  const kind = FILE_KINDS.find((each) => each === text);
  if (kind === undefined) throw storeDamaged(database.path);
  return { inode, patch: database.number(row, 0), n: database.number(row, 1), kind };
}
