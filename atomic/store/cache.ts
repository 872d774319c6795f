// cache.db: what can be computed again at any time. Never durable, never trusted, never in the way.
// Rule: nothing that happens to this file makes a command fail. One that is damaged or gone is made anew; where that
// fails too, nothing is cached.

import { rmSync } from 'node:fs';

import { Database } from './database.ts';
import type { Cache } from './store.ts';

/** Beyond it the oldest half goes. Room for the rendered lines of some ten thousand files. */
const BYTES_MAX = 256 * 1024 * 1024;
/** Larger things are not worth keeping. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;
/** How often the size is looked at. */
const PUTS_BETWEEN_LOOKS = 64;
/** Another process writes for a moment only; longer is not worth the wait. */
const WAIT_MS = 20;
const VERSION = 1;

export const NO_CACHE: Cache = { get: () => undefined, put: () => undefined, clear: () => undefined };

export class CacheFile implements Cache {
  readonly #path: string;
  #database: Database | null = null;
  #isBroken = false;
  #puts = 0;

  constructor(path: string) {
    this.#path = path;
  }

  get(kind: string, key: Uint8Array): Uint8Array | undefined {
    return this.#attempt((database) => {
      const row = database.row('SELECT body FROM cache WHERE kind = ? AND key = ?', kind, key);
      return row === undefined ? undefined : database.bytes(row, 0);
    });
  }

  put(kind: string, key: Uint8Array, body: Uint8Array): void {
    if (body.length > BODY_BYTES_MAX) return;
    this.#attempt((database) => {
      database.run('INSERT OR REPLACE INTO cache (kind, key, body) VALUES (?, ?, ?)', kind, key, body);
      this.#puts += 1;
      if (this.#puts % PUTS_BETWEEN_LOOKS === 0) makeRoom(database);
    });
  }

  clear(): void {
    this.#attempt((database) => database.execute('DELETE FROM cache'));
  }

  close(): void {
    this.#database?.close();
    this.#database = null;
  }

  #attempt<Result>(step: (database: Database) => Result): Result | undefined {
    if (this.#isBroken) return undefined;
    try {
      return step(this.#opened());
    } catch {
      // Damaged, or from another version: made anew once.
      return this.#anew(step);
    }
  }

  #anew<Result>(step: (database: Database) => Result): Result | undefined {
    try {
      this.close();
      for (const ending of ['', '-wal', '-shm']) rmSync(this.#path + ending, { force: true });
      return step(this.#opened());
    } catch {
      // A folder that cannot be written to, or a full disk: this process does without.
      this.#isBroken = true;
      return undefined;
    }
  }

  #opened(): Database {
    this.#database ??= openCache(this.#path);
    return this.#database;
  }
}

function openCache(path: string): Database {
  const database = new Database(path, { readOnly: false, waitMs: WAIT_MS });
  database.execute('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
  const version = database.number(database.row('PRAGMA user_version'), 0);
  if (version === VERSION) return database;
  database.execute(`
    DROP TABLE IF EXISTS cache;
    CREATE TABLE cache (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key BLOB NOT NULL, body BLOB NOT NULL,
      UNIQUE (kind, key));
    PRAGMA user_version = ${VERSION}`);
  return database;
}

function makeRoom(database: Database): void {
  const count = (name: string): number => database.number(database.row(`PRAGMA ${name}`), 0);
  if ((count('page_count') - count('freelist_count')) * count('page_size') <= BYTES_MAX) return;
  database.execute('DELETE FROM cache WHERE id <= (SELECT (min(id) + max(id)) / 2 FROM cache)');
}
