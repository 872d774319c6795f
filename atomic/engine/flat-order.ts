// All segments of a text in one line, the dead included, while the order of the alive ones is total.
// Rule: it is a linear extension of the order graph, so whatever stands between two segments on a path stands between them
// here. Blocks of a few hundred keep an insertion cheap; their sums of alive bytes find an offset in the text.

import { Column, NONE } from './column.ts';
import type { Segments } from './segments.ts';

/** Segments in a block: moving half of them costs about as much as finding the block. Measured with 10k patches. */
const BLOCK_ROOM = 256;
/** How full blocks are at first, so that the next insertions do not split them. */
const BLOCK_FILL = 192;

export class FlatOrder {
  readonly #segments: Segments;
  /** Block of each segment, or NONE. */
  readonly #blockOf: Column;
  readonly #cells: Column;
  readonly #count: Column;
  readonly #bytes: Column;
  /** Blocks in order, and where each of them stands among them. */
  readonly #sequence: Column;
  readonly #rank: Column;

  constructor(segments: Segments, from?: FlatOrder) {
    const copied = (pick: (order: FlatOrder) => Column): Column =>
      from === undefined ? new Column() : pick(from).copy();
    this.#segments = segments;
    this.#blockOf = copied((order) => order.#blockOf);
    this.#cells = copied((order) => order.#cells);
    this.#count = copied((order) => order.#count);
    this.#bytes = copied((order) => order.#bytes);
    this.#sequence = copied((order) => order.#sequence);
    this.#rank = copied((order) => order.#rank);
  }

  /** Puts a segment at the end. */
  append(segment: number): void {
    const last = this.#sequence.get(this.#sequence.length - 1);
    const block = last === NONE || this.#count.get(last) >= BLOCK_FILL ? this.#open(this.#sequence.length) : last;
    this.#put(block, this.#count.get(block), segment);
  }

  has(segment: number): boolean {
    return this.#blockOf.get(segment) !== NONE;
  }

  /** Puts a segment right after another; after NONE: before all. */
  insertAfter(previous: number, segment: number): void {
    let block = previous === NONE ? this.#sequence.get(0) : this.#blockOf.get(previous);
    if (block === NONE) return this.append(segment);
    if (this.#count.get(block) === BLOCK_ROOM) {
      this.#halve(block);
      block = previous === NONE ? block : this.#blockOf.get(previous);
    }
    this.#put(block, previous === NONE ? 0 : this.#indexIn(block, previous) + 1, segment);
  }

  remove(segment: number): void {
    const block = this.#blockOf.get(segment);
    const from = block * BLOCK_ROOM;
    const at = from + this.#indexIn(block, segment);
    const count = this.#count.get(block);
    this.addBytes(segment, -this.#aliveBytes(segment));
    this.#cells.move(at, at + 1, from + count);
    this.#count.set(block, count - 1);
    this.#blockOf.set(segment, NONE);
  }

  /** A segment of it has so many alive bytes more than before. */
  addBytes(segment: number, bytes: number): void {
    const block = this.#blockOf.get(segment);
    this.#bytes.set(block, this.#bytes.get(block) + bytes);
  }

  /** The segments after one, in order; after NONE: all. */
  *after(segment: number): Generator<number> {
    const block = segment === NONE ? this.#sequence.get(0) : this.#blockOf.get(segment);
    if (block === NONE) return;
    let index = segment === NONE ? 0 : this.#indexIn(block, segment) + 1;
    for (let rank = this.#rank.get(block); rank < this.#sequence.length; rank += 1) {
      const here = this.#sequence.get(rank);
      for (; index < this.#count.get(here); index += 1) yield this.#cells.get(here * BLOCK_ROOM + index);
      index = 0;
    }
  }

  /** The segments before one, backwards; before NONE: all. */
  *before(segment: number): Generator<number> {
    const block = segment === NONE ? this.#sequence.get(this.#sequence.length - 1) : this.#blockOf.get(segment);
    if (block === NONE) return;
    let index = (segment === NONE ? this.#count.get(block) : this.#indexIn(block, segment)) - 1;
    for (let rank = this.#rank.get(block); rank >= 0; rank -= 1) {
      const here = this.#sequence.get(rank);
      for (; index >= 0; index -= 1) yield this.#cells.get(here * BLOCK_ROOM + index);
      index = this.#count.get(this.#sequence.get(rank - 1)) - 1;
    }
  }

  /** The alive segment that holds the byte at an offset of the text, and the offset of its own first byte. */
  at(offset: number): { readonly segment: number; readonly start: number } | undefined {
    let start = 0;
    for (let rank = 0; rank < this.#sequence.length; rank += 1) {
      const block = this.#sequence.get(rank);
      const bytes = this.#bytes.get(block);
      if (offset >= start + bytes) {
        start += bytes;
        continue;
      }
      for (let index = 0; index < this.#count.get(block); index += 1) {
        const segment = this.#cells.get(block * BLOCK_ROOM + index);
        const alive = this.#aliveBytes(segment);
        if (offset < start + alive) return { segment, start };
        start += alive;
      }
    }
    return undefined;
  }

  copy(segments: Segments): FlatOrder {
    return new FlatOrder(segments, this);
  }

  #aliveBytes(segment: number): number {
    return this.#segments.alive.get(segment) === 1 ? this.#segments.bytes(segment) : 0;
  }

  #indexIn(block: number, segment: number): number {
    const from = block * BLOCK_ROOM;
    let at = from;
    while (this.#cells.get(at) !== segment) at += 1;
    return at - from;
  }

  #put(block: number, index: number, segment: number): void {
    const from = block * BLOCK_ROOM;
    const count = this.#count.get(block);
    this.#cells.move(from + index + 1, from + index, from + count);
    this.#cells.set(from + index, segment);
    this.#count.set(block, count + 1);
    this.#own(block, segment);
    this.addBytes(segment, this.#aliveBytes(segment));
  }

  #own(block: number, segment: number): void {
    while (this.#blockOf.length <= segment) this.#blockOf.push(NONE);
    this.#blockOf.set(segment, block);
  }

  /** A block without segments, at this rank. */
  #open(rank: number): number {
    const block = this.#count.push(0);
    this.#bytes.push(0);
    this.#cells.extend(BLOCK_ROOM);
    this.#rank.push(rank);
    this.#sequence.push(block);
    this.#sequence.move(rank + 1, rank, this.#sequence.length - 1);
    this.#sequence.set(rank, block);
    for (let later = rank + 1; later < this.#sequence.length; later += 1)
      this.#rank.set(this.#sequence.get(later), later);
    return block;
  }

  /** Moves the second half of a full block to one of its own. */
  #halve(block: number): void {
    const rest = this.#open(this.#rank.get(block) + 1);
    const half = BLOCK_ROOM / 2;
    this.#count.set(block, half);
    for (let index = half; index < BLOCK_ROOM; index += 1) {
      const segment = this.#cells.get(block * BLOCK_ROOM + index);
      this.addBytes(segment, -this.#aliveBytes(segment));
      this.#put(rest, index - half, segment);
    }
  }
}
