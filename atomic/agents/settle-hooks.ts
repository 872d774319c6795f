// Folds what hooks and editors left in the spool into the working log, before anybody records or asks who wrote what.
// Rule: one transaction: the place up to which the spool was read, the log and the texts change together or not at all.
// Every file that the log speaks of is looked at once more, so that the log is of the texts that lie on the disk.

import { keyedNameBytes } from '../attribution/keyed-name.ts';
import { BUILT_IN_REGISTRY, type Registry } from '../attribution/registry.ts';
import { join } from 'node:path';

import { isLogOf, forgetPaths } from '../hooks/worklog.ts';
import { REPOSITORY_FOLDER, type Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import type { Transaction } from '../store/store.ts';
import { workingCopy } from '../working-copy/changes.ts';
import { readDisk, statFile } from '../working-copy/scan.ts';
import { foldEntry, settle, type FoldHelp } from './fold-spool.ts';
import { readHookState, spoolPlaceOf, writeHookState } from './hook-notes.ts';
import { OPEN_MS_MAX, type HookState, type SeenText } from './hook-state.ts';
import { readUse } from './session-use.ts';
import { decodeEntry, type SpoolEntry } from './spool-entry.ts';
import { hasSpooled, readSpool, trimSpool } from './spool.ts';
import { unrecordedOnly } from './unrecorded-only.ts';

export interface SettleOptions {
  readonly registry?: Registry;
}

/** Gives whether there was anything. Safe to call at any time, by any number of processes. */
export function settleHooks(repository: Repository, { registry = BUILT_IN_REGISTRY }: SettleOptions = {}): boolean {
  const { store, root } = repository;
  if (store.readOnly) return false;
  const inside = join(root, REPOSITORY_FOLDER);
  if (!hasSpooled(inside, spoolPlaceOf(store)) && store.names.notes('worklog').length === 0) return false;
  const view = repository.view();
  const help: FoldHelp = { registry, recorded: recordedBy(view) };
  const now = repository.clock.now();
  store.write(null, (transaction) => {
    const before = withoutRecorded(readHookState(store), help);
    const { lines, place } = readSpool(inside, before.place);
    let state: HookState = { ...before, place };
    for (const line of lines) {
      const entry = decodeEntry(line);
      if (entry === undefined) continue;
      keepPromptOf(transaction, entry);
      state = foldEntry(state, entry, help);
    }
    state = lookedAgain(repository, view, { state, now }, help);
    writeHookState(transaction, readHookState(store), { ...state, sessions: readUse(state.sessions) });
    trimSpool(inside, place, now);
  });
  return true;
}

function recordedBy(view: View): (path: string) => Buffer | null {
  const texts = new Map<string, Buffer | null>();
  return (path) => {
    const known = texts.get(path);
    if (known !== undefined) return known;
    const entry = view.tree().entries.get(path);
    const text = entry === undefined || entry.kind === 'directory' ? null : view.bytesOf(entry.inode);
    texts.set(path, text);
    return text;
  };
}

function keepPromptOf(transaction: Transaction, entry: SpoolEntry): void {
  if (entry.kind !== 'turn' || entry.prompt === null) return;
  const { hash, level, body } = entry.prompt;
  transaction.putPrompt({ hash: keyedNameBytes(hash), level, body });
}

/** What was recorded since is no longer in the log; of a file that was recorded in part, only the rest is. */
function withoutRecorded(state: HookState, help: FoldHelp): HookState {
  const log = new Map(state.log);
  const noted = new Map(state.noted);
  for (const [path, text] of state.noted) {
    const recorded = help.recorded(path);
    const file = log.get(path);
    const isRecorded = text === 'unknown' ? false : text === null ? recorded === null : recorded?.equals(text) === true;
    if (isRecorded) {
      log.delete(path);
      noted.delete(path);
    } else if (file !== undefined && Buffer.isBuffer(text) && recorded !== null && isLogOf(file, text)) {
      log.set(path, unrecordedOnly(file, recorded, text));
    }
  }
  return { ...state, log, noted };
}

/** The files as they lie on the disk now. A command that an agent runs at this moment is not over: its changes are its own. */
function lookedAgain(
  repository: Repository,
  view: View,
  { state, now }: { readonly state: HookState; readonly now: number },
  help: FoldHelp,
): HookState {
  const running = state.open.filter(({ named, at }) => named === null && now - at <= OPEN_MS_MAX);
  const changed = running.length === 0 ? [] : workingCopy(repository, view).changes.map(({ path }) => path);
  const paths = new Set([...state.log.keys(), ...state.waiting.keys(), ...changed]);
  const waiting = new Map(state.waiting);
  for (const path of paths) {
    const text = textOnDisk(repository.root, path);
    const noted = state.noted.get(path);
    const before = noted === undefined ? help.recorded(path) : noted;
    const isSame = text === before || (Buffer.isBuffer(text) && Buffer.isBuffer(before) && text.equals(before));
    if (isSame) waiting.delete(path);
    else waiting.set(path, text);
  }
  const [tool = null] = running;
  const others = state.open.filter((each) => each !== tool);
  const settled = settle({ ...state, waiting, open: others }, { at: now, tool }, help);
  return { ...settled, open: state.open, log: forgetPaths(settled.log, pathsUnknown(settled)) };
}

const pathsUnknown = ({ noted }: HookState): readonly string[] =>
  [...noted].flatMap(([path, text]) => (text === 'unknown' ? [path] : []));

function textOnDisk(root: string, path: string): SeenText {
  const file = statFile(root, path);
  if (file === null || file.kind !== 'file') return null;
  try {
    return readDisk(root, file);
  } catch {
    // Not readable at this moment: nothing is claimed of it.
    return 'unknown';
  }
}
