// Makes and opens stores, and puts their parts together.
// Rule: opening reads a schema version and no rows, however many patches there are.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { Fault, systemClock } from 'kernel/basics';

import { Ancestry } from './ancestry.ts';
import { attributionsOf } from './attribution-tables.ts';
import { auditLogOf } from './audit-table.ts';
import { CacheFile, NO_CACHE } from './cache.ts';
import { ChannelTable } from './channel-table.ts';
import { ChannelTries } from './channel-tries.ts';
import { Database } from './database.ts';
import { realDisk } from './disk.ts';
import { attemptDisk } from './disk-faults.ts';
import { storeExists, storeMissing } from './faults.ts';
import { filesOf } from './file-tables.ts';
import { mendStore } from './mend.ts';
import { createSchema, migrate } from './migrate.ts';
import { namesOf } from './name-tables.ts';
import { CACHE, PACKS, PRISTINE, type StoreParts } from './parts.ts';
import { UNFINISHED } from './pack-writer.ts';
import { PatchBytes } from './patch-bytes.ts';
import { PatchNumbers } from './patch-numbers.ts';
import { patchesOf } from './patch-tables.ts';
import type { Channels, PatchStore, StoreOptions } from './store.ts';
import { verifyStore } from './verify.ts';
import { WriterNote } from './writer-note.ts';
import { writingOf } from './writing.ts';

export const FIRST_CHANNEL = 'main';
const WAIT_MS_MAX = 10_000;
/** The WAL is cut back to this after a large write. */
const WAL_BYTES = 8 * 1024 * 1024;
/** SQLite's own pages in memory: enough for the index of 100,000 hashes. */
const PAGES_KIB = 16 * 1024;

/** Makes a store in a folder (the `.atomic` of a working copy) and opens it. It is there whole, or not at all. */
export function initStore(folder: string, options: StoreOptions = {}): PatchStore {
  const disk = options.disk ?? realDisk;
  const path = join(folder, PRISTINE);
  if (disk.exists(path)) throw storeExists(folder);
  const unfinished = path + UNFINISHED;
  attemptDisk(folder, () => {
    disk.makeFolder(folder);
    for (const ending of ['', '-wal', '-shm']) disk.remove(unfinished + ending);
  });
  writeFirstTables(unfinished);
  attemptDisk(path, () => {
    disk.rename(unfinished, path);
    disk.syncFolder(folder);
  });
  return openStore(folder, options);
}

