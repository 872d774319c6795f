// Segments: maximal stretches of inserted bytes that no fact cuts, as columns. Research C2.1.
// Rule: a cut is representation only. Whatever is asked of the engine has the same answer however its text is cut.
// A patch has a slot here: a small number of this text, so that what is kept by patch is a column too.

import type { PatchNumber, Range } from '../patches/facts.ts';
import { factsDangling } from '../patches/faults.ts';
import { Column, NONE } from './column.ts';
import { Shelves } from './shelves.ts';

export class Segments {
  readonly slot: Column;
  /** Bytes `start` up to, without, `end` of the patch's contents. */
  readonly start: Column;
  readonly end: Column;
  /** The insertion it is part of, or NONE once that was withdrawn. */
  readonly insert: Column;
  /** Neighbours in the same insertion. */
  readonly before: Column;
  readonly after: Column;
  /** First edge out of its last byte, first edge into its first byte, first mark. */
  readonly outs: Column;
  readonly ins: Column;
  readonly marks: Column;
  /** 1 or 0. */
  readonly alive: Column;
  readonly #slots: Map<PatchNumber, number>;
  readonly #patches: Column;
  readonly #shelves: Shelves;

  constructor(from?: Segments) {
    this.slot = from?.slot.copy() ?? new Column();
    this.start = from?.start.copy() ?? new Column();
    this.end = from?.end.copy() ?? new Column();
    this.insert = from?.insert.copy() ?? new Column();
    this.before = from?.before.copy() ?? new Column();
    this.after = from?.after.copy() ?? new Column();
    this.outs = from?.outs.copy() ?? new Column();
    this.ins = from?.ins.copy() ?? new Column();
    this.marks = from?.marks.copy() ?? new Column();
    this.alive = from?.alive.copy() ?? new Column();
    this.#slots = new Map(from === undefined ? [] : from.#slots);
    this.#patches = from === undefined ? new Column() : from.#patches.copy();
    this.#shelves = from === undefined ? new Shelves() : from.#shelves.copy();
  }

  get count(): number {
    return this.slot.length;
  }

  /** Makes room for so many rows at once. */
  reserve(rows: number): void {
    const { slot, start, end, insert, before, after, outs, ins, marks, alive } = this;
    for (const column of [slot, start, end, insert, before, after, outs, ins, marks, alive]) column.reserve(rows);
  }

  patchOf(segment: number): PatchNumber {
    return this.#patches.get(this.slot.get(segment));
  }

  patchIn(slot: number): PatchNumber {
    return this.#patches.get(slot);
  }

  /** The patch's slot; a new one where it has none. */
  slotFor(patch: PatchNumber): number {
    const known = this.#slots.get(patch);
    if (known !== undefined) return known;
    const slot = this.#patches.push(patch);
    this.#slots.set(patch, slot);
    this.#shelves.open();
    return slot;
  }

  bytes(segment: number): number {
    return this.end.get(segment) - this.start.get(segment);
  }

  /** The segment that holds the byte, or NONE. */
  find(patch: PatchNumber, offset: number): number {
    const slot = this.#slots.get(patch);
    if (slot === undefined) return NONE;
    const segment = this.#shelves.at(slot, this.#shelves.indexAt(slot, offset, this.start));
    return segment !== NONE && offset < this.end.get(segment) ? segment : NONE;
  }

  /** @throws Fault ATOMIC_FACTS_DANGLING */
  holding(patch: PatchNumber, offset: number): number {
    const segment = this.find(patch, offset);
    if (segment === NONE) throw factsDangling(patch, offset);
    return segment;
  }

  /** The segments that hold bytes of a range, in order. @throws Fault ATOMIC_FACTS_DANGLING */
  within({ patch, start, end }: Range): readonly number[] {
    if (start >= end) return [];
    const found = [this.holding(patch, start)];
    for (let last = found[0] ?? NONE; this.end.get(last) < end; found.push(last)) last = this.following(last);
    return found;
  }

  /** The segment that goes on where this one ends. @throws Fault ATOMIC_FACTS_DANGLING */
  following(segment: number): number {
    const after = this.after.get(segment);
    return after === NONE ? this.holding(this.patchOf(segment), this.end.get(segment)) : after;
  }

  /** A segment after all others of its patch, alive. */
  append(slot: number, start: number, end: number, insert: number): number {
    return this.#place(slot, this.#shelves.count(slot), { start, end, insert });
  }

  /** A segment where its bytes belong among those of its patch, alive. */
  add(slot: number, start: number, end: number, insert: number): number {
    return this.#place(slot, this.#shelves.indexAt(slot, start, this.start) + 1, { start, end, insert });
  }

  /** Ends a segment before the offset. The rest, with all edges that lead out, is the new segment it returns. */
  split(segment: number, offset: number): number {
    const [slot, end, insert] = [this.slot.get(segment), this.end.get(segment), this.insert.get(segment)];
    this.end.set(segment, offset);
    const rest = this.add(slot, offset, end, insert);
    this.join(rest, this.after.get(segment));
    this.join(segment, rest);
    this.alive.set(rest, this.alive.get(segment));
    this.outs.set(rest, this.outs.get(segment));
    this.outs.set(segment, NONE);
    return rest;
  }

  /** Makes two segments of one insertion neighbours. */
  join(segment: number, next: number): void {
    this.after.set(segment, next);
    if (next !== NONE) this.before.set(next, segment);
  }

  /** Every segment of the patch is gone; their rows stay empty. */
  clear(patch: PatchNumber): void {
    const slot = this.slotFor(patch);
    for (const segment of this.of(patch)) this.insert.set(segment, NONE);
    this.#shelves.clear(slot);
  }

  /** The segments of a patch, by their bytes. */
  of(patch: PatchNumber): readonly number[] {
    const slot = this.slotFor(patch);
    return Array.from({ length: this.#shelves.count(slot) }, (_, index) => this.#shelves.at(slot, index));
  }

  copy(): Segments {
    return new Segments(this);
  }

  #place(slot: number, index: number, text: { start: number; end: number; insert: number }): number {
    const segment = this.slot.push(slot);
    this.start.push(text.start);
    this.end.push(text.end);
    this.insert.push(text.insert);
    for (const column of [this.before, this.after, this.outs, this.ins, this.marks]) column.push(NONE);
    this.alive.push(1);
    this.#shelves.insert(slot, index, segment);
    return segment;
  }
}
