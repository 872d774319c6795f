// The state of folding, as notes of the store: one for sessions and tools, one for each text that the log speaks of.

import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

import { isTable } from '../attribution/table-reader.ts';
import type { PatchStore, Transaction } from '../store/store.ts';
import { readWorklog, writeWorklog } from '../working-copy/worklog-notes.ts';
import { EMPTY_STATE, type HookState, type OpenTool, type SeenText, type Session } from './hook-state.ts';
import type { SpoolPlace } from './spool.ts';

const KIND = 'hooks';
const STATE = 'state';
const NOTED = 'hooks-noted';
const WAITING = 'hooks-waiting';

/** How far the spool was read, without loading anything else. */
export const spoolPlaceOf = (store: PatchStore): SpoolPlace => stateOf(store).place;

export function readHookState(store: PatchStore): HookState {
  const { place, sessions, open } = stateOf(store);
  return {
    place,
    sessions,
    open,
    log: readWorklog(store),
    noted: textsOf(store, NOTED),
    waiting: textsOf(store, WAITING),
  };
}

export function writeHookState(transaction: Transaction, before: HookState, after: HookState): void {
  writeWorklog(transaction, before.log, after.log);
  writeTexts(transaction, NOTED, before.noted, after.noted);
  writeTexts(transaction, WAITING, before.waiting, after.waiting);
  const { place, sessions, open } = after;
  const text = JSON.stringify({ place, sessions: [...sessions], open });
  transaction.putNote(KIND, STATE, Buffer.from(text));
}

function stateOf(store: PatchStore): Pick<HookState, 'place' | 'sessions' | 'open'> {
  const body = store.names.note(KIND, STATE);
  const value = body === undefined ? undefined : jsonOf(Buffer.from(body).toString('utf8'));
  if (!isTable(value)) return EMPTY_STATE;
  // We wrote it, in this form; what a later Atomic wrote otherwise is left out by whoever reads it there.
  const { place, sessions, open } = value as unknown as {
    readonly place: SpoolPlace;
    readonly sessions: readonly (readonly [string, Session])[];
    readonly open: readonly OpenTool[];
  };
  return { place, sessions: new Map(sessions), open };
}

const textsOf = (store: PatchStore, kind: string): ReadonlyMap<string, SeenText> =>
  new Map(store.names.notes(kind).map(({ key, body }) => [key, unpacked(body)]));

function writeTexts(
  transaction: Transaction,
  kind: string,
  before: ReadonlyMap<string, SeenText>,
  after: ReadonlyMap<string, SeenText>,
): void {
  for (const [path, text] of after) if (before.get(path) !== text) transaction.putNote(kind, path, packed(text));
  for (const path of before.keys()) if (!after.has(path)) transaction.deleteNote(kind, path);
}

/** First byte: 0 the file is not there, 1 nobody knows its text, 2 the text follows. */
function packed(text: SeenText): Uint8Array {
  if (text === null) return Uint8Array.of(0);
  return text === 'unknown' ? Uint8Array.of(1) : Buffer.concat([Uint8Array.of(2), zstdCompressSync(text)]);
}

function unpacked(body: Uint8Array): SeenText {
  if (body[0] === 0) return null;
  return body[0] === 2 ? zstdDecompressSync(body.subarray(1)) : 'unknown';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Damaged: folding begins anew, and what was in it is untracked.
    return undefined;
  }
}
