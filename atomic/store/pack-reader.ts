// Reads packs: each one's index once, its blocks when asked for.
// Rule: a pack never changes. One that is gone was replaced by another with the same patches; whoever misses it looks
// at the list again.

import { join } from 'node:path';

import type { PatchNumber } from '../patches/facts.ts';
import type { BlockCache } from './block-cache.ts';
import type { Disk } from './disk.ts';
import { attemptDisk } from './disk-faults.ts';
import { packDamaged } from './faults.ts';
import {
  decodeIndex,
  decompress,
  FOOTER_BYTES,
  MAGIC,
  readFooter,
  sliceOf,
  type PackIndex,
  type StreamName,
} from './pack-format.ts';
import { blockKey, packName } from './pack-writer.ts';
import { indexOfNumber } from './rising-numbers.ts';

export interface PackRow {
  readonly id: number;
  readonly patches: number;
  readonly first: PatchNumber;
  readonly last: PatchNumber;
  readonly size: number;
}

export interface PackFolder {
  readonly folder: string;
  readonly disk: Disk;
  readonly cache: BlockCache;
}

export class PackReader {
  readonly row: PackRow;
  readonly path: string;
  readonly #place: PackFolder;
  #file: number | null = null;
  #index: PackIndex | null = null;

  constructor(row: PackRow, place: PackFolder) {
    this.row = row;
    this.path = join(place.folder, packName(row.id));
    this.#place = place;
  }

  /** A patch's bytes in one stream, as a view; undefined when it is not in here. */
  read(number: PatchNumber, stream: StreamName): Uint8Array | undefined {
    if (number < this.row.first || number > this.row.last) return undefined;
    const { file, index } = this.#open();
    const at = indexOfNumber(index.numbers, number);
    if (at === -1) return undefined;
    const slice = sliceOf(index[stream], at);
    const block = index[stream].blocks[slice.block];
    if (block === undefined) throw packDamaged(this.path, 'Its index names a block that is not there.');
    const bytes = this.#place.cache.get(blockKey(this.row.id, stream, slice.block), () =>
      decompress(this.#read(file, block.at, block.storedLength), block.length, this.path),
    );
    return bytes.subarray(slice.start, slice.start + slice.length);
  }

  numbers(): Int32Array {
    return this.#open().index.numbers;
  }

  /** Opens the file, so that it can be read also after another process has replaced it by a larger one. */
  hold(): number {
    this.#file ??= attemptDisk(this.path, () => this.#place.disk.open(this.path));
    return this.#file;
  }

  close(): void {
    if (this.#file !== null) this.#place.disk.close(this.#file);
    this.#file = null;
  }

  #open(): { readonly file: number; readonly index: PackIndex } {
    const file = this.hold();
    this.#index ??= this.#readIndex(file);
    return { file, index: this.#index };
  }

  #readIndex(file: number): PackIndex {
    const size = attemptDisk(this.path, () => this.#place.disk.size(file));
    if (size !== this.row.size) throw packDamaged(this.path, `It has ${size} bytes instead of ${this.row.size}.`);
    const magic = this.#read(file, 0, MAGIC.length);
    if (!MAGIC.every((byte, at) => magic[at] === byte)) throw packDamaged(this.path, 'It does not begin as a pack.');
    const footer = this.#read(file, size - FOOTER_BYTES, FOOTER_BYTES);
    const { stored } = readFooter(footer, this.path);
    const at = size - FOOTER_BYTES - stored;
    if (at < MAGIC.length) throw packDamaged(this.path, 'Its index is longer than the file.');
    return decodeIndex(this.#read(file, at, stored), footer, size, this.path);
  }

  #read(file: number, at: number, length: number): Uint8Array {
    const bytes = attemptDisk(this.path, () => this.#place.disk.read(file, at, length));
    if (bytes.length !== length) throw packDamaged(this.path, 'It was cut off.');
    return bytes;
  }
}
