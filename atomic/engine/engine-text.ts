// The fast engine E: the text of one file for a set of patches, kept up as patches come and go.
// Rule: it always gives the layout that the reference oracle gives for the same set (../oracle/lay-out.ts). While the order
// of the text is total and nothing is contested, one line of segments is kept and patches are spliced in and out of it;
// in every other case the layout is forgotten, and made anew when somebody asks.
// Not here: reading and writing facts, and which patches are in the set.

import type { History, MergePolicy, PatchNumber, Position, Range, TextFacts } from '../patches/facts.ts';
import type { FileText, Item, Layout } from '../patches/layout.ts';
import { checkFacts, checkNotBuiltUpon } from './check-facts.ts';
import { deadRunsIn } from './dead-runs.ts';
import { textNotClean } from './faults.ts';
import { FlatOrder } from './flat-order.ts';
import { layOutGraph } from './lay-out-graph.ts';
import { isLinkedIn, ownersBesideIn } from './neighbours.ts';
import { openGraph } from './open-graph.ts';
import { runsAtIn, runsIn } from './runs.ts';
import { spliceIn, spliceOut, type Lined, type Rules } from './splice.ts';
import type { TextGraph } from './text-graph.ts';

/** How a change was made: in a few steps, or by forgetting what was known of the whole. */
export type Change = 'spliced' | 'rebuilt';

/** Empty rows are left until there are this many, and more than half of all: then the graph is made anew. */
const WASTE_MIN = 10_000;

type Known =
  | { readonly kind: 'nothing' }
  /** `isLinear`: patches may be spliced into the line. */
  | { readonly kind: 'line'; readonly order: FlatOrder; readonly isLinear: boolean }
  | { readonly kind: 'layout'; readonly layout: Layout };

/** The text for a set of patches, in any order. @throws Fault ATOMIC_FACTS_DANGLING, ATOMIC_FACTS_OVERLAP */
export function openText(facts: Iterable<TextFacts>, history: History, policy: MergePolicy): EngineText {
  return new EngineText(openGraph(facts), { history, policy });
}

export class EngineText implements FileText {
  readonly #rules: Rules;
  #graph: TextGraph;
  /** The graph is a copy's too: whoever changes it first takes one of its own. */
  #isBorrowed = false;
  #known: Known = { kind: 'nothing' };
  #layout: Layout | undefined;
  #runs: Int32Array | undefined;

  constructor(graph: TextGraph, rules: Rules) {
    this.#graph = graph;
    this.#rules = rules;
  }

  get layout(): Layout {
    const known = this.#settle();
    if (known.kind === 'layout') return known.layout;
    this.#layout ??= itemsOf(this.runs());
    return this.#layout;
  }

  /** Alive bytes, twins counted each. */
  get size(): number {
    return this.#graph.size;
  }

  /** No conflict, nothing contested, no twins. */
  get isClean(): boolean {
    return this.#settle().kind === 'line';
  }

  has(patch: PatchNumber): boolean {
    return this.#graph.has(patch);
  }

