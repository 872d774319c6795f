// The expressions by which people choose patches: `ai.model=claude-sonnet-4-5 and file=src/** and not confidence<0.8`.
// `and` binds tighter than `or`, `not` tightest; values with blanks or brackets stand in quotes.
// Rule: printing and parsing are inverse. A mistake is returned with its column and what was expected there.
// Not here: what an expression says of a patch (match-where.ts).

import { ACTORS, SUGGESTION_TYPES, basisPoints, BASIS_POINTS_MAX, type BasisPoints } from './attribution.ts';

const TEXT_FIELDS = ['ai.provider', 'ai.model', 'actor', 'author', 'file', 'suggestion'] as const;
export type TextField = (typeof TEXT_FIELDS)[number];
type Equality = '=' | '!=';
export type Ordering = Equality | '<' | '<=' | '>' | '>=';

export type Comparison =
  | { readonly kind: 'text'; readonly field: TextField; readonly operator: Equality; readonly value: string }
  | { readonly kind: 'confidence'; readonly operator: Ordering; readonly value: BasisPoints };

type Terms = readonly [Where, Where, ...(readonly Where[])];
export type Where =
  | Comparison
  | { readonly kind: 'not'; readonly term: Where }
  | { readonly kind: 'and'; readonly terms: Terms }
  | { readonly kind: 'or'; readonly terms: Terms };

export interface WhereMistake {
  readonly kind: 'mistake';
  /** Counted from 1, in characters. */
  readonly column: number;
  readonly expected: string;
}

export type ParsedWhere = { readonly kind: 'where'; readonly where: Where } | WhereMistake;

/** Longer than anybody types; a program that chooses by hash names hashes. */
const LENGTH_MAX = 4096;
/** Brackets and `not` inside each other. */
const DEPTH_MAX = 64;

