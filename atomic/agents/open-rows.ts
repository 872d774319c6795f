// The rows of the working copy, read from the database of a store and nothing else of it: loading the store takes a hook half
// of its time.
// Rule: it only reads; a store of another form has no such rows, and every file is told once more.

import { join } from 'node:path';

/** What was last seen on the disk of a file that is recorded, as `WorktreeRow` of the store has it. */
export interface RecordedRow {
  readonly path: string;
  readonly mtimeNs: bigint;
  readonly size: bigint;
  readonly ino: bigint;
  readonly contentHash: Uint8Array;
}

/** A writer is waited for no longer than this. */
const WAIT_MS = 20;

export function openRows(root: string): readonly RecordedRow[] {
  // Most hooks are of a tool that names its file, and need no database.
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(join(root, '.atomic', 'pristine.db'), { readOnly: true, timeout: WAIT_MS });
  try {
    const rows = database.prepare('SELECT path, mtime_ns, size, ino, content_hash FROM worktree');
    rows.setReadBigInts(true);
    return rows.all().flatMap(({ path, mtime_ns: mtimeNs, size, ino, content_hash: contentHash }) => {
      const isWhole = typeof path === 'string' && contentHash instanceof Uint8Array;
      const areNumbers = typeof mtimeNs === 'bigint' && typeof size === 'bigint' && typeof ino === 'bigint';
      return isWhole && areNumbers ? [{ path, mtimeNs, size, ino, contentHash }] : [];
    });
  } finally {
    database.close();
  }
}
