// No wrong thing can be recorded silently: what was recorded is printed again and compared with the text it stands for.
// Rule: research C4.6. Applying the facts must print the text now and open no conflict that was not there. Text that comes
// out contested was seen and kept, so it is acknowledged; where anything else differs, the whole file is written anew, with
// credit for every line that stayed.

import type { PatchNumber, Range, TextFacts } from './facts.ts';
import { diffLines } from './diff-lines.ts';
import type { FileText, Layout } from './layout.ts';
import type { Block, PrintedText } from './print-layout.ts';
import {
  DRAFT,
  joined,
  recordText,
  type DraftContents,
  type RecordTextOptions,
  type TextRecording,
} from './record-text.ts';

/** The file with one more patch's facts, whose contents are those written so far. No layout: it is clean. */
export type WithDraft = (
  facts: TextFacts,
  known: readonly PatchNumber[],
) => { readonly layout: Layout | null; readonly printed: PrintedText };

export interface CheckedRecording {
  /** `whole-file`: the facts of the lines did not say what was meant; the file was written anew. A mistake of ours. */
  readonly by: 'lines' | 'whole-file';
}

/** Contested text of a resolution shows only once the conflict around it is gone; nothing nests deeper than this. */
const ROUNDS_MAX = 4;

export function recordChecked(
  question: RecordQuestion,
  options: RecordTextOptions & { readonly contents: DraftContents },
  withDraft: WithDraft,
): Exclude<TextRecording, { kind: 'changed' }> | (TextRecording & { kind: 'changed' } & CheckedRecording) {
  const { printed, file, after } = question;
  const recording = recordText(printed, file, after, options);
  if (recording.kind !== 'changed') return recording;
  const facts = settled(question, recording, withDraft);
  if (facts !== null) return { ...recording, facts, by: 'lines' };
  const stays = untouchedBlocks(printed, after);
  if (stays.length > 0) return { kind: 'markers-left', lines: stays.map(({ line }) => line) };
  const whole = wholeFile(printed, after, options.contents);
  return { kind: 'changed', facts: whole, known: file.ownersBeside(whole.deletes), by: 'whole-file' };
}

export interface RecordQuestion {
  readonly printed: PrintedText;
  readonly file: Pick<FileText, 'ownersBeside' | 'isLinked'>;
  readonly after: Buffer;
}

/** The facts, with what has to be acknowledged, if they print the text now and open no conflict; else null. */
function settled(
  { printed, after }: RecordQuestion,
  recording: TextRecording & { readonly kind: 'changed' },
  withDraft: WithDraft,
): TextFacts | null {
  const expected = textExpected(printed, after);
  const stays = untouchedBlocks(printed, after);
  let { facts } = recording;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const { layout, printed: now } = withDraft(facts, recording.known);
    if ((layout === null || isPlain(layout)) && stays.length === 0) return now.bytes.equals(after) ? facts : null;
    if (!textOf(now).equals(expected)) return null;
    const opened = openedBlocks(now, stays);
    if (opened.length === 0) return facts;
    if (opened.some(({ kind }) => kind !== 'contested')) return null;
    facts = {
      ...facts,
      acknowledges: [...facts.acknowledges, ...opened.flatMap((block) => acknowledgesOf(block, now))],
    };
  }
  return null;
}

const isPlain = (layout: Layout): boolean =>
  layout.every((item) => item.kind === 'twins' || (item.kind === 'text' && item.run.contestedBy.length === 0));

/** What is printed, without its markers. */
function textOf(printed: PrintedText): Buffer {
  if (printed.blocks.length === 0) return printed.bytes;
  const pieces = printed.piecesIn(0, printed.bytes.length).filter(({ ranges }) => ranges.length > 0);
  return Buffer.concat(pieces.map(({ start, end }) => printed.bytes.subarray(start, end)));
}

