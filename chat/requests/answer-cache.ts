// Answers of GETs that are kept for a minute.
// Rules: bounded in bytes, the oldest go first; what is older than its time is never given out; after this browser
// changed something, nothing that was read before is given out either.

import type { Clock } from 'kernel/basics';

/** The seed's upper bound. */
export const CACHE_BYTES_MAX = 5 * 1024 * 1024;
export const CACHE_MS = 60_000;
/** A string has up to two bytes for each of its characters. */
const BYTES_PER_CHARACTER = 2;

export interface CacheStats {
  readonly entries: number;
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
  /** Given up to make room. */
  readonly evicted: number;
  readonly keys: readonly string[];
}

interface Entry {
  readonly value: unknown;
  readonly bytes: number;
  readonly untilMs: number;
}

export class AnswerCache {
  readonly #clock: Clock;
  readonly #bytesMax: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #hits = 0;
  #misses = 0;
  #evicted = 0;
  #age = 0;

  constructor(clock: Clock, bytesMax = CACHE_BYTES_MAX) {
    this.#clock = clock;
    this.#bytesMax = bytesMax;
  }

  /** Changes whenever everything is forgotten: an answer asked for before that is not kept. */
  get age(): number {
    return this.#age;
  }

  get(key: string): { readonly value: unknown } | undefined {
    const entry = this.#entries.get(key);
    if (entry !== undefined && entry.untilMs > this.#clock.now()) {
      this.#hits += 1;
      return entry;
    }
    this.#misses += 1;
    if (entry !== undefined) this.#forget(key, entry);
    return undefined;
  }

  put(
    key: string,
    value: unknown,
    { characters, forMs }: { readonly characters: number; readonly forMs: number },
  ): void {
    const bytes = (characters + key.length) * BYTES_PER_CHARACTER;
    const before = this.#entries.get(key);
    if (before !== undefined) this.#forget(key, before);
    if (bytes > this.#bytesMax || forMs <= 0) return;
    this.#entries.set(key, { value, bytes, untilMs: this.#clock.now() + forMs });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#bytesMax) break;
      this.#forget(oldest, entry);
      this.#evicted += 1;
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
    this.#age += 1;
  }

  stats(): CacheStats {
    return {
      entries: this.#entries.size,
      bytes: this.#bytes,
      hits: this.#hits,
      misses: this.#misses,
      evicted: this.#evicted,
      keys: [...this.#entries.keys()],
    };
  }

  #forget(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}
