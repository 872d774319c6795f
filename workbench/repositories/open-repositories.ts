// Repositories that are open for reading: a few, the last that were asked for, and none for long.

import { statSync } from 'node:fs';
import { join } from 'node:path';

import { openRepository, type Repository } from 'atomic/repository';

/** Each holds a few open files and, in a large repository, some hundred MiB of what it has derived. */
const OPEN_MAX = 4;

interface Open {
  readonly repository: Repository;
  /** Which database it is: a folder that was made anew is another repository. */
  readonly mark: string;
  usedAtMs: number;
}

export class OpenRepositories {
  readonly #open = new Map<string, Open>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get count(): number {
    return this.#open.size;
  }

  at(root: string): Repository {
    const known = this.#open.get(root);
    const mark = markOf(root);
    if (known !== undefined && known.mark === mark) {
      known.usedAtMs = this.#nowMs();
      // The one used last stands last.
      this.#open.delete(root);
      this.#open.set(root, known);
      return known.repository;
    }
    this.#close(root);
    const repository = openRepository(root, { readOnly: true, processName: 'the workbench' });
    this.#open.set(root, { repository, mark, usedAtMs: this.#nowMs() });
    const [oldest] = this.#open.keys();
    if (this.#open.size > OPEN_MAX && oldest !== undefined) this.#close(oldest);
    return repository;
  }

  /** Closes those that nobody asked for in a while. */
  closeIdle(idleMsMax: number): void {
    const before = this.#nowMs() - idleMsMax;
    for (const [root, { usedAtMs }] of this.#open) if (usedAtMs <= before) this.#close(root);
  }

  close(): void {
    for (const root of this.#open.keys()) this.#close(root);
  }

  #close(root: string): void {
    const open = this.#open.get(root);
    this.#open.delete(root);
    open?.repository.close();
  }
}

function markOf(root: string): string {
  const found = statSync(join(root, '.atomic', 'pristine.db'), { throwIfNoEntry: false });
  return found === undefined ? 'none' : `${found.dev} ${found.ino}`;
}
