// The contents of git's objects, fetched many at a time and kept while they are likely to be asked for again.

import { readObjects, readSizes } from './read-history.ts';

/** What is kept: the files that change often, in a history of any length. */
const KEPT_BYTES_MAX = 128 * 1024 * 1024;
/** What one call of git answers with at once. A single larger object is fetched alone. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const OBJECTS_AT_ONCE = 4000;

export class Blobs {
  readonly #folder: string;
  readonly #kept = new Map<string, Buffer>();
  #bytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Fetches what is not there, in few calls of git, up to what is kept at all. The rest comes when it is asked for. */
  prepare(objects: Iterable<string>): void {
    const missing = [...new Set(objects)].filter((object) => !this.#kept.has(object));
    let bytes = 0;
    for (let at = 0; at < missing.length; at += OBJECTS_AT_ONCE) {
      const sizes = readSizes(this.#folder, missing.slice(at, at + OBJECTS_AT_ONCE));
      let some: string[] = [];
      let answer = 0;
      for (const [object, size] of sizes) {
        if (bytes + size > KEPT_BYTES_MAX) continue;
        if (answer + size > ANSWER_BYTES_MAX) {
          this.#fetch(some);
          some = [];
          answer = 0;
        }
        some.push(object);
        answer += size;
        bytes += size;
      }
      this.#fetch(some);
    }
  }

  get(object: string): Buffer {
    const kept = this.#kept.get(object);
    if (kept !== undefined) return kept;
    this.#fetch([object]);
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

  #fetch(objects: readonly string[]): void {
    for (const [index, body] of readObjects(this.#folder, objects).entries()) {
      const object = objects[index];
      // A copy of its own: a view would keep the whole answer alive.
      if (object !== undefined) this.#keep(object, Buffer.from(body));
    }
  }

  #keep(object: string, body: Buffer): void {
    this.#kept.set(object, body);
    this.#bytes += body.length;
  }
}
