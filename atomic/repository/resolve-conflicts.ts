// Conflicts settled by who wrote their sides, where a person asked for such a rule: the result is a draft of an ordinary
// resolution patch, which takes the losing sides out.
// Rule: only a plain conflict of order is settled, side against side. Contested text, circles, conflicts inside each other,
// files without lines and names stay as they are and are listed with the reason: a person decides.

import type { Actor, BasisPoints } from '../attribution/attribution.ts';
import { decodeAttribution } from '../attribution/decode-attribution.ts';
import { isAiAssisted, type Attribution } from '../attribution/attribution.ts';
import { resolveByAttribution, type ConflictSide, type Strategy } from '../attribution/resolve-by-attribution.ts';
import type { PatchNumber } from '../patches/facts.ts';
import type { TreeEntry } from '../patches/file-tree.ts';
import type { Block, Piece, PrintedText } from '../patches/print-layout.ts';
import type { PatchStore } from '../store/store.ts';
import { conflictedFiles } from './conflicts.ts';
import { DraftBuilder } from './draft-builder.ts';
import { reviewStateOf } from './review-states.ts';
import type { View } from './view.ts';

interface SettledConflict {
  readonly path: string;
  readonly line: number;
  /** Patches of the side that stays, and of those that go. */
  readonly kept: readonly PatchNumber[];
  readonly dropped: readonly PatchNumber[];
}

interface LeftConflict {
  readonly path: string;
  readonly line: number;
  readonly why: string;
}

export interface Resolution {
  readonly builder: DraftBuilder;
  readonly settled: readonly SettledConflict[];
  readonly left: readonly LeftConflict[];
}

export function buildResolution(store: PatchStore, view: View, strategy: Strategy): Resolution {
  const builder = new DraftBuilder(view);
  const settled: SettledConflict[] = [];
  const left: LeftConflict[] = [];
  const inConflict = new Set(conflictedFiles(store, view));
  for (const entry of view.tree().entries.values()) {
    if (!inConflict.has(entry.inode)) continue;
    const file = resolveFile(store, view, entry, strategy);
    settled.push(...file.settled);
    left.push(...file.left);
    if (file.settled.length > 0) builder.change(entry, file.text);
  }
  return { builder, settled, left };
}

interface ResolvedFile {
  readonly text: Buffer;
  readonly settled: readonly SettledConflict[];
  readonly left: readonly LeftConflict[];
}

function resolveFile(
  store: PatchStore,
  view: View,
  { path, inode, kind }: TreeEntry,
  strategy: Strategy,
): ResolvedFile {
  const printed = view.text(inode).printed();
  const settled: SettledConflict[] = [];
  const left: LeftConflict[] = [];
  const parts: Buffer[] = [];
  let at = 0;
  for (const [index, block] of printed.blocks.entries()) {
    if (block.parent !== -1) continue;
    const line = lineAt(printed.bytes, block.start);
    const choice = kind === 'text' ? chooseSide(store, printed, index, strategy) : 'The file has no lines.';
    if (typeof choice === 'string') {
      left.push({ path, line, why: choice });
      continue;
    }
    parts.push(printed.bytes.subarray(at, block.start), choice.text);
    at = block.end;
    settled.push({ path, line, kept: choice.kept, dropped: choice.dropped });
  }
  parts.push(printed.bytes.subarray(at));
  return { text: Buffer.concat(parts), settled, left };
}

interface Choice {
  readonly text: Buffer;
  readonly kept: readonly PatchNumber[];
  readonly dropped: readonly PatchNumber[];
}

/** The side that stays, or why none is chosen. */
function chooseSide(store: PatchStore, printed: PrintedText, index: number, strategy: Strategy): Choice | string {
  const block = printed.blocks[index];
  if (block === undefined) return 'It is not there.';
  if (block.kind !== 'order') return 'Only a plain conflict between sides is settled by a rule.';
  if (printed.blocks.some(({ parent }) => parent === index)) return 'There are conflicts inside of it.';
  const texts = sideTexts(printed, block);
  const verdict = resolveByAttribution(
    strategy,
    block.sides.map((patches) => sideOf(store, patches)),
  );
  if (verdict.kind === 'manual') return verdict.why;
  return {
    text: texts[verdict.winner] ?? Buffer.alloc(0),
    kept: block.sides[verdict.winner] ?? [],
    dropped: verdict.losers.flatMap((side) => block.sides[side] ?? []),
  };
}

/** The text of each side: what stands between two markers. */
function sideTexts(printed: PrintedText, block: Block): readonly Buffer[] {
  const sides: Buffer[][] = [];
  for (const { start, end, ranges } of printed.piecesIn(block.start, block.end) satisfies readonly Piece[]) {
    if (ranges.length === 0) sides.push([]);
    else sides.at(-1)?.push(printed.bytes.subarray(start, end));
  }
  // Behind the last marker there is nothing.
  return sides.slice(0, -1).map((parts) => Buffer.concat(parts));
}

function sideOf(store: PatchStore, patches: readonly PatchNumber[]): ConflictSide {
  const attributions = patches.map((patch) => attributionOf(store, patch));
  const confidences = attributions.map(confidenceOf);
  const known = confidences.filter((each): each is BasisPoints => each !== null);
  const lowest = known.reduce<BasisPoints | null>(
    (least, each) => (least === null || each < least ? each : least),
    null,
  );
  const reviews = patches.map((patch) => reviewStateOf(store, patch));
  return {
    actors: [...new Set(attributions.map((attribution): Actor => attribution?.actor ?? 'untracked'))],
    confidence: known.length === confidences.length ? lowest : null,
    review: reviews.every((review) => review === 'accept') ? 'accept' : 'unreviewed',
    isContested: false,
  };
}

function attributionOf(store: PatchStore, patch: PatchNumber): Attribution | null {
  const bytes = store.attributions.of(patch);
  return bytes === null ? null : decodeAttribution(bytes.blob).attribution;
}

const confidenceOf = (attribution: Attribution | null): BasisPoints | null =>
  attribution !== null && isAiAssisted(attribution) ? attribution.confidence : null;

function lineAt(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at !== -1 && at < offset; at = bytes.indexOf(10, at + 1)) line += 1;
  return line;
}