function writeFirstTables(path: string): void {
  const database = new Database(path, { readOnly: false, waitMs: 0 });
  try {
    database.execute('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
    createSchema(database);
    database.execute(`
      INSERT INTO logs (log, parent, parent_length) VALUES (1, NULL, 0);
      INSERT INTO channels (channel, name, root, size, log, log_length)
        VALUES (1, '${FIRST_CHANNEL}', zeroblob(32), 0, 1, 0);
      INSERT INTO settings VALUES ('channel', '1');
      COMMIT`);
    // The file alone is what gets its name.
    database.execute('PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}

export function openStore(folder: string, options: StoreOptions = {}): PatchStore {
  const path = join(folder, PRISTINE);
  if (!existsSync(path)) throw storeMissing(folder);
  const note = new WriterNote(join(folder, 'writer'), options.processName ?? 'atomic');
  const database = openPristine(path, options, note);
  try {
    migrate(database, options.readOnly === true);
    return storeOf(partsOf(folder, database, options), options, note);
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function openPristine(path: string, options: StoreOptions, note: WriterNote): Database {
  const readOnly = options.readOnly === true;
  const waitMs = options.waitMsMax ?? WAIT_MS_MAX;
  const database = new Database(path, { readOnly, waitMs, holder: () => note.read(), onlyInTransaction: true });
  try {
    if (!readOnly)
      database.execute(
        `PRAGMA synchronous = FULL; PRAGMA journal_size_limit = ${WAL_BYTES}; PRAGMA cache_size = -${PAGES_KIB}`,
      );
    if (options.databaseBytesMax !== undefined) limitSize(database, options.databaseBytesMax);
    database.row('SELECT 1 FROM sqlite_schema');
    return database;
  } catch (thrown) {
    database.close();
    // Where no file may be made beside it, SQLite reads a database only as one that nobody writes to.
    if (!readOnly || !isReadOnlyFault(thrown) || existsSync(`${path}-wal`)) throw thrown;
    return new Database(path, { readOnly, waitMs, immutable: true });
  }
}

function limitSize(database: Database, bytesMax: number): void {
  const pageBytes = database.number(database.row('PRAGMA page_size'), 0);
  database.execute(`PRAGMA max_page_count = ${Math.ceil(bytesMax / pageBytes)}`);
}

const isReadOnlyFault = (thrown: unknown): boolean =>
  thrown instanceof Fault && (thrown.code === 'ATOMIC_STORE_CANNOT_OPEN' || thrown.code === 'ATOMIC_STORE_READ_ONLY');

interface OpenParts extends StoreParts {
  close(): void;
}

function partsOf(folder: string, database: Database, options: StoreOptions): OpenParts {
  const disk = options.disk ?? realDisk;
  const cacheFile = options.readOnly === true ? null : new CacheFile(join(folder, CACHE));
  const cache = cacheFile ?? NO_CACHE;
  const numbers = new PatchNumbers(database);
  const bytes = new PatchBytes(database, disk, join(folder, PACKS));
  const tries = new ChannelTries(database, numbers, cache);
  return {
    folder,
    database,
    disk,
    clock: options.clock ?? systemClock,
    numbers,
    ancestry: new Ancestry(database),
    bytes,
    channels: new ChannelTable(database),
    tries,
    cache,
    bylines: new Map(),
    close: () => {
      tries.save(true);
      bytes.close();
      cacheFile?.close();
      database.close();
    },
  };
}

function storeOf(parts: OpenParts, options: StoreOptions, note: WriterNote): PatchStore {
  const { database } = parts;
  const readOnly = options.readOnly === true;
  const refresh = refreshOf(parts);
  const writing = writingOf(parts, { readOnly, refresh, onLocked: () => note.write() });
  const attributions = attributionsOf(parts);
  return {
    folder: parts.folder,
    readOnly,
    patches: patchesOf(parts, attributions, refresh),
    channels: channelsOf(parts, refresh),
    files: filesOf(database),
    attributions,
    audit: auditLogOf(database),
    names: namesOf(database),
    cache: parts.cache,
    read: (work) => readOnce(parts, refresh, work),
    write: writing.write,
    pack: ({ all = false } = {}) => writing.pack(all),
    sweep: writing.sweep,
    verify: (derive) => readOnce(parts, refresh, () => verifyStore(parts, derive)),
    mend: (derive) => mendStore(parts, writing, derive),
    close: () => {
      parts.close();
      note.close();
    },
  };
}

/** What another process has written is seen after this. */
function refreshOf({ database, numbers, ancestry, bytes, channels, bylines }: StoreParts): () => void {
  let seen = -1;
  return () => {
    const version = database.version();
    if (version === seen) return;
    seen = version;
    numbers.refresh();
    ancestry.forgetKnowers();
    bytes.forgetPacks();
    channels.forget();
    bylines.clear();
  };
}

/** How often a moment is given up for a later one because a pack of it was replaced just then. */
const MOMENTS_MAX = 5;

function readOnce<Result>({ database, bytes }: StoreParts, refresh: () => void, work: () => Result): Result {
  if (database.isInTransaction) return work();
  for (let moment = 1; ; moment += 1) {
    const outcome = database.snapshot(() => {
      // A transaction sees the moment of its first look.
      database.row('SELECT 1 FROM schema_version');
      refresh();
      return bytes.hold() || moment === MOMENTS_MAX ? { result: work() } : 'too late';
    });
    if (outcome !== 'too late') return outcome.result;
  }
}

function channelsOf({ channels, tries }: StoreParts, refresh: () => void): Channels {
  return {
    list: () => channels.list(),
    current: () => channels.current(),
    get: (name) => {
      refresh();
      return channels.get(name);
    },
    trieOf: (name) => {
      refresh();
      const state = channels.get(name);
      return state === undefined ? undefined : tries.trieOf(state.id, state.set, state.root);
    },
    log: (name) => {
      refresh();
      return channels.log(name);
    },
  };
}
