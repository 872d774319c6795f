// Which lines of its files a patch wrote, and which of its hands each, in the files as they are when it is applied.

import type { Hunk } from '../attribution/attribution.ts';
import { decodeAttribution } from '../attribution/decode-attribution.ts';
import type { Attribution } from '../attribution/attribution.ts';
import { decodePatch } from '../patches/encode-patch.ts';
import type { PatchNumber } from '../patches/facts.ts';
import type { InodeNumber } from '../patches/file-tree.ts';
import type { View } from '../repository/view.ts';
import type { PatchStore } from '../store/store.ts';

/** Null: the line is not of this patch. `hunk` null: of the patch as a whole. */
type LineOwner = { readonly hunk: Hunk | null } | null;

export interface PatchLines {
  readonly path: string;
  /** One for each line of the file. */
  readonly lines: readonly LineOwner[];
  readonly text: Buffer;
}

export interface WrittenPatch {
  readonly attribution: Attribution | null;
  readonly files: readonly PatchLines[];
}

const NEWLINE = 10;

export function attributionOf(store: PatchStore, patch: PatchNumber): Attribution | null {
  const bytes = store.attributions.of(patch);
  return bytes === null ? null : decodeAttribution(bytes.blob).attribution;
}

/** `view`: with the patch in it. */
export function linesOfPatch(store: PatchStore, view: View, patch: PatchNumber): WrittenPatch {
  const attribution = attributionOf(store, patch);
  const hunkAt = hunksOf(store, patch, attribution);
  const files = store.files.touchedBy(patch).flatMap((inode) =>
    view
      .tree()
      .pathsOf(inode)
      .map((path) => linesIn(view, { inode, path, patch }, hunkAt)),
  );
  return { attribution, files: files.filter(({ lines }) => lines.some((line) => line !== null)) };
}

type HunkAt = (offset: number) => Hunk | null;

/** The hand behind a byte of the patch's contents. */
function hunksOf(store: PatchStore, patch: PatchNumber, attribution: Attribution | null): HunkAt {
  const hunks = attribution !== null && 'hunks' in attribution ? attribution.hunks : [];
  if (hunks.length === 0) return () => null;
  const { atoms } = decodePatch(store.patches.hashedOf(patch));
  const spans = hunks.flatMap((hunk) => {
    const atom = atoms[hunk.atom];
    if (atom?.kind !== 'insert') return [];
    const { start, end } = hunk.span ?? { start: 0, end: atom.end - atom.start };
    return [{ start: atom.start + start, end: atom.start + end, hunk }];
  });
  return (offset) => spans.find(({ start, end }) => start <= offset && offset < end)?.hunk ?? null;
}

function linesIn(
  view: View,
  { inode, path, patch }: { readonly inode: InodeNumber; readonly path: string; readonly patch: PatchNumber },
  hunkAt: HunkAt,
): PatchLines {
  const printed = view.text(inode).printed();
  const text = printed.bytes;
  const starts = lineStarts(text);
  const owned = starts.map(() => new Map<Hunk | null, number>());
  let line = 0;
  for (const { start, end, ranges } of printed.piecesIn(0, text.length)) {
    const range = ranges.find((each) => each.patch === patch);
    if (range === undefined) continue;
    for (let at = start; at < end;) {
      while (line + 1 < starts.length && (starts[line + 1] ?? 0) <= at) line += 1;
      const stop = Math.min(end, starts[line + 1] ?? text.length);
      const hunk = hunkAt(range.start + at - start);
      const bytes = owned[line];
      if (bytes !== undefined) bytes.set(hunk, (bytes.get(hunk) ?? 0) + stop - at);
      at = stop;
    }
  }
  return { path, text, lines: owned.map(ownerOf) };
}

/** Whoever wrote most bytes of the line. */
function ownerOf(bytes: ReadonlyMap<Hunk | null, number>): LineOwner {
  const [most] = [...bytes].sort(([, a], [, b]) => b - a);
  return most === undefined ? null : { hunk: most[0] };
}

export function lineStarts(text: Buffer): readonly number[] {
  const starts: number[] = [];
  for (let at = 0; at < text.length;) {
    starts.push(at);
    const found = text.indexOf(NEWLINE, at);
    at = found === -1 ? text.length : found + 1;
  }
  return starts;
}
