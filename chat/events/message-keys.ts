// What a key does in the field where people write. Pure: the caller does it.
// Rules: nothing is sent while an input method composes a character; the arrows leave the text only from its first or
// last line; Tab is never taken from the person.

export interface KeyPress {
  readonly key: string;
  readonly isComposing: boolean;
  /** 229 says in older browsers that an input method has the key. */
  readonly keyCode: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

export interface Field {
  readonly value: string;
  readonly selectionStart: number;
  readonly selectionEnd: number;
}

export type KeyMeaning = 'send' | 'close' | 'earlier' | 'later' | 'none';

const COMPOSING_KEY_CODE = 229;

/** @param sendsOnEnter The person's preference for a plain Enter; Ctrl or Cmd with Enter always sends. */
export function meaningOfKey(press: KeyPress, field: Field, sendsOnEnter: boolean): KeyMeaning {
  if (press.isComposing || press.keyCode === COMPOSING_KEY_CODE) return 'none';
  if (press.key === 'Escape') return 'close';
  if (press.key === 'Enter') {
    if (press.ctrlKey || press.metaKey) return 'send';
    return sendsOnEnter && !press.shiftKey && !press.altKey ? 'send' : 'none';
  }
  const isBare = !press.ctrlKey && !press.metaKey && !press.shiftKey && !press.altKey;
  if (!isBare || field.selectionStart !== field.selectionEnd) return 'none';
  if (press.key === 'ArrowUp' && !field.value.slice(0, field.selectionStart).includes('\n')) return 'earlier';
  if (press.key === 'ArrowDown' && !field.value.slice(field.selectionEnd).includes('\n')) return 'later';
  return 'none';
}

/** Nobody goes further back than this by the arrow key. */
const REMEMBERED_MAX = 50;

/** What a person sent, newest last; the text they were writing is kept while they look at older ones. */
export class InputHistory {
  readonly #sent: string[];
  #draft = '';
  /** How far back; 0 is the draft. */
  #back = 0;

  constructor(sent: readonly string[] = []) {
    this.#sent = sent.slice(-REMEMBERED_MAX);
  }

  remember(text: string): void {
    if (this.#sent.at(-1) !== text) this.#sent.push(text);
    if (this.#sent.length > REMEMBERED_MAX) this.#sent.shift();
    this.#back = 0;
    this.#draft = '';
  }

  /** The text to show, or null where there is none further back. */
  earlier(current: string): string | null {
    if (this.#back === this.#sent.length) return null;
    if (this.#back === 0) this.#draft = current;
    this.#back += 1;
    return this.#sent.at(-this.#back) ?? null;
  }

  later(): string | null {
    if (this.#back === 0) return null;
    this.#back -= 1;
    return this.#back === 0 ? this.#draft : (this.#sent.at(-this.#back) ?? null);
  }
}
