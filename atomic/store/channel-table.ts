// The channels as they are in the database: sets, roots and logs.
// Rule: a channel that was handed out never changes; a write makes another one and puts it in its place.

import type { PatchNumber } from '../patches/facts.ts';
import type { Database, Row } from './database.ts';
import { channelUnknown, storeDamaged } from './faults.ts';
import { PatchSet, type ReadonlyPatchSet } from './patch-set.ts';
import { setOfPieces } from './set-bytes.ts';
import type { Channel } from './store.ts';

export interface ChannelState extends Channel {
  readonly id: number;
  readonly log: number;
  readonly logLength: number;
}

/** Rows of a log read at once. */
const LOG_ROWS = 256;
/** A fork of a fork of a fork …: deeper is damage. */
const FORKS_MAX = 10_000;
const COLUMNS = 'channel, name, root, size, log, log_length';

export class ChannelTable {
  readonly #database: Database;
  readonly #states = new Map<string, ChannelState>();

  constructor(database: Database) {
    this.#database = database;
  }

  get(name: string): ChannelState | undefined {
    const known = this.#states.get(name);
    if (known !== undefined) return known;
    const state = this.#database.snapshot(() => {
      const row = this.#database.row(`SELECT ${COLUMNS} FROM channels WHERE name = ?`, name);
      return row === undefined ? undefined : this.#stateOf(row);
    });
    if (state !== undefined) this.#states.set(name, state);
    return state;
  }

  required(name: string): ChannelState {
    const state = this.get(name);
    if (state === undefined) throw channelUnknown(name);
    return state;
  }

  list(): readonly { readonly name: string; readonly size: number; readonly root: Uint8Array }[] {
    const database = this.#database;
    return database.rows('SELECT name, size, root FROM channels ORDER BY name').map((row) => ({
      name: database.text(row, 0),
      size: database.number(row, 1),
      root: database.bytes(row, 2),
    }));
  }

  current(): string {
    const row = this.#database.row(
      "SELECT channels.name FROM settings JOIN channels ON channels.channel = settings.value + 0 WHERE settings.name = 'channel'",
    );
    return this.#database.text(row, 0);
  }

  /** What a write made of a channel, or null where it is gone. */
  put(name: string, state: ChannelState | null): void {
    if (state === null) this.#states.delete(name);
    else this.#states.set(name, state);
  }

  /** Everything is read anew. */
  forget(): void {
    this.#states.clear();
  }

  *log(name: string): Generator<PatchNumber> {
    const state = this.required(name);
    const seen = new PatchSet();
    for (const number of this.#entries(state)) if (state.set.has(number) && seen.add(number)) yield number;
  }

  #stateOf(row: Row): ChannelState {
    const database = this.#database;
    const id = database.number(row, 0);
    return {
      id,
      name: database.text(row, 1),
      root: database.bytes(row, 2),
      set: this.#setOf(id, database.number(row, 3)),
      log: database.number(row, 4),
      logLength: database.number(row, 5),
    };
  }

  #setOf(channel: number, size: number): ReadonlyPatchSet {
    const database = this.#database;
    const pieces = database
      .rows('SELECT piece, bits FROM channel_bits WHERE channel = ?', channel)
      .map((row) => ({ piece: database.number(row, 0), bits: database.bytes(row, 1) }));
    const set = damagedUnless(database.path, () => setOfPieces(pieces));
    if (set.size !== size) throw storeDamaged(database.path);
    return set;
  }

  /** All that was ever applied, from the last to the first, also what was taken out since. */
  *#entries(state: ChannelState): Generator<PatchNumber> {
    const database = this.#database;
    let log: number | null = state.log;
    let end = state.logLength;
    for (let forks = 0; log !== null && forks < FORKS_MAX; forks += 1) {
      const origin = database.row('SELECT parent, parent_length FROM logs WHERE log = ?', log);
      yield* this.#entriesOfOne(log, end);
      log = database.numberOrNull(origin, 0);
      end = database.number(origin, 1);
    }
  }

  *#entriesOfOne(log: number, before: number): Generator<PatchNumber> {
    const database = this.#database;
    for (let end = before; ;) {
      const rows = database.rows(LOG_BEFORE, log, end);
      for (const row of rows) {
        const position = database.number(row, 0);
        const first = database.number(row, 1);
        // A run that the parent made longer after the fork counts only up to the fork.
        const count = Math.min(database.number(row, 2), before - position);
        for (let index = count - 1; index >= 0; index -= 1) yield first + index;
        end = position;
      }
      if (rows.length < LOG_ROWS) return;
    }
  }
}

function damagedUnless<Result>(path: string, step: () => Result): Result {
  try {
    return step();
  } catch (cause) {
    throw storeDamaged(path, cause);
  }
}

const LOG_BEFORE = `SELECT position, patch, count FROM channel_log WHERE log = ? AND position < ?
  ORDER BY position DESC LIMIT ${LOG_ROWS}`;
