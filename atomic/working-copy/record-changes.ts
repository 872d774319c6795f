// Recording what lies on the disk: the changes that a person chose become one patch of the current channel.
// Rule: what was recorded is what was read: the rows of the disk are written for exactly those bytes. A conflict whose
// markers are left half stops the whole recording, before anything is written.

import type { TreeEntry } from '../patches/file-tree.ts';
import type { PatchHash } from '../patches/hash.ts';
import type { NamedPatch, Patch } from '../patches/patch.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { DraftBuilder } from '../repository/draft-builder.ts';
import { channelMoved } from '../repository/faults.ts';
import { recordDraft, type AttributionToKeep, type RecordOptions } from '../repository/record.ts';
import type { Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import type { Signature, Transaction } from '../store/store.ts';
import { workingCopy, type Change, type WorkingCopy } from './changes.ts';
import { clearSettled, settleable } from './clear-settled.ts';
import { forgetIntents } from './intents.ts';
import { forgetWorklog } from './worklog-notes.ts';
import { putSeen, seenElsewhere, seenInPlace } from './worktree-rows.ts';

export interface RecordChangesOptions {
  readonly header: RecordOptions['header'];
  readonly actor: string;
  /** Which changes are meant; all but untracked files by default. */
  readonly isChosen?: (change: Change) => boolean;
  /** What to record for a path instead of all that lies on the disk: some of its hunks. */
  readonly partOf?: (change: Change) => Buffer | undefined;
  readonly allowMarkers?: boolean;
  readonly attribute?: (patch: Patch, builder: DraftBuilder) => AttributionToKeep | null;
  readonly sign?: (hash: PatchHash) => Signature;
  /** Arguments for the audit log. */
  readonly args?: unknown;
  /** Written in the same transaction. */
  readonly also?: (transaction: Transaction, number: PatchNumber) => void;
}

export type RecordChangesOutcome =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'markers-left';
      readonly files: readonly { readonly path: string; readonly lines: readonly number[] }[];
    }
  | {
      readonly kind: 'recorded';
      readonly patch: NamedPatch;
      readonly number: PatchNumber;
      readonly changes: readonly Change[];
      /** Files that were written anew as a whole, because their lines did not say what was meant. */
      readonly wholeFiles: readonly string[];
    };

/** How often the channel may be changed by others before recording gives up. */
const ROUNDS_MAX = 20;

export function recordChanges(repository: Repository, options: RecordChangesOptions): RecordChangesOutcome {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const outcome = recordOnce(repository, options);
    if (outcome.kind !== 'channel-moved') return outcome;
  }
  throw channelMoved(repository.store.channels.current());
}

function recordOnce(
  repository: Repository,
  options: RecordChangesOptions,
): RecordChangesOutcome | { readonly kind: 'channel-moved' } {
  const channel = repository.store.channels.current();
  const view = repository.view(channel);
  const copy = workingCopy(repository, view);
  const chosen = copy.changes.filter(options.isChosen ?? (({ kind }) => kind !== 'untracked'));
  const builder = new DraftBuilder(view);
  const built = buildDraft(builder, chosen, options);
  if (built.markersLeft.length > 0) return { kind: 'markers-left', files: built.markersLeft };
  settleKept(builder, view, copy);
  if (builder.isEmpty) return { kind: 'nothing' };
  const paths = new Set(chosen.map(({ path }) => path));
  const settled = settleable(view, copy, chosen);
  const whole = chosen.filter((change) => options.partOf?.(change) === undefined);
  const { header, actor, attribute, sign, args = {} } = options;
  const outcome = recordDraft(repository, builder, {
    header,
    channel,
    view,
    audit: { op: 'record', args, actor },
    ...(attribute === undefined ? {} : { attribute }),
    ...(sign === undefined ? {} : { sign }),
    also(transaction, number) {
      options.also?.(transaction, number);
      forgetWorklog(
        transaction,
        whole.map(({ path }) => path),
      );
      putSeen(transaction, seenInPlace(view, copy, whole), repository.clock.now());
      // What was last seen there is neither what is recorded now nor what lies on the disk.
      for (const change of chosen) if (!whole.includes(change)) transaction.deleteWorktree(change.path);
      forgetIntents(transaction, copy.intents, (path) => isWithin(path, paths));
    },
  });
  if (outcome.kind === 'channel-moved') return outcome;
  const after = seenElsewhere(view, whole);
  if (after.rows.length + after.gone.length > 0) {
    repository.store.write(null, (transaction) => putSeen(transaction, after, repository.clock.now()));
  }
  if (settled.length > 0) {
    const gone = clearSettled(repository, view, settled);
    repository.store.write(null, (transaction) => {
      for (const path of gone) transaction.deleteWorktree(path);
    });
  }
  return { ...outcome, changes: chosen, wholeFiles: built.wholeFiles };
}

/** A path that was recorded, or a folder in which something was. */
const isWithin = (path: string, recorded: ReadonlySet<string>): boolean =>
  recorded.has(path) || [...recorded].some((each) => each.startsWith(`${path}/`));

interface Built {
  readonly markersLeft: readonly { readonly path: string; readonly lines: readonly number[] }[];
  readonly wholeFiles: readonly string[];
}

/** Deletions first, so that a file may take the name of one that went. */
function buildDraft(
  builder: DraftBuilder,
  changes: readonly Change[],
  { partOf, allowMarkers = false }: Pick<RecordChangesOptions, 'partOf' | 'allowMarkers'>,
): Built {
  const markersLeft: { path: string; lines: readonly number[] }[] = [];
  const wholeFiles: string[] = [];
  const text = (entry: TreeEntry, change: Change & { readonly now: { bytes(): Buffer } }): void => {
    const outcome = builder.change(entry, partOf?.(change) ?? change.now.bytes(), allowMarkers);
    if (outcome.kind === 'markers-left') markersLeft.push({ path: change.path, lines: outcome.lines });
    else if (outcome.by === 'whole-file' && entry.kind === 'text') wholeFiles.push(change.path);
  };
  // What lies in a directory goes before it.
  for (const change of changes.toReversed()) if (change.kind === 'deleted') builder.remove(change.entry);
  for (const change of changes) {
    switch (change.kind) {
      case 'deleted':
        break;
      case 'added':
      case 'untracked':
        builder.add(
          change.path,
          change.now,
          change.now.kind === 'directory' ? Buffer.alloc(0) : (partOf?.(change) ?? change.now.bytes()),
        );
        break;
      case 'moved':
        builder.move(change.entry, change.path);
        if (change.text) text({ ...change.entry, twins: [] }, change);
        if (change.properties) builder.setProperties(change.entry, change.now);
        break;
      case 'changed':
        if (change.text) text(change.entry, change);
        if (change.properties) builder.setProperties(change.entry, change.now);
        break;
    }
  }
  return { markersLeft, wholeFiles };
}

/** `atomic add` of a file that is disputed says: it stays, here. */
function settleKept(builder: DraftBuilder, view: View, { intents }: WorkingCopy): void {
  const tree = view.tree();
  for (const path of intents.added) {
    const entry = tree.entries.get(path);
    if (entry !== undefined && tree.conflicts.some(({ paths }) => paths.includes(path))) builder.settle(entry);
  }
}
