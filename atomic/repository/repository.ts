// A repository: a folder with `.atomic` in it. What is recorded lies in the store; what it means is asked of views.
// Rule: the store decides what is; a view is used only while its set equals the channel's, and made anew otherwise, so
// several processes may use one repository at once.
// Not here: commands (../cli), exchange (../remotes), the files on disk (../working-copy).

import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { systemClock, type Clock } from 'kernel/basics';

import { DEFAULT_POLICY, type MergePolicy, type PatchNumber } from '../patches/facts.ts';
import { parseHash, type PatchHash } from '../patches/hash.ts';
import type { Numbering } from '../patches/patch-facts.ts';
import { initStore, openStore } from '../store/open-store.ts';
import type { ReadonlyPatchSet } from '../store/patch-set.ts';
import type { PatchStore } from '../store/store.ts';
import { channelUnknown, patchAmbiguous, patchUnknown, repositoryExists, repositoryMissing } from './faults.ts';
import { historyOf, labelsOf, numberingOf } from './numbering.ts';
import type { TextContext } from './open-text.ts';
import { REPOSITORY_FOLDER } from './repository-folder.ts';
import { View } from './view.ts';

export { REPOSITORY_FOLDER };

export interface RepositoryOptions {
  readonly readOnly?: boolean;
  readonly clock?: Clock;
  readonly policy?: MergePolicy;
  /** What this process is called where another waits for it: `atomic record`. */
  readonly processName?: string;
}

export interface Repository {
  /** The folder whose files are versioned. */
  readonly root: string;
  readonly store: PatchStore;
  readonly clock: Clock;
  readonly numbering: Numbering;
  readonly context: TextContext;
  /** The view of a channel, the current one by default. Throws ATOMIC_CHANNEL_UNKNOWN. */
  view(channel?: string): View;
  viewOf(set: ReadonlyPatchSet): View;
  /** The patch that a person means by the first characters of its hash. */
  find(text: string): PatchNumber;
  close(): void;
}

/** Makes a repository in a folder, which may have files already. Throws ATOMIC_REPOSITORY_EXISTS. */
export function initRepository(folder: string, options: RepositoryOptions = {}): Repository {
  const root = resolve(folder);
  const inside = join(root, REPOSITORY_FOLDER);
  if (existsSync(join(inside, 'pristine.db'))) throw repositoryExists(root);
  mkdirSync(root, { recursive: true });
  initStore(inside).close();
  return openRepository(root, options);
}

export function openRepository(folder: string, options: RepositoryOptions = {}): Repository {
  const root = resolve(folder);
  const inside = join(root, REPOSITORY_FOLDER);
  if (!existsSync(inside)) throw repositoryMissing(root);
  const { readOnly = false, clock = systemClock, policy = DEFAULT_POLICY, processName = 'atomic' } = options;
  const opened = openStore(inside, { readOnly, clock, processName });
  const history = historyOf(opened);
  const store = whenFailed(opened, () => history.forget());
  const context: TextContext = { history, policy, labelOf: labelsOf(store) };
  const views = new Map<string, View>();
  const viewOf = (set: ReadonlyPatchSet): View => new View(store, context, set);
  return {
    root,
    store,
    clock,
    numbering: numberingOf(store),
    context,
    viewOf,
    view(name = store.channels.current()) {
      const channel = store.channels.get(name);
      if (channel === undefined)
        throw channelUnknown(
          name,
          store.channels.list().map((each) => each.name),
        );
      const open = views.get(name);
      if (open?.set.equals(channel.set) === true) return open;
      const view = viewOf(channel.set);
      views.set(name, view);
      return view;
    },
    find: (text) => findPatch(store, text),
    close: () => store.close(),
  };
}

/** The same store; `forget` is called after each write that failed. */
const whenFailed = (store: PatchStore, forget: () => void): PatchStore => ({
  ...store,
  write(entry, work) {
    try {
      return store.write(entry, work);
    } catch (thrown) {
      forget();
      throw thrown;
    }
  },
});

/** The folder of the repository that a path lies in. Throws ATOMIC_REPOSITORY_MISSING. */
export function findRepositoryRoot(from: string): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, REPOSITORY_FOLDER))) return folder;
    if (dirname(folder) === folder) throw repositoryMissing(resolve(from));
  }
}

function findPatch(store: PatchStore, text: string): PatchNumber {
  const whole: PatchHash | undefined = parseHash(text);
  const known = whole === undefined ? undefined : store.patches.numberOf(whole);
  if (known !== undefined) return known;
  const match = store.patches.findByPrefix(text.toLowerCase());
  switch (match.kind) {
    case 'one':
      return match.number;
    case 'several':
      throw patchAmbiguous(text, match.hashes);
    case 'none':
      throw patchUnknown(text);
  }
}
