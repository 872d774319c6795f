// Cuts a text that arrives in pieces behind its last whole word: for stages that look for something without a blank in it,
// such as a key, so that a reader waits for a word and not for a sentence.
// Rule: a run of printable ASCII without a blank is never cut, up to a limit; everything else may be cut anywhere.

/** Longer than any key; a text without a blank is cut here. */
export const WORD_CHARS_MAX = 600;

const isWordCode = (code: number): boolean => code > 0x20 && code < 0x7f;

export class WordCutter {
  #kept = '';

  /** What is complete now, in one piece. */
  push(text: string): readonly string[] {
    const all = this.#kept + text;
    let end = all.length;
    while (end > 0 && isWordCode(all.charCodeAt(end - 1)) && all.length - end < WORD_CHARS_MAX) end -= 1;
    if (all.length - end >= WORD_CHARS_MAX) end = all.length;
    // Half of a pair waits for its other half.
    if (end === all.length && end > 0 && isHighSurrogate(all.charCodeAt(end - 1))) end -= 1;
    this.#kept = all.slice(end);
    return end === 0 ? [] : [all.slice(0, end)];
  }

  /** What is left; empty where nothing is. */
  end(): string {
    const rest = this.#kept;
    this.#kept = '';
    return rest;
  }
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
