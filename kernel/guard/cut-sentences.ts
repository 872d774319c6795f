// Cuts a text that arrives in pieces into sentences, so that each can be judged before the next is known.
// Rule: the sentences joined are the text; each character is looked at once, and no more than one sentence is kept.
// A sentence is given when the next one begins, so that what is left at the end is always the last one.

/** A text without a full stop is cut here: about a screenful, and little enough that a reader hardly waits. */
export const SENTENCE_CHARS_MAX = 600;

const ENDERS = new Set('.!?…');
/** These end a sentence without a blank after them. */
const FULL_WIDTH_ENDERS = new Set('。！？');
const CLOSERS = new Set('"\')]}»”’*_`');

/** Inside: within a sentence. Ended: after its full stop. Between: in the blanks behind it. */
type Place = 'inside' | 'ended' | 'between';

export class SentenceCutter {
  #kept = '';
  #place: Place = 'inside';

  /** The sentences that are complete now, in order. */
  push(text: string): readonly string[] {
    const sentences: string[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const next = placeAfter(this.#place, text.charAt(at));
      const begins = this.#place === 'between' && next !== 'between';
      // The kept part counts towards the limit; a pair of surrogates is never cut in two.
      const isFull = this.#kept.length + (at - from) >= SENTENCE_CHARS_MAX && !isLowSurrogate(text.charCodeAt(at));
      if (begins || isFull) {
        sentences.push(this.#kept + text.slice(from, at));
        this.#kept = '';
        from = at;
      }
      this.#place = next;
    }
    this.#kept += text.slice(from);
    return sentences;
  }

  /** What is left; empty where nothing is. */
  end(): string {
    const rest = this.#kept;
    this.#kept = '';
    this.#place = 'inside';
    return rest;
  }
}

/** A text that is all there, cut the same way. */
export function cutSentences(text: string): readonly string[] {
  const cutter = new SentenceCutter();
  const sentences = [...cutter.push(text)];
  const rest = cutter.end();
  return rest === '' ? sentences : [...sentences, rest];
}

function placeAfter(place: Place, character: string): Place {
  if (character === '\n' || FULL_WIDTH_ENDERS.has(character)) return 'between';
  if (ENDERS.has(character)) return 'ended';
  const isBlank = character.trim() === '';
  if (place === 'inside') return 'inside';
  if (isBlank) return 'between';
  return place === 'ended' && CLOSERS.has(character) ? 'ended' : 'inside';
}

const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
