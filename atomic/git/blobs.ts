// The contents of git's objects, fetched many at a time and kept while they are likely to be asked for again.

import { readObjects } from './read-history.ts';

/** What is kept: the files that change often, in a history of any length. */
const KEPT_BYTES_MAX = 128 * 1024 * 1024;
const OBJECTS_AT_ONCE = 4000;

export class Blobs {
  readonly #folder: string;
  readonly #kept = new Map<string, Buffer>();
  #bytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Fetches what is not there, in few calls of git. */
  prepare(objects: Iterable<string>): void {
    const missing = [...new Set(objects)].filter((object) => !this.#kept.has(object));
    for (let at = 0; at < missing.length; at += OBJECTS_AT_ONCE) {
      const some = missing.slice(at, at + OBJECTS_AT_ONCE);
      for (const [index, body] of readObjects(this.#folder, some).entries()) {
        const object = some[index];
        // A copy of its own: a view would keep the whole answer alive.
        if (object !== undefined) this.#keep(object, Buffer.from(body));
      }
    }
  }

  get(object: string): Buffer {
    const kept = this.#kept.get(object);
    if (kept !== undefined) return kept;
    this.prepare([object]);
    return this.#kept.get(object) ?? Buffer.alloc(0);
  }

  /** Lets go of what was fetched first, down to the limit. */
  trim(): void {
    for (const [object, body] of this.#kept) {
      if (this.#bytes <= KEPT_BYTES_MAX) return;
      this.#kept.delete(object);
      this.#bytes -= body.length;
    }
  }

  #keep(object: string, body: Buffer): void {
    this.#kept.set(object, body);
    this.#bytes += body.length;
  }
}
