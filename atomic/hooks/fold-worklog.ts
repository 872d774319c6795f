// What the working log says of a patch that is being recorded: one actor for the whole, and parts where it has several.
// Rule: every byte that the patch inserts gets exactly one actor. A byte that was there before, and is written again
// because its line was changed, goes to whoever changed the line; a byte that nobody accounts for is untracked.

import { actorOfParts, type Hunk, type Span } from '../attribution/attribution.ts';
import type { WitnessReport } from '../attribution/sources.ts';

import { isLogOf, writerKey, type FileLog, type Worklog, type Writer } from './worklog.ts';

/** What an atom of the patch does, in terms of the file as it is now. */
export type RecordedPart =
  /** Inserts the bytes `start`..`end` of the present text. */
  | {
      readonly kind: 'insert';
      readonly atom: number;
      readonly path: string;
      readonly start: number;
      readonly end: number;
    }
  /** Deletes what stood before byte `at` of the present text. */
  | { readonly kind: 'delete'; readonly atom: number; readonly path: string; readonly at: number }
  /** Adds, moves or removes the file. */
  | { readonly kind: 'file'; readonly atom: number; readonly path: string };

interface Share {
  readonly atom: number;
  readonly span: Span | null;
  readonly by: Writer;
  readonly bytes: number;
}

const UNTRACKED: Writer = { actor: 'untracked' };
const NEWLINE = 10;

/** The present text of a file, or undefined when there is none. */
export type PresentText = (path: string) => Buffer | undefined;

/** Null: the log knows nothing of these files. Parts come in any order. */
export function foldWorklog(parts: readonly RecordedPart[], log: Worklog, textOf: PresentText): WitnessReport | null {
  const known = knownFiles(parts, log, textOf);
  const shares = parts
    .flatMap((part) => sharesOf(part, known.get(part.path)))
    .sort((a, b) => a.atom - b.atom || (a.span?.start ?? 0) - (b.span?.start ?? 0));
  const actor = actorOfParts(weighed(shares).map(({ by }) => by.actor));
  if (shares.every(({ by }) => by.actor === 'untracked')) return null;
  const main = mainWriter(shares);
  const isOne = new Set(shares.map(({ by }) => writerKey(by))).size === 1;
  return {
    evidence: main?.evidence ?? 'editor',
    actor,
    agent: main?.agent ?? null,
    model: main?.model ?? null,
    hunks: isOne ? [] : shares.map((share) => hunkOf(share, main)),
    suggestion: main === null ? null : actor === 'ai' ? 'complete' : 'collaborative',
    prompt: main?.prompt ?? null,
    tokens: null,
    cost: null,
  };
}

/** Shares with text; when there are none, all of them: a patch that only deletes is whoever deleted. */
function weighed(shares: readonly Share[]): readonly Share[] {
  const withText = shares.filter(({ bytes }) => bytes > 0);
  return withText.length > 0 ? withText : shares;
}

interface KnownFile {
  readonly file: FileLog | undefined;
  readonly text: Buffer | undefined;
}

/** Each file is read and compared once, however many parts it has. A log of another text says nothing. */
function knownFiles(parts: readonly RecordedPart[], log: Worklog, textOf: PresentText): ReadonlyMap<string, KnownFile> {
  return new Map(
    [...new Set(parts.map(({ path }) => path))].map((path) => {
      const file = log.get(path);
      const text = file === undefined ? undefined : textOf(path);
      return [path, { file: text === undefined || isLogOf(file, text) ? file : undefined, text }];
    }),
  );
}

function sharesOf(part: RecordedPart, known: KnownFile | undefined): readonly Share[] {
  const file = known?.file;
  const whole = { atom: part.atom, span: null, bytes: 0 };
  if (part.kind === 'file') return [{ ...whole, by: file?.last ?? UNTRACKED }];
  if (part.kind === 'delete') return [{ ...whole, by: cutBy(file, part.at) }];
  const spans = writersOf(file, known?.text, part.start, part.end);
  return spans.map(({ start, end, by }) => ({
    atom: part.atom,
    span: spans.length === 1 ? null : { start: start - part.start, end: end - part.start },
    by,
    bytes: end - start,
  }));
}

