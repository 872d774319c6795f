// Edges between segments, as columns: “the last byte of one comes before the first byte of another”. Research C2.2.
// Neighbours within one insertion are not here: the segments know each other.
// Rule: edges are never removed by deletions, only with the patch that said so.

import { Column, NONE } from './column.ts';
import type { Segments } from './segments.ts';

/** Which fact an edge stands for: an insertion's `up`, an insertion's `down`, an order. */
export const UP = 0;
export const DOWN = 1;
export const ORDER = 2;
export type EdgeKind = typeof UP | typeof DOWN | typeof ORDER;

export class Edges {
  readonly from: Column;
  readonly to: Column;
  readonly kind: Column;
  /** Slot of the patch whose fact it is. */
  readonly owner: Column;
  /** 1: an order that a later patch cancels. It leads nowhere until that patch is withdrawn. */
  readonly cancelled: Column;
  readonly nextOut: Column;
  readonly nextIn: Column;

  constructor(from?: Edges) {
    this.from = from?.from.copy() ?? new Column();
    this.to = from?.to.copy() ?? new Column();
    this.kind = from?.kind.copy() ?? new Column();
    this.owner = from?.owner.copy() ?? new Column();
    this.cancelled = from?.cancelled.copy() ?? new Column();
    this.nextOut = from?.nextOut.copy() ?? new Column();
    this.nextIn = from?.nextIn.copy() ?? new Column();
  }

  get count(): number {
    return this.from.length;
  }

  /** Makes room for so many rows at once. */
  reserve(rows: number): void {
    const { from, to, kind, owner, cancelled, nextOut, nextIn } = this;
    for (const column of [from, to, kind, owner, cancelled, nextOut, nextIn]) column.reserve(rows);
  }

  add(segments: Segments, edge: { from: number; to: number; kind: EdgeKind; owner: number }): void {
    const row = this.from.push(edge.from);
    this.to.push(edge.to);
    this.kind.push(edge.kind);
    this.owner.push(edge.owner);
    this.cancelled.push(0);
    this.nextOut.push(segments.outs.get(edge.from));
    this.nextIn.push(segments.ins.get(edge.to));
    segments.outs.set(edge.from, row);
    segments.ins.set(edge.to, row);
  }

  /** After a split: what led out of the first part leads out of the rest. */
  follow(segments: Segments, rest: number): void {
    for (let edge = segments.outs.get(rest); edge !== NONE; edge = this.nextOut.get(edge)) this.from.set(edge, rest);
  }

  /** Takes one patch's edges out of a segment's list. Returns how many there were. */
  dropOuts(segments: Segments, segment: number, owner: number): number {
    return drop({ heads: segments.outs, next: this.nextOut, owners: this.owner }, segment, owner);
  }

  dropIns(segments: Segments, segment: number, owner: number): number {
    return drop({ heads: segments.ins, next: this.nextIn, owners: this.owner }, segment, owner);
  }

  copy(): Edges {
    return new Edges(this);
  }
}

/** Lists in columns: each segment has a head, each cell a next one and an owner. */
interface Lists {
  readonly heads: Column;
  readonly next: Column;
  readonly owners: Column;
}

/** Unlinks the cells of one owner from a segment's list. Returns how many there were. */
export function drop({ heads, next, owners }: Lists, segment: number, owner: number): number {
  let dropped = 0;
  let kept = NONE;
  for (let cell = heads.get(segment); cell !== NONE; cell = next.get(cell)) {
    if (owners.get(cell) !== owner) {
      kept = cell;
      continue;
    }
    dropped += 1;
    if (kept === NONE) heads.set(segment, next.get(cell));
    else next.set(kept, next.get(cell));
  }
  return dropped;
}
