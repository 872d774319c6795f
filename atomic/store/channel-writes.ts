// What a write does to channels: collected as drafts, put into the tables once before the commit.
// Rule: a channel is closed under dependencies after every call. Each change is noted, for the audit log and for undo.

import { unreachable } from 'kernel/basics';

import type { PatchNumber } from '../patches/facts.ts';
import { EMPTY_ROOT } from '../patches/state-root.ts';
import type { ChannelChange } from './audit-face.ts';
import type { ChannelState } from './channel-table.ts';
import { channelExists, channelInUse, channelNameWrong, channelNotClosed, undoRefused } from './faults.ts';
import type { StoreParts } from './parts.ts';
import { PatchSet } from './patch-set.ts';
import { numbersIn, runsOf } from './runs.ts';
import { differingPieces, pieceOf } from './set-bytes.ts';

const NAME_MAX = 200;
// eslint-disable-next-line no-control-regex
const NAME_PATTERN = /^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u;

interface Draft {
  readonly before: ChannelState;
  readonly set: PatchSet;
  readonly appended: PatchNumber[];
}

export class ChannelWrites {
  readonly #parts: StoreParts;
  readonly #drafts = new Map<string, Draft>();
  readonly #rootsBefore = new Map<string, Uint8Array>();
  #changes: ChannelChange[] = [];

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  /** What was done since the write began. */
  get changes(): readonly ChannelChange[] {
    return this.#changes;
  }

  /** A write begins, or has ended. */
  reset(): void {
    this.#drafts.clear();
    this.#rootsBefore.clear();
    this.#changes = [];
  }

  /** The root of a channel before this write put patches in or out. */
  rootBefore(name: string): Uint8Array | undefined {
    return this.#rootsBefore.get(name);
  }

  state(name: string): ChannelState | undefined {
    this.#flush(name);
    return this.#parts.channels.get(name);
  }

  create(name: string): void {
    this.#refuseName(name);
    const { database } = this.#parts;
    database.run('INSERT INTO logs (parent, parent_length) VALUES (NULL, 0)');
    this.#insert(name, { root: EMPTY_ROOT, size: 0 });
    this.#changes.push({ kind: 'created', channel: name, from: null });
  }

  fork(from: string, to: string): void {
    this.#refuseName(to);
    this.#flush(from);
    const { channels, database, tries } = this.#parts;
    const parent = channels.required(from);
    database.run('INSERT INTO logs (parent, parent_length) VALUES (?, ?)', parent.log, parent.logLength);
    this.#insert(to, { root: parent.root, size: parent.set.size });
    database.run(
      'INSERT INTO channel_bits SELECT (SELECT channel FROM channels WHERE name = ?), piece, bits FROM channel_bits WHERE channel = ?',
      to,
      parent.id,
    );
    tries.share(parent.id, channels.required(to).id);
    this.#changes.push({ kind: 'created', channel: to, from });
  }

  rename(from: string, to: string): void {
    this.#refuseName(to);
    this.#flush(from);
    const { channels, database } = this.#parts;
    database.run('UPDATE channels SET name = ? WHERE channel = ?', to, channels.required(from).id);
    channels.put(from, null);
    this.#changes.push({ kind: 'renamed', channel: from, to });
  }

  /** The log's rows stay: a fork may go on from them. */
  delete(name: string): void {
    this.#flush(name);
    const { channels, database } = this.#parts;
    const state = channels.required(name);
    if (channels.current() === name) throw channelInUse(name);
    database.run('DELETE FROM channels WHERE channel = ?', state.id);
    channels.put(name, null);
    this.#changes.push({ kind: 'deleted', channel: name, patches: runsOf(state.set) });
  }

  switchTo(name: string): void {
    const { channels, database } = this.#parts;
    const state = channels.required(name);
    const from = channels.current();
    database.run("UPDATE settings SET value = ? WHERE name = 'channel'", String(state.id));
    this.#changes.push({ kind: 'switched', channel: from, to: name });
  }

  add(name: string, numbers: Iterable<PatchNumber>): void {
    const { ancestry } = this.#parts;
    const draft = this.#draft(name);
    const added: PatchNumber[] = [];
    for (const number of numbers) if (draft.set.add(number)) added.push(number);
    for (const number of added) {
      const missing = ancestry.dependenciesOf(number).find((dependency) => !draft.set.has(dependency));
      if (missing !== undefined) throw this.#notClosed(name, number, missing);
    }
    draft.appended.push(...added);
    this.#noteChange(name, added, []);
  }

  remove(name: string, numbers: Iterable<PatchNumber>): void {
    const { ancestry } = this.#parts;
    const draft = this.#draft(name);
    const removed = [...numbers].filter((number) => draft.set.remove(number));
    for (const number of removed) {
      const [dependent] = ancestry.directDependents(number, draft.set);
      if (dependent !== undefined) throw this.#notClosed(name, dependent, number);
    }
    this.#noteChange(name, [], removed);
  }

