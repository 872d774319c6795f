// Where each atom of a patch that is being recorded lies in the files as they are now: what the working log is asked with.
// Rule: an atom's place is the one it has in the printed text with the patch in it; nothing is searched for by its text.

import type { RecordedPart } from '../hooks/fold-worklog.ts';
import { diffLines } from '../patches/diff-lines.ts';
import type { TextFacts } from '../patches/facts.ts';
import type { InodeNumber } from '../patches/file-tree.ts';
import { DRAFT } from '../patches/record-text.ts';
import type { DraftBuilder } from '../repository/draft-builder.ts';
import type { View } from '../repository/view.ts';

/** The bytes of a file on the disk, or undefined where there is none. */
export type TextNow = (path: string) => Buffer | undefined;

interface Span {
  readonly start: number;
  readonly end: number;
}

export function recordedParts(view: View, builder: DraftBuilder, textNow: TextNow): readonly RecordedPart[] {
  const parts: RecordedPart[] = builder.tree.map(({ inode }, atom) => ({
    kind: 'file',
    atom,
    path: pathOf(view, builder, inode),
  }));
  let atom = builder.tree.length;
  for (const { inode, facts } of builder.texts) {
    const path = pathOf(view, builder, inode);
    const places = placesOf(view, builder, { inode, facts });
    const onDisk = ontoDisk(places.text, textNow(path));
    for (const { start } of facts.inserts) {
      const place = places.inserts.get(start);
      if (place !== undefined) parts.push({ kind: 'insert', atom, path, ...onDisk(place) });
      atom += 1;
    }
    if (facts.deletes.length > 0) {
      const at = onDisk({ start: places.deletedAt, end: places.deletedAt }).start;
      parts.push({ kind: 'delete', atom, path, at });
      atom += 1;
    }
    atom += otherAtoms(facts);
  }
  return parts;
}

/** Atoms behind insertions and the deletion, as `patchOfDraft` writes them. */
const otherAtoms = ({ undeletes, orders, unorders, acknowledges }: TextFacts): number =>
  new Set(undeletes.map(({ by }) => by)).size +
  orders.length +
  unorders.length +
  new Set(acknowledges.map(({ by }) => by)).size;

interface Places {
  /** What was recorded of the file: all of it, or some of its hunks. */
  readonly text: Buffer;
  /** By their start in the patch's contents. */
  readonly inserts: ReadonlyMap<number, Span>;
  readonly deletedAt: number;
}

function placesOf(
  view: View,
  builder: DraftBuilder,
  { inode, facts }: { readonly inode: InodeNumber; readonly facts: TextFacts },
): Places {
  // A file that the patch adds has no text before it.
  if (inode < 0) {
    const [insert] = facts.inserts;
    const text = builder.contents.finish().subarray(insert?.start ?? 0, insert?.end ?? 0);
    const inserts = new Map(insert === undefined ? [] : [[insert.start, { start: 0, end: text.length }]]);
    return { text, inserts, deletedAt: 0 };
  }
  const open = view.text(inode);
  const before = open.printed().bytes;
  const printed = open.printedWith(facts, [...builder.known], builder.contents);
  const inserts = new Map<number, Span>();
  for (const piece of printed.piecesIn(0, printed.bytes.length)) {
    for (const range of piece.ranges) {
      if (range.patch !== DRAFT) continue;
      const insert = facts.inserts.find(({ start, end }) => start <= range.start && range.end <= end);
      if (insert === undefined) continue;
      const known = inserts.get(insert.start);
      inserts.set(insert.start, { start: known?.start ?? piece.start, end: piece.end });
    }
  }
  const first = diffLines(before, printed.bytes).find(({ oldStart, oldEnd }) => oldStart < oldEnd);
  return { text: printed.bytes, inserts, deletedAt: first?.newStart ?? 0 };
}

/** Offsets in the recorded text as offsets in the text on the disk, which may have hunks that were left out. */
function ontoDisk(recorded: Buffer, onDisk: Buffer | undefined): (span: Span) => Span {
  if (onDisk === undefined || recorded.equals(onDisk)) return (span) => span;
  const hunks = diffLines(recorded, onDisk);
  return ({ start, end }) => {
    const before = hunks.findLast(({ oldEnd }) => oldEnd <= start);
    const shift = before === undefined ? 0 : before.newEnd - before.oldEnd;
    return { start: start + shift, end: end + shift };
  };
}

/** A path deeper than this is a circle. */
const DEPTH_MAX = 1000;

/** Where a file lies after the patch; one that it deletes, before. */
function pathOf(view: View, { tree }: DraftBuilder, file: InodeNumber): string {
  const names: string[] = [];
  let at: InodeNumber | null = file;
  for (let depth = 0; at !== null && depth < DEPTH_MAX; depth += 1) {
    const inode: InodeNumber = at;
    const place = tree.findLast((fact) => fact.kind === 'locate' && fact.inode === inode && fact.at !== null);
    if (place?.kind !== 'locate' || place.at === null) {
      const [known] = view.tree().pathsOf(inode);
      if (known !== undefined) names.unshift(known);
      break;
    }
    names.unshift(place.at.name);
    at = place.at.parent;
  }
  return names.join('/');
}
