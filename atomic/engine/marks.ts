// What patches say of text that is there: who deletes, undeletes, acknowledges or replaces a segment, as columns.
// Rule: dead is what has a deletion that nobody took back. Two deletions of one byte are two: each must be taken back.

import { Column, NONE } from './column.ts';
import { drop } from './edges.ts';
import type { Segments } from './segments.ts';

/** The subject of a deletion is the deleter; of an undeletion and an acknowledgement, the patch whose deletion is meant. */
export const DELETED = 0;
export const UNDELETED = 1;
export const ACKNOWLEDGED = 2;
/** The subject is the insertion that takes the segment's place. */
export const REPLACED = 3;
type MarkKind = typeof DELETED | typeof UNDELETED | typeof ACKNOWLEDGED | typeof REPLACED;

export interface Mark {
  readonly kind: MarkKind;
  readonly subject: number;
  /** Slot of the patch that says so. */
  readonly owner: number;
}

export class Marks {
  readonly kind: Column;
  readonly subject: Column;
  readonly owner: Column;
  readonly next: Column;

  constructor(from?: Marks) {
    this.kind = from?.kind.copy() ?? new Column();
    this.subject = from?.subject.copy() ?? new Column();
    this.owner = from?.owner.copy() ?? new Column();
    this.next = from?.next.copy() ?? new Column();
  }

  get count(): number {
    return this.kind.length;
  }

  /** Makes room for so many rows at once. */
  reserve(rows: number): void {
    const { kind, subject, owner, next } = this;
    for (const column of [kind, subject, owner, next]) column.reserve(rows);
  }

  add(segments: Segments, segment: number, mark: Mark): void {
    const row = this.kind.push(mark.kind);
    this.subject.push(mark.subject);
    this.owner.push(mark.owner);
    this.next.push(segments.marks.get(segment));
    segments.marks.set(segment, row);
  }

  /** After a split: what was said of the whole is said of the rest. */
  repeat(segments: Segments, segment: number, rest: number): void {
    for (let row = segments.marks.get(segment); row !== NONE; row = this.next.get(row)) {
      const copied = this.kind.push(this.kind.get(row));
      this.subject.push(this.subject.get(row));
      this.owner.push(this.owner.get(row));
      this.next.push(segments.marks.get(rest));
      segments.marks.set(rest, copied);
    }
  }

  drop(segments: Segments, segment: number, owner: number): number {
    return drop({ heads: segments.marks, next: this.next, owners: this.owner }, segment, owner);
  }

  has(segments: Segments, segment: number, kind: MarkKind, subject: number): boolean {
    for (let row = segments.marks.get(segment); row !== NONE; row = this.next.get(row))
      if (this.kind.get(row) === kind && this.subject.get(row) === subject) return true;
    return false;
  }

  /** Slots of the patches because of which the segment is dead. */
  deletersOf(segments: Segments, segment: number): readonly number[] {
    const found: number[] = [];
    let undeletes = false;
    for (let row = segments.marks.get(segment); row !== NONE; row = this.next.get(row)) {
      const kind = this.kind.get(row);
      if (kind === UNDELETED) undeletes = true;
      if (kind === DELETED) found.push(this.subject.get(row));
    }
    if (found.length < 2 && !undeletes) return found;
    const once = [...new Set(found)];
    return undeletes ? once.filter((deleter) => !this.has(segments, segment, UNDELETED, deleter)) : once;
  }

  copy(): Marks {
    return new Marks(this);
  }
}
