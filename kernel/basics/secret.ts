// A value that must not be read by accident: printing, logging or serialising it shows a label.
// Rule: every Secret is remembered by value for as long as it lives, so that `scrub` can take it out of
// text which somebody else wrote (a log line, a stack trace, a child process's output).

const LABEL_LENGTH = 4;
/** Shorter values are too common in ordinary text to be replaced by value. */
const SCRUBBED_LENGTH_MIN = 6;

const known = new Map<string, string>();

export class Secret {
  readonly #value: string;
  readonly #label: string;

  constructor(value: string) {
    this.#value = value;
    this.#label = `[secret:${fingerprint(value)}]`;
    if (value.length >= SCRUBBED_LENGTH_MIN) {
      known.set(value, this.#label);
      // A lone surrogate has no url encoding; the constructor of a secret must not throw its value about.
      known.set(encodeURIComponent(value.toWellFormed()), this.#label);
      known.set(JSON.stringify(value).slice(1, -1), this.#label);
    }
  }

  /** The value itself. Call it only where it leaves the program on purpose. */
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return this.#label;
  }
  toJSON(): string {
    return this.#label;
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.#label;
  }
}

/** The text with every known secret replaced by its label, longest first. */
export function scrub(text: string): string {
  let clean = text;
  for (const [value, label] of [...known].sort((a, b) => b[0].length - a[0].length)) {
    if (clean.includes(value)) clean = clean.replaceAll(value, label);
  }
  return clean;
}

/** Tells two secrets apart without saying anything useful about either: 16 bits of FNV-1a. */
function fingerprint(value: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < value.length; index += 1) {
    hash = Math.imul(hash ^ value.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0').slice(0, LABEL_LENGTH);
}
