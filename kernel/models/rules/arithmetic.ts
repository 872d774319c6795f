// Finds an arithmetic expression in a question, and its value. Bounded in length and depth; nothing is evaluated as code.

const EXPRESSION_LENGTH_MAX = 200;
const DEPTH_MAX = 30;

const SPOKEN: readonly (readonly [RegExp, string])[] = [
  [/\b(?:plus|and)\b/gi, '+'],
  [/\bminus\b/gi, '-'],
  [/\b(?:times|multiplied by|mal|fois|por)\b/gi, '*'],
  [/×|·/g, '*'],
  [/÷|\b(?:divided by|over)\b/gi, '/'],
  [/\bto the power of\b/gi, '^'],
];

/** The first expression with an operator in it; undefined where there is none, or it has no value. */
export function arithmeticIn(question: string): { readonly expression: string; readonly value: number } | undefined {
  let text = question.slice(0, 2000);
  for (const [spoken, sign] of SPOKEN) text = text.replaceAll(spoken, sign);
  for (const match of text.matchAll(/[-(]*\d[\d.\s()+\-*/^%]*/g)) {
    const expression = match[0].trim().replace(/[-+*/^%(.\s]+$/, '');
    if (expression.length > EXPRESSION_LENGTH_MAX || !/[\d)]\s*[-+*/^%]\s*[-(\d]/.test(expression)) continue;
    // A date or a version is no sum.
    if (/^\d+-\d+-\d+$|^\d+(?:\.\d+){2,}$/.test(expression)) continue;
    const value = valueOf(expression);
    if (value !== undefined) return { expression: expression.replaceAll(/\s+/g, ' '), value };
  }
  return undefined;
}

/** The numbers of a question, in order. */
export const numbersIn = (question: string): readonly number[] =>
  [...question.slice(0, 2000).matchAll(/(?<![\w.])-?\d+(?:\.\d+)?/g)].map(([text]) => Number(text));

class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }
  next(): string | undefined {
    return this.#tokens[this.#at];
  }
  take(...wanted: readonly string[]): string | undefined {
    const token = this.next();
    if (token === undefined || !wanted.includes(token)) return undefined;
    this.#at += 1;
    return token;
  }
  number(): number | undefined {
    const token = this.next();
    if (token === undefined || !/^\d/.test(token)) return undefined;
    this.#at += 1;
    return Number(token);
  }
}

function valueOf(expression: string): number | undefined {
  const tokens = expression.match(/\d+(?:\.\d+)?|[()+\-*/^%]/g) ?? [];
  if (tokens.join('') !== expression.replaceAll(/\s+/g, '')) return undefined;
  const reader = new Reader(tokens);
  const value = sum(reader, 0);
  return reader.next() === undefined && value !== undefined && Number.isFinite(value) ? rounded(value) : undefined;
}

/** Without the dust of binary fractions: 0.1 + 0.2 is 0.3. */
const rounded = (value: number): number => Number(value.toPrecision(12));

function sum(reader: Reader, depth: number): number | undefined {
  let value = product(reader, depth);
  for (let sign = reader.take('+', '-'); sign !== undefined; sign = reader.take('+', '-')) {
    const right = product(reader, depth);
    if (value === undefined || right === undefined) return undefined;
    value = sign === '+' ? value + right : value - right;
  }
  return value;
}

function product(reader: Reader, depth: number): number | undefined {
  let value = power(reader, depth);
  for (let sign = reader.take('*', '/', '%'); sign !== undefined; sign = reader.take('*', '/', '%')) {
    const right = power(reader, depth);
    if (value === undefined || right === undefined) return undefined;
    value = sign === '*' ? value * right : sign === '/' ? value / right : value % right;
  }
  return value;
}

function power(reader: Reader, depth: number): number | undefined {
  if (depth > DEPTH_MAX) return undefined;
  if (reader.take('-') !== undefined) {
    const value = power(reader, depth + 1);
    return value === undefined ? undefined : -value;
  }
  const value = atom(reader, depth);
  if (value === undefined || reader.take('^') === undefined) return value;
  const exponent = power(reader, depth + 1);
  return exponent === undefined ? undefined : value ** exponent;
}

function atom(reader: Reader, depth: number): number | undefined {
  if (reader.take('(') === undefined) return reader.number();
  const value = sum(reader, depth + 1);
  return reader.take(')') === undefined ? undefined : value;
}
