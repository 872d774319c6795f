// Taking a command back, by its line in the audit log; files follow.
// Rule: only what is as the command left it can be taken back. After undoing a record the files stay as they are: what it
// had recorded is a change again. Undoing is itself a line, so it can be taken back, too.

import { unreachable } from 'kernel/basics';

import { nothingToUndo } from '../repository/faults.ts';
import type { Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import type { AuditLine, ChannelChange } from '../store/audit-face.ts';
import { PatchSet, type ReadonlyPatchSet } from '../store/patch-set.ts';
import type { PatchStore } from '../store/store.ts';
import { hasCopy, restoreCopy } from './files-copy.ts';
import { intendToAdd } from './intents.ts';
import { planUpdate, updateFiles } from './update-files.ts';

/** Lines looked through for the last one that can be undone. */
const LINES_MAX = 10_000;
const UNDO = 'undo';
/** After undoing it, what it had taken from the files is a change again. */
const RECORD = 'record';

/** The line that is undone when nobody names one: the last that changed something and was not undone. */
export function lineToUndo(repository: Repository, n?: number): AuditLine {
  const { audit } = repository.store;
  if (n !== undefined) {
    const line = audit.line(n);
    if (line === undefined) throw nothingToUndo(`The audit log has no line ${n}.`);
    if (!isUndoable(repository, line))
      throw nothingToUndo(`Line ${n} (${line.op}) changed nothing that is still kept.`);
    return line;
  }
  const undone = new Set<number>();
  for (const line of audit.lines({ limit: LINES_MAX })) {
    if (undone.has(line.n)) continue;
    if (line.op === UNDO) {
      const taken = numberIn(line.args, 'line');
      if (taken !== undefined) undone.add(taken);
    } else if (isUndoable(repository, line)) return line;
  }
  throw nothingToUndo('No command that changed anything is left to take back.');
}

const isUndoable = (repository: Repository, { changes, args }: AuditLine): boolean => {
  const copy = copyIn(args);
  return changes.length > 0 || (copy !== undefined && hasCopy(repository, copy));
};

/** Throws ATOMIC_STORE_UNDO_REFUSED where the channel has moved on, ATOMIC_CHANGES_IN_THE_WAY where files are in the way. */
export function undoLine(repository: Repository, line: AuditLine, actor: string): void {
  const entry = { op: UNDO, args: { line: line.n, op: line.op }, actor };
  const copy = copyIn(line.args);
  if (copy !== undefined && line.changes.length === 0) {
    restoreCopy(repository, copy);
    repository.store.write(entry, () => undefined);
    return;
  }
  const before = stateOf(repository.store);
  const after = stateAfterUndo(before, line.changes);
  const from = repository.view();
  const to = repository.viewOf(after.sets.get(after.current) ?? new PatchSet());
  const update = line.op === RECORD ? null : planUpdate(repository, from, to);
  repository.store.write(entry, (transaction) => {
    for (const change of [...line.changes].reverse()) transaction.undo(change);
  });
  if (update === null) leaveFiles(repository, from, to);
  else updateFiles(repository, to, update);
}

/** The files stay; what one view had and the other has not is a change, or a file to be added, from now on. */
function leaveFiles(repository: Repository, from: View, to: View): void {
  const { store } = repository;
  const patches = [...from.set.difference(to.set), ...to.set.difference(from.set)];
  const touched = new Set(patches.flatMap((patch) => store.files.touchedBy(patch)));
  const now = to.tree().entries;
  store.write(null, (transaction) => {
    for (const { path, inode } of from.tree().entries.values()) {
      const isThere = now.get(path)?.inode === inode;
      if (!isThere || touched.has(inode)) transaction.deleteWorktree(path);
      if (!now.has(path)) intendToAdd(transaction, path);
    }
  });
}

interface ChannelsState {
  readonly sets: ReadonlyMap<string, ReadonlyPatchSet>;
  readonly current: string;
}

const stateOf = ({ channels }: PatchStore): ChannelsState => ({
  sets: new Map(channels.list().flatMap(({ name }) => [[name, channels.get(name)?.set ?? new PatchSet()] as const])),
  current: channels.current(),
});

/** Which channels there are, and which is current, when these changes are taken back. Pure. */
export function stateAfterUndo(state: ChannelsState, changes: readonly ChannelChange[]): ChannelsState {
  const sets = new Map(state.sets);
  let { current } = state;
  for (const change of [...changes].reverse()) {
    switch (change.kind) {
      case 'created':
        sets.delete(change.channel);
        break;
      case 'deleted':
        sets.set(change.channel, PatchSet.of(numbersIn(change.patches)));
        break;
      case 'renamed':
        sets.set(change.channel, sets.get(change.to) ?? new PatchSet());
        sets.delete(change.to);
        if (current === change.to) current = change.channel;
        break;
      case 'switched':
        current = change.channel;
        break;
      case 'patches': {
        const set = sets.get(change.channel)?.clone() ?? new PatchSet();
        for (const number of numbersIn(change.added)) set.remove(number);
        for (const number of numbersIn(change.removed)) set.add(number);
        sets.set(change.channel, set);
        break;
      }
      default:
        unreachable(change);
    }
  }
  return { sets, current };
}

function* numbersIn(runs: readonly (readonly [first: number, last: number])[]): Generator<number> {
  for (const [first, last] of runs) for (let number = first; number <= last; number += 1) yield number;
}

function numberIn(args: unknown, name: string): number | undefined {
  const value = fieldOf(args, name);
  return typeof value === 'number' ? value : undefined;
}

function copyIn(args: unknown): string | undefined {
  const value = fieldOf(args, 'copy');
  return typeof value === 'string' ? value : undefined;
}

const fieldOf = (args: unknown, name: string): unknown =>
  typeof args === 'object' && args !== null ? Object.entries(args).find(([key]) => key === name)?.[1] : undefined;
