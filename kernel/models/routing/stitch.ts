// Joins what another model says to an answer that broke off, so that a reader sees no gap and no repeat.
// The next model is asked to begin with the last words that were shown, its anchor. They tell where it goes on, also in
// the middle of a word and where it repeats more than it was asked to. So the beginning of a continuation is held back
// until the anchor was found in it or can no longer come, and what was shown before is taken off.
// Rule: whoever begins with the anchor is joined exactly, whatever the text is and wherever it was cut.
// Who does not is joined as well as can be told from the two texts alone: a repeat of all of it, of its last sentence or
// word, an introduction ("Sure, continuing:") and doubled blanks are taken off. What cannot be told: a blank that is
// missing between two words, and a text that is told anew in other words; these are shown as they come.

/** Long enough that it stands only once in a usual answer; short enough that a model repeats it without a mistake. */
const ANCHOR_CHARS_MIN = 24;
/** Where shorter ones stand twice, such as in a table. A text that repeats itself for longer is joined by its first place. */
const ANCHOR_CHARS_MAX = 400;
/** A shorter anchor is believed only at the very beginning: it may stand anywhere by chance. */
const TRUSTED_CHARS = 12;
/** An introduction is a sentence or two. */
const INTRODUCTION_CHARS_MAX = 240;

/** A word: a shorter one that is repeated may be chance (`ha`, `ha`). */
const WORD_CHARS_MIN = 3;

const FENCE = '```';
/** With the name of a language. */
const FENCE_CHARS_MAX = 40;

const BLANK = /\s/;
/** What models put around words that they repeat. */
const WRAPPING = new Set('"“«\'`…');
const CLOSING: Readonly<Record<string, string>> = { '"': '"', '“': '”', '«': '»', "'": "'", '`': '`' };

/** Words with which models begin when they do not simply go on. */
const OPENERS = [
  'sure',
  'certainly',
  'of course',
  'okay',
  'ok,',
  'ok.',
  'ok!',
  'sorry',
  'apolog',
  'my apolog',
  'i apolog',
  "i'm sorry",
  'i am sorry',
  'continu',
  'picking up',
  'here is',
  "here's",
  'here are',
  'let me',
  'absolutely',
  'understood',
  'right,',
  'yes,',
  'as i was',
  'going on',
  'resuming',
  'to continue',
];

/** An introduction that ends with a colon, dots or its line, and speaks of going on. */
const INTRODUCTION =
  /^\s*[^\n]{0,200}?\b(?:continu\w*|cut off|left off|resum\w*|interrupt\w*|rest of|picking up|going on)\b[^\n]{0,120}?(?::|…|\.{3}|\n)\s+$/i;

/** The last words of a text, from the beginning of a word, as they are written. */
export function anchorOf(shown: string): string {
  const text = shown.trimEnd();
  const flat = flattened(text);
  for (let length = ANCHOR_CHARS_MIN; ; length *= 2) {
    const from = wordStartBefore(text, text.length - Math.min(length, ANCHOR_CHARS_MAX));
    const anchor = text.slice(from);
    const isOnlyOne = flat.indexOf(flattened(anchor)) === flat.length - flattened(anchor).length;
    if (isOnlyOne || length >= ANCHOR_CHARS_MAX) return anchor;
  }
}

/** The start of the word at or before a place, so that no word and no character is cut; near the limit anywhere. */
function wordStartBefore(text: string, at: number): number {
  let from = Math.max(0, at);
  const stopAt = Math.max(0, from - ANCHOR_CHARS_MIN);
  while (from > stopAt && !(BLANK.test(text.charAt(from - 1)) && isWordCharacter(text.charAt(from)))) from -= 1;
  return from > 0 && isLowSurrogate(text.charCodeAt(from)) ? from - 1 : from;
}

const flattened = (text: string): string => text.replaceAll(/\s+/g, ' ');

type State =
  /** Nothing is known yet: all that came is kept. */
  | { readonly kind: 'holding' }
  /** The anchor was found; the blanks behind it are compared with those that were shown. */
  | { readonly kind: 'joining'; readonly blanks: string }
  | { readonly kind: 'passing' };

