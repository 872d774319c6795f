// One commit becomes one patch: what it changed against its first parent, or, for a merge, against what the patches of all
// its parents mean together.
// Rule: after it the view prints git's tree, byte for byte. Files keep who they are where git sees that they moved.

import type { TreeEntry } from '../patches/file-tree.ts';
import { DraftBuilder, type FileState } from '../repository/draft-builder.ts';
import type { Blobs } from './blobs.ts';
import { treeDiffers } from './faults.ts';
import { foldersOf, type ImportState } from './import-state.ts';
import type { GitChange, GitCommit, GitEntry } from './read-history.ts';
import { blobName } from './git-tree.ts';

const MODE = { executable: '100755', symlink: '120000', gitlink: '160000' } as const;
const BINARY_LOOK = 8000;

/** The draft of a commit whose parents' patches are all in the state's view. Moves git's tree on, not the view. */
export function draftCommit(
  state: ImportState,
  commit: GitCommit,
  {
    changes,
    blobs,
    touched,
  }: { readonly changes: readonly GitChange[]; readonly blobs: Blobs; readonly touched: ReadonlySet<number> | null },
): DraftBuilder {
  const builder = new DraftBuilder(state.view);
  const writer = new CommitWriter(state, builder, blobs);
  if (touched === null) writer.line(changes);
  else writer.merge(changes, touched);
  if (writer.failed.length > 0) throw treeDiffers(commit.id, writer.failed.join(', '));
  return builder;
}

class CommitWriter {
  readonly failed: string[] = [];
  readonly #state: ImportState;
  readonly #builder: DraftBuilder;
  readonly #blobs: Blobs;

  constructor(state: ImportState, builder: DraftBuilder, blobs: Blobs) {
    this.#state = state;
    this.#builder = builder;
    this.#blobs = blobs;
  }

  /** One parent: its tree is the view's, so only what git says has changed is looked at. */
  line(changes: readonly GitChange[]): void {
    const before = new Map(changes.map(({ path, from }) => [from ?? path, this.#state.git.get(from ?? path)]));
    const entries = this.#state.view.tree().entries;
    this.#state.move(changes);
    for (const { path, now } of changes) {
      const entry = entries.get(path);
      if (now === null && entry !== undefined) this.#builder.remove(entry);
    }
    this.#emptyFolders(changes.flatMap(({ path, from, now }) => (now === null ? [path] : from === null ? [] : [from])));
    for (const { path, from, now } of changes) {
      if (now === null) continue;
      const entry = entries.get(from ?? path);
      const old = before.get(from ?? path);
      if (entry === undefined || entry.kind === 'directory') this.#add(path, now);
      else {
        if (from !== null) this.#builder.move(entry, path);
        this.#change(from === null ? entry : { ...entry, twins: [] }, now, old?.object !== now.object);
      }
    }
  }

  /** Several parents: every path is compared, texts where both sides may have had a hand in them. */
  merge(changes: readonly GitChange[], touched: ReadonlySet<number>): void {
    this.#state.move(changes);
    const { view, git } = this.#state;
    const tree = view.tree();
    const named = new Set(changes.map(({ path }) => path));
    const movedTo = new Map(changes.flatMap(({ path, from }) => (from === null ? [] : [[from, path] as const])));
    const disputed = new Set(tree.conflicts.flatMap(({ inodes }) => inodes));
    const placed = new Set<string>();
    const gone: TreeEntry[] = [];
    for (const entry of [...tree.entries.values()].filter(({ kind }) => kind !== 'directory')) {
      const now = git.get(entry.path);
      const paths = tree.pathsOf(entry.inode);
      if (now === undefined) gone.push(entry);
      else if (paths.length > 1 && placed.has(`inode ${entry.inode}`)) continue;
      else {
        placed.add(entry.path).add(`inode ${entry.inode}`);
        if (disputed.has(entry.inode)) this.#builder.settle(entry);
        this.#builder.settleTwins(entry);
        const mayDiffer = named.has(entry.path) || touched.has(entry.inode) || disputed.has(entry.inode);
        this.#change({ ...entry, twins: [] }, now, mayDiffer && !this.#prints(entry, now));
      }
    }
    for (const entry of gone) {
      const to = movedTo.get(entry.path);
      const now = to === undefined || placed.has(to) ? undefined : git.get(to);
      if (placed.has(`inode ${entry.inode}`)) continue;
      placed.add(`inode ${entry.inode}`);
      if (to === undefined || now === undefined) this.#builder.remove(entry, true);
      else {
        placed.add(to);
        this.#builder.move(entry, to);
        this.#change({ ...entry, twins: [] }, now, !this.#prints(entry, now));
      }
    }
    const folders = [...tree.entries.values()].filter(
      ({ kind, path }) => kind === 'directory' && !this.#state.hasFilesBelow(path),
    );
    for (const folder of folders.reverse()) this.#builder.remove(folder);
    for (const [path, now] of git) if (!placed.has(path)) this.#add(path, now);
  }

  #emptyFolders(paths: readonly string[]): void {
    const entries = this.#state.view.tree().entries;
    const empty = new Set(paths.flatMap(foldersOf).filter((folder) => !this.#state.hasFilesBelow(folder)));
    for (const folder of [...empty].sort((a, b) => b.length - a.length)) {
      const entry = entries.get(folder);
      if (entry?.kind === 'directory') this.#builder.remove(entry);
    }
  }

  #prints(entry: TreeEntry, now: GitEntry): boolean {
    if (now.mode === MODE.gitlink) return this.#state.view.bytesOf(entry.inode).toString() === now.object;
    if (!this.#state.view.text(entry.inode).isClean) return false;
    return blobName(this.#state.view.bytesOf(entry.inode)) === now.object;
  }

  #add(path: string, now: GitEntry): void {
    const bytes = this.#bytesOf(now);
    this.#builder.add(path, stateOf(now, bytes), bytes);
  }

  #change(entry: TreeEntry, now: GitEntry, text: boolean): void {
    if (!text) {
      const kind =
        now.mode === MODE.symlink || now.mode === MODE.gitlink ? stateOf(now, Buffer.alloc(0)).kind : entry.kind;
      this.#builder.setProperties(entry, { kind, isExecutable: now.mode === MODE.executable });
      return;
    }
    const bytes = this.#bytesOf(now);
    const outcome = this.#builder.change(entry, bytes, true);
    if (outcome.kind === 'markers-left') this.failed.push(entry.path);
    this.#builder.setProperties(entry, stateOf(now, bytes));
  }

  #bytesOf({ mode, object }: GitEntry): Buffer {
    return mode === MODE.gitlink ? Buffer.from(object) : this.#blobs.get(object);
  }
}

function stateOf({ mode }: GitEntry, bytes: Buffer): FileState {
  if (mode === MODE.symlink) return { kind: 'symlink', isExecutable: false };
  if (mode === MODE.gitlink) return { kind: 'gitlink', isExecutable: false };
  const isBinary = bytes.subarray(0, BINARY_LOOK).includes(0);
  return { kind: isBinary ? 'binary' : 'text', isExecutable: mode === MODE.executable };
}

/** Git's mode of a file as we have it. */
export function modeOf({ kind, isExecutable }: FileState): string {
  if (kind === 'symlink') return MODE.symlink;
  if (kind === 'gitlink') return MODE.gitlink;
  return isExecutable ? MODE.executable : '100644';
}
