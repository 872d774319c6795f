// Splits what is in the working copy into one step for each writer, for `record --split-by-actor`: after all steps each
// file is what it is now, and each step adds only lines of its writer.
// Rule: a line goes to whoever wrote most of its bytes; old lines go away with the first step that touches their place.

import { diffLines } from '../patches/diff-lines.ts';

import { writersOf } from './fold-worklog.ts';
import { isLogOf, writerKey, type FileLog, type Worklog, type Writer } from './worklog.ts';

export interface ChangedFile {
  readonly path: string;
  readonly recorded: Buffer;
  readonly present: Buffer;
}

export interface WriterStep {
  readonly by: Writer;
  /** Only the files that this step changes, each as it is after it. */
  readonly texts: readonly { readonly path: string; readonly text: Buffer }[];
}

interface Piece {
  /** The line as it is now, or the old line where nothing replaces it. */
  readonly text: Buffer;
  /** Before this step the piece is not there; null: it is there from the beginning. */
  readonly from: string | null;
  /** From the first of these steps on the piece is gone; empty: it stays. */
  readonly until: readonly string[];
}

const NEWLINE = 10;

/** Steps in order: untracked first, then people, then each AI in the order of its first line. */
export function splitWorklog(files: readonly ChangedFile[], log: Worklog): readonly WriterStep[] {
  const writers = new Map<string, Writer>();
  const pieces = files.map((file) => ({ file, pieces: piecesOf(file, log.get(file.path), writers) }));
  const order = [...writers].sort(([, a], [, b]) => RANK[a.actor] - RANK[b.actor]);
  const rank = new Map(order.map(([key], index) => [key, index]));
  const latest = new Map(files.map(({ path, recorded }) => [path, recorded]));
  return order.flatMap(([key, by]) => {
    const now = rank.get(key) ?? 0;
    const texts = pieces.flatMap(({ file, pieces }) => {
      const text = textAt(pieces, now, rank);
      if (latest.get(file.path)?.equals(text) === true) return [];
      latest.set(file.path, text);
      return [{ path: file.path, text }];
    });
    return texts.length === 0 ? [] : [{ by, texts }];
  });
}

const RANK = { untracked: 0, human: 1, ai: 2 } as const;

function textAt(pieces: readonly Piece[], now: number, rank: ReadonlyMap<string, number>): Buffer {
  const isDone = (key: string): boolean => (rank.get(key) ?? 0) <= now;
  return Buffer.concat(
    pieces.filter(({ from, until }) => (from === null || isDone(from)) && !until.some(isDone)).map(({ text }) => text),
  );
}

function piecesOf(file: ChangedFile, known: FileLog | undefined, writers: Map<string, Writer>): readonly Piece[] {
  const { recorded, present } = file;
  const log = isLogOf(known, present) ? known : undefined;
  const pieces: Piece[] = [];
  let at = 0;
  for (const hunk of diffLines(recorded, present)) {
    pieces.push({ text: recorded.subarray(at, hunk.oldStart), from: null, until: [] });
    const lines = linesOf(present, hunk.newStart, hunk.newEnd).map(([start, end]) => {
      const by = mostOf(log, present, start, end);
      return { by, text: present.subarray(start, end) };
    });
    const removers = lines.length > 0 ? lines.map(({ by }) => by) : [cutterOf(log, hunk.newStart)];
    for (const by of removers) if (!writers.has(writerKey(by))) writers.set(writerKey(by), by);
    pieces.push({ text: recorded.subarray(hunk.oldStart, hunk.oldEnd), from: null, until: removers.map(writerKey) });
    pieces.push(...lines.map(({ by, text }) => ({ text, from: writerKey(by), until: [] })));
    at = hunk.oldEnd;
  }
  pieces.push({ text: recorded.subarray(at), from: null, until: [] });
  return pieces;
}

const cutterOf = (log: FileLog | undefined, at: number): Writer =>
  log?.cuts.find((cut) => cut.at === at)?.by ?? { actor: 'untracked' };

function mostOf(log: FileLog | undefined, text: Buffer, start: number, end: number): Writer {
  const spans = writersOf(log, text, start, end);
  const bytes = new Map<string, number>();
  for (const span of spans) bytes.set(writerKey(span.by), (bytes.get(writerKey(span.by)) ?? 0) + span.end - span.start);
  const [most] = [...spans].sort((a, b) => (bytes.get(writerKey(b.by)) ?? 0) - (bytes.get(writerKey(a.by)) ?? 0));
  return most?.by ?? { actor: 'untracked' };
}

function linesOf(text: Buffer, from: number, to: number): readonly (readonly [start: number, end: number])[] {
  const lines: [number, number][] = [];
  for (let at = from; at < to;) {
    const found = text.indexOf(NEWLINE, at);
    const end = found === -1 || found >= to ? to : found + 1;
    lines.push([at, end]);
    at = end;
  }
  return lines;
}