export class Stitcher {
  readonly #shown: string;
  readonly #flatShown: string;
  readonly #anchor: string;
  #state: State;
  /** All that is held, as it came. */
  #held = '';
  /** The same without blanks and wrapping in front, its blanks made equal. Read only where that cannot be helped: */
  #flat = '';
  /** reading a text that has just grown copies it, so what is looked at for every character has its own fields. */
  #flatLength = 0;
  #flatEnd = '';
  #wrapping = '';
  /** A model that begins anew may put all of it into a fence, such as \`\`\`json; it is taken off at both ends. */
  #fence: 'none' | 'opening' | 'inside' = 'none';
  #ticks = 0;
  #isIntroduced = false;
  #tail = '';
  /** Where in the shown text the held one stands, as far as it came; -1 where it does not. */
  #place = 0;

  /** `shown` is what was said so far; empty for the first model, whose text passes as it is. */
  constructor(shown: string) {
    this.#shown = shown;
    this.#state = shown.trim() === '' ? { kind: 'passing' } : { kind: 'holding' };
    this.#flatShown = flattened(shown.trimEnd());
    this.#anchor = this.#state.kind === 'passing' ? '' : flattened(anchorOf(shown)).trimStart();
  }

  get isHolding(): boolean {
    return this.#state.kind !== 'passing';
  }

  get hasHeld(): boolean {
    return this.#held !== '' || this.#state.kind === 'joining';
  }

