// Writes an answer's words into the journal: the first at once, then all of a short while together.
// Rule: words and other events keep their order. A reader never waits longer than a twentieth of a second for what is there.

import { Fault, type Clock, type RunId } from 'kernel/basics';
import type { Journal } from 'kernel/journal';

/** Twenty times a second looks continuous, and a tenth of the writes that single words would need. */
const TOGETHER_MS = 50;
/** A model that is faster than the disk waits for it beyond so many characters. */
const BEHIND_CHARACTERS_MAX = 64 * 1024;
/** An event may have 256 KiB; a piece of text, escaped, stays far below. */
const PIECE_LENGTH_MAX = 16 * 1024;

export class DeltaWriter {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #place: { readonly run: RunId; readonly epoch: number };
  #text = '';
  #writing: Promise<void> | undefined;
  #failed: unknown;
  #hasFailed = false;
  #closing = new AbortController();

  constructor(journal: Journal, clock: Clock, place: { readonly run: RunId; readonly epoch: number }) {
    this.#journal = journal;
    this.#clock = clock;
    this.#place = place;
  }

  text(delta: string): void {
    this.#text += delta;
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  /** Waits only while far too much is unwritten. Throws what writing failed with. */
  async room(): Promise<void> {
    if (this.#text.length > BEHIND_CHARACTERS_MAX) await this.#writing;
    this.#mustWork();
  }

  async event(kind: string, data: unknown): Promise<void> {
    await this.#flush();
    this.#mustWork();
    await this.#append(kind, data);
  }

  /** Everything is in the journal once this resolves. */
  async end(): Promise<void> {
    this.#closing.abort();
    await this.#flush();
    this.#mustWork();
  }

  async #flush(): Promise<void> {
    const pause = this.#closing;
    pause.abort();
    await this.#writing;
    this.#closing = new AbortController();
  }

  async #write(): Promise<void> {
    try {
      while (this.#text !== '') {
        const piece = pieceOf(this.#text);
        this.#text = this.#text.slice(piece.length);
        await this.#append('answer-delta', { text: piece });
        await this.#clock.sleep(TOGETHER_MS, this.#closing.signal);
      }
    } catch (thrown) {
      this.#failed = thrown;
      this.#hasFailed = true;
      this.#text = '';
    }
  }

  async #append(kind: string, data: unknown): Promise<void> {
    const appended = await this.#journal.append(this.#place.run, this.#place.epoch, kind, data);
    if (appended.kind === 'fenced-off') throw takenOver(this.#place.run);
  }

  #mustWork(): void {
    if (this.#hasFailed) throw this.#failed;
  }
}

/** At most so long, and never through the middle of a character. */
function pieceOf(text: string): string {
  if (text.length <= PIECE_LENGTH_MAX) return text;
  const piece = text.slice(0, PIECE_LENGTH_MAX);
  return /[\uD800-\uDBFF]$/.test(piece) ? piece.slice(0, -1) : piece;
}

const takenOver = (run: RunId): Fault =>
  new Fault('CHAT_ANSWER_TAKEN_OVER', {
    what: `Run ${run} is no longer written here.`,
    why: 'Another process has taken it over.',
    next: 'Follow the run: its events go on.',
    about: { kind: 'conflict' },
  });
