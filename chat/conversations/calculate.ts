// Arithmetic on text, by recursive descent. Undefined for everything that is no expression, or whose value is no number.

/** Deeper nesting than anybody writes. */
const DEPTH_MAX = 50;
const LENGTH_MAX = 500;

export function calculate(text: string): number | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  const reader = new Reader(text.replaceAll('×', '*').replaceAll('÷', '/').replaceAll('−', '-'));
  const value = reader.sum(0);
  return reader.isAtEnd() && value !== undefined && Number.isFinite(value) ? value : undefined;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.#peek() === '';
  }

  sum(depth: number): number | undefined {
    let value = this.#product(depth);
    for (let sign = this.#peek(); value !== undefined && (sign === '+' || sign === '-'); sign = this.#peek()) {
      this.#at += 1;
      const next = this.#product(depth);
      value = next === undefined ? undefined : sign === '+' ? value + next : value - next;
    }
    return value;
  }

  #product(depth: number): number | undefined {
    let value = this.#power(depth);
    for (let sign = this.#peek(); value !== undefined && (sign === '*' || sign === '/'); sign = this.#peek()) {
      this.#at += 1;
      const next = this.#power(depth);
      value = next === undefined ? undefined : sign === '*' ? value * next : value / next;
    }
    return value;
  }

  #power(depth: number): number | undefined {
    const value = this.#single(depth);
    if (value === undefined || this.#peek() !== '^') return value;
    this.#at += 1;
    const exponent = depth > DEPTH_MAX ? undefined : this.#power(depth + 1);
    return exponent === undefined ? undefined : value ** exponent;
  }

  #single(depth: number): number | undefined {
    if (depth > DEPTH_MAX) return undefined;
    const first = this.#peek();
    if (first === '-') {
      this.#at += 1;
      const value = this.#power(depth + 1);
      return value === undefined ? undefined : -value;
    }
    if (first !== '(') return this.#number();
    this.#at += 1;
    const value = this.sum(depth + 1);
    if (this.#peek() !== ')') return undefined;
    this.#at += 1;
    return value;
  }

  #number(): number | undefined {
    const [digits] = /^(\d+(\.\d+)?|\.\d+)/.exec(this.#text.slice(this.#at)) ?? [];
    if (digits === undefined) return undefined;
    this.#at += digits.length;
    return Number(digits);
  }

  /** The next character that is no blank, or nothing at the end. */
  #peek(): string {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at += 1;
    return this.#text.charAt(this.#at);
  }
}