  /** Puts a patch in; one that is there already changes nothing. @throws Fault ATOMIC_FACTS_DANGLING, ATOMIC_FACTS_OVERLAP */
  apply(facts: TextFacts): Change {
    if (this.#graph.has(facts.patch)) return 'spliced';
    checkFacts(this.#graph, facts);
    const graph = this.#ownGraph();
    const lined = this.#lined(graph);
    if (lined !== undefined) return this.#changed(spliceIn(lined, facts, this.#rules));
    graph.addText(facts);
    graph.linkInserts(facts);
    graph.markText(facts);
    return this.#changed(false);
  }

  /** Takes a patch out; one that is not there changes nothing. @throws Fault ATOMIC_FACTS_BUILT_UPON */
  withdraw({ patch }: Pick<TextFacts, 'patch'>): Change {
    const facts = this.#graph.factsOf(patch);
    if (facts === undefined) return 'spliced';
    checkNotBuiltUpon(this.#graph, facts);
    const graph = this.#ownGraph();
    const lined = this.#lined(graph);
    if (lined !== undefined) return this.#changed(spliceOut(lined, facts, this.#rules));
    graph.unmarkText(facts);
    graph.removeText(facts);
    return this.#changed(false);
  }

  /** Another text with the same patches. Cheap: the first of the two that changes pays for it. */
  copy(): EngineText {
    const copy = new EngineText(this.#graph, this.#rules);
    copy.#known = this.#known;
    copy.#layout = this.#layout;
    copy.#runs = this.#runs;
    copy.#isBorrowed = true;
    this.#isBorrowed = true;
    return copy;
  }

  /** Alive runs in order, each as patch, start, end. @throws Fault ATOMIC_TEXT_NOT_CLEAN */
  runs(): Int32Array {
    this.#runs ??= runsIn(this.#graph, this.#line());
    return this.#runs;
  }

  /** The runs at offsets `start` up to, without, `end` of the text. @throws Fault ATOMIC_TEXT_NOT_CLEAN */
  runsAt(start: number, end: number): readonly Range[] {
    return runsAtIn(this.#graph, this.#line(), start, end);
  }

  /** The byte at an offset of the text; undefined at its end. @throws Fault ATOMIC_TEXT_NOT_CLEAN */
  positionAt(offset: number): Position | undefined {
    const [run] = offset < 0 ? [] : this.runsAt(offset, offset + 1);
    return run === undefined ? undefined : { patch: run.patch, offset: run.start };
  }

  ownersBeside(ranges: readonly Range[]): readonly PatchNumber[] {
    this.#settle();
    return ownersBesideIn(this.#graph, ranges);
  }

  isLinked(last: Position, first: Position): boolean {
    this.#settle();
    return isLinkedIn(this.#graph, last, first);
  }

  deadRuns(): ReturnType<FileText['deadRuns']> {
    return deadRunsIn(this.#graph, this.#rules.history);
  }

  #line(): FlatOrder {
    const known = this.#settle();
    if (known.kind === 'layout') throw textNotClean();
    return known.order;
  }

  #settle(): Exclude<Known, { kind: 'nothing' }> {
    if (this.#known.kind !== 'nothing') return this.#known;
    const { segments, edges, marks, waste } = this.#graph;
    const rows = segments.count + edges.count + marks.count;
    if (waste > WASTE_MIN && waste > rows / 2) {
      this.#graph = openGraph(this.#graph.allFacts());
      this.#isBorrowed = false;
    }
    const laid = layOutGraph(this.#graph, this.#rules.history, this.#rules.policy);
    if (laid.kind === 'layout') {
      this.#known = laid;
      return laid;
    }
    const order = new FlatOrder(this.#graph.segments);
    for (const segment of laid.line) order.append(segment);
    this.#graph.order = order;
    const known = { kind: 'line', order, isLinear: laid.isLinear } as const;
    this.#known = known;
    return known;
  }

  #ownGraph(): TextGraph {
    if (!this.#isBorrowed) return this.#graph;
    this.#graph = this.#graph.copy();
    this.#isBorrowed = false;
    if (this.#known.kind === 'line' && this.#graph.order !== undefined)
      this.#known = { ...this.#known, order: this.#graph.order };
    return this.#graph;
  }

  #lined(graph: TextGraph): Lined | undefined {
    return this.#known.kind === 'line' && this.#known.isLinear ? { graph, order: this.#known.order } : undefined;
  }

  #changed(isSpliced: boolean): Change {
    this.#layout = undefined;
    this.#runs = undefined;
    if (isSpliced) return 'spliced';
    this.#known = { kind: 'nothing' };
    this.#graph.order = undefined;
    return 'rebuilt';
  }
}

function itemsOf(runs: Int32Array): Layout {
  const items: Item[] = [];
  for (let at = 0; at < runs.length; at += 3) {
    const [patch = 0, start = 0, end = 0] = runs.subarray(at, at + 3);
    items.push({ kind: 'text', run: { patch, start, end, contestedBy: [] } });
  }
  return items;
}
