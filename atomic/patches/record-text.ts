// What a person did to a text, as facts: the printed text and the text now become insertions, deletions, orders and
// acknowledgements. Research C4 and C7.
// Rule: applying the facts to the same set prints the text now, with no conflict that was not there (`check-record.ts`
// proves it each time). A conflict that was not touched stays as it is; one whose markers are left half is refused.
// Not here: which patch the facts become part of (record-patch.ts).

import { diffLines, type Hunk } from './diff-lines.ts';
import type { PatchNumber, Position, Range, TextFacts, TextInsert } from './facts.ts';
import type { FileText } from './layout.ts';
import { cutRanges, type Block, type Piece, type PrintedText } from './print-layout.ts';

/** Stands for the patch that is being recorded, until it has a number. */
export const DRAFT: PatchNumber = 0x7fffffff;

/** The contents of a patch that is being recorded: insertions are parted by one byte of nobody. */
export class DraftContents {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  add(text: Uint8Array): { readonly start: number; readonly end: number } {
    const start = this.#length;
    this.#parts.push(text, Uint8Array.of(0));
    this.#length += text.length + 1;
    return { start, end: start + text.length };
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

export type TextRecording =
  | { readonly kind: 'unchanged' }
  /** Lines (from 1) of the text now that still are markers of a conflict whose block was edited. */
  | { readonly kind: 'markers-left'; readonly lines: readonly number[] }
  | { readonly kind: 'changed'; readonly facts: TextFacts; readonly known: readonly PatchNumber[] };

/** Dead text that stood where other text stands now, in order. */
export interface FormerText {
  readonly bytes: Buffer;
  readonly ranges: readonly Range[];
}

export interface RecordTextOptions {
  /** Takes markers that are left as text. */
  readonly allowMarkers?: boolean;
  /**
   * What these ranges were written in the place of. Text that is put back as it was keeps its author, by `origins`. Its
   * deletion is not taken back: two who put it back would share its bytes, and one could delete it for both unseen.
   */
  readonly formerly?: (ranges: readonly Range[]) => FormerText;
}

export function recordText(
  printed: PrintedText,
  file: Pick<FileText, 'ownersBeside' | 'isLinked'>,
  after: Buffer,
  { contents, allowMarkers = false, formerly }: RecordTextOptions & { readonly contents: DraftContents },
): TextRecording {
  const hunks = diffLines(printed.bytes, after);
  if (hunks.length === 0) return { kind: 'unchanged' };
  const touched = new Set(printed.blocks.flatMap((block, index) => (isTouched(block, hunks) ? [index] : [])));
  const steps = stepsOf(printed, hunks, after, touched);
  if (!allowMarkers) {
    const lines = steps.flatMap((step) => (step.kind === 'marker-left' ? [lineAt(after, step.at)] : []));
    if (lines.length > 0) return { kind: 'markers-left', lines };
  }
  const facts = factsOf(changesOf(steps), file, { contents, ...(formerly === undefined ? {} : { formerly }) });
  const known = file.ownersBeside(facts.deletes);
  return { kind: 'changed', facts, known };
}

/** A block of which anything was changed, from its first marker to its last. */
const isTouched = ({ start, end }: Block, hunks: readonly Hunk[]): boolean =>
  hunks.some(
    ({ oldStart, oldEnd }) =>
      (oldStart < end && oldEnd > start) || (oldStart === oldEnd && oldStart > start && oldStart < end),
  );

const lineAt = (text: Buffer, offset: number): number => {
  let line = 1;
  for (let at = text.indexOf(10); at !== -1 && at < offset; at = text.indexOf(10, at + 1)) line += 1;
  return line;
};

type Step =
  /** Text or a whole untouched block that stays. `inBlock`: its order has to be made sure of. */
  | {
      readonly kind: 'keep';
      readonly firsts: readonly Position[];
      readonly lasts: readonly Position[];
      readonly inBlock: boolean;
    }
  | { readonly kind: 'delete'; readonly piece: Piece; readonly inBlock: boolean }
  | { readonly kind: 'insert'; readonly text: Buffer; readonly origins: readonly Range[] }
  | { readonly kind: 'marker-left'; readonly at: number; readonly text: Buffer };

/** The printed text and the text now as one series: what stays, what goes, what comes. */
function stepsOf(
  printed: PrintedText,
  hunks: readonly Hunk[],
  after: Buffer,
  touched: ReadonlySet<number>,
): readonly Step[] {
  const steps: Step[] = [];
  let [oldAt, newAt] = [0, 0];
  const keep = (to: number): void => {
    // Without a block around, only the text beside a hunk matters.
    const isPlain = printed.blocks.length === 0;
    const from = oldAt;
    if (isPlain && to > from) steps.push(...plainKeep(printed, from, to));
    else steps.push(...keptSteps(printed, [from, to], newAt - oldAt, touched));
  };
  for (const { oldStart, oldEnd, newStart, newEnd } of hunks) {
    keep(oldStart);
    for (const piece of printed.piecesIn(oldStart, oldEnd)) {
      if (piece.ranges.length > 0) steps.push({ kind: 'delete', piece, inBlock: piece.block !== -1 });
    }
    if (newEnd > newStart) steps.push({ kind: 'insert', text: after.subarray(newStart, newEnd), origins: [] });
    [oldAt, newAt] = [oldEnd, newEnd];
  }
  keep(printed.bytes.length);
  return steps;
}

const firstsOf = ({ ranges }: Piece): readonly Position[] =>
  ranges.map(({ patch, start }) => ({ patch, offset: start }));
const lastsOf = ({ ranges }: Piece): readonly Position[] =>
  ranges.map(({ patch, end }) => ({ patch, offset: end - 1 }));

function plainKeep(printed: PrintedText, from: number, to: number): readonly Step[] {
  const [first] = printed.piecesIn(from, from + 1);
  const [last] = printed.piecesIn(to - 1, to);
  if (first === undefined || last === undefined) return [];
  return [{ kind: 'keep', firsts: firstsOf(first), lasts: lastsOf(last), inBlock: false }];
}

/** Text that was not changed, piece by piece; whole untouched blocks as one; cyclic text is written anew. */
function keptSteps(
  printed: PrintedText,
  [from, to]: readonly [number, number],
  shift: number,
  touched: ReadonlySet<number>,
): readonly Step[] {
  const steps: Step[] = [];
  let skipTo = from;
  for (const piece of printed.piecesIn(from, to)) {
    if (piece.start < skipTo) continue;
    const untouched = outermostUntouched(printed.blocks, piece.block, touched);
    const text = printed.bytes.subarray(piece.start, piece.end);
    const isCyclic = printed.blocks[piece.block]?.kind === 'cyclic';
    if (untouched !== null) {
      const inBlock = untouched.parent !== -1;
      steps.push({ kind: 'keep', firsts: untouched.firsts, lasts: untouched.lasts, inBlock });
      skipTo = untouched.end;
    } else if (piece.ranges.length === 0) steps.push({ kind: 'marker-left', at: piece.start + shift, text });
    else if (isCyclic) {
      steps.push({ kind: 'delete', piece, inBlock: true }, { kind: 'insert', text, origins: piece.ranges.slice(0, 1) });
    } else {
      steps.push({ kind: 'keep', firsts: firstsOf(piece), lasts: lastsOf(piece), inBlock: piece.block !== -1 });
    }
  }
  return steps;
}

function outermostUntouched(blocks: readonly Block[], index: number, touched: ReadonlySet<number>): Block | null {
  let found: Block | null = null;
  for (let at = index; at !== -1;) {
    const block = blocks[at];
    if (block === undefined) break;
    if (!touched.has(at)) found = block;
    at = block.parent;
  }
  return found;
}

/** Between two things that stay: what goes, and what comes in its place. */
interface Change {
  readonly before: (Step & { readonly kind: 'keep' }) | null;
  readonly after: (Step & { readonly kind: 'keep' }) | null;
  readonly deleted: readonly Piece[];
  readonly inserted: readonly { readonly text: Buffer; readonly origins: readonly Range[] }[];
  /** Whether order around it is not given by the text that was there. */
  readonly inBlock: boolean;
}

function changesOf(steps: readonly Step[]): readonly Change[] {
  const changes: Change[] = [];
  let before: (Step & { kind: 'keep' }) | null = null;
  let deleted: Piece[] = [];
  let inserted: { text: Buffer; origins: readonly Range[] }[] = [];
  let inBlock = false;
  const flush = (after: (Step & { kind: 'keep' }) | null): void => {
    const isUnsure = inBlock || before?.inBlock === true || after?.inBlock === true;
    if (deleted.length > 0 || inserted.length > 0 || isUnsure) {
      changes.push({ before, after, deleted, inserted, inBlock: isUnsure });
    }
    [deleted, inserted, inBlock] = [[], [], false];
  };
  for (const step of steps) {
    switch (step.kind) {
      case 'keep':
        flush(step);
        before = step;
        break;
      case 'delete':
        deleted.push(step.piece);
        inBlock ||= step.inBlock;
        break;
      case 'insert':
        inserted.push({ text: step.text, origins: step.origins });
        break;
      case 'marker-left':
        inserted.push({ text: step.text, origins: [] });
        inBlock = true;
        break;
    }
  }
  flush(null);
  return changes;
}

function factsOf(
  changes: readonly Change[],
  file: Pick<FileText, 'isLinked'>,
  { contents, formerly }: Pick<RecordTextOptions, 'formerly'> & { readonly contents: DraftContents },
): TextFacts {
  const inserts: TextInsert[] = [];
  const deletes: Range[] = [];
  const orders: { from: Position; to: Position }[] = [];
  for (const change of changes) {
    const inOrder = change.deleted.flatMap(({ ranges }) => ranges);
    const gone = joined(inOrder);
    deletes.push(...gone);
    const back = formerly === undefined ? null : putBack(change, inOrder, formerly);
    if (change.inserted.length > 0) inserts.push(insertOf(back ?? change, gone, contents));
    else if (change.inBlock) orders.push(...ordersBetween(change, file));
  }
  return { patch: DRAFT, inserts, deletes, undeletes: [], orders, unorders: [], acknowledges: [] };
}

/** How many changes of one place are looked back through for the text that is put back. */
const LOOK_BACK_MAX = 16;

/** The change, when its text is one that the text that goes took the place of: with the bytes that it comes from. */
function putBack(
  change: Change,
  gone: readonly Range[],
  formerly: NonNullable<RecordTextOptions['formerly']>,
): Change | null {
  const { inserted, deleted, inBlock } = change;
  const [only, second] = inserted;
  if (only === undefined || second !== undefined || inBlock || deleted.some(({ ranges }) => ranges.length > 1))
    return null;
  let former = formerly(gone);
  for (let looks = 0; looks < LOOK_BACK_MAX && former.ranges.length > 0; looks += 1) {
    const at = lineIndexOf(former.bytes, only.text);
    const origins = cutRanges(former.ranges, at, at + only.text.length);
    if (at !== -1) return { ...change, inserted: [{ text: only.text, origins }] };
    former = formerly(former.ranges);
  }
  return null;
}

/** Where lines stand in a text, from the beginning of a line. */
function lineIndexOf(text: Buffer, lines: Buffer): number {
  for (let at = text.indexOf(lines); at !== -1; at = text.indexOf(lines, at + 1)) {
    if (at === 0 || text[at - 1] === 10) return at;
  }
  return -1;
}

function insertOf(change: Change, gone: readonly Range[], contents: DraftContents): TextInsert {
  const { start, end } = contents.add(Buffer.concat(change.inserted.map(({ text }) => text)));
  const origins: { at: number; from: Range }[] = [];
  let at = start;
  for (const { text, origins: from } of change.inserted) {
    let place = at;
    for (const range of from) {
      origins.push({ at: place, from: range });
      place += range.end - range.start;
    }
    at += text.length;
  }
  const firstGone = change.deleted[0];
  // Right before what it replaces, so that an edit of the next line stays ordered; in a block no such order is given.
  const down = firstGone === undefined || change.inBlock ? (change.after?.firsts ?? []) : firstsOf(firstGone);
  return { start, end, up: change.before?.lasts ?? [], down, replaces: gone, origins };
}

/** Makes sure that what now stands before comes before, where no edge and no insertion says so. */
function ordersBetween(
  { before, after }: Change,
  file: Pick<FileText, 'isLinked'>,
): readonly { from: Position; to: Position }[] {
  if (before === null || after === null) return [];
  return before.lasts.flatMap((from) =>
    after.firsts
      .filter((to) => !(from.patch === to.patch && from.offset + 1 === to.offset) && !file.isLinked(from, to))
      .map((to) => ({ from, to })),
  );
}

/** Ranges sorted, and joined where they touch. */
export function joined(ranges: readonly Range[]): readonly Range[] {
  const sorted = [...ranges].sort((a, b) => a.patch - b.patch || a.start - b.start);
  const found: Range[] = [];
  for (const range of sorted) {
    const last = found.at(-1);
    if (last !== undefined && last.patch === range.patch && last.end >= range.start) {
      found[found.length - 1] = { ...last, end: Math.max(last.end, range.end) };
    } else found.push(range);
  }
  return found;
}
