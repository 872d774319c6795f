// Where an import stands after one commit: the patches so far as a view, and git's own tree beside it.

import type { PatchSet } from '../store/patch-set.ts';
import type { Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import type { GitChange, GitEntry } from './read-history.ts';

export class ImportState {
  readonly view: View;
  readonly #git: Map<string, GitEntry>;
  /** How many files lie below each folder. */
  readonly #below: Map<string, number>;

  constructor(view: View, git = new Map<string, GitEntry>(), below = new Map<string, number>()) {
    this.view = view;
    this.#git = git;
    this.#below = below;
  }

  static empty(repository: Repository, set: PatchSet): ImportState {
    return new ImportState(repository.viewOf(set));
  }

  copy(): ImportState {
    return new ImportState(this.view.copy(), new Map(this.#git), new Map(this.#below));
  }

  get git(): ReadonlyMap<string, GitEntry> {
    return this.#git;
  }

  hasFilesBelow(folder: string): boolean {
    return (this.#below.get(folder) ?? 0) > 0;
  }

  put(path: string, entry: GitEntry): void {
    if (!this.#git.has(path)) this.#count(path, 1);
    this.#git.set(path, entry);
  }

  remove(path: string): void {
    if (this.#git.delete(path)) this.#count(path, -1);
  }

  /** Brings git's tree to what a commit made of it. */
  move(changes: readonly GitChange[]): void {
    for (const { path, from, now } of changes) {
      if (from !== null) this.remove(from);
      if (now === null) this.remove(path);
    }
    for (const { path, now } of changes) if (now !== null) this.put(path, now);
  }

  #count(path: string, by: number): void {
    for (const folder of foldersOf(path)) this.#below.set(folder, (this.#below.get(folder) ?? 0) + by);
  }
}

/** Every folder that a path lies in, the nearest first. */
export function foldersOf(path: string): readonly string[] {
  const folders: string[] = [];
  for (let slash = path.lastIndexOf('/'); slash !== -1; slash = path.lastIndexOf('/', slash - 1)) {
    folders.push(path.slice(0, slash));
  }
  return folders;
}
