// Writes docs/faults.md: every fault code of the sources, where it comes from, when, why, and what to do then.
// Rule: the sources are read as text by a small scanner that knows quotes, templates, comments and brackets; what it
// cannot know before the program runs is shown as `…`, and the ways of a condition side by side, as `a / b`.
// Not here: faults of tests.

import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ROOT } from './places.mjs';

export interface FaultEntry {
  readonly code: string;
  /** The folder of the package that makes it, such as `kernel/store`. */
  readonly place: string;
  readonly what: string;
  readonly why: string;
  readonly next: string;
}

export const FAULTS_DOCUMENT = join(ROOT, 'docs/faults.md');

const SOURCES = '{kernel,atomic,modernizer,workbench,console}/**/*.{ts,tsx}';
const LEFT_OUT = /(?:^|\/)(?:node_modules|fixtures|golden)(?:\/|$)|\.(?:test|contract)\.tsx?$/;
const MAKER = 'new Fault(';
const UNKNOWN = '…';

/** Every fault that is made in the sources, sorted by code, then by place. */
export function faultsInSources(): readonly FaultEntry[] {
  return globSync(SOURCES, { cwd: ROOT, exclude: (path) => /^(?:node_modules|fixtures|golden)$/.test(path) })
    .filter((path) => !LEFT_OUT.test(path))
    .flatMap((path) => faultsIn(readFileSync(join(ROOT, path), 'utf8'), dirname(path)))
    .sort((a, b) => (a.code + a.place < b.code + b.place ? -1 : 1));
}

/** The faults that one file makes. Pure. */
export function faultsIn(source: string, place: string): readonly FaultEntry[] {
  const entries: FaultEntry[] = [];
  for (let at = source.indexOf(MAKER); at !== -1; at = source.indexOf(MAKER, at + 1)) {
    const start = at + MAKER.length;
    const [code = '', parts = ''] = split(source.slice(start, endOf(source, start)), ',');
    const properties = propertiesIn(parts);
    const part = (name: string): string => textOf(properties.get(name) ?? '');
    for (const each of codesOf(code)) {
      entries.push({ code: each, place, what: part('what'), why: part('why'), next: part('next') });
    }
  }
  return entries;
}

export const faultsDocument = (entries: readonly FaultEntry[]): string =>
  `${[HEAD, ...entries.map(sectionOf)].join('\n\n')}\n`;

const HEAD = `# Faults

Every fault says what happened, why, and what to do next, and has a code that stays the same and can be searched for. Over
HTTP it is the \`code\` of a problem+json answer. A \`…\` stands for what is known only when it happens; a \`/\` parts sentences of
which one is said. Made from the sources by \`node scripts/list-faults.ts\`; a test compares.`;

const sectionOf = ({ code, place, what, why, next }: FaultEntry): string =>
  `## ${code}

Made in \`${place}\`.

- **What:** ${shown(what)}
- **Why:** ${shown(why)}
- **Next:** ${shown(next)}`;

/** Nothing in a text of ours is Markdown. */
const shown = (text: string): string => text.replaceAll(/[\\|<>*`[\]]/g, '\\$&');

/** A code that is passed on from elsewhere (`problem?.code`) is listed there. */
const codesOf = (expression: string): readonly string[] =>
  textOf(expression)
    .split(' / ')
    .filter((code) => code !== UNKNOWN && code !== '');

function propertiesIn(object: string): ReadonlyMap<string, string> {
  const inner = object.trim().replace(/^\{/, '').replace(/\}$/, '');
  return new Map(
    split(inner, ',').map((property) => {
      const [name = '', ...rest] = split(property, ':');
      // A property in short form is a variable: what it holds is not known here.
      return [withoutComments(name).trim(), rest.length === 0 ? name : rest.join(':')];
    }),
  );
}

/** What an expression can say: its literals, with `…` for the rest. */
function textOf(expression: string): string {
  const trimmed = withoutComments(expression).trim();
  const [, ...ways] = split(trimmed, '?');
  if (ways.length > 0) return either(split(ways.join('?'), ':'));
  const fallbacks = split(trimmed, '??');
  if (fallbacks.length > 1) return either(fallbacks);
  const summands = split(trimmed, '+');
  if (summands.length > 1) return summands.map(textOf).join('');
  return literal(trimmed);
}

const either = (ways: readonly string[]): string => ways.map(textOf).join(' / ');

function literal(expression: string): string {
  const quote = expression.charAt(0);
  if (!/^['"`]$/.test(quote) || endOfLiteral(expression, 0) !== expression.length)
    return expression === '' ? '' : UNKNOWN;
  const inner = expression.slice(1, -1);
  return (quote === '`' ? withoutPlaceholders(inner) : inner).replaceAll(/\\(.)/g, '$1').replaceAll(/\s+/g, ' ');
}

function withoutPlaceholders(template: string): string {
  let text = '';
  for (let at = 0; at < template.length; at += 1) {
    if (template.startsWith('${', at)) {
      text += UNKNOWN;
      at = endOf(template, at + 2);
    } else text += template.charAt(at) === '\\' ? template.slice(at, (at += 1) + 1) : template.charAt(at);
  }
  return text;
}

/** The pieces between a separator where it stands outside all brackets and literals. `?` is neither `??` nor `?.`. */
function split(text: string, separator: string): readonly string[] {
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length;) {
    const isHere = text.startsWith(separator, at) && !(separator === '?' && /^\?[?.]/.test(text.slice(at, at + 2)));
    if (isHere) pieces.push(text.slice(from, at));
    if (isHere) from = at + separator.length;
    at = isHere ? from : after(text, at);
  }
  return [...pieces, text.slice(from)].filter((piece, index) => index === 0 || piece.trim() !== '');
}

/** Where the bracket closes that was opened before `start`; the end of the text if it never does. */
function endOf(text: string, start: number): number {
  for (let at = start; at < text.length; at = after(text, at)) if (/[)\]}]/.test(text.charAt(at))) return at;
  return text.length;
}

/** Past what begins here: a literal, a comment, a pair of brackets, `??` or `?.`, else one character. */
function after(text: string, at: number): number {
  const two = text.slice(at, at + 2);
  if (two === '//' || two === '/*') return endOfComment(text, at);
  if (two === '??' || two === '?.') return at + 2;
  const sign = text.charAt(at);
  if (/['"`]/.test(sign)) return endOfLiteral(text, at);
  return /[([{]/.test(sign) ? endOf(text, at + 1) + 1 : at + 1;
}

function endOfComment(text: string, at: number): number {
  const closing = text.charAt(at + 1) === '/' ? '\n' : '*/';
  const end = text.indexOf(closing, at + 2);
  return end === -1 ? text.length : end + closing.length;
}

function endOfLiteral(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at += 1) {
    if (text.charAt(at) === '\\') at += 1;
    else if (quote === '`' && text.startsWith('${', at)) at = endOf(text, at + 2);
    else if (text.charAt(at) === quote) return at + 1;
  }
  return text.length;
}

function withoutComments(text: string): string {
  let kept = '';
  for (let at = 0; at < text.length;) {
    const end = after(text, at);
    if (!/^\/[/*]/.test(text.slice(at, at + 2))) kept += text.slice(at, end);
    at = end;
  }
  return kept;
}

if (import.meta.main) writeFileSync(FAULTS_DOCUMENT, faultsDocument(faultsInSources()));
