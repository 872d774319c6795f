// A file's text for one set of patches, opened: the engine, what it prints, and recording against it.
// Rule: a file that nobody disagrees about is printed from flat runs; only one in conflict takes the way through items.

import { openText, type EngineText } from '../engine/engine-text.ts';
import { recordChecked, type CheckedRecording } from '../patches/check-record.ts';
import type { MergePolicy, PatchNumber, Range, TextFacts, TextInsert } from '../patches/facts.ts';
import type { FileText, Layout } from '../patches/layout.ts';
import { printLayout, type LabelOf, type Piece, type PrintedText } from '../patches/print-layout.ts';
import { DRAFT, type DraftContents, type FormerText, type TextRecording } from '../patches/record-text.ts';
import type { DraftHistory } from './numbering.ts';

export interface TextContext {
  readonly history: DraftHistory;
  readonly policy: MergePolicy;
  readonly labelOf: LabelOf;
}

export type Recording =
  Exclude<TextRecording, { kind: 'changed' }> | (TextRecording & { readonly kind: 'changed' } & CheckedRecording);

/** What a patch says of this file's text, if it says anything. */
export type FactsOf = (patch: PatchNumber) => TextFacts | undefined;

/** One file's text, open for questions; it moves on when patches are applied to it or withdrawn. */
export class OpenText {
  readonly #context: TextContext;
  readonly #factsOf: FactsOf;
  /** Insertions that repeat older text, by their patch. Few, so that credit asks nothing of all the others. */
  readonly #repeating: Map<PatchNumber, readonly TextInsert[]>;
  readonly #engine: EngineText;
  #printed: PrintedText | null = null;
  /** What a clean text prints, where it is known without printing. */
  #bytes: Buffer | null = null;

  private constructor(
    context: TextContext,
    engine: EngineText,
    rest: { readonly factsOf: FactsOf; readonly repeating: Map<PatchNumber, readonly TextInsert[]> },
  ) {
    this.#context = context;
    this.#engine = engine;
    this.#factsOf = rest.factsOf;
    this.#repeating = rest.repeating;
  }

  static of(context: TextContext, facts: Iterable<TextFacts>, factsOf: FactsOf): OpenText {
    const repeating = new Map<PatchNumber, readonly TextInsert[]>();
    const seen = function* (): Generator<TextFacts> {
      for (const each of facts) {
        noteRepeating(repeating, each);
        yield each;
      }
    };
    return new OpenText(context, openText(seen(), context.history, context.policy), { factsOf, repeating });
  }

  /** The insertions of a patch in which older text is repeated. */
  repeatingOf(patch: PatchNumber): readonly TextInsert[] {
    return this.#repeating.get(patch) ?? [];
  }

  get file(): FileText {
    return this.#engine;
  }

  /** Alive bytes. */
  get size(): number {
    return this.#engine.size;
  }

  get isClean(): boolean {
    return this.#engine.isClean;
  }

  printed(): PrintedText {
    this.#printed ??= printedBy(this.#engine, this.#context, this.#bytes);
    return this.#printed;
  }

  /** Moves on by a patch. `bytes`: what it prints then, if the caller has proven it. */
  apply(facts: TextFacts, bytes: Buffer | null = null): void {
    this.#engine.apply(facts);
    noteRepeating(this.#repeating, facts);
    this.#printed = null;
    this.#bytes = bytes;
  }

  withdraw(facts: TextFacts): void {
    this.#engine.withdraw(facts);
    this.#printed = null;
    this.#bytes = null;
  }

  copy(): OpenText {
    const copy = new OpenText(this.#context, this.#engine.copy(), {
      factsOf: this.#factsOf,
      repeating: new Map(this.#repeating),
    });
    copy.#bytes = this.#engine.isClean ? (this.#printed?.bytes ?? this.#bytes) : null;
    return copy;
  }

  /** What a person did to the text, checked by printing it again. The text itself stays as it was. */
  record(after: Buffer, contents: DraftContents, allowMarkers = false): Recording {
    const printed = this.printed();
    const formerly = (ranges: readonly Range[]): FormerText => this.#formerly(ranges);
    return recordChecked({ printed, file: this.#engine, after }, { contents, allowMarkers, formerly }, (facts, known) =>
      this.#withDraft(facts, known, contents),
    );
  }

  /** The text with changes that are not recorded yet. */
  printedWith(facts: TextFacts, known: readonly PatchNumber[], contents: DraftContents): PrintedText {
    const draft = { knows: knownBy(facts, known), contents: contents.finish() };
    return this.#context.history.during(draft, () =>
      this.#engine.during(facts, (engine) => {
        const printed = printedBy(engine, this.#context);
        // The engine is without the draft when this returns: what it prints is cut into pieces now.
        const pieces = printed.piecesIn(0, printed.bytes.length);
        return { ...printed, piecesIn: (start, end) => piecesWithin(pieces, start, end) };
      }),
    );
  }

