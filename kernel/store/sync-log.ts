// Makes what SQLite has written to its log survive a power cut, without the event loop waiting for the disk.
// Rule: whoever asks gets a sync that began after they asked; those of the same while share one.
// SQLite's own way (synchronous=FULL) does the same within each commit, and everything else stands still meanwhile.

import { open, type FileHandle } from 'node:fs/promises';

export class LogSync {
  readonly #path: string;
  #file: FileHandle | undefined;
  #current: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** `path` of the database. */
  constructor(path: string) {
    this.#path = `${path}-wal`;
  }

  sync(): Promise<void> {
    if (this.#current === undefined) return this.#begin();
    this.#next ??= this.#current
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#begin();
      });
    return this.#next;
  }

  async close(): Promise<void> {
    await this.#next?.catch(() => undefined);
    await this.#current?.catch(() => undefined);
    await this.#file?.close();
    this.#file = undefined;
  }

  #begin(): Promise<void> {
    const work = this.#sync().finally(() => (this.#current = undefined));
    this.#current = work;
    return work;
  }

  async #sync(): Promise<void> {
    // The log is there from the first write until the last connection closes.
    this.#file ??= await open(this.#path, 'r+');
    await this.#file.datasync();
  }
}
