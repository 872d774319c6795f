// Tags, remotes, what git commits became, notes of the other parts, and what was last seen in the working copy.

import { instant } from 'kernel/basics';

import type { Database, Row } from './database.ts';
import { limitPassed } from './faults.ts';
import { setFromBytes, setToBytes } from './set-bytes.ts';
import type { Files, GitCommit, Names, Tag, Transaction, WorktreeRow } from './store.ts';

/** Notes are for sessions and checkpoints, not for files. */
const NOTE_MAX = 16 * 1024 * 1024;
const PROMPT_MAX = 64 * 1024 * 1024;

export function namesOf(database: Database): Names {
  return {
    tags: () => database.rows(`${TAGS} ORDER BY name`).map((row) => tagIn(database, row)),
    tag: (name) => {
      const row = database.row(`${TAGS} WHERE name = ?`, name);
      return row === undefined ? undefined : tagIn(database, row);
    },
    remotes: () =>
      database
        .rows('SELECT name, url FROM remotes ORDER BY name')
        .map((row) => ({ name: database.text(row, 0), url: database.text(row, 1) })),
    gitCommit: (commit) => {
      const row = database.row(`${GIT_COMMITS} WHERE git_commit = ?`, commit);
      return row === undefined ? undefined : gitCommitIn(database, row);
    },
    gitCommits: () => database.rows(GIT_COMMITS).map((row) => gitCommitIn(database, row)),
    note: (kind, key) => {
      const row = database.row('SELECT body FROM notes WHERE kind = ? AND key = ?', kind, key);
      return row === undefined ? undefined : database.bytes(row, 0);
    },
    notes: (kind) =>
      database
        .rows('SELECT key, body FROM notes WHERE kind = ? ORDER BY key', kind)
        .map((row) => ({ key: database.text(row, 0), body: database.bytes(row, 1) })),
  };
}

export const worktreeOf = (database: Database): ReturnType<Files['worktree']> =>
  database.rows(WORKTREE).map((row) => worktreeIn(database, row));

type NameWrites = Pick<
  Transaction,
  | 'putTag'
  | 'deleteTag'
  | 'putRemote'
  | 'deleteRemote'
  | 'putGitCommit'
  | 'putWorktree'
  | 'deleteWorktree'
  | 'clearWorktree'
  | 'putPrompt'
  | 'putReview'
  | 'putNote'
  | 'deleteNote'
>;

export function nameWrites(database: Database): NameWrites {
  const put = (table: string, ...values: Parameters<Database['run']>[1][]): void =>
    database.run(`INSERT OR REPLACE INTO ${table} VALUES (${values.map(() => '?').join(', ')})`, ...values);
  return {
    putTag: ({ name, root, set, at, message, signature }) =>
      put('tags', name, root, setToBytes(set), at, message, signature),
    deleteTag: (name) => database.run('DELETE FROM tags WHERE name = ?', name),
    putRemote: (name, url) => put('remotes', name, url),
    deleteRemote: (name) => database.run('DELETE FROM remotes WHERE name = ?', name),
    putGitCommit: ({ commit, patch, tree }) => put('git_commits', commit, patch, tree),
    putWorktree: ({ path, inode, mtimeNs, size, ino, mode, contentHash }) =>
      put('worktree', path, inode, mtimeNs, size, ino, mode, contentHash),
    deleteWorktree: (path) => database.run('DELETE FROM worktree WHERE path = ?', path),
    clearWorktree: () => database.run('DELETE FROM worktree'),
    putPrompt: ({ hash, level, body }) => {
      if ((body?.length ?? 0) > PROMPT_MAX) throw limitPassed('A prompt', '64 MiB');
      put('prompts', hash, level, body);
    },
    putReview: ({ patch, reviewer, verdict, durationMs, linesShown, at, signature }) =>
      put('reviews', patch, reviewer, at, verdict, durationMs, linesShown, signature),
    putNote: (kind, key, body) => {
      if (body.length > NOTE_MAX) throw limitPassed(`The note "${kind}"`, '16 MiB');
      put('notes', kind, key, body);
    },
    deleteNote: (kind, key) => database.run('DELETE FROM notes WHERE kind = ? AND key = ?', kind, key),
  };
}

const TAGS = 'SELECT name, root, bits, at, message, signature FROM tags';
const GIT_COMMITS = 'SELECT git_commit, patch, tree FROM git_commits';
// Nanoseconds and file numbers pass 2^53: they are read as text.
const WORKTREE = `SELECT path, inode, CAST(mtime_ns AS TEXT), size, CAST(ino AS TEXT), mode, content_hash
  FROM worktree ORDER BY path`;

const tagIn = (database: Database, row: Row): Tag => ({
  name: database.text(row, 0),
  root: database.bytes(row, 1),
  set: setFromBytes(database.bytes(row, 2)),
  at: instant(database.number(row, 3)),
  message: database.text(row, 4),
  signature: database.bytesOrNull(row, 5),
});

const gitCommitIn = (database: Database, row: Row): GitCommit => ({
  commit: database.bytes(row, 0),
  patch: database.numberOrNull(row, 1),
  tree: database.bytes(row, 2),
});

const worktreeIn = (database: Database, row: Row): WorktreeRow => ({
  path: database.text(row, 0),
  inode: database.number(row, 1),
  mtimeNs: BigInt(database.text(row, 2)),
  size: database.number(row, 3),
  ino: BigInt(database.text(row, 4)),
  mode: database.number(row, 5),
  contentHash: database.bytes(row, 6),
});
