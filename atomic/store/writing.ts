// One write: takes the lock, lets the caller work, makes everything durable at once.
// Rule: files first, then the one commit that speaks of them. Whatever fails before the commit is undone, in the
// database by SQLite and in memory here; what fails after it is not the caller's loss.

import { EMPTY_ROOT } from '../patches/state-root.ts';
import type { AuditEntry } from './audit-face.ts';
import { appendAudit } from './audit-table.ts';
import { ChannelWrites } from './channel-writes.ts';
import { auditMissing, storeReadOnly, writeInsideWrite } from './faults.ts';
import { nameWrites } from './name-tables.ts';
import {
  executePacking,
  isPackingDue,
  insertPack,
  leftoversOf,
  planPacking,
  removeLeftovers,
  type Packing,
} from './packing.ts';
import { packName } from './pack-writer.ts';
import type { StoreParts } from './parts.ts';
import { PatchWrites } from './patch-writes.ts';
import type { Transaction } from './store.ts';

/** Patches of one write that may stay loose; more of them are a pack of their own. */
const LOOSE_AT_ONCE = 64;

export interface Writing {
  write<Result>(entry: AuditEntry | null, work: (transaction: Transaction) => Result): Result;
  pack(all: boolean): { readonly packed: number; readonly packs: number };
  sweep(): { readonly removed: readonly string[] };
}

export interface WritingOptions {
  readonly readOnly: boolean;
  /** Another process may have written: forget what may have changed. */
  readonly refresh: () => void;
  /** This process has the lock now. */
  readonly onLocked: () => void;
}

export function writingOf(parts: StoreParts, options: WritingOptions): Writing {
  const patches = new PatchWrites(parts);
  const channels = new ChannelWrites(parts);
  const transaction = transactionOf(parts, patches, channels);

  const locked = <Result>(work: () => Result): Result => {
    begin(parts, options);
    const countBefore = parts.numbers.count;
    try {
      const result = work();
      parts.database.execute('COMMIT');
      return result;
    } catch (thrown) {
      takeBack(parts, countBefore);
      patches.reset();
      throw thrown;
    } finally {
      parts.bytes.settle();
      channels.reset();
    }
  };

  const packLocked = (all: boolean): number => {
    const packing = locked(() => {
      const plan = planPacking(parts, all);
      if (plan.numbers.length > 0) executePacking(parts, plan);
      return plan;
    });
    parts.bytes.forgetPacks();
    removeReplaced(parts, packing);
    return packing.numbers.length;
  };

  return {
    write: (entry, work) => {
      const result = locked(() => {
        const made = work(transaction);
        keepBytes(parts);
        channels.flush();
        auditOf(parts, channels, entry);
        return made;
      });
      afterCommit(parts, () => packLocked(false));
      return result;
    },
    pack: (all) => {
      const packed = packLocked(all);
      // Passive: nobody is waited for who still reads the moment before.
      if (all && packed > 0) parts.database.execute('PRAGMA wal_checkpoint(PASSIVE)');
      return { packed, packs: parts.bytes.rows().length };
    },
    sweep: () =>
      locked(() => {
        const removed = leftoversOf(parts);
        removeLeftovers(parts, removed);
        return { removed };
      }),
  };
}

function transactionOf(parts: StoreParts, patches: PatchWrites, channels: ChannelWrites): Transaction {
  return {
    addPatch: (draft) => patches.addPatch(draft),
    addInode: (patch, n, kind) => patches.addInode(patch, n, kind),
    putTextFacts: (inode, patch, facts) => patches.putTextFacts(inode, patch, facts),
    putTreeFacts: (patch, facts) => patches.putTreeFacts(patch, facts),
    attach: (patch, attribution, labels) => patches.attach(patch, attribution, labels),
    addSignature: (patch, signature) => patches.addSignature(patch, signature),
    createChannel: (name) => channels.create(name),
    forkChannel: (from, to) => channels.fork(from, to),
    renameChannel: (from, to) => channels.rename(from, to),
    deleteChannel: (name) => channels.delete(name),
    switchChannel: (name) => channels.switchTo(name),
    addToChannel: (name, numbers) => channels.add(name, numbers),
    removeFromChannel: (name, numbers) => channels.remove(name, numbers),
    channel: (name) => channels.state(name),
    undo: (change) => channels.undo(change),
    ...nameWrites(parts.database),
  };
}

function begin({ database, folder }: StoreParts, { readOnly, refresh, onLocked }: WritingOptions): void {
  if (readOnly) throw storeReadOnly(folder);
  if (database.isInTransaction) throw writeInsideWrite();
  database.execute('BEGIN IMMEDIATE');
  onLocked();
  refresh();
}

function takeBack({ database, bytes, numbers, ancestry, channels, tries, bylines }: StoreParts, count: number): void {
  bytes.pending?.abandon();
  bytes.forgetPacks();
  if (database.isInTransaction) database.execute('ROLLBACK');
  numbers.forgetAfter(count);
  ancestry.forgetAfter(count);
  channels.forget();
  tries.forget();
  bylines.clear();
}

/** What the write added: a few patches as rows, many as a pack. */
function keepBytes(parts: StoreParts): void {
  const { bytes, database } = parts;
  const writer = bytes.pending;
  if (writer === null) return;
  if (writer.hasFile || writer.numbers.length > LOOSE_AT_ONCE) {
    insertPack(parts, writer.numbers, writer.finish());
    bytes.forgetPacks();
    return;
  }
  bytes.noteLoose(writer.numbers.length);
  for (const number of writer.numbers) {
    const hashed = writer.read(number, 'hashed');
    const contents = writer.read(number, 'contents');
    if (hashed !== undefined && contents !== undefined) {
      database.run('INSERT INTO loose VALUES (?, ?, ?)', number, hashed, contents);
    }
  }
}

/** The line speaks of the channel whose patches changed, else of the current one. */
function auditOf({ database, channels, clock }: StoreParts, writes: ChannelWrites, entry: AuditEntry | null): void {
  const { changes } = writes;
  if (entry === null) {
    if (changes.length > 0) throw auditMissing();
    return;
  }
  const channel = changes.find((change) => change.kind === 'patches')?.channel ?? channels.current();
  const rootAfter = channels.get(channel)?.root ?? EMPTY_ROOT;
  const rootBefore = writes.rootBefore(channel) ?? rootAfter;
  appendAudit(database, { ...entry, at: clock.now(), channel, rootBefore, rootAfter, changes });
}

/** The write is durable; what is left is housekeeping, and the next write tries again what fails in it now. */
function afterCommit(parts: StoreParts, packSome: () => void): void {
  parts.tries.save(false);
  try {
    if (isPackingDue(parts)) packSome();
  } catch {
    // Nobody may be told that a write failed which has not: patches stay loose, and doctor sees what is wrong.
    return;
  }
}

/** The database speaks of them no more. One that cannot be removed now is found by `sweep`. */
function removeReplaced(parts: StoreParts, { replaced }: Packing): void {
  try {
    removeLeftovers(
      parts,
      replaced.map(({ id }) => packName(id)),
    );
  } catch {
    // The patches are durable in the larger pack; a file too many harms nobody.
    return;
  }
}
