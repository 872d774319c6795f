// The facts of a set of patches about one text, as a graph: segments, the edges between them, and what is said of each.
// Rule: adding and removing a patch changes only what it speaks of, and one is the inverse of the other but for cuts,
// which mean nothing. Everything here is a fact; what follows from them (order, conflicts) is derived elsewhere.

import type { PatchNumber, Position, Range, TextFacts, TextInsert } from '../patches/facts.ts';
import { Column } from './column.ts';
import { DOWN, Edges, ORDER, UP, type EdgeKind } from './edges.ts';
import type { FlatOrder } from './flat-order.ts';
import { ACKNOWLEDGED, DELETED, Marks, REPLACED, UNDELETED, type Mark } from './marks.ts';
import { Segments } from './segments.ts';
import { Visits } from './visits.ts';

export class TextGraph {
  readonly segments: Segments;
  readonly edges: Edges;
  readonly marks: Marks;
  readonly visits = new Visits();
  /** First segment and fact of each insertion. */
  readonly head: Column;
  readonly #inserts: (TextInsert | undefined)[];
  readonly #facts: Map<PatchNumber, TextFacts>;
  /** The line of all segments, kept up while somebody vouches for it. */
  order: FlatOrder | undefined;
  /** Alive bytes. */
  size: number;
  /** Rows that stand for nothing any more. */
  waste: number;
  /** Whether some orders are cancelled. */
  hasCancelled: boolean;

  constructor(from?: TextGraph) {
    this.segments = from?.segments.copy() ?? new Segments();
    this.edges = from?.edges.copy() ?? new Edges();
    this.marks = from?.marks.copy() ?? new Marks();
    this.head = from?.head.copy() ?? new Column();
    this.#inserts = [...(from === undefined ? [] : from.#inserts)];
    this.#facts = new Map(from === undefined ? [] : from.#facts);
    this.order = from?.order?.copy(this.segments);
    this.size = from?.size ?? 0;
    this.waste = from?.waste ?? 0;
    this.hasCancelled = from?.hasCancelled ?? false;
  }

  has(patch: PatchNumber): boolean {
    return this.#facts.has(patch);
  }

  factsOf(patch: PatchNumber): TextFacts | undefined {
    return this.#facts.get(patch);
  }

  allFacts(): Iterable<TextFacts> {
    return this.#facts.values();
  }

  insertion(insert: number): TextInsert | undefined {
    return this.#inserts[insert];
  }

  get insertions(): number {
    return this.#inserts.length;
  }

  /** Makes room for so many segments, edges and marks each. */
  reserve(rows: number): void {
    for (const table of [this.segments, this.edges, this.marks]) table.reserve(rows);
  }

  /** Its text is there, alive, and bound to nothing yet. */
  addText(facts: TextFacts): void {
    const slot = this.segments.slotFor(facts.patch);
    for (const fact of facts.inserts) this.segments.add(slot, fact.start, fact.end, this.openInsertion(facts, fact));
  }

  /** Notes an insertion; its segments are the caller's. */
  openInsertion(facts: TextFacts, fact: TextInsert): number {
    this.#facts.set(facts.patch, facts);
    this.#inserts.push(fact);
    this.size += fact.end - fact.start;
    return this.head.push(this.segments.count);
  }

  /** Binds its insertions to the text around them. */
  linkInserts({ patch, inserts }: TextFacts): void {
    for (const fact of inserts) {
      const [first, last] = [
        { patch, offset: fact.start },
        { patch, offset: fact.end - 1 },
      ];
      for (const up of fact.up) this.#link({ from: up, to: first }, UP, patch);
      for (const down of fact.down) this.#link({ from: last, to: down }, DOWN, patch);
    }
  }

  /** Says of other text what it says. */
  markText(facts: TextFacts): void {
    this.#facts.set(facts.patch, facts);
    const owner = this.segments.slotFor(facts.patch);
    const slotOf = (patch: PatchNumber): number => this.segments.slotFor(patch);
    for (const order of facts.orders) this.#link(order, ORDER, facts.patch);
    for (const { range, by } of facts.undeletes) this.#mark(range, { kind: UNDELETED, subject: slotOf(by), owner });
    for (const { range, by } of facts.acknowledges)
      this.#mark(range, { kind: ACKNOWLEDGED, subject: slotOf(by), owner });
    for (const fact of facts.inserts) {
      if (fact.replaces.length === 0) continue;
      const insert = this.segments.insert.get(this.segments.holding(facts.patch, fact.start));
      for (const range of fact.replaces) this.#mark(range, { kind: REPLACED, subject: insert, owner });
    }
    for (const range of facts.deletes) this.#mark(range, { kind: DELETED, subject: owner, owner });
  }