  /** Takes what the model says; gives what is new and may be shown now. */
  push(text: string): string {
    if (this.#state.kind === 'passing') return this.#unfenced(text);
    for (let at = 0; at < text.length; at += 1) {
      const out = this.#take(text.charAt(at));
      if (out !== undefined) return this.#unfenced(out + text.slice(at + 1));
    }
    return '';
  }

  /** The rest, when the model has ended. */
  end(): string {
    const state = this.#state;
    this.#state = { kind: 'passing' };
    const tail = this.#tail.includes(FENCE) ? '' : this.#tail;
    this.#tail = '';
    if (state.kind === 'passing') return tail;
    if (state.kind === 'joining') return blanksBetween(trailingBlanks(this.#shown), state.blanks);
    return this.#asItIs();
  }

  /** One character; what is shown from here on, or undefined while still holding. */
  #take(character: string): string | undefined {
    if (this.#state.kind === 'joining') return this.#join(this.#state.blanks, character);
    this.#held += character;
    if (!this.#flatten(character)) {
      if (character === '\n') this.#skipIntroduction();
      return undefined;
    }
    if (this.#hasAnchor()) {
      this.#state = { kind: 'joining', blanks: '' };
      return undefined;
    }
    this.#follow();
    if (this.#place !== -1) return undefined;
    if (this.#mayBeIntroduction()) {
      if (character === ' ' || character === '\n') this.#skipIntroduction();
      return undefined;
    }
    this.#state = { kind: 'passing' };
    return this.#asItIs();
  }

  /** Keeps back what may be the closing end of a fence. */
  #unfenced(text: string): string {
    if (this.#fence === 'none') return text;
    const all = this.#tail + text;
    const from = /\n?`{0,3}\s*$/.exec(all)?.index ?? all.length;
    this.#tail = all.slice(from);
    return all.slice(0, from);
  }

  #join(blanks: string, character: string): string | undefined {
    // Only where the quotes were put around the anchor alone: those of the text itself stay.
    const isWrapped = this.#wrapping !== '' && blanks === '' && this.#flatLength === this.#anchor.length;
    const isClosing = isWrapped && (CLOSING[this.#wrapping] === character || character === '…');
    if (isClosing) return undefined;
    if (BLANK.test(character)) {
      this.#state = { kind: 'joining', blanks: blanks + character };
      return undefined;
    }
    this.#state = { kind: 'passing' };
    return blanksBetween(trailingBlanks(this.#shown), blanks) + character;
  }

  /** True where the flat text has grown. */
  #flatten(character: string): boolean {
    const isBlank = BLANK.test(character);
    if (this.#flatLength === 0) {
      if (this.#isFence(character)) return false;
      if (isBlank) return false;
      if (WRAPPING.has(character) && !WRAPPING.has(this.#anchor.charAt(0))) {
        this.#wrapping = character;
        return false;
      }
    }
    if (isBlank && this.#flatEnd.endsWith(' ')) return false;
    const added = isBlank ? ' ' : character;
    this.#flat += added;
    this.#flatLength += 1;
    this.#flatEnd = (this.#flatEnd + added).slice(-Math.max(1, this.#anchor.length));
    return true;
  }

  /** True for the three ticks and what stands behind them on the same line. */
  #isFence(character: string): boolean {
    if (this.#fence === 'opening') {
      if (character === '\n') this.#fence = 'inside';
      return this.#held.length < FENCE_CHARS_MAX;
    }
    this.#ticks = character === '`' ? this.#ticks + 1 : 0;
    if (this.#ticks === FENCE.length && !this.#shown.includes(FENCE)) this.#fence = 'opening';
    return this.#fence === 'opening';
  }

  #hasAnchor(): boolean {
    if (this.#flatEnd !== this.#anchor) return false;
    return this.#anchor.length >= TRUSTED_CHARS || this.#flatLength === this.#anchor.length;
  }

  /** Places only move on: where a longer text stands, the shorter one stood too. So all of it stays linear. */
  #follow(): void {
    if (this.#place === -1) return;
    const last = this.#flatLength - 1;
    if (last > 0 && this.#flatShown.charAt(this.#place + last) === this.#flatEnd.at(-1)) return;
    this.#place = this.#flatShown.indexOf(this.#flat, this.#place);
  }

  #mayBeIntroduction(): boolean {
    if (this.#flatLength > INTRODUCTION_CHARS_MAX) return false;
    const flat = this.#flat.toLowerCase();
    return OPENERS.some((opener) => (flat.length < opener.length ? opener.startsWith(flat) : flat.startsWith(opener)));
  }

  /** Behind an introduction everything begins anew. */
  #skipIntroduction(): void {
    if (!this.#mayBeIntroduction() || !INTRODUCTION.test(this.#held)) return;
    this.#isIntroduced = true;
    this.#held = '';
    this.#flat = '';
    this.#flatLength = 0;
    this.#flatEnd = '';
    this.#wrapping = '';
    this.#place = 0;
  }

  /** No anchor came: what can be told from the two texts alone. */
  #asItIs(): string {
    return withoutRepeat(this.#shown, this.#isIntroduced ? this.#held.trimStart() : this.#held);
  }
}

/** The whole of a continuation at once; what of it is to be shown after what was. */
export function stitch(shown: string, continuation: string): string {
  const stitcher = new Stitcher(shown);
  return stitcher.push(continuation) + stitcher.end();
}

function withoutRepeat(shown: string, text: string): string {
  const overlap = overlapOf(shown, text);
  if (overlap > 0) return text.slice(overlap);
  const doubledBlank = /\S $/.test(shown) && /^ +\S/.test(text);
  if (doubledBlank) return text.trimStart();
  const newSentence = /[\p{Ll}\p{N}][.!?]$/u.test(shown) && /^\p{Lu}/u.test(text) && !isInCode(shown);
  return newSentence ? ` ${text}` : text;
}

/** How much at the beginning of a text repeats whole words at the end of what was shown. */
function overlapOf(shown: string, text: string): number {
  const lengthMax = Math.min(shown.length, text.length, ANCHOR_CHARS_MAX);
  for (let length = lengthMax; length >= WORD_CHARS_MIN; length -= 1) {
    if (!shown.endsWith(text.slice(0, length))) continue;
    const first = text.charAt(0);
    // Rows of a table and rules may well be equal; what begins with a word hardly is.
    const startsWord =
      !isWordCharacter(shown.charAt(shown.length - length - 1)) && (isWordCharacter(first) || WRAPPING.has(first));
    // Twelve characters are hardly chance; a single word is none only where it would otherwise be written twice in one.
    const isSure = length >= TRUSTED_CHARS || isWordCharacter(shown.at(-1) ?? '');
    if (startsWord && isSure) return length;
  }
  return 0;
}

/** Blanks behind the anchor, of which some were shown already. */
function blanksBetween(shown: string, said: string): string {
  if (said.startsWith(shown)) return said.slice(shown.length);
  return said.includes('\n') && !shown.includes('\n') ? said : '';
}

const trailingBlanks = (text: string): string => text.slice(text.trimEnd().length);
const isInCode = (text: string): boolean => text.split('```').length % 2 === 0;
const isWordCharacter = (character: string): boolean => /[\p{L}\p{N}_]/u.test(character);
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