const FIELDS_IN_WORDS = `one of ${[...TEXT_FIELDS, 'confidence'].join(', ')}, \`not\` or \`(\``;
/** Fields whose values are words of ours. */
const CHOICES: Readonly<Partial<Record<TextField, readonly string[]>>> = {
  actor: ACTORS,
  suggestion: SUGGESTION_TYPES,
};
const BARE_VALUE = /^[^\s()"'\\=<>!]+/;

export function parseWhere(text: string): ParsedWhere {
  if (text.length > LENGTH_MAX)
    return { kind: 'mistake', column: LENGTH_MAX + 1, expected: `at most ${LENGTH_MAX} characters` };
  const reader: Reader = { text, at: 0, mistake: null };
  const where = readOr(reader, 0);
  skipBlanks(reader);
  if (where !== undefined && reader.at < text.length) expected(reader, '`and`, `or` or the end');
  if (reader.mistake !== null) return reader.mistake;
  return where === undefined ? { kind: 'mistake', column: 1, expected: FIELDS_IN_WORDS } : { kind: 'where', where };
}

/** The expression with a mark under the mistake, and what was expected there: for a terminal. */
export const mistakeText = (text: string, { column, expected }: WhereMistake): string =>
  `${text}\n${' '.repeat(column - 1)}^ expected ${expected}`;

/** The one text of an expression that parses to it again. */
export function printWhere(where: Where): string {
  switch (where.kind) {
    case 'text':
      return `${where.field}${where.operator}${printValue(where.value)}`;
    case 'confidence':
      return `confidence${where.operator}${where.value / BASIS_POINTS_MAX}`;
    case 'not':
      return `not ${bracketed(where.term, (kind) => kind === 'and' || kind === 'or')}`;
    case 'and':
      return where.terms.map((term) => bracketed(term, (kind) => kind === 'and' || kind === 'or')).join(' and ');
    case 'or':
      return where.terms.map((term) => bracketed(term, (kind) => kind === 'or')).join(' or ');
  }
}

const bracketed = (where: Where, isLooser: (kind: Where['kind']) => boolean): string =>
  isLooser(where.kind) ? `(${printWhere(where)})` : printWhere(where);

const printValue = (value: string): string =>
  BARE_VALUE.exec(value)?.[0] === value ? value : `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

interface Reader {
  readonly text: string;
  at: number;
  mistake: WhereMistake | null;
}

/** Remembers the first mistake; everything after it follows from it. */
function expected(reader: Reader, what: string, at = reader.at): undefined {
  reader.mistake ??= { kind: 'mistake', column: at + 1, expected: what };
  return undefined;
}

function skipBlanks(reader: Reader): void {
  while (/\s/.test(reader.text[reader.at] ?? '')) reader.at += 1;
}

/** Steps over a word of the language if it stands here as a whole. */
function takesWord(reader: Reader, word: string): boolean {
  skipBlanks(reader);
  const found = reader.text.slice(reader.at, reader.at + word.length);
  const next = reader.text[reader.at + word.length] ?? ' ';
  if (found.toLowerCase() !== word || !/[\s()]/.test(next)) return false;
  reader.at += word.length;
  return true;
}

const readOr = (reader: Reader, depth: number): Where | undefined =>
  readList(reader, 'or', () => readAnd(reader, depth));
const readAnd = (reader: Reader, depth: number): Where | undefined =>
  readList(reader, 'and', () => readTerm(reader, depth));

function readList(reader: Reader, kind: 'and' | 'or', readOne: () => Where | undefined): Where | undefined {
  const terms: Where[] = [];
  do {
    const term = readOne();
    if (term === undefined) return undefined;
    terms.push(term);
  } while (takesWord(reader, kind));
  const [first, second, ...rest] = terms;
  return first === undefined || second === undefined ? first : { kind, terms: [first, second, ...rest] };
}

function readTerm(reader: Reader, depth: number): Where | undefined {
  skipBlanks(reader);
  if (depth > DEPTH_MAX) return expected(reader, `at most ${DEPTH_MAX} brackets inside each other`);
  if (takesWord(reader, 'not')) {
    const term = readTerm(reader, depth + 1);
    return term === undefined ? undefined : { kind: 'not', term };
  }
  if (reader.text[reader.at] !== '(') return readComparison(reader);
  reader.at += 1;
  const where = readOr(reader, depth + 1);
  if (where === undefined) return undefined;
  skipBlanks(reader);
  if (reader.text[reader.at] !== ')') return expected(reader, '`)`, `and` or `or`');
  reader.at += 1;
  return where;
}

function readComparison(reader: Reader): Where | undefined {
  const name = /^[a-z.]+/i.exec(reader.text.slice(reader.at))?.[0].toLowerCase() ?? '';
  const field = TEXT_FIELDS.find((each) => each === name);
  if (field === undefined && name !== 'confidence') return expected(reader, FIELDS_IN_WORDS);
  reader.at += name.length;
  skipBlanks(reader);
  const operatorAt = reader.at;
  const operator = OPERATORS.find((each) => reader.text.startsWith(each, operatorAt));
  const isEquality = operator === '=' || operator === '!=';
  if (operator === undefined || (field !== undefined && !isEquality)) {
    return expected(reader, field === undefined ? '`<`, `<=`, `>`, `>=`, `=` or `!=`' : '`=` or `!=`');
  }
  reader.at += operator.length;
  skipBlanks(reader);
  const valueAt = reader.at;
  const value = readValue(reader);
  if (value === undefined) return undefined;
  if (field === undefined) return confidence(reader, operator, value, valueAt);
  const choices = CHOICES[field];
  const chosen = choices === undefined ? value : choices.find((choice) => choice === value.toLowerCase());
  if (chosen === undefined) return expected(reader, `one of ${choices?.join(', ')}`, valueAt);
  return isEquality ? { kind: 'text', field, operator, value: chosen } : undefined;
}

/** Longer ones first, so that `<=` is not read as `<`. */
const OPERATORS = ['!=', '<=', '>=', '=', '<', '>'] as const;

function confidence(reader: Reader, operator: Ordering, value: string, valueAt: number): Where | undefined {
  const share = /^(?:\d+(?:\.\d*)?|\.\d+)$/.test(value) ? basisPoints(Number(value)) : undefined;
  if (share === undefined) return expected(reader, 'a number from 0 to 1', valueAt);
  return { kind: 'confidence', operator, value: share };
}

function readValue(reader: Reader): string | undefined {
  const quote = reader.text[reader.at];
  if (quote !== '"' && quote !== "'") {
    const bare = BARE_VALUE.exec(reader.text.slice(reader.at))?.[0];
    if (bare === undefined) return expected(reader, 'a value');
    reader.at += bare.length;
    return bare;
  }
  let value = '';
  for (let at = reader.at + 1; at < reader.text.length; at += 1) {
    const character = reader.text[at] ?? '';
    if (character === quote) {
      reader.at = at + 1;
      return value;
    }
    if (character === '\\') at += 1;
    value += reader.text[at] ?? '';
  }
  return expected(reader, `a closing ${quote}`, reader.text.length);
}