  /** What the patches of these ranges wrote them in the place of, and deleted with it. */
  #formerly(ranges: readonly Range[]): FormerText {
    const found: Range[] = [];
    const seen = new Set<string>();
    for (const { patch, start } of ranges) {
      const facts = this.#factsOf(patch);
      const insert = facts?.inserts.find((each) => each.start <= start && start < each.end);
      const key = `${patch} ${insert?.start}`;
      if (facts === undefined || insert === undefined || seen.has(key)) continue;
      seen.add(key);
      for (const range of insert.replaces) {
        const isDeleted = facts.deletes.some(
          (gone) => gone.patch === range.patch && gone.start <= range.start && range.end <= gone.end,
        );
        if (isDeleted) found.push(range);
      }
    }
    return { bytes: Buffer.concat(found.map((range) => this.#context.history.text(range))), ranges: found };
  }

  #withDraft(
    facts: TextFacts,
    known: readonly PatchNumber[],
    contents: DraftContents,
  ): { readonly layout: Layout | null; readonly printed: PrintedText } {
    const draft = { knows: knownBy(facts, known), contents: contents.finish() };
    return this.#context.history.during(draft, () =>
      this.#engine.during(facts, (engine) => ({
        layout: engine.isClean ? null : engine.layout,
        // Its bytes are printed now; the engine is without the draft when this returns, so nothing asks it for runs.
        printed: printedBy(engine, this.#context),
      })),
    );
  }
}

function noteRepeating(repeating: Map<PatchNumber, readonly TextInsert[]>, { patch, inserts }: TextFacts): void {
  const own = inserts.filter(({ origins }) => origins.length > 0);
  if (own.length > 0) repeating.set(patch, own);
}

const piecesWithin = (pieces: readonly Piece[], from: number, to: number): readonly Piece[] =>
  pieces
    .filter(({ start, end }) => start < to && end > from)
    .map((piece) => {
      const [start, end] = [Math.max(piece.start, from), Math.min(piece.end, to)];
      const [before, behind] = [start - piece.start, piece.end - end];
      const ranges = piece.ranges.map((range) => ({ ...range, start: range.start + before, end: range.end - behind }));
      return { ...piece, start, end, ranges };
    });

/** What a draft knows at least: every patch that its facts speak of, and those beside what it deletes. */
function knownBy(facts: TextFacts, known: readonly PatchNumber[]): ReadonlySet<PatchNumber> {
  const found = new Set<PatchNumber>(known);
  for (const { up, down, replaces } of facts.inserts) {
    for (const { patch } of [...up, ...down, ...replaces]) found.add(patch);
  }
  for (const { patch } of facts.deletes) found.add(patch);
  for (const { range, by } of [...facts.undeletes, ...facts.acknowledges]) found.add(range.patch).add(by);
  for (const { from, to } of facts.orders) found.add(from.patch).add(to.patch);
  found.delete(DRAFT);
  return found;
}

function printedBy(engine: EngineText, context: TextContext, bytes: Buffer | null = null): PrintedText {
  if (!engine.isClean) return printLayout(engine.layout, context.history, context.labelOf);
  return {
    bytes: bytes ?? cleanBytes(engine, context),
    blocks: [],
    piecesIn: (start, end) => piecesOf(engine.runsAt(start, end), start),
  };
}

function piecesOf(runs: readonly Range[], from: number): readonly Piece[] {
  let at = from;
  return runs.map((range) => {
    const start = at;
    at += range.end - range.start;
    return { start, end: at, ranges: [range], block: -1 };
  });
}

function cleanBytes(engine: EngineText, { history }: TextContext): Buffer {
  const runs = engine.runs();
  const bytes = Buffer.allocUnsafe(engine.size);
  let at = 0;
  for (let index = 0; index + 2 < runs.length; index += 3) {
    const [patch = 0, start = 0, end = 0] = [runs[index], runs[index + 1], runs[index + 2]];
    bytes.set(history.text({ patch, start, end }), at);
    at += end - start;
  }
  return bytes;
}
