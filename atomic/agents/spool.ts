// What hooks and editors leave behind until a command folds it into the working log: one line for each event, appended to
// `.atomic/spool/<n>.jsonl`.
// Rule: a line is written by one call in append mode, so that any number of hooks at once lose nothing and wait for nobody.
// Whoever folds remembers how far it has read, in the same transaction as what it made of it; nothing is cut off or renamed
// under a writer. A segment that is full gets a successor, and is removed long after its last writer has ended.

import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'spool';
/** Some thousand events, or some hundred with texts: what a fold reads at once. */
const SEGMENT_BYTES = 8 * 1024 * 1024;
/** One event with the texts of all the files that a tool changed. */
const LINE_BYTES_MAX = 24 * 1024 * 1024;
/** A month of an agent without one recorded patch. Beyond it events are dropped, and what they tell of is untracked. */
const SPOOL_BYTES_MAX = 512 * 1024 * 1024;
/** A hook that chose a segment before it had a successor has written to it by then: agents stop a hook after a minute. */
const WRITERS_END_MS = 120_000;
const NEWLINE = 10;

/** How many bytes of each segment have been read. */
export type SpoolPlace = Readonly<Record<string, number>>;

export interface SpoolReading {
  readonly lines: readonly string[];
  readonly place: SpoolPlace;
}

/** `inside`: the `.atomic` folder. */
export const spoolFolder = (inside: string): string => join(inside, FOLDER);

/** Appends an event. False where there is no room for it. */
export function appendToSpool(inside: string, line: string): boolean {
  const bytes = Buffer.from(`${line}\n`);
  if (bytes.length > LINE_BYTES_MAX) return false;
  const folder = spoolFolder(inside);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const segments = segmentsIn(folder);
  const last = segments.at(-1);
  const size = last === undefined ? 0 : sizeOf(join(folder, nameOf(last)));
  if (
    segments.reduce((sum, each) => sum + (each === last ? size : sizeOf(join(folder, nameOf(each)))), 0) >
    SPOOL_BYTES_MAX
  )
    return false;
  const current = last === undefined ? 1 : size >= SEGMENT_BYTES ? last + 1 : last;
  appendFileSync(join(folder, nameOf(current)), bytes, { mode: 0o600 });
  return true;
}

/** Whether there may be anything to read beyond a place. */
export function hasSpooled(inside: string, place: SpoolPlace): boolean {
  const folder = spoolFolder(inside);
  return segmentsIn(folder).some((each) => sizeOf(join(folder, nameOf(each))) > (place[String(each)] ?? 0));
}

/** Whole lines beyond a place. A line that is only being written is left for the next time. */
export function readSpool(inside: string, place: SpoolPlace): SpoolReading {
  const folder = spoolFolder(inside);
  const lines: string[] = [];
  const next: Record<string, number> = {};
  for (const segment of segmentsIn(folder)) {
    const from = place[String(segment)] ?? 0;
    const bytes = readFrom(join(folder, nameOf(segment)), from);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    next[String(segment)] = from + end;
    if (end > 0) lines.push(...bytes.toString('utf8', 0, end - 1).split('\n'));
  }
  return { lines, place: next };
}

/** Removes segments that were read to their end, have a successor, and that nobody writes to any more. */
export function trimSpool(inside: string, place: SpoolPlace, now: number): void {
  const folder = spoolFolder(inside);
  const segments = segmentsIn(folder);
  for (const [index, segment] of segments.entries()) {
    const successor = segments[index + 1];
    if (successor === undefined) return;
    const path = join(folder, nameOf(segment));
    const isRead = sizeOf(path) <= (place[String(segment)] ?? 0);
    const bornAt = statSync(join(folder, nameOf(successor)), { throwIfNoEntry: false })?.birthtimeMs ?? now;
    if (isRead && now - bornAt > WRITERS_END_MS) rmSync(path, { force: true });
  }
}

const nameOf = (segment: number): string => `${String(segment).padStart(8, '0')}.jsonl`;

function segmentsIn(folder: string): readonly number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => (/^\d{8}\.jsonl$/.test(name) ? [Number(name.slice(0, 8))] : []))
    .sort((a, b) => a - b);
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function readFrom(path: string, from: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const length = Math.max(0, fstatSync(file).size - from);
    const bytes = Buffer.alloc(length);
    let done = 0;
    for (let got = 1; done < length && got > 0; done += got)
      got = readSync(file, bytes, done, length - done, from + done);
    return bytes.subarray(0, done);
  } finally {
    closeSync(file);
  }
}