  undo(change: ChannelChange): void {
    switch (change.kind) {
      case 'created':
        return this.delete(change.channel);
      case 'deleted':
        this.create(change.channel);
        return this.add(change.channel, numbersIn(change.patches));
      case 'renamed':
        return this.rename(change.to, change.channel);
      case 'switched':
        return this.switchTo(change.channel);
      case 'patches':
        return this.#undoPatches(change);
      default:
        return unreachable(change);
    }
  }

  /** Puts all drafts into the tables. */
  flush(): void {
    for (const name of this.#drafts.keys()) this.#flush(name);
  }

  #undoPatches({ channel, added, removed }: Extract<ChannelChange, { kind: 'patches' }>): void {
    const { set } = this.#draft(channel);
    if (!PatchSet.of(numbersIn(added)).isSubsetOf(set)) {
      throw undoRefused(channel, 'A patch that it brought has been taken out since.');
    }
    if (PatchSet.of(numbersIn(removed)).intersection(set).size > 0) {
      throw undoRefused(channel, 'A patch that it took out has come back since.');
    }
    // What came back may need what went, never the other way round: the channel was closed before and after.
    this.add(channel, numbersIn(removed));
    this.remove(channel, numbersIn(added));
  }

  #insert(name: string, { root, size }: { readonly root: Uint8Array; readonly size: number }): void {
    this.#parts.database.run(
      'INSERT INTO channels (name, root, size, log, log_length) VALUES (?, ?, ?, last_insert_rowid(), 0)',
      name,
      root,
      size,
    );
  }

  #refuseName(name: string): void {
    if (name.length > NAME_MAX || !NAME_PATTERN.test(name)) throw channelNameWrong(name);
    if (this.#parts.channels.get(name) !== undefined) throw channelExists(name);
  }

  #draft(name: string): Draft {
    const known = this.#drafts.get(name);
    if (known !== undefined) return known;
    const before = this.#parts.channels.required(name);
    const draft: Draft = { before, set: before.set.clone(), appended: [] };
    this.#drafts.set(name, draft);
    if (!this.#rootsBefore.has(name)) this.#rootsBefore.set(name, before.root);
    return draft;
  }

  #noteChange(channel: string, added: readonly PatchNumber[], removed: readonly PatchNumber[]): void {
    if (added.length + removed.length === 0) return;
    this.#changes.push({ kind: 'patches', channel, added: runsOf(added), removed: runsOf(removed) });
  }

  #notClosed(name: string, number: PatchNumber, other: PatchNumber): unknown {
    const { numbers } = this.#parts;
    return channelNotClosed(name, numbers.hashOf(number), numbers.hashOf(other));
  }

  #flush(name: string): void {
    const draft = this.#drafts.get(name);
    if (draft === undefined) return;
    this.#drafts.delete(name);
    const { before, set } = draft;
    if (set.equals(before.set)) return;
    const { channels, database, tries } = this.#parts;
    const root = tries.rootAfter(before.id, before, set);
    for (const piece of differingPieces(before.set, set)) this.#putPiece(before.id, piece, pieceOf(set, piece));
    const logLength = before.logLength + draft.appended.length;
    this.#appendLog(before, draft.appended);
    database.run(
      'UPDATE channels SET root = ?, size = ?, log_length = ? WHERE channel = ?',
      root,
      set.size,
      logLength,
      before.id,
    );
    channels.put(name, { ...before, set, root, logLength });
  }

  #putPiece(channel: number, piece: number, bits: Uint8Array): void {
    const { database } = this.#parts;
    if (bits.length > 0) database.run('INSERT OR REPLACE INTO channel_bits VALUES (?, ?, ?)', channel, piece, bits);
    else database.run('DELETE FROM channel_bits WHERE channel = ? AND piece = ?', channel, piece);
  }

  /** Goes on with the last run where the numbers do. */
  #appendLog({ log, logLength }: ChannelState, appended: readonly PatchNumber[]): void {
    const { database } = this.#parts;
    let position = logLength;
    const last = database.row(LAST_RUN, log);
    const next = last === undefined ? -1 : database.number(last, 1) + database.number(last, 2);
    for (const [index, [first, end]] of runsOf(appended).entries()) {
      const count = end - first + 1;
      if (index === 0 && first === next) {
        database.run(LONGER_RUN, count, log, database.number(last, 0));
      } else database.run('INSERT INTO channel_log VALUES (?, ?, ?, ?)', log, position, first, count);
      position += count;
    }
  }
}

const LAST_RUN = 'SELECT position, patch, count FROM channel_log WHERE log = ? ORDER BY position DESC LIMIT 1';
const LONGER_RUN = 'UPDATE channel_log SET count = count + ? WHERE log = ? AND position = ?';
