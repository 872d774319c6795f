// The notes of git-ai in a repository, by commit.
// Rule: those of some hundred commits are read at once; a repository without such notes costs one call of git.

import { NOTES_REF } from '../attribution/git-ai-notes.ts';
import { readObjects } from './read-history.ts';
import { tryGit } from './run-git.ts';

export class GitAiNotes {
  readonly #folder: string;
  /** The note's object by commit, in git's order. */
  readonly #objects: ReadonlyMap<string, string>;
  readonly #texts = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
    const list = tryGit(folder, ['notes', `--ref=${NOTES_REF}`, 'list'])?.toString() ?? '';
    this.#objects = new Map(
      list.split('\n').flatMap((line) => {
        const [object = '', commit = ''] = line.split(' ');
        return commit === '' ? [] : [[commit, object] as const];
      }),
    );
  }

  /** Reads the notes of these commits, and lets go of all others. */
  prepare(commits: readonly string[]): void {
    this.#texts.clear();
    const noted = commits.filter((commit) => this.#objects.has(commit));
    const bodies = readObjects(
      this.#folder,
      noted.map((commit) => this.#objects.get(commit) ?? ''),
    );
    for (const [index, body] of bodies.entries()) this.#texts.set(noted[index] ?? '', body.toString('utf8'));
  }

  /** The note of a commit that was prepared, or null. */
  of(commit: string): string | null {
    return this.#texts.get(commit) ?? null;
  }
}
