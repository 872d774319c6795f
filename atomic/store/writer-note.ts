// Who is writing, for whoever waits. The lock itself is SQLite's, and the system frees it when its holder dies; this
// file only names the process that took it last.

import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** A process's name is cut to it. */
const NOTE_BYTES = 200;

export class WriterNote {
  readonly #path: string;
  readonly #text: Uint8Array;
  #file: number | null = null;
  #isBroken = false;

  constructor(path: string, processName: string) {
    this.#path = path;
    const text = `process ${process.pid} (${processName.slice(0, NOTE_BYTES / 4)})`;
    this.#text = new TextEncoder().encode(text.padEnd(NOTE_BYTES).slice(0, NOTE_BYTES));
  }

  /** This process has the lock. */
  write(): void {
    if (this.#isBroken) return;
    try {
      this.#file ??= openSync(this.#path, 'w');
      writeSync(this.#file, this.#text, 0, this.#text.length, 0);
    } catch {
      // A name is a courtesy; the lock is held without it.
      this.#isBroken = true;
    }
  }

  read(): string | null {
    try {
      const text = readFileSync(this.#path, 'utf8').trim();
      return text === '' ? null : text;
    } catch {
      // Nobody wrote it, or it cannot be read: the fault says so.
      return null;
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}
