// What a patch did to files, as a person reads it: a diff of the state just before it and just after it.
// Rule: the state before it is the channel as it was when the patch joined it; outside of the channel, what the patch
// builds on. A patch itself knows no diff: it says where bytes go, and this is how that looked there.

import type { PatchNumber } from '../patches/facts.ts';
import type { InodeNumber } from '../patches/file-tree.ts';
import type { FileChange } from '../protocol/index.ts';
import { factsOf } from '../repository/facts-of.ts';
import type { Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import type { PatchSet } from '../store/patch-set.ts';
import type { Channel } from '../store/store.ts';
import { creditedLines, creditedText, mainCredit } from './credited-text.ts';
import type { Credits } from './credits.ts';
import { unified } from './unified.ts';

/** Files whose lines are shown; more are named. */
const FILES_WITH_LINES = 60;
/** Files that are named. */
const FILES_MAX = 1000;
/** Lines of one file; a longer change is read in the file itself. */
const LINES_MAX = 1500;
/** Beyond it a text is data. */
const BYTES_MAX = 4 * 1024 * 1024;

export function changesOf(
  repository: Repository,
  patch: PatchNumber,
  { channel, credits }: { readonly channel: Channel; readonly credits: Credits },
): FileChange[] {
  const { store } = repository;
  const facts = factsOf(store, patch);
  const before = repository.viewOf(setBefore(repository, channel, patch));
  before.tree();
  const after = before.copy();
  after.add(patch, facts);
  const inodes = new Set<InodeNumber>([...facts.texts.keys(), ...facts.tree.map(({ inode }) => inode)]);
  const changes: FileChange[] = [];
  const placed = [...inodes].flatMap((inode) => placesOf(inode, { before, after }));
  placed.sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const place of placed.slice(0, FILES_MAX)) {
    const isNamedOnly = changes.length >= FILES_WITH_LINES;
    changes.push(changeOf(place, { before, after }, { credits, isNamedOnly }));
  }
  return changes;
}

/** The patches that the channel had when this one joined it. */
function setBefore({ store }: Repository, channel: Channel, patch: PatchNumber): PatchSet {
  if (!channel.set.has(patch)) {
    const set = store.patches.closure([patch]).clone();
    set.remove(patch);
    return set;
  }
  const set = channel.set.clone();
  for (const later of store.channels.log(channel.name)) {
    set.remove(later);
    if (later === patch) return set;
  }
  return set;
}

interface Views {
  readonly before: View;
  readonly after: View;
}

interface Place {
  readonly inode: InodeNumber;
  readonly path: string;
  readonly from: string | null;
  readonly isGone: boolean;
}

/** Files only: a directory comes and goes with what lies in it. */
function placesOf(inode: InodeNumber, { before, after }: Views): readonly Place[] {
  const kind = (after.tree().inodes.get(inode) ?? before.tree().inodes.get(inode))?.kind;
  if (kind === 'directory') return [];
  const [from = null] = before.tree().pathsOf(inode);
  const [to = null] = after.tree().pathsOf(inode);
  if (to !== null) return [{ inode, path: to, from, isGone: false }];
  return from === null ? [] : [{ inode, path: from, from, isGone: true }];
}

const EMPTY = Buffer.alloc(0);

function changeOf(
  place: Place,
  views: Views,
  { credits, isNamedOnly }: { readonly credits: Credits; readonly isNamedOnly: boolean },
): FileChange {
  const { inode, path, from } = place;
  const { before, after } = views;
  const fileKind = (place.isGone ? before : after).tree().inodes.get(inode)?.kind ?? 'text';
  const old = from === null ? EMPTY : before.bytesOf(inode);
  const now = place.isGone ? EMPTY : after.bytesOf(inode);
  const change: FileChange = {
    path,
    from,
    kind: kindOf(place, !old.equals(now)),
    fileKind,
    added: 0,
    removed: 0,
    hunks: [],
    cut: null,
  };
  if (fileKind === 'directory' || fileKind === 'gitlink' || fileKind === 'binary')
    return { ...change, cut: 'not-text' };
  if (old.includes(0) || now.includes(0)) return { ...change, cut: 'not-text' };
  if (old.length > BYTES_MAX || now.length > BYTES_MAX) return { ...change, cut: 'too-long' };
  const lines = unified(
    old,
    now,
    {
      old: creditsIn(before, inode, { credits, isThere: from !== null }),
      now: creditsIn(after, inode, { credits, isThere: !place.isGone }),
    },
    isNamedOnly ? 0 : LINES_MAX,
  );
  const cut = isNamedOnly ? 'too-many-files' : lines.isCut ? 'too-long' : null;
  return { ...change, added: lines.added, removed: lines.removed, hunks: lines.hunks, cut };
}

function kindOf({ from, path, isGone }: Place, isTextChanged: boolean): FileChange['kind'] {
  if (isGone) return 'deleted';
  if (from === null) return 'added';
  if (from !== path) return 'moved';
  return isTextChanged ? 'changed' : 'properties';
}

/** Who wrote a line of a file in a view; asked for the few lines that are shown. */
function creditsIn(
  view: View,
  inode: InodeNumber,
  { credits, isThere }: { readonly credits: Credits; readonly isThere: boolean },
): (line: number) => number | null {
  if (!isThere) return () => null;
  let text: ReturnType<typeof creditedText> | null = null;
  return (line) => {
    text ??= creditedText(view, inode, credits);
    return mainCredit(creditedLines(text, credits, [line, line + 1])[0]);
  };
}
