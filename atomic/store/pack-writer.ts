// Writes a pack: patches come in by rising number, blocks go out as they fill.
// Rule: no file is made before a block is full, so what is small can be taken back and kept loose; the file has its
// name only when every byte of it is durable. What was put in can be read at any time.

import { join } from 'node:path';

import type { PatchNumber } from '../patches/facts.ts';
import type { BlockCache } from './block-cache.ts';
import type { Disk } from './disk.ts';
import { attemptDisk } from './disk-faults.ts';
import {
  BLOCK_BYTES,
  compress,
  decompress,
  encodeIndex,
  MAGIC,
  type Block,
  type Slice,
  type StreamName,
  type WrittenBlock,
} from './pack-format.ts';
import { indexOfNumber } from './rising-numbers.ts';

export interface PackPlace {
  readonly folder: string;
  readonly disk: Disk;
  readonly id: number;
  /** zstd's: low while somebody waits, more where a pack is made anew. */
  readonly level: number;
  readonly cache: BlockCache;
}

export const packName = (id: number): string => `${String(id).padStart(8, '0')}.pack`;
export const UNFINISHED = '.unfinished';

/** A stream as far as it is written: closed blocks, and the parts of the open one. */
interface OpenStream {
  readonly name: StreamName;
  readonly slices: Slice[];
  readonly blocks: Block[];
  parts: Uint8Array[];
  length: number;
}

const openStream = (name: StreamName): OpenStream => ({ name, slices: [], blocks: [], parts: [], length: 0 });

export class PackWriter {
  readonly #place: PackPlace;
  readonly #numbers: PatchNumber[] = [];
  readonly #written: WrittenBlock[] = [];
  readonly #streams = { hashed: openStream('hashed'), contents: openStream('contents') };
  #file: number | null = null;
  #size = 0;

  constructor(place: PackPlace) {
    this.#place = place;
  }

  get numbers(): readonly PatchNumber[] {
    return this.#numbers;
  }

  get hasFile(): boolean {
    return this.#file !== null;
  }

  add(number: PatchNumber, hashed: Uint8Array, contents: Uint8Array): void {
    if (number <= (this.#numbers.at(-1) ?? 0)) throw new RangeError('Patches come into a pack by rising number.');
    this.#numbers.push(number);
    this.#append(this.#streams.hashed, hashed);
    this.#append(this.#streams.contents, contents);
  }

  /** A patch that was put in, or undefined. */
  read(number: PatchNumber, name: StreamName): Uint8Array | undefined {
    const stream = this.#streams[name];
    const index = indexOfNumber(this.#numbers, number);
    const slice = stream.slices[index];
    if (slice === undefined) return undefined;
    const block = stream.blocks[slice.block];
    if (block === undefined) return stream.parts[index - (stream.slices.length - stream.parts.length)];
    const key = blockKey(this.#place.id, name, slice.block);
    return this.#place.cache.get(key, () => this.#readBlock(block)).subarray(slice.start, slice.start + slice.length);
  }

  /** Makes the pack durable under its name, and says how long it is. */
  finish(): number {
    const { folder, disk, id } = this.#place;
    this.#closeBlock(this.#streams.hashed);
    this.#closeBlock(this.#streams.contents);
    const path = join(folder, packName(id));
    const { hashed, contents } = this.#streams;
    const index = encodeIndex({
      numbers: this.#numbers,
      hashed: hashed.slices,
      contents: contents.slices,
      blocks: this.#written,
    });
    return attemptDisk(path, () => {
      this.#write(index);
      const file = this.#opened();
      disk.sync(file);
      disk.close(file);
      this.#file = null;
      disk.rename(path + UNFINISHED, path);
      disk.syncFolder(folder);
      return this.#size;
    });
  }

  /** Removes what was written. Never fails: a leftover is harmless, and `sweep` finds it. */
  abandon(): void {
    const { folder, disk, id, cache } = this.#place;
    // The number of the pack is given out again, with other blocks.
    cache.clear();
    if (this.#file === null) return;
    const file = this.#file;
    this.#file = null;
    try {
      disk.close(file);
      disk.remove(join(folder, packName(id) + UNFINISHED));
    } catch {
      // The failure that led here is the one that people are told of.
      return;
    }
  }

  #append(stream: OpenStream, bytes: Uint8Array): void {
    stream.slices.push({ block: stream.blocks.length, start: stream.length, length: bytes.length });
    stream.parts.push(bytes);
    stream.length += bytes.length;
    if (stream.length >= BLOCK_BYTES) this.#closeBlock(stream);
  }

  #closeBlock(stream: OpenStream): void {
    const patches = stream.parts.length;
    if (patches === 0) return;
    const stored = compress(Buffer.concat(stream.parts), this.#place.level);
    attemptDisk(join(this.#place.folder, packName(this.#place.id)), () => {
      const file = this.#opened();
      stream.blocks.push({ at: this.#size, storedLength: stored.length, length: stream.length });
      this.#written.push({ stream: stream.name, storedLength: stored.length, length: stream.length, patches });
      this.#place.disk.write(file, stored);
      this.#size += stored.length;
    });
    stream.parts = [];
    stream.length = 0;
  }

  #readBlock({ at, storedLength, length }: Block): Uint8Array {
    const path = join(this.#place.folder, packName(this.#place.id) + UNFINISHED);
    return attemptDisk(path, () => decompress(this.#place.disk.read(this.#opened(), at, storedLength), length, path));
  }

  #write(bytes: Uint8Array): void {
    this.#place.disk.write(this.#opened(), bytes);
    this.#size += bytes.length;
  }

  #opened(): number {
    if (this.#file !== null) return this.#file;
    const { folder, disk, id } = this.#place;
    const path = join(folder, packName(id) + UNFINISHED);
    disk.makeFolder(folder);
    disk.remove(path);
    this.#file = disk.create(path);
    disk.write(this.#file, MAGIC);
    this.#size = MAGIC.length;
    return this.#file;
  }
}

export const blockKey = (pack: number, stream: StreamName, block: number): string => `${pack} ${stream} ${block}`;