interface Untouched {
  readonly block: Block;
  /** Where it stands in the text now. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** The blocks that the text now has unchanged, from their first marker to their last. */
function untouchedBlocks(printed: PrintedText, after: Buffer): readonly Untouched[] {
  if (printed.blocks.length === 0) return [];
  const hunks = diffLines(printed.bytes, after);
  return printed.blocks.flatMap((block) => {
    const isHit = hunks.some(
      ({ oldStart, oldEnd }) =>
        (oldStart < block.end && oldEnd > block.start) ||
        (oldStart === oldEnd && oldStart > block.start && oldStart < block.end),
    );
    if (isHit) return [];
    let shift = 0;
    for (const { oldEnd, newEnd } of hunks) if (oldEnd <= block.start) shift = newEnd - oldEnd;
    const start = block.start + shift;
    return [{ block, start, end: block.end + shift, line: 1 + countLines(after, start) }];
  });
}

const countLines = (text: Buffer, to: number): number => {
  let count = 0;
  for (let at = text.indexOf(10); at !== -1 && at < to; at = text.indexOf(10, at + 1)) count += 1;
  return count;
};

/** The text now without the markers of the blocks that stay. */
function textExpected(printed: PrintedText, after: Buffer): Buffer {
  const cuts: (readonly [number, number])[] = [];
  for (const { block, start } of untouchedBlocks(printed, after)) {
    const shift = start - block.start;
    for (const piece of printed.piecesIn(block.start, block.end)) {
      if (piece.ranges.length === 0) cuts.push([piece.start + shift, piece.end + shift]);
    }
  }
  if (cuts.length === 0) return after;
  const parts: Buffer[] = [];
  let at = 0;
  for (const [start, end] of cuts.sort((a, b) => a[0] - b[0])) {
    if (start > at) parts.push(after.subarray(at, start));
    at = Math.max(at, end);
  }
  return Buffer.concat([...parts, after.subarray(at)]);
}

/** Blocks that stand in the text after recording, and did not before. */
function openedBlocks(now: PrintedText, stays: readonly Untouched[]): readonly Block[] {
  const keyOf = ({ kind, sides }: Block): string => `${kind} ${sides.map((side) => side.join()).join(';')}`;
  const left = stays.map(({ block }) => keyOf(block));
  return now.blocks.filter((block) => {
    const at = left.indexOf(keyOf(block));
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

function acknowledgesOf(block: Block, now: PrintedText): TextFacts['acknowledges'] {
  const ranges = joined(
    now
      .piecesIn(block.start, block.end)
      .flatMap((piece) => piece.ranges)
      .filter(({ patch }) => patch !== DRAFT),
  );
  return block.sides.flat().flatMap((by) => ranges.map((range) => ({ range, by })));
}

/** Everything goes and comes again; lines that stayed keep their credit by `origins`. */
function wholeFile(printed: PrintedText, after: Buffer, contents: DraftContents): TextFacts {
  const pieces = printed.piecesIn(0, printed.bytes.length).filter(({ ranges }) => ranges.length > 0);
  const deletes = joined(pieces.flatMap(({ ranges }) => ranges));
  const [first] = pieces;
  const nothing: TextFacts = {
    patch: DRAFT,
    inserts: [],
    deletes,
    undeletes: [],
    orders: [],
    unorders: [],
    acknowledges: [],
  };
  if (after.length === 0) return nothing;
  const { start, end } = contents.add(after);
  const origins: { at: number; from: Range }[] = [];
  let [oldAt, newAt] = [0, 0];
  const kept = (to: number): void => {
    for (const piece of printed.piecesIn(oldAt, to)) {
      const [range] = piece.ranges;
      if (range !== undefined) origins.push({ at: start + newAt + piece.start - oldAt, from: range });
    }
  };
  for (const hunk of diffLines(printed.bytes, after)) {
    kept(hunk.oldStart);
    [oldAt, newAt] = [hunk.oldEnd, hunk.newEnd];
  }
  kept(printed.bytes.length);
  const down = first?.ranges.map(({ patch, start: offset }) => ({ patch, offset })) ?? [];
  return { ...nothing, inserts: [{ start, end, up: [], down, replaces: deletes, origins }] };
}
