// Which new file is an old one under another name: by what a person said, by equal bytes, or by mostly equal lines.
// Rule: a file keeps its history when it moves. Guesses need at least half of the lines, and each file is used once.

import type { TreeEntry } from '../patches/file-tree.ts';
import { splitLines } from '../patches/diff-lines.ts';
import type { View } from '../repository/view.ts';
import type { Change, FileNow } from './changes.ts';
import type { Intents } from './intents.ts';

/** Half of the lines, as git has it. */
const LIKENESS_MIN = 0.5;
/** Pairs compared by lines: beyond it only equal bytes are found, so that a large change stays quick. */
const PAIRS_MAX = 40_000;
/** Files with less than this many bytes are too small to tell by their lines. */
const LIKE_BYTES_MIN = 16;

export interface MoveQuestion {
  readonly gone: readonly TreeEntry[];
  readonly fresh: readonly FileNow[];
  readonly intents: Pick<Intents, 'moved'>;
}

export interface Moves {
  readonly moves: readonly (Change & { readonly kind: 'moved' })[];
  readonly left: readonly FileNow[];
  readonly stillGone: readonly TreeEntry[];
}

export function findMoves(view: Pick<View, 'bytesOf'>, { gone, fresh, intents }: MoveQuestion): Moves {
  const free = new Set(gone.filter(({ kind }) => kind !== 'directory'));
  const left = new Set(fresh);
  const moves: (Change & { kind: 'moved' })[] = [];
  const take = (entry: TreeEntry, now: FileNow): void => {
    free.delete(entry);
    left.delete(now);
    moves.push(moveOf(view, entry, now));
  };
  const byPath = new Map([...free].map((entry) => [entry.path, entry]));
  for (const now of fresh) {
    const from = intents.moved.get(now.path);
    const entry = from === undefined ? undefined : byPath.get(from);
    if (entry !== undefined && free.has(entry)) take(entry, now);
  }
  if (free.size > 0 && left.size > 0) {
    const texts = new Map([...free].map((entry) => [entry, view.bytesOf(entry.inode)]));
    for (const [entry, bytes] of texts) {
      const same =
        bytes.length === 0
          ? undefined
          : [...left].find((now) => now.disk.size === bytes.length && now.bytes().equals(bytes));
      if (same !== undefined) take(entry, same);
    }
    for (const { entry, now } of alikePairs(texts, free, left)) if (free.has(entry) && left.has(now)) take(entry, now);
  }
  return { moves, left: [...left], stillGone: [...free, ...gone.filter(({ kind }) => kind === 'directory')] };
}

function moveOf(view: Pick<View, 'bytesOf'>, entry: TreeEntry, now: FileNow): Change & { kind: 'moved' } {
  const text = !now.bytes().equals(view.bytesOf(entry.inode));
  const properties = now.isExecutable !== entry.isExecutable || now.kind !== entry.kind;
  return { kind: 'moved', path: now.path, from: entry.path, entry, now, text, properties };
}

/** Pairs with enough lines in common, the most alike first. */
function alikePairs(
  texts: ReadonlyMap<TreeEntry, Buffer>,
  free: ReadonlySet<TreeEntry>,
  left: ReadonlySet<FileNow>,
): readonly { readonly entry: TreeEntry; readonly now: FileNow }[] {
  if (free.size * left.size > PAIRS_MAX) return [];
  const pairs: { entry: TreeEntry; now: FileNow; likeness: number }[] = [];
  const news = [...left].map((now) => ({ now, lines: countedLines(now.bytes()) }));
  for (const entry of free) {
    const bytes = texts.get(entry);
    if (bytes === undefined || bytes.length < LIKE_BYTES_MIN) continue;
    const lines = countedLines(bytes);
    for (const { now, lines: other } of news) {
      const likeness = likenessOf(lines, other);
      if (likeness >= LIKENESS_MIN) pairs.push({ entry, now, likeness });
    }
  }
  return pairs.sort(
    (a, b) => b.likeness - a.likeness || (a.entry.path + a.now.path < b.entry.path + b.now.path ? -1 : 1),
  );
}

function countedLines(text: Buffer): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const starts = splitLines(text);
  for (const [index, start] of starts.entries()) {
    const line = text.toString('latin1', start, starts[index + 1] ?? text.length);
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return counts;
}

/** Bytes of the lines that both have, of those of the longer text. */
function likenessOf(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let equal = 0;
  let [ofA, ofB] = [0, 0];
  for (const [line, count] of a) {
    ofA += line.length * count;
    equal += line.length * Math.min(count, b.get(line) ?? 0);
  }
  for (const [line, count] of b) ofB += line.length * count;
  return equal / Math.max(ofA, ofB, 1);
}
