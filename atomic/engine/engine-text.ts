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
  /** The graph has a line. `isLinear`: patches may be spliced into it. */
  | { readonly kind: 'line'; readonly isLinear: boolean }
  | { readonly kind: 'layout'; readonly layout: Layout };

/** The text for a set of patches, in any order. @throws Fault ATOMIC_FACTS_DANGLING, ATOMIC_FACTS_OVERLAP */
export function openText(facts: Iterable<TextFacts>, history: History, policy: MergePolicy): EngineText {
  return new EngineText(openGraph(facts), { history, policy });
}

export class EngineText implements FileText {
  readonly #rules: Rules;
  #graph: TextGraph;
  /** How many texts have the graph: whoever of several changes it first takes one of its own. */
  #holders = { count: 1 };
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

  /** What `ask` says of the text with one more patch; afterwards it is without it again. Cheaper than a copy. */
  during<T>(facts: TextFacts, ask: (text: EngineText) => T): T {
    if (this.#graph.has(facts.patch)) return ask(this);
    const [known, layout, runs] = [this.#known, this.#layout, this.#runs];
    const put = this.apply(facts);
    try {
      return ask(this);
    } finally {
      const graph = this.#ownGraph();
      graph.unmarkText(facts);
      graph.removeText(facts);
      // What follows from a set of patches alone is known already: a line that was kept, a layout that was made. Orders
      // that were cancelled meanwhile are settled anew.
      if (put === 'rebuilt') this.#changed(false);
      if (put === 'spliced' || (known.kind === 'layout' && facts.unorders.length === 0))
        [this.#known, this.#layout, this.#runs] = [known, layout, runs];
    }
  }

  /** Another text with the same patches. Cheap: the first of the two that changes pays for it. */
  copy(): EngineText {
    const copy = new EngineText(this.#graph, this.#rules);
    copy.#known = this.#known;
    copy.#layout = this.#layout;
    copy.#runs = this.#runs;
    copy.#holders = this.#holders;
    this.#holders.count += 1;
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
    if (known.kind === 'layout' || this.#graph.order === undefined) throw textNotClean();
    return this.#graph.order;
  }

  #settle(): Exclude<Known, { kind: 'nothing' }> {
    if (this.#known.kind !== 'nothing') return this.#known;
    const { segments, edges, marks, waste } = this.#graph;
    const rows = segments.count + edges.count + marks.count;
    if (waste > WASTE_MIN && waste > rows / 2) {
      this.#hold(openGraph(this.#graph.allFacts()));
    }
    const laid = layOutGraph(this.#graph, this.#rules.history, this.#rules.policy);
    if (laid.kind === 'layout') {
      this.#known = laid;
      return laid;
    }
    const order = new FlatOrder(this.#graph.segments);
    for (const segment of laid.line) order.append(segment);
    this.#graph.order = order;
    this.#known = { kind: 'line', isLinear: laid.isLinear };
    return this.#known;
  }

  #ownGraph(): TextGraph {
    if (this.#holders.count === 1) return this.#graph;
    this.#hold(this.#graph.copy());
    return this.#graph;
  }

  #hold(graph: TextGraph): void {
    this.#holders.count -= 1;
    this.#holders = { count: 1 };
    this.#graph = graph;
  }

  #lined(graph: TextGraph): Lined | undefined {
    const { order } = graph;
    return this.#known.kind === 'line' && this.#known.isLinear && order !== undefined ? { graph, order } : undefined;
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
