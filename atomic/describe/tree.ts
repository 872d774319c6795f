// The files of a state.

import { pathUnknown } from '../repository/faults.ts';
import type { InodeNumber, TreeEntry as Entry } from '../patches/file-tree.ts';
import type { FileDetail, FileLine, FileQuery, StateQuery, Tree } from '../protocol/index.ts';
import type { Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import { creditedLines, creditedText, type CreditedText } from './credited-text.ts';
import { addToShares, Credits } from './credits.ts';
import { conflictLine, conflictsOf } from './standing.ts';
import { stateOf } from './state.ts';
import { lineText } from './unified.ts';

/** A tree that a page can still show; larger ones are read on the disk. */
const ENTRIES_MAX = 20_000;
/** Lines of one answer: what a page draws without a pause. */
const LINES_MAX = 2000;

export function describeTree(repository: Repository, query: StateQuery): Tree {
  const { channel, root, leftOut, view } = stateOf(repository, query);
  const { entries, conflicts } = view.tree();
  const kinds = new Map<string, string[]>();
  for (const { kind, paths } of conflicts) {
    for (const path of paths) kinds.set(path, [...(kinds.get(path) ?? []), kind]);
  }
  const sorted = [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    channel: channel.name,
    root,
    leftOut,
    entries: sorted.slice(0, ENTRIES_MAX).map(({ path, kind, isExecutable }) => ({
      path,
      kind,
      isExecutable,
      conflicts: kinds.get(path) ?? [],
    })),
    inAll: entries.size,
  };
}

/** Throws ATOMIC_PATH_UNKNOWN. */
export function describeFile(repository: Repository, query: FileQuery): FileDetail {
  const state = stateOf(repository, query);
  const { store } = repository;
  const { view } = state;
  const entry = view.tree().entries.get(query.path);
  if (entry === undefined || entry.kind === 'directory') throw pathUnknown(query.path);
  const isText = entry.kind !== 'binary' && entry.kind !== 'gitlink' && !view.bytesOf(entry.inode).includes(0);
  const credits = new Credits(store);
  const text = creditedText(view, entry.inode, credits);
  const shares = sharesOf(text, credits);
  const lines = isText ? linesOf({ view, entry, text, credits }, query.from) : null;
  const conflicts = conflictsOf(repository, view).filter(({ path }) => path === query.path);
  return {
    channel: state.channel.name,
    root: state.root,
    leftOut: state.leftOut,
    path: entry.path,
    kind: entry.kind,
    isExecutable: entry.isExecutable,
    bytes: view.bytesOf(entry.inode).length,
    lines,
    from: query.from,
    linesInAll: isText ? text.starts.length : 0,
    credits: credits.list(),
    conflicts: conflicts.map((conflict) => conflictLine(store, conflict)),
    shares,
  };
}

interface OpenFile {
  readonly view: View;
  readonly entry: Entry;
  readonly text: CreditedText;
  readonly credits: Credits;
}

function linesOf({ view, entry, text, credits }: OpenFile, from: number): FileLine[] {
  const { bytes, starts } = text;
  const first = Math.min(from - 1, starts.length);
  const blockAt = outermostBlocks(view, entry.inode);
  return creditedLines(text, credits, [first, first + LINES_MAX]).map((line, index) => {
    const start = starts[first + index] ?? 0;
    const end = starts[first + index + 1] ?? bytes.length;
    return {
      text: lineText(bytes, start, end),
      actor: line.actor,
      credits: line.credits,
      conflict: blockAt(start, end),
    };
  });
}

/** Which outermost conflict a stretch of the text lies in, by its place among those, or null. */
function outermostBlocks(view: View, inode: InodeNumber): (start: number, end: number) => number | null {
  const outer = view
    .text(inode)
    .printed()
    .blocks.filter(({ parent }) => parent === -1);
  return (start, end) => {
    const found = outer.findIndex((block) => block.start < end && start < block.end);
    return found === -1 ? null : found;
  };
}

/** Bytes that several wrote count for the first of them. */
export function sharesOf({ runs }: CreditedText, credits: Credits): FileDetail['shares'] {
  const shares = { ai: 0, human: 0, untracked: 0 };
  for (const run of runs) {
    const [first] = run.credits;
    if (first !== undefined) addToShares(shares, credits.handOf(first).actor, run.end - run.start);
  }
  return shares;
}
