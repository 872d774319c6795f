// Where the bytes of a patch are: in the write that is going on, loose in the database, or in a pack.
// Rule: bytes never change, so whatever was found once may be kept; only where they lie does change, when another
// process packs. Then the list of packs is read again before a patch counts as gone.

import type { PatchNumber } from '../patches/facts.ts';
import { BlockCache } from './block-cache.ts';
import type { Database } from './database.ts';
import type { Disk } from './disk.ts';
import type { StreamName } from './pack-format.ts';
import { PackReader, type PackRow } from './pack-reader.ts';
import { PackWriter } from './pack-writer.ts';

/** Enough for the blocks of a few hundred files' histories. */
const CACHE_BYTES_MAX = 64 * 1024 * 1024;

export class PatchBytes {
  readonly #database: Database;
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #cache = new BlockCache(CACHE_BYTES_MAX);
  #packs: readonly PackReader[] | null = null;
  #looseCount: number | null = null;
  /** What the write that is going on has put in. */
  #writer: PackWriter | null = null;

  constructor(database: Database, disk: Disk, folder: string) {
    this.#database = database;
    this.#disk = disk;
    this.#folder = folder;
  }

  /** A view, or undefined when the bytes are nowhere. */
  find(number: PatchNumber, stream: StreamName): Uint8Array | undefined {
    try {
      const bytes = this.#look(number, stream);
      if (bytes !== undefined || !this.#arePacksOther()) return bytes;
    } catch (thrown) {
      // A pack that another process has replaced by a larger one is no damage.
      if (!this.#arePacksOther()) throw thrown;
    }
    this.forgetPacks();
    return this.#look(number, stream);
  }

  /** The writer that takes what the write that is going on adds. */
  writer(level: number): PackWriter {
    this.#writer ??= this.packWriter(level);
    return this.#writer;
  }

  get pending(): PackWriter | null {
    return this.#writer;
  }

  /** A writer of the next pack. Only to be made by whoever may write. */
  packWriter(level: number): PackWriter {
    const last = this.#database.row("SELECT seq FROM sqlite_sequence WHERE name = 'packs'");
    const id = (last === undefined ? 0 : this.#database.number(last, 0)) + 1;
    return new PackWriter({ folder: this.#folder, disk: this.#disk, id, level, cache: this.#cache });
  }

  /** The write has ended, or its pack is finished: what it put in is in the database or a pack now, or nowhere. */
  settle(): void {
    this.#writer = null;
  }

  packs(): readonly PackReader[] {
    this.#packs ??= this.rows().map((row) => new PackReader(row, this.#place()));
    return this.#packs;
  }

  rows(): readonly PackRow[] {
    const database = this.#database;
    return database.rows('SELECT pack, patches, first, last, size FROM packs ORDER BY pack DESC').map((row) => ({
      id: database.number(row, 0),
      patches: database.number(row, 1),
      first: database.number(row, 2),
      last: database.number(row, 3),
      size: database.number(row, 4),
    }));
  }

  /** Opens all packs, so that whatever is replaced meanwhile stays readable. False where one is gone already. */
  hold(): boolean {
    if (this.#arePacksOther()) this.forgetPacks();
    try {
      for (const pack of this.packs()) pack.hold();
      return true;
    } catch {
      // Replaced since this moment, or damaged: whoever reads from it will hear which.
      return false;
    }
  }

  /** How many patches lie loose. Counted once, then kept. */
  get looseCount(): number {
    this.#looseCount ??= this.#database.number(this.#database.row('SELECT count(*) FROM loose'), 0);
    return this.#looseCount;
  }

  noteLoose(more: number): void {
    if (this.#looseCount !== null) this.#looseCount += more;
  }

  /** The list of packs is read again at the next look, and loose patches are counted again. */
  forgetPacks(): void {
    this.#looseCount = null;
    for (const pack of this.#packs ?? []) pack.close();
    this.#packs = null;
  }

  close(): void {
    this.forgetPacks();
    this.#cache.clear();
  }

  #place(): { readonly folder: string; readonly disk: Disk; readonly cache: BlockCache } {
    return { folder: this.#folder, disk: this.#disk, cache: this.#cache };
  }

  #look(number: PatchNumber, stream: StreamName): Uint8Array | undefined {
    const pending = this.#writer?.read(number, stream);
    if (pending !== undefined) return pending;
    for (const pack of this.packs()) {
      const bytes = pack.read(number, stream);
      if (bytes !== undefined) return bytes;
    }
    return this.#loose(number, stream);
  }

  #loose(number: PatchNumber, stream: StreamName): Uint8Array | undefined {
    const key = `loose ${stream} ${number}`;
    const known = this.#cache.peek(key);
    if (known !== undefined) return known;
    const row = this.#database.row(`SELECT ${stream} FROM loose WHERE number = ?`, number);
    return row === undefined ? undefined : this.#cache.get(key, () => this.#database.bytes(row, 0));
  }

  #arePacksOther(): boolean {
    const known = this.packs().map((pack) => pack.row.id);
    return (
      known.join() !==
      this.rows()
        .map((row) => row.id)
        .join()
    );
  }
}
