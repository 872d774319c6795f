// The tables of pristine.db, as the steps that made them.
// Rule: forward only; a step that was released is never changed. One home for each fact: what follows from a patch's
// bytes and is looked up by SQL is a table that `mend` rebuilds, and what follows from tables is a view.
// The seed's seven: patch_attribution, prompts, reviews and audit are tables; author_patches, ai_patch_metadata and
// patch_dependencies_attribution are views. Decision 0014.

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** 'ATOM': what `file` and we know the database by. */
export const APPLICATION_ID = 0x41544f4d;

const PATCHES = `
-- A group of authors as the headers name it; few have many. JSON: [[name, email], …].
CREATE TABLE bylines (byline INTEGER PRIMARY KEY, authors TEXT NOT NULL UNIQUE);
-- dependencies and known: varints of what each lies before the patch, in the order of the hashed section.
CREATE TABLE changes (
  number INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, at INTEGER NOT NULL, zone INTEGER NOT NULL,
  byline INTEGER NOT NULL REFERENCES bylines, flags INTEGER NOT NULL, contents_length INTEGER NOT NULL,
  dependencies BLOB NOT NULL, known BLOB NOT NULL, message TEXT NOT NULL);
-- The reverse of changes.dependencies; bytes: how many of the dependency's the patch touches.
CREATE TABLE dependents (
  dependency INTEGER NOT NULL, patch INTEGER NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY (dependency, patch)) WITHOUT ROWID;
-- The reverse of changes.known.
CREATE TABLE knowers (known INTEGER NOT NULL, patch INTEGER NOT NULL, PRIMARY KEY (known, patch)) WITHOUT ROWID;
-- Known patches that are not here (yet).
CREATE TABLE awaited (hash BLOB NOT NULL, patch INTEGER NOT NULL, PRIMARY KEY (hash, patch)) WITHOUT ROWID;
-- The bytes of patches that are in no pack yet.
CREATE TABLE loose (number INTEGER PRIMARY KEY, hashed BLOB NOT NULL, contents BLOB NOT NULL);
CREATE TABLE packs (
  pack INTEGER PRIMARY KEY AUTOINCREMENT, patches INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  size INTEGER NOT NULL);
CREATE TABLE signatures (
  patch INTEGER NOT NULL, key BLOB NOT NULL, signature BLOB NOT NULL, PRIMARY KEY (patch, key)) WITHOUT ROWID;
`;

const CHANNELS = `
CREATE TABLE channels (
  channel INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, root BLOB NOT NULL, size INTEGER NOT NULL,
  log INTEGER NOT NULL, log_length INTEGER NOT NULL);
-- The set of a channel: 8192 numbers in each piece, so that a record writes one.
CREATE TABLE channel_bits (
  channel INTEGER NOT NULL REFERENCES channels ON DELETE CASCADE, piece INTEGER NOT NULL, bits BLOB NOT NULL,
  PRIMARY KEY (channel, piece)) WITHOUT ROWID;
-- A fork's log goes on where its parent's was.
CREATE TABLE logs (log INTEGER PRIMARY KEY, parent INTEGER, parent_length INTEGER NOT NULL);
-- Runs of consecutive numbers, in the order in which they were applied.
CREATE TABLE channel_log (
  log INTEGER NOT NULL, position INTEGER NOT NULL, patch INTEGER NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (log, position)) WITHOUT ROWID;
CREATE TABLE tags (
  name TEXT PRIMARY KEY, root BLOB NOT NULL, bits BLOB NOT NULL, at INTEGER NOT NULL, message TEXT NOT NULL,
  signature BLOB) WITHOUT ROWID;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;

const FILES = `
CREATE TABLE inodes (
  inode INTEGER PRIMARY KEY, patch INTEGER NOT NULL, n INTEGER NOT NULL, kind TEXT NOT NULL, UNIQUE (patch, n));
CREATE TABLE facts (
  inode INTEGER NOT NULL, patch INTEGER NOT NULL, facts BLOB NOT NULL, PRIMARY KEY (inode, patch)) WITHOUT ROWID;
CREATE INDEX facts_by_patch ON facts (patch);
CREATE TABLE tree_facts (patch INTEGER PRIMARY KEY, facts BLOB NOT NULL);
CREATE TABLE worktree (
  path TEXT PRIMARY KEY, inode INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, size INTEGER NOT NULL,
  ino INTEGER NOT NULL, mode INTEGER NOT NULL, content_hash BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE remotes (name TEXT PRIMARY KEY, url TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE git_commits (git_commit BLOB PRIMARY KEY, patch INTEGER, tree BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE notes (kind TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
`;

const ATTRIBUTION = `
-- A combination of labels; few have many.
CREATE TABLE attribution_sources (
  source INTEGER PRIMARY KEY, labels TEXT NOT NULL UNIQUE, actor TEXT NOT NULL, provider TEXT, model TEXT,
  suggestion TEXT, tool TEXT, evidence TEXT NOT NULL);
CREATE TABLE patch_attribution (
  patch INTEGER PRIMARY KEY, source INTEGER REFERENCES attribution_sources, salt BLOB NOT NULL, body BLOB NOT NULL,
  confidence_bp INTEGER, acceptance_bp INTEGER, prompt BLOB, tokens_in INTEGER, tokens_out INTEGER,
  cost_micro_usd INTEGER);
CREATE INDEX attribution_by_prompt ON patch_attribution (prompt) WHERE prompt IS NOT NULL;
CREATE TABLE prompts (prompt BLOB PRIMARY KEY, level TEXT NOT NULL, body BLOB) WITHOUT ROWID;
CREATE TABLE reviews (
  patch INTEGER NOT NULL, reviewer BLOB NOT NULL, at INTEGER NOT NULL, verdict TEXT NOT NULL,
  duration_ms INTEGER NOT NULL, lines_shown INTEGER, signature BLOB NOT NULL,
  PRIMARY KEY (patch, reviewer, at)) WITHOUT ROWID;
CREATE TABLE audit (
  n INTEGER PRIMARY KEY, at INTEGER NOT NULL, op TEXT NOT NULL, args TEXT NOT NULL, actor TEXT NOT NULL,
  channel TEXT NOT NULL, root_before BLOB NOT NULL, root_after BLOB NOT NULL, changes TEXT NOT NULL,
  hash BLOB NOT NULL);
CREATE VIEW author_patches AS
  SELECT author.value ->> 0 AS name, author.value ->> 1 AS email, changes.number AS patch, changes.at AS at
  FROM changes JOIN bylines USING (byline), json_each(bylines.authors) AS author;
CREATE VIEW ai_patch_metadata AS
  SELECT patch, actor, provider, model, suggestion, tool, evidence, confidence_bp, acceptance_bp, prompt, tokens_in,
    tokens_out, cost_micro_usd
  FROM patch_attribution JOIN attribution_sources USING (source) WHERE actor IN ('ai', 'mixed');
CREATE VIEW patch_dependencies_attribution AS
  SELECT patch AS dependent, dependency,
    bytes * 10000 / max(1, sum(bytes) OVER (PARTITION BY patch)) AS weight_bp
  FROM dependents;
`;

export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: 'patches, channels and files', sql: PATCHES + CHANNELS + FILES },
  { version: 2, name: 'attribution and audit', sql: ATTRIBUTION },
];

export const SCHEMA_VERSION = MIGRATIONS.length;
