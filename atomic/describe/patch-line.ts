// One patch as a line of a list.

import { toIso } from 'kernel/basics';

import type { PatchNumber } from '../patches/facts.ts';
import type { PatchLine } from '../protocol/index.ts';
import type { PathsOfFiles } from '../repository/select-patches.ts';
import type { PatchStore } from '../store/store.ts';
import { whoOf } from './credits.ts';

/** Paths that a line has room for; the rest is counted. */
const PATHS_MAX = 4;

export function patchLine(store: PatchStore, paths: PathsOfFiles, patch: PatchNumber): PatchLine {
  const { hash, message, at, authors } = store.patches.rowOf(patch);
  const touched = paths.touchedBy(patch);
  return {
    hash,
    message,
    at: toIso(at),
    author: authors[0] ?? { name: 'nobody', email: '' },
    who: whoOf(store, patch),
    paths: touched.slice(0, PATHS_MAX),
    files: touched.length,
    isSigned: store.patches.signaturesOf(patch).length > 0,
  };
}