  /** Takes back all that it says of other text. Returns the segments that live again. */
  unmarkText(facts: TextFacts): readonly number[] {
    const owner = this.segments.slotFor(facts.patch);
    const ranges = [
      ...facts.deletes,
      ...facts.undeletes.map(({ range }) => range),
      ...facts.acknowledges.map(({ range }) => range),
      ...facts.inserts.flatMap(({ replaces }) => replaces),
    ];
    const revived = ranges.flatMap((range) => this.segments.within(range).filter((at) => this.#unmark(at, owner)));
    for (const { from, to } of facts.orders) this.#unlink(from, to, owner);
    return revived;
  }

  /** Takes away its text, once nothing else refers to it. */
  removeText({ patch, inserts }: TextFacts): void {
    const owner = this.segments.slotFor(patch);
    for (const fact of inserts) {
      for (const up of fact.up) this.edges.dropOuts(this.segments, this.endingAt(up), owner);
      for (const down of fact.down) this.edges.dropIns(this.segments, this.startingAt(down), owner);
      this.waste += fact.up.length + fact.down.length;
    }
    for (const segment of this.segments.of(patch)) {
      this.setAlive(segment, false);
      this.order?.remove(segment);
      this.#inserts[this.segments.insert.get(segment)] = undefined;
      this.waste += 1;
    }
    this.segments.clear(patch);
    this.#facts.delete(patch);
  }

  /** The segment that ends with this byte; cut if need be. @throws Fault ATOMIC_FACTS_DANGLING */
  endingAt({ patch, offset }: Position): number {
    const segment = this.segments.holding(patch, offset);
    if (this.segments.end.get(segment) > offset + 1) this.#split(segment, offset + 1);
    return segment;
  }

  /** The segment that starts with this byte; cut if need be. @throws Fault ATOMIC_FACTS_DANGLING */
  startingAt({ patch, offset }: Position): number {
    const segment = this.segments.holding(patch, offset);
    return this.segments.start.get(segment) === offset ? segment : this.#split(segment, offset);
  }

  setAlive(segment: number, alive: boolean): boolean {
    if ((this.segments.alive.get(segment) === 1) === alive) return false;
    const bytes = alive ? this.segments.bytes(segment) : -this.segments.bytes(segment);
    this.segments.alive.set(segment, alive ? 1 : 0);
    this.size += bytes;
    if (this.order?.has(segment) === true) this.order.addBytes(segment, bytes);
    return true;
  }

  copy(): TextGraph {
    return new TextGraph(this);
  }

  #link(ends: { readonly from: Position; readonly to: Position }, kind: EdgeKind, patch: PatchNumber): void {
    // In this order: a cut takes the end of a segment away from it, and leaves it its start.
    const to = this.startingAt(ends.to);
    const from = this.endingAt(ends.from);
    this.edges.add(this.segments, { from, to, kind, owner: this.segments.slotFor(patch) });
  }

  #unlink(from: Position, to: Position, owner: number): void {
    this.edges.dropOuts(this.segments, this.endingAt(from), owner);
    this.edges.dropIns(this.segments, this.startingAt(to), owner);
    this.waste += 1;
  }

  #split(segment: number, offset: number): number {
    const rest = this.segments.split(segment, offset);
    this.edges.follow(this.segments, rest);
    this.marks.repeat(this.segments, segment, rest);
    if (this.order?.has(segment) !== true) return rest;
    if (this.segments.alive.get(segment) === 1) this.order.addBytes(segment, -this.segments.bytes(rest));
    this.order.insertAfter(segment, rest);
    return rest;
  }

  #mark(range: Range, mark: Mark): void {
    if (range.start >= range.end) return;
    const first = this.startingAt({ patch: range.patch, offset: range.start });
    const last = this.endingAt({ patch: range.patch, offset: range.end - 1 });
    for (let segment = first; ; segment = this.segments.following(segment)) {
      this.marks.add(this.segments, segment, mark);
      if (mark.kind <= UNDELETED) this.#settle(segment);
      if (segment === last) break;
    }
  }

  #unmark(segment: number, owner: number): boolean {
    this.waste += this.marks.drop(this.segments, segment, owner);
    return this.#settle(segment);
  }

  #settle(segment: number): boolean {
    return this.setAlive(segment, this.marks.deletersOf(this.segments, segment).length === 0);
  }
}
