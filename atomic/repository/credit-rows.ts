// What each part of each patch of a view wrote, and what of it is still there: the rows that statistics count.
// Rule: a byte counts for the hand that wrote it first, in the patch that brought it; lines are counted by their ends.

import type { Attribution, Hunk } from '../attribution/attribution.ts';
import { decodeAttribution } from '../attribution/decode-attribution.ts';
import type { ReviewState } from '../attribution/reviews.ts';
import type { CreditRow, Size } from '../attribution/statistics.ts';
import { decodePatch } from '../patches/encode-patch.ts';
import type { PatchNumber, Range } from '../patches/facts.ts';
import type { Insert, NamedPatch } from '../patches/patch.ts';
import type { PatchStore } from '../store/store.ts';
import { Origins } from './credit.ts';
import type { View } from './view.ts';

export interface CreditQuestion {
  readonly reviewOf: (patch: PatchNumber) => ReviewState;
  readonly each?: (done: number, total: number) => void;
}

interface Part {
  readonly start: number;
  readonly end: number;
  /** Its place in `attribution.hunks`; null: the patch as a whole. */
  readonly hunk: number | null;
}

interface Counted {
  readonly attribution: Attribution | null;
  readonly parts: readonly Part[];
  readonly written: Map<number | null, Size>;
  readonly alive: Map<number | null, Size>;
}

const NEWLINE = 10;
const NOTHING: Size = { bytes: 0, lines: 0 };

export function creditRows(store: PatchStore, view: View, { reviewOf, each }: CreditQuestion): readonly CreditRow[] {
  const patches = new Map<PatchNumber, Counted>();
  const files = [...view.tree().entries.values()].filter(({ kind }) => kind === 'text' || kind === 'binary');
  const total = view.set.size + files.length;
  for (const patch of view.set) {
    patches.set(patch, countWritten(store, patch));
    each?.(patches.size, total);
  }
  for (const [index, { inode }] of files.entries()) {
    const text = view.text(inode);
    const origins = new Origins(text);
    const { piecesIn, bytes } = text.printed();
    // Of text that several wrote at one place, the first is printed; it counts once.
    for (const { ranges } of piecesIn(0, bytes.length)) {
      for (const range of origins.of(ranges[0] ?? NO_RANGE)) countAlive(store, patches.get(range.patch), range);
    }
    each?.(view.set.size + index + 1, total);
  }
  return [...patches].flatMap(([patch, counted]) => rowsOf(store, patch, counted, reviewOf));
}

const NO_RANGE: Range = { patch: 0, start: 0, end: 0 };

function countWritten(store: PatchStore, patch: PatchNumber): Counted {
  const bytes = store.attributions.of(patch);
  const attribution = bytes === null ? null : decodeAttribution(bytes.blob).attribution;
  const decoded = decodePatch(store.patches.hashedOf(patch));
  const parts = partsOf(decoded, attribution);
  const contents = store.patches.contentsOf(patch);
  const written = new Map<number | null, Size>();
  for (const { start, end, hunk } of parts) add(written, hunk, sizeOf(contents, start, end));
  return { attribution, parts, written, alive: new Map() };
}

/** Every inserted byte with the part it belongs to, in order. */
function partsOf({ atoms }: NamedPatch, attribution: Attribution | null): readonly Part[] {
  const hunks = attribution === null || attribution.actor === 'human' ? [] : attribution.hunks;
  return atoms
    .flatMap((atom, index) => (atom.kind === 'insert' ? partsOfInsert(atom, index, hunks) : []))
    .sort((a, b) => a.start - b.start);
}

function partsOfInsert(insert: Insert, atom: number, hunks: readonly Hunk[]): readonly Part[] {
  const parts: Part[] = [];
  let at = insert.start;
  for (const [hunk, each] of hunks.entries()) {
    if (each.atom !== atom) continue;
    const start = insert.start + (each.span?.start ?? 0);
    const end = each.span === null ? insert.end : Math.min(insert.end, insert.start + each.span.end);
    if (start > at) parts.push({ start: at, end: start, hunk: null });
    if (end > start) parts.push({ start, end, hunk });
    at = Math.max(at, end);
  }
  if (at < insert.end) parts.push({ start: at, end: insert.end, hunk: null });
  return parts;
}

function countAlive(store: PatchStore, counted: Counted | undefined, { patch, start, end }: Range): void {
  if (counted === undefined || start >= end) return;
  const contents = store.patches.contentsOf(patch);
  for (let at = firstPartAfter(counted.parts, start); at < counted.parts.length; at += 1) {
    const part = counted.parts[at];
    if (part === undefined || part.start >= end) break;
    add(counted.alive, part.hunk, sizeOf(contents, Math.max(start, part.start), Math.min(end, part.end)));
  }
}

function firstPartAfter(parts: readonly Part[], offset: number): number {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sizeOf(text: Uint8Array, start: number, end: number): Size {
  let lines = 0;
  for (let at = text.indexOf(NEWLINE, start); at !== -1 && at < end; at = text.indexOf(NEWLINE, at + 1)) lines += 1;
  return { bytes: end - start, lines };
}

function add(sizes: Map<number | null, Size>, hunk: number | null, { bytes, lines }: Size): void {
  const before = sizes.get(hunk) ?? NOTHING;
  sizes.set(hunk, { bytes: before.bytes + bytes, lines: before.lines + lines });
}

function rowsOf(
  store: PatchStore,
  patch: PatchNumber,
  { attribution, written, alive }: Counted,
  reviewOf: CreditQuestion['reviewOf'],
): readonly CreditRow[] {
  const { hash, authors } = store.patches.rowOf(patch);
  const common = {
    patch: hash,
    attribution,
    author: authors[0] ?? { name: 'nobody', email: '' },
    review: reviewOf(patch),
  };
  const hunks = written.size === 0 ? [null] : [...written.keys()];
  return hunks.map((hunk) => ({
    ...common,
    hunk,
    written: written.get(hunk) ?? NOTHING,
    alive: alive.get(hunk) ?? NOTHING,
  }));
}