const cutBy = (file: FileLog | undefined, at: number): Writer =>
  file?.cuts.find((cut) => cut.at === at)?.by ??
  // A deletion beside text that was written in its place belongs to whoever wrote that.
  file?.spans.find(({ start, end }) => start <= at && at <= end)?.by ??
  UNTRACKED;

/** Every byte from `start` to `end` with its writer, in order, neighbours of one writer joined. */
export function writersOf(
  file: FileLog | undefined,
  text: Buffer | undefined,
  start: number,
  end: number,
): readonly { readonly start: number; readonly end: number; readonly by: Writer }[] {
  const inside = (file?.spans ?? [])
    .filter((span) => span.start < end && span.end > start)
    .map((span) => ({ start: Math.max(span.start, start), end: Math.min(span.end, end), by: span.by }));
  const found: { start: number; end: number; by: Writer }[] = [];
  const add = (from: number, to: number, by: Writer): void => {
    if (from >= to) return;
    const last = found.at(-1);
    if (last !== undefined && last.end === from && JSON.stringify(last.by) === JSON.stringify(by)) last.end = to;
    else found.push({ start: from, end: to, by });
  };
  let at = start;
  let before: Writer | null = null;
  for (const span of inside) {
    for (const part of partsOfGap(text, { start: at, end: span.start }, before, span.by))
      add(part.start, part.end, part.by);
    add(span.start, span.end, span.by);
    at = span.end;
    before = span.by;
  }
  for (const part of partsOfGap(text, { start: at, end }, before, null)) add(part.start, part.end, part.by);
  return found;
}

/** Bytes without a writer: on the line of the span before them they are its, on the line of the one after, that one's. */
function partsOfGap(
  text: Buffer | undefined,
  { start, end }: Span,
  before: Writer | null,
  after: Writer | null,
): readonly { readonly start: number; readonly end: number; readonly by: Writer }[] {
  if (start >= end || text === undefined) return [{ start, end, by: UNTRACKED }];
  const endOfFirst = before === null || text[start - 1] === NEWLINE ? start : lineEndAfter(text, start, end);
  const startOfLast = after === null || text[end - 1] === NEWLINE ? end : lineStartBefore(text, start, end);
  const middle = Math.max(endOfFirst, startOfLast);
  return [
    { start, end: endOfFirst, by: before ?? UNTRACKED },
    { start: endOfFirst, end: middle, by: UNTRACKED },
    { start: middle, end, by: after ?? UNTRACKED },
  ];
}

function lineEndAfter(text: Buffer, from: number, to: number): number {
  const found = text.indexOf(NEWLINE, from);
  return found === -1 || found >= to ? to : found + 1;
}

function lineStartBefore(text: Buffer, from: number, to: number): number {
  const found = text.lastIndexOf(NEWLINE, to - 1);
  return found < from ? from : found + 1;
}

type AiWriter = Writer & { readonly actor: 'ai' };

/** The AI that wrote the most bytes; of equals the first. */
function mainWriter(shares: readonly Share[]): AiWriter | null {
  const bytes = new Map<string, number>();
  let main: AiWriter | null = null;
  for (const { by, bytes: count } of shares) {
    if (by.actor === 'ai') bytes.set(writerKey(by), (bytes.get(writerKey(by)) ?? 0) + count);
  }
  for (const { by } of shares) {
    if (by.actor !== 'ai') continue;
    if (main === null || (bytes.get(writerKey(by)) ?? 0) > (bytes.get(writerKey(main)) ?? 0)) main = by;
  }
  return main;
}

function hunkOf({ atom, span, by }: Share, main: AiWriter | null): Hunk {
  if (by.actor !== 'ai') return { atom, span, actor: by.actor };
  const isMain = main !== null && JSON.stringify(by.model) === JSON.stringify(main.model);
  return { atom, span, actor: 'ai', model: isMain ? null : by.model, toolUseId: by.agent.toolUseId };
}
