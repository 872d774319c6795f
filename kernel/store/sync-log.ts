// Makes what SQLite has written to its log survive a power cut, without the event loop waiting for the disk.
// Rule: whoever asks gets a sync that began after they asked; those of the same while share one.
// SQLite's own way (synchronous=FULL) does the same within each commit, and everything else stands still meanwhile.

import { close, fdatasync, open } from 'node:fs';
import { promisify } from 'node:util';

const opened = promisify(open);
const closed = promisify(close);

export class LogSync {
  readonly #path: string;
  /** Its number and not a handle: each call of a gateway syncs, and through a handle that takes three times as long. */
  #file: number | undefined;
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
    if (this.#file !== undefined) await closed(this.#file);
    this.#file = undefined;
  }

  #begin(): Promise<void> {
    // The log is there from the first write until the last connection closes.
    const file = this.#file;
    const work =
      file === undefined ? opened(this.#path, 'r+').then((number) => synced((this.#file = number))) : synced(file);
    this.#current = work.finally(() => (this.#current = undefined));
    return this.#current;
  }
}

const synced = (file: number): Promise<void> =>
  new Promise((resolve, reject) => {
    fdatasync(file, (error) => (error === null ? resolve() : reject(error)));
  });
